"""The event stream: what a socket would be sent, for networks that block sockets; the same rules, the same end."""

import http.client
import json
import signal
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from messaging import services as messaging
from portal.kernel.writing import Actor
from portal.people.services import end_sessions
from tests import world
from tests.services.server import running

pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """An event stream of one person; `frames` reads on until the wanted one came."""

    def __init__(self, server, person=None, hello=None, *, session="", method="POST", **headers):
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session or world.session(person)}"} if person else {}
        self.line = http.client.HTTPConnection("localhost", server.port, timeout=30)
        body = json.dumps({"type": "hello"} | (hello or {})) if not isinstance(hello, str) else hello
        self.line.request(method, "/api/v1/live", body, {"Origin": server.origin} | cookie | headers)
        self.answer = self.line.getresponse()

    @property
    def code(self):
        return json.loads(self.answer.read())["code"]

    def event(self):
        lines = []
        while line := self.answer.readline().decode().rstrip("\n"):
            lines.append(line)
        return dict(line.split(": ", 1) for line in lines)

    def until(self, wanted):
        while event := self.event():
            if event.get("event") == "close":
                return int(event["data"])
            frame = json.loads(event["data"])
            if frame["type"] == wanted:
                return frame
        raise AssertionError("the stream ended without a word")


def say(room, body, person=None, organization=None):
    actor = Actor(person or room.member, organization or room.house)
    messaging.post_message(actor, room.channel, uuid4(), body)


def test_it_greets_and_carries_changes(room, server):
    stream = Stream(server, room.lead)
    assert stream.answer.status == 200
    assert stream.answer.getheader("content-type") == "text/event-stream"
    assert stream.answer.getheader("cache-control") == "no-store"
    assert stream.answer.getheader("x-content-type-options") == "nosniff"
    head = stream.until("welcome")["heads"][room.audience]
    say(room, "by stream")
    changes = stream.until("changes")
    assert changes["after"] == head
    assert "by stream" in [i["data"].get("body") for i in changes["items"]]


def test_it_resumes_from_a_cursor(room, server):
    first = Stream(server, room.lead)
    head = first.until("welcome")["heads"][room.audience]
    first.line.close()
    say(room, "meanwhile")
    again = Stream(server, room.lead, {"cursors": {room.audience: head}})
    assert "meanwhile" in [i["data"].get("body") for i in again.until("changes")["items"]]


def test_a_removed_member_hears_no_more(room, server):
    stream = Stream(server, room.member)
    stream.until("welcome")
    room.remove(room.member)
    while stream.until("revoked")["audience"] != room.audience:
        pass
    say(room, "without you", room.lead, room.agency)
    heard = []
    while (event := stream.event()) and json.loads(event["data"])["type"] != "pong":
        heard.append(event["data"])
    assert not any("without you" in data for data in heard)


def test_it_ends_with_the_session(room, server):
    stream = Stream(server, room.member)
    stream.until("welcome")
    end_sessions(room.member)
    assert stream.until("nothing") == 4401


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"Origin": "https://evil.example"}, "foreign_origin"), ({"Origin": "null"}, "foreign_origin")],
)
def test_a_foreign_origin_may_not_listen(room, server, headers, code):
    stream = Stream(server, room.member, **headers)
    assert (stream.answer.status, stream.code) == (403, code)


def test_a_stranger_is_told_so(room, server):
    stream = Stream(server)
    assert (stream.answer.status, stream.code) == (401, "not_authenticated")


@pytest.mark.parametrize("body", ["", "[]", '{"type": "ping"}', '{"type": "hello", "more": 1}', "[" * 5000])
def test_only_hello_opens_it(room, server, body):
    stream = Stream(server, room.member, body)
    assert (stream.answer.status, stream.code) == (400, "unknown_frame")


def test_other_methods_and_large_bodies_are_refused(room, server):
    assert Stream(server, room.member, method="GET").code == "method_not_allowed"
    assert Stream(server, room.member, "x" * 70_000).code == "too_large"


def test_ctrl_c_ends_streams_at_once_and_says_so(room, tmp_path):
    with running(connection.settings_dict, tmp_path) as portal:
        stream = Stream(portal, room.member)
        stream.until("welcome")
        portal.process.send_signal(signal.SIGINT)
        assert stream.until("nothing") == 1012
        portal.process.wait(20)
        assert "Traceback" not in portal.log()
        assert "Cancel" not in portal.log()
