"""What may not connect, and what may not be said."""

import json
import socket as sockets

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests import world
from tests.live.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stranger_is_closed_with_4401(room, server):
    with connect(server.live, origin=server.origin) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(10)
    assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost", "http://localhost.evil.example", None]
)
def test_a_foreign_origin_may_not_connect(room, server, origin):
    session = world.session(room.member)
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(server.live, origin=origin, additional_headers={"Cookie": f"session={session}"}),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_without_the_second_factor_it_is_4403(transactional_db, server):
    world.network(second_factor=True)
    person = world.person(world.organization(), "member", "Ann")
    half = Wire(server, person, session=world.session(person, second_factor=False))
    assert half.closed() == 4403
    whole = Wire(server, person)
    assert whole.hello()["type"] == "welcome"
    whole.close()


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"type": "dance"}',
        '{"cursors": {}}',
        '{"type": "hello", "cursors": {"x": 1}}',
        '{"type": "hello", "cursors": {}, "more": 1}',
        '{"type": "seen", "channel": "nowhere", "position": 1}',
        "[" * 5000,
    ],
)
def test_an_unknown_frame_is_answered_and_the_socket_lives(room, wire, text):
    member = wire(room.member)
    member.hello()
    member.socket.send(text)
    assert member.until(lambda f: f["type"] == "error")["problem"]["code"] == "unknown_frame"
    member.say(type="ping")
    assert member.until(lambda f: f["type"] == "pong")


@pytest.mark.parametrize("body", ["", "   ", "x" * 8001, "nul \x00"])
def test_words_that_cannot_be_sent_name_the_field(room, wire, body):
    member = wire(room.member)
    member.hello()
    client_id = member.post(room.channel, body, room.house)
    error = member.until(lambda f: f["type"] == "error")
    assert error["id"] == client_id
    assert error["problem"]["code"] == "invalid"
    assert error["problem"]["errors"][0]["field"] == "body"


def test_acting_for_somebody_else_is_refused(room, wire):
    member = wire(room.member)
    member.hello()
    member.post(room.channel, "as the agency", room.agency)
    error = member.until(lambda f: f["type"] == "error")["problem"]
    assert (error["code"], error["errors"][0]["field"]) == ("invalid", "acting_for")


def test_oversize_frames_and_broken_text_end_the_socket_alone(room, wire):
    big, broken, other = wire(room.member), wire(room.member), wire(room.lead)
    other.hello()
    big.socket.send(json.dumps({"type": "ping", "x": "y" * 70_000}))
    assert big.closed() == 1009
    broken.socket.send(b"\xff\xfe", text=True)
    assert broken.closed() == 1007
    other.say(type="ping")
    assert other.until(lambda f: f["type"] == "pong")


def test_bytes_are_not_spoken_here(room, wire):
    member = wire(room.member)
    member.socket.send(b"\x00\x01")
    assert member.closed() == 4400


def test_a_cursor_from_the_future_is_set_right(room, wire):
    member = wire(room.member)
    member.say(type="hello", cursors={room.audience: 10**12})
    assert member.until(lambda f: f["type"] == "resync")["audience"] == room.audience


def test_a_half_open_handshake_harms_nobody(room, server, wire):
    with sockets.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n")
        member = wire(room.member)
        assert member.hello()["type"] == "welcome"
