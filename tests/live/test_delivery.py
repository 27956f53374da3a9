"""What is said arrives: in order, without a gap, once, and also when nobody rang."""

import socket as sockets
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from messaging import services as messaging
from messaging.models import Message
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 8, 20


def test_a_message_reaches_everybody_and_its_sender_is_told(room, wire):
    lead, member = wire(room.lead), wire(room.member)
    lead.hello()
    member.hello()
    client_id = member.post(room.channel, "good evening", room.house)
    ack = member.until(lambda f: f["type"] == "ack")
    assert (ack["id"], ack["position"]) == (client_id, 1)
    data = lead.message("good evening")["data"]
    assert data["client_id"] == client_id
    assert data["author"]["name"] == "Max Member"
    assert data["organization"]["name"] == "Harbor House"
    assert member.message("good evening")["data"] == data


def test_eight_writers_at_once_give_one_order_without_gaps(room, wire):
    reader = wire(room.lead)
    reader.hello()
    writers = [wire(room.member) for _ in range(WRITERS)]
    for writer in writers:
        writer.hello()

    def write(number):
        for index in range(EACH):
            writers[number].post(room.channel, f"{number}:{index}", room.house)
        for _ in range(EACH):
            writers[number].until(lambda f: f["type"] == "ack")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    while len(reader.bodies()) < WRITERS * EACH:
        reader.next()
    positions = [i["data"]["position"] for i in reader.items if i["kind"] == "message"]
    assert positions == list(range(1, WRITERS * EACH + 1))
    assert reader.resyncs == 0
    for number in range(WRITERS):
        mine = [int(b.split(":")[1]) for b in reader.bodies() if b.startswith(f"{number}:")]
        assert mine == list(range(EACH)), "each writer's own order is kept"
    log = list(Change.objects.filter(audience=room.group.members).order_by("seq").values_list("seq", flat=True))
    assert log == list(range(1, len(log) + 1))


def test_sent_twice_is_stored_once_and_other_words_are_refused(room, wire):
    member = wire(room.member)
    member.hello()
    client_id = member.post(room.channel, "once", room.house)
    member.post(room.channel, "once", room.house, client_id)
    member.post(room.channel, "twice", room.house, client_id)
    first = member.until(lambda f: f["type"] == "ack")
    second = member.until(lambda f: f["type"] == "ack")
    assert first == second
    refused = member.until(lambda f: f["type"] == "error")
    assert (refused["id"], refused["problem"]["code"]) == (client_id, "message_id_reused")
    assert Message.objects.count() == 1


def test_a_lost_doorbell_costs_seconds_not_the_change(room, wire):
    """The write happens in another process, and there is no layer to ring by: the sweep finds it."""
    lead = wire(room.lead)
    lead.hello()
    messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), "nobody rang")
    assert lead.message("nobody rang")


def test_a_thousand_missed_changes_come_in_pages(room, wire):
    lead = wire(room.lead)
    cursors = lead.hello()["heads"]
    lead.close()
    for number in range(1000):
        messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), f"missed {number}")
    back = wire(room.lead, session=lead.session)
    back.hello(cursors)
    while len(back.bodies()) < 1000:
        back.next()
    assert back.bodies() == [f"missed {number}" for number in range(1000)]
    pages = [f for f in back.frames if f["type"] == "changes" and f["audience"] == room.audience]
    assert len(pages) >= 5
    assert all(len(page["items"]) <= 200 for page in pages)
    assert [page["more"] for page in pages[:5]] == [True, True, True, True, False]


def test_a_pruned_log_says_so(room, wire):
    lead = wire(room.lead)
    cursors = lead.hello()["heads"]
    for number in range(3):
        messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), f"old {number}")
    Change.objects.filter(audience=room.group.members, seq__lte=cursors[room.audience] + 2).delete()
    lead.close()
    back = wire(room.lead, session=lead.session)
    back.hello(cursors)
    resync = back.until(lambda f: f["type"] == "resync")
    assert resync["audience"] == room.audience
    messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), "and on")
    assert back.message("and on")


def test_deleting_leaves_a_tombstone_on_every_screen(room, wire):
    lead = wire(room.lead)
    lead.hello()
    message = messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), "a slip")
    lead.message("a slip")
    messaging.delete_message(Actor(room.member), message)
    data = lead.item(lambda i: i.get("data", {}).get("deleted") is True)["data"]
    assert (data["position"], data["body"], data["version"]) == (1, "", 2)


def test_a_stopped_reader_holds_nobody_up_and_is_let_go(room, wire, server):
    narrow = sockets.socket()
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", server.port))
    stopped, reader, writer = wire(room.lead, sock=narrow), wire(room.lead), wire(room.member)
    for one in (stopped, reader, writer):
        one.hello()
    cursors = dict(stopped.cursors)
    # from now on nobody reads what comes to the stopped one: its buffers fill, then the server's
    words = "x" * 7900

    def read_on():
        while len(reader.bodies()) < 300:
            reader.next()

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_on)
        for number in range(300):
            writer.post(room.channel, f"{number} {words}", room.house)
            writer.until(lambda f: f["type"] == "ack")
        reading.result(60)
    assert stopped.closed() == 4408
    assert len(stopped.bodies()) < 300
    back = wire(room.lead, session=stopped.session)
    back.hello(cursors)
    while len(back.bodies()) < 300:
        back.next()
    assert back.bodies() == reader.bodies()


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
def test_two_workers_ring_each_other(room, two_servers):
    from tests.live.wire import Wire

    one, two = two_servers
    here, there = Wire(one, room.lead), Wire(two, room.member)
    here.hello()
    there.hello()
    for number in range(60):
        there.post(room.channel, f"from two {number}", room.house)
        here.post(room.channel, f"from one {number}", room.agency)
    for one in (here, there):
        while len(one.bodies()) < 120:
            one.next()
    assert here.bodies() == there.bodies(), "one order in both processes"
    assert here.resyncs == there.resyncs == 0
    here.close()
    there.close()


def test_a_person_who_joins_is_subscribed_at_once(room, wire):
    new = world.person(room.house, "coordinator", "Nia New")
    newcomer, lead = wire(new), wire(room.lead)
    newcomer.hello()
    lead.hello()
    messaging.post_message(Actor(room.lead, room.agency), room.channel, uuid4(), "before")
    room.admit(new)
    granted = newcomer.until(lambda f: f["type"] == "granted" and f["audience"] == room.audience)
    assert granted["head"] > 0
    lead.post(room.channel, "welcome", room.agency)
    assert newcomer.message("welcome")
    assert "before" not in newcomer.bodies()
