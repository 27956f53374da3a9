"""Edits, replies, mentions, pins, acknowledgements, mute, and pages in both directions."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import services
from messaging.changes import ACKNOWLEDGEMENT, MESSAGE
from messaging.live import send
from messaging.models import MOST_PINS, Acknowledgement, Channel, Mention, Message, MessageEdit, ReadMark
from messaging.policy import CHANNELS, MESSAGES
from portal.kernel.models import AuditRecord, Change, Membership
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.live.protocol import Ack, Send
from tests import world
from tests.scene import API, denied, faults, problem, queries

pytestmark = pytest.mark.django_db
PATH = f"{API}/channels"
JSON = {"content_type": "application/json"}


@pytest.fixture
def channel(scene):
    """Of the group that Mara leads and Dana is in."""
    return scene.group.channel


def get(person, channel, path="/messages"):
    return world.client(person).get(f"{PATH}/{channel.pk}{path}")


def post(person, channel, **form):
    return world.client(person).post(f"{PATH}/{channel.pk}/messages", {"id": str(uuid4()), "body": "x", **form})


def of(message, path=""):
    return f"{PATH}/{message.channel_id}/messages/{message.pk}{path}"


def edit(person, message, version=None, **form):
    version = version or Message.objects.get(pk=message.pk).version
    return world.client(person).patch(of(message), form, headers={"If-Match": f'"{version}"'}, **JSON)


def put(person, message, path):
    return world.client(person).put(of(message, path), {}, **JSON)


def again(obj):
    return type(obj)._default_manager.get(pk=obj.pk)


def mine(person, channel):
    return world.client(person).get(f"{PATH}/{channel.pk}").json()["mine"]


# edits


def test_what_it_said_before_stays_to_be_read(scene, channel):
    message = scene.say(scene.dana, "First")
    edited = edit(scene.dana, message, body="Second").json()["result"]
    assert (edited["body"], edited["version"], edited["position"]) == ("Second", 2, 1)
    assert edited["edited_at"] > edited["posted_at"]
    edit(scene.dana, message, body="Third")
    told = get(scene.mara, channel, f"/messages/{message.pk}/edits").json()
    assert [e["body"] for e in told] == ["First", "Second"]
    assert [e["written_at"] for e in told] == [edited["posted_at"], edited["edited_at"]]
    assert set(Change.objects.filter(subject=message.pk).values_list("audience", "version")) == {
        (scene.group.members_id, n) for n in (1, 2, 3)
    }
    assert not AuditRecord.objects.filter(action="message.edit").exclude(detail={}).exists()


def test_only_the_author_edits(scene, channel):
    message = scene.say(scene.dana)
    assert problem(denied(lambda: edit(scene.mara, message, body="x"))) == (403, "not_allowed"), "not even a lead"
    assert problem(denied(lambda: edit(scene.otto, message, body="x"))) == (404, "not_found")


def test_of_what_is_edited_the_version_is_said(scene, channel):
    message = scene.say(scene.dana, "First")
    edit(scene.dana, message, body="Second")
    old = denied(lambda: edit(scene.dana, message, version=1, body="Third"))
    assert problem(old) == (412, "version_mismatch")
    assert old.json()["current"]["body"] == "Second"
    none = denied(lambda: world.client(scene.dana).patch(of(message), {"body": "x"}, **JSON))
    assert problem(none) == (428, "if_match_required")
    for body, code in (
        (" ", "blank"),
        ("x" * 8001, "too_long"),
        ("a\x00", "invalid"),
        (None, "null"),
        (1, "wrong_type"),
    ):
        assert faults(denied(lambda b=body: edit(scene.dana, message, body=b))) == [("body", code)]


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_told(scene, channel):
    message = scene.say(scene.dana, "First")
    done = world.at_once(
        *(lambda n=n: services.edit_message(Actor(scene.dana), again(message), 1, body=f"{n}") for n in range(3))
    )
    assert [getattr(answer, "code", None) for answer in done].count("version_mismatch") == 2
    assert [e.body for e in MessageEdit.objects.all()] == ["First"]


def test_sent_again_after_an_edit_it_is_the_same_message(scene, channel):
    """A client that never heard that its message arrived sends it again in its first words."""
    sent = str(uuid4())
    post(scene.dana, channel, id=sent, body="First")
    message = Message.objects.get()
    edit(scene.dana, message, body="Second")
    edit(scene.dana, message, body="Third")
    assert post(scene.dana, channel, id=sent, body="First").json()["result"]["body"] == "Third"
    assert problem(post(scene.dana, channel, id=sent, body="Third")) == (409, "message_id_reused")


def test_to_say_the_same_is_no_edit(scene, channel):
    message = scene.say(scene.dana, "First")
    assert edit(scene.dana, message, body="First").json()["result"]["version"] == 1
    assert not MessageEdit.objects.exists()


def test_nothing_of_a_deleted_message_is_left(scene, channel):
    message = scene.say(scene.dana, "FIRST SECRET", mentions=[scene.mara.pk])
    edit(scene.dana, message, body="SECOND SECRET")
    services.pin_message(Actor(scene.mara), again(message))
    reply = scene.say(scene.mara, "Answer", reply_to=message.pk)
    assert world.client(scene.mara).delete(of(message)).status_code == 204
    assert get(scene.mara, channel, f"/messages/{message.pk}/edits").json() == []
    page = get(scene.dana, channel)
    assert "SECRET" not in page.content.decode()
    answer, tombstone = page.json()["results"]
    assert (tombstone["mentions"], tombstone["pinned"], tombstone["pinned_by"]) == ([], False, None)
    assert (answer["reply_to"], answer["reply_position"]) == (str(message.pk), 1), "it still says what it answers"
    assert problem(denied(lambda: edit(scene.dana, message, body="x"))) == (409, "wrong_state")
    assert problem(denied(lambda: put(scene.mara, message, "/pin"))) == (409, "wrong_state")
    assert not MessageEdit.objects.exists()
    assert not Mention.objects.exists()
    assert reply.reply_to_id == message.pk


@pytest.mark.django_db(transaction=True)
def test_deleted_while_it_is_edited_nothing_is_left(scene, channel):
    message = scene.say(scene.dana, "SECRET")
    world.at_once(
        lambda: services.edit_message(Actor(scene.dana), again(message), 1, body="OTHER SECRET"),
        lambda: services.delete_message(Actor(scene.dana), again(message)),
    )
    assert (again(message).body, MessageEdit.objects.count()) == ("", 0)


# replies


def test_a_reply_names_what_it_answers_and_repeats_nothing(scene, channel):
    asked = scene.say(scene.mara, "QUESTION")
    answer = post(scene.dana, channel, body="Answer", reply_to=str(asked.pk)).json()["result"]
    assert (answer["reply_to"], answer["reply_position"]) == (str(asked.pk), 1)
    assert "QUESTION" not in str(answer)


def test_a_reply_stays_within_its_channel(scene, channel, talk):
    elsewhere = scene.say_in(talk, scene.mara)
    hidden = denied(lambda: post(scene.dana, channel, reply_to=str(elsewhere.pk)))
    absent = denied(lambda: post(scene.dana, channel, reply_to=str(uuid4())))
    assert faults(hidden) == [("reply_to", "does_not_exist")]
    assert hidden.content == absent.content


def test_the_same_id_with_another_reply_is_another_message(scene, channel):
    first, sent = scene.say(scene.mara), str(uuid4())
    post(scene.dana, channel, id=sent)
    assert problem(denied(lambda: post(scene.dana, channel, id=sent, reply_to=str(first.pk)))) == (
        409,
        "message_id_reused",
    )


# mentions


def test_somebody_in_the_channel_is_mentioned(scene, channel):
    said = post(scene.dana, channel, mentions=[str(scene.mara.pk), str(scene.mara.pk)]).json()["result"]
    assert [p["name"] for p in said["mentions"]] == ["Mara"]
    assert (mine(scene.mara, channel)["unread_mentions"], mine(scene.dana, channel)["unread_mentions"]) == (1, 0)
    post(scene.dana, channel)
    assert (mine(scene.mara, channel)["unread"], mine(scene.mara, channel)["unread_mentions"]) == (2, 1)
    services.mark_read(Actor(scene.mara), channel, 1)
    assert mine(scene.mara, channel)["unread_mentions"] == 0


def test_a_mention_of_a_stranger_is_a_mention_of_nobody(scene, channel):
    for stranger in (scene.otto.pk, scene.lucia.pk, scene.jonas.pk):
        hidden = denied(lambda s=stranger: post(scene.dana, channel, mentions=[str(scene.mara.pk), str(s)]))
        absent = denied(lambda: post(scene.dana, channel, mentions=[str(scene.mara.pk), str(uuid4())]))
        assert faults(hidden) == [("mentions", "not_a_member")]
        assert hidden.content == absent.content
    assert faults(denied(lambda: post(scene.dana, channel, mentions=[str(uuid4())] * 21))) == [("mentions", "too_long")]
    message = scene.say(scene.dana)
    assert faults(denied(lambda: edit(scene.dana, message, body="y", mentions=[str(scene.otto.pk)]))) == [
        ("mentions", "not_a_member")
    ]


def test_an_edit_mentions_others_or_keeps_whom_it_mentions(scene, channel):
    message = scene.say(scene.dana, mentions=[scene.mara.pk])
    kept = edit(scene.dana, message, body="y").json()["result"]
    assert [p["name"] for p in kept["mentions"]] == ["Mara"]
    moved = edit(scene.dana, message, body="y", mentions=[str(scene.dana.pk)]).json()["result"]
    assert [p["name"] for p in moved["mentions"]] == ["Dana"]
    assert (moved["edited_at"], MessageEdit.objects.count()) == (kept["edited_at"], 1), "the words are the same"
    assert edit(scene.dana, message, body="y", mentions=[]).json()["result"]["mentions"] == []
    assert mine(scene.mara, channel)["unread_mentions"] == 0


def test_whom_one_may_mention_is_in_the_channel(scene, channel):
    def found(person, search=""):
        return [c["person"]["name"] for c in get(person, channel, f"/people?search={search}").json()]

    assert (found(scene.mara), found(scene.dana)) == (["Dana"], ["Mara"])
    assert (found(scene.mara, "da"), found(scene.mara, "jo")) == (["Dana"], []), "Jonas is her colleague elsewhere"
    assert get(scene.otto, channel, "/people").status_code == 404


# pins


def test_moderators_pin_and_all_see_it(scene, channel):
    message = scene.say(scene.dana)
    scene.say(scene.dana)
    assert problem(denied(lambda: put(scene.dana, message, "/pin"))) == (403, "not_allowed")
    pinned = put(scene.mara, message, "/pin").json()["result"]
    assert (pinned["pinned"], pinned["pinned_by"]["name"], pinned["version"]) == (True, "Mara", 2)
    assert put(scene.mara, message, "/pin").json()["result"] == pinned, "once is enough"
    assert [m["id"] for m in get(scene.dana, channel, "/messages?pinned=true").json()["results"]] == [str(message.pk)]
    assert "unpin" in get(scene.mara, channel).json()["mine"][str(message.pk)]["allowed"]
    assert problem(denied(lambda: world.client(scene.dana).delete(of(message, "/pin")))) == (403, "not_allowed")
    assert world.client(scene.mara).delete(of(message, "/pin")).status_code == 204
    assert world.client(scene.mara).delete(of(message, "/pin")).status_code == 204
    left = get(scene.dana, channel, "/messages?pinned=true").json()
    assert (left["results"], again(message).version) == ([], 3)
    assert faults(get(scene.dana, channel, "/messages?pinned=no")) == [("pinned", "not_a_choice")]


@pytest.mark.django_db(transaction=True)
def test_the_last_pin_is_given_once(scene, channel):
    said = [scene.say(scene.mara) for _ in range(3)]
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            channel=channel,
            position=100 + n,
            author=scene.mara,
            client_id=uuid4(),
            body="x",
            posted_at=now,
            pinned_at=now,
            pinned_by=scene.mara,
        )
        for n in range(MOST_PINS - 1)
    )
    done = world.at_once(*(lambda m=m: services.pin_message(Actor(scene.mara), again(m)) for m in said))
    assert [getattr(answer, "code", None) for answer in done].count("too_many_pins") == 2
    assert channel.messages.filter(pinned_at__isnull=False).count() == MOST_PINS


def test_what_is_pinned_says_by_whom_and_is_not_deleted(scene, channel):
    message = scene.say(scene.dana)
    now = timezone.now()
    for wrong in (
        {"pinned_at": now},
        {"pinned_by": scene.mara},
        {"pinned_at": now, "pinned_by": scene.mara, "deleted": True, "body": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**wrong)


# announcements


def test_in_an_announcement_channel_moderators_write(scene, board):
    assert problem(denied(lambda: post(scene.dana, board))) == (403, "not_allowed")
    assert post(scene.mara, board).status_code == 201
    assert mine(scene.dana, board)["allowed"] == ["leave", "mark", "mute"]
    assert "post" in mine(scene.mara, board)["allowed"]
    assert mine(scene.dana, board)["unread"] == 1


def test_a_reader_acknowledges_once(scene, board):
    message = scene.announce()
    before = get(scene.dana, board).json()["mine"][str(message.pk)]
    assert (before["acknowledged"], before["allowed"]) == (False, ["acknowledge"])
    for _ in range(2):
        answer = put(scene.dana, message, "/acknowledgement")
        assert answer.status_code == 200
        assert answer.json()["mine"]["acknowledged"] is True
    done = Acknowledgement.objects.get()
    told = Change.objects.filter(subject=done.pk).values_list("audience", flat=True)
    assert sorted(told) == sorted([board.moderators_id, scene.dana.audience_id])
    assert get(scene.grace, board).json()["mine"][str(message.pk)]["acknowledged"] is False
    assert problem(denied(lambda: put(scene.mara, message, "/acknowledgement"))) == (403, "not_allowed"), "it is hers"


@pytest.mark.django_db(transaction=True)
def test_acknowledged_twice_at_once_it_is_one(scene, board):
    message = scene.announce()
    done = world.at_once(*[lambda: services.acknowledge_message(Actor(scene.dana), again(message))] * 4)
    assert {a.pk for a in done} == {Acknowledgement.objects.get().pk}
    assert Change.objects.filter(kind="acknowledgement").count() == 2


def test_moderators_see_who_has_and_who_has_not(scene, board):
    message = scene.announce()
    put(scene.dana, message, "/acknowledgement")
    path = of(message, "/acknowledgements")
    told = world.client(scene.mara).get(path).json()
    assert [a["person"]["name"] for a in told["results"]] == ["Dana"]
    assert [p["name"] for p in told["waiting"]] == ["Grace"]
    for reader in (scene.dana, scene.grace):
        assert problem(world.client(reader).get(path)) == (403, "not_allowed")
    one = Acknowledgement.objects.get().pk
    assert ACKNOWLEDGEMENT.represent([one], board.moderators_id).keys() == {one}
    for audience in (board.audience_id, scene.grace.audience_id, scene.network.administrators_id):
        assert ACKNOWLEDGEMENT.represent([one], audience) == {}
    put(scene.grace, message, "/acknowledgement")
    assert world.client(scene.mara).get(path).json()["waiting"] == []


def test_only_announcements_are_acknowledged(scene, channel):
    message = scene.say(scene.mara)
    assert get(scene.dana, channel).json()["mine"][str(message.pk)]["allowed"] == []
    assert problem(denied(lambda: put(scene.dana, message, "/acknowledgement"))) == (409, "wrong_state")


def test_who_moderates_no_longer_does_not_rewrite_announcements(scene, board):
    from messaging.queries import channel_member

    message = scene.announce()
    services.name_moderator(Actor(scene.mara), board, channel_member(scene.mara, board, scene.dana.pk))
    services.unname_moderator(Actor(scene.dana), board, channel_member(scene.dana, board, scene.mara.pk))
    assert problem(denied(lambda: edit(scene.mara, message, body="Other"))) == (403, "not_allowed")
    assert get(scene.mara, board).json()["mine"][str(message.pk)]["allowed"] == ["delete"]


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
