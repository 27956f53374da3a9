"""Reading: what is unread, mute, pages in both directions, and what it all costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import services
from messaging.changes import MESSAGE
from messaging.live import send
from messaging.models import Channel, Message, ReadMark
from messaging.policy import CHANNELS, MESSAGES
from portal.kernel.models import AuditRecord, Change, Membership
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.live.protocol import Ack, Send
from tests import world
from tests.messaging.message_calls import JSON, PATH, again, get, mine
from tests.scene import denied, faults, queries, refused, unchanged

pytestmark = pytest.mark.django_db

# mute, and what is unread


def test_mute_is_one_s_own_on_all_devices(scene, channel):
    def mute(person, muted):
        return world.client(person).put(f"{PATH}/{channel.pk}/mute", {"muted": muted}, **JSON)

    scene.say(scene.mara)
    assert mute(scene.dana, True).json()["muted"] is True
    told = Change.objects.filter(kind="read_mark", subject=ReadMark.objects.get(person=scene.dana).pk)
    assert set(told.values_list("audience", flat=True)) == {scene.dana.audience_id}
    assert (mine(scene.dana, channel)["muted"], mine(scene.mara, channel)["muted"]) == (True, False)
    assert mine(scene.dana, channel)["unread"] == 1, "quiet, and still counted"
    version = ReadMark.objects.get(person=scene.dana).version
    assert mute(scene.dana, True).json()["version"] == version
    scene.say(scene.dana)
    assert mine(scene.dana, channel)["muted"] is True, "to write is not to unmute"
    services.mark_read(Actor(scene.dana), channel, 2)
    assert mute(scene.dana, False).json()["muted"] is False
    assert faults(denied(lambda: mute(scene.dana, "yes"))) == [("muted", "wrong_type")]
    assert not AuditRecord.objects.filter(action__contains="mute").exists()


def test_whether_one_is_in_it_is_asked_inside_the_write(scene, channel):
    for call in (
        lambda: services.mark_read(Actor(scene.otto), channel, 1),
        lambda: services.mute_channel(Actor(scene.otto), channel, True),
    ):
        with unchanged():
            assert refused(call) == "not_found"


def test_what_was_said_before_one_came_is_not_unread(scene, board):
    for _ in range(3):
        scene.announce()
    hal = world.person(scene.clinic, "member", "Hal")
    assert (mine(hal, board)["unread"], mine(hal, board)["read_position"]) == (0, 3)
    scene.announce()
    assert (mine(hal, board)["unread"], mine(scene.grace, board)["unread"]) == (1, 4)
    services.mute_channel(Actor(hal), board, True)
    assert mine(hal, board)["unread"] == 1, "a mark without a position counts from the same place"


def test_who_comes_back_has_not_missed_what_was_said_meanwhile(scene, board):
    scene.announce()
    services.mark_read(Actor(scene.dana), board, 1)
    services.leave_channel(Actor(scene.dana), board)
    for _ in range(3):
        scene.announce()
    services.add_people(Actor(scene.mara), again(board), [scene.dana])
    assert mine(scene.dana, board)["unread"] == 0
    Membership.objects.filter(user=scene.dana, group=board.audience_id).update(since=timezone.now() - timedelta(days=1))
    assert mine(scene.dana, board)["unread"] == 3, "the mark is what counts for who was always there"


# pages


def positions(answer):
    found = answer.json()
    return [m["position"] for m in found["results"]], found["next"], found["newer"]


def test_pages_in_both_directions(scene, channel):
    for _ in range(10):
        scene.say(scene.mara)
    for query, page in (
        ("", ([10, 9, 8, 7], "7", None)),
        ("before=7", ([6, 5, 4, 3], "3", "6")),
        ("before=3", ([2, 1], None, "2")),
        ("before=99", ([10, 9, 8, 7], "7", None)),
        ("after=0", ([1, 2, 3, 4], None, "4")),
        ("after=4", ([5, 6, 7, 8], "5", "8")),
        ("after=8", ([9, 10], "9", None)),
        ("after=10", ([], None, None)),
        ("around=5", ([7, 6, 5, 4], "4", "7")),
        ("around=1", ([3, 2, 1], None, "3")),
        ("around=10", ([10, 9], "9", None)),
        ("around=99", ([10, 9], "9", None)),
        ("around=0", ([2, 1], None, "2")),
    ):
        assert positions(get(scene.dana, channel, f"/messages?limit=4&{query}")) == page, query
    one = ([5], "5", "5")
    assert positions(get(scene.dana, channel, "/messages?limit=1&around=5")) == one
    assert positions(get(scene.dana, channel, "/messages?pinned=true")) == ([], None, None)


def test_a_page_is_asked_for_in_one_way(scene, channel):
    for query, fault in (
        ("before=1&after=1", ("before", "invalid")),
        ("after=1&around=1", ("around", "invalid")),
        ("after=x", ("after", "invalid")),
        ("around=-1", ("around", "invalid")),
        ("cursor=x", ("cursor", "unknown_field")),
        ("limit=101", ("limit", "invalid")),
    ):
        assert faults(get(scene.dana, channel, f"/messages?{query}")) == [fault], query


def test_a_page_holds_fifty(scene, channel):
    now = timezone.now()
    Message.objects.bulk_create(
        Message(channel=channel, position=n, author=scene.mara, client_id=uuid4(), body="x", posted_at=now)
        for n in range(1, 121)
    )
    shown, older, newer = positions(get(scene.dana, channel))
    assert (shown, older, newer) == (list(range(120, 70, -1)), "71", None)
    shown, older, newer = positions(get(scene.dana, channel, "/messages?around=60"))
    assert (shown, older, newer) == (list(range(85, 35, -1)), "36", "85")


# what it costs


def test_a_message_by_the_socket_costs_twelve_statements(scene, channel):
    """Without BEGIN and COMMIT. A mention adds two, a reply one."""

    def cost(**more):
        frame = Send(id=uuid4(), channel=channel.pk, body="x", acting_for=scene.house.pk, **more)
        with CaptureQueriesContext(connection) as asked:
            (ack,) = send([(scene.dana, frame)])
        assert isinstance(ack, Ack)
        return len([q for q in asked if "SAVEPOINT" not in q["sql"]])

    standing(scene.dana)
    first = scene.say(scene.mara)
    assert cost() <= 12
    assert cost(mentions=[scene.mara.pk]) <= 14
    assert cost(reply_to=first.pk) <= 13


def test_by_the_socket_the_same_rules_hold(scene, channel):
    def say(**more):
        (answer,) = send([(scene.dana, Send(id=uuid4(), channel=channel.pk, body="x", **more))])
        return answer

    assert say(mentions=[scene.mara.pk]).position == 1
    for wrong in ({"mentions": [scene.otto.pk]}, {"mentions": [uuid4()] * 21}, {"reply_to": uuid4()}):
        assert say(**wrong).code == "invalid"


def test_pages_cost_the_same_whatever_is_in_them(scene, board):
    def count(path):
        caller = world.client(scene.mara)
        caller.get(f"{PATH}/{board.pk}{path}")
        return queries(lambda: caller.get(f"{PATH}/{board.pk}{path}"))

    def more(n):
        for _ in range(n):
            person = world.person(scene.clinic, "member", f"P {uuid4()}")
            said = scene.say_in(board, scene.mara, mentions=[person.pk])
            scene.say_in(board, scene.mara, reply_to=said.pk)
            services.pin_message(Actor(scene.mara), said)
            services.acknowledge_message(Actor(person), said)
            services.acknowledge_message(Actor(person), first)

    first = scene.announce()
    paths = ("/messages", f"/messages/{first.pk}/acknowledgements", "/messages?pinned=true", "/messages?around=2")
    more(2)
    few = [count(path) for path in paths]
    more(10)
    assert [count(path) for path in paths] == few


# one answer


def test_a_locked_row_is_asked_as_any_other(scene, channel, board, talk):
    """`require_locked` reads nothing anew: it must not say otherwise than `require`."""
    said = [scene.say(scene.dana), scene.announce(), scene.say_in(talk, scene.mara)]
    people = (scene.mara, scene.dana, scene.grace, scene.otto, scene.jonas)
    verbs = {
        CHANNELS: ("post", "mark", "pin", "edit", "archive", "invite", "leave", "x"),
        MESSAGES: ("edit", "delete", "pin", "acknowledge", "see_acknowledgements", "x"),
    }
    for policy, objects in ((CHANNELS, (channel, board, talk)), (MESSAGES, said)):
        for obj in objects:
            for person in people:
                for verb in verbs[policy]:
                    asked, locked = (
                        outcome(face, person, verb, again(obj)) for face in (policy.require, policy.require_locked)
                    )
                    assert asked == locked, (policy, obj, person, verb)


def outcome(face, person, verb, obj):
    try:
        face(person, verb, obj)
    except Exception as refusal:
        return type(refusal)
    return None


def test_a_message_takes_one_shape_everywhere(scene, channel):
    first = scene.say(scene.mara)
    message = scene.say(scene.dana, mentions=[scene.mara.pk], reply_to=first.pk)
    (listed, _) = get(scene.mara, channel).json()["results"]
    (shown,) = MESSAGE.represent([message.pk], scene.group.members_id).values()
    assert listed["mentions"] == [{"id": str(p.id), "name": p.name} for p in shown.mentions]
    assert (listed["reply_position"], listed["version"]) == (shown.reply_position, shown.version)
    assert Channel.objects.get(pk=channel.pk).last_position == 2
