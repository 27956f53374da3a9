"""Edits, replies, mentions, pins, acknowledgements, mute, and pages in both directions."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging import services
from messaging.changes import ACKNOWLEDGEMENT
from messaging.models import MOST_PINS, Acknowledgement, Mention, Message, MessageEdit
from portal.kernel.models import AuditRecord, Change
from portal.kernel.writing import Actor
from tests import world
from tests.messaging.message_calls import JSON, again, edit, get, mine, of, post, put
from tests.scene import denied, faults, problem

pytestmark = pytest.mark.django_db

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
    assert world.client(scene.mara).get(of(scene.announce("another"), "/acknowledgements")).json()["results"] == []
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
