"""Many who talk at once share a write: each gets their own answer, and nobody another's refusal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Channel, Message, ReadMark
from messaging.posting import Post, post_messages
from messaging.services import archive_channel
from portal.kernel.errors import Problem
from portal.kernel.models import AuditRecord, Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults


def post(person, body="a word", **also):
    return Post(person=person, client_id=uuid4(), body=body, **{"acting_for": None, **also})


def codes(results):
    return [r.code if isinstance(r, Problem) else r.position for r in results]


def test_they_stand_in_the_order_they_came_each_signed_by_its_author(scene):
    channel = scene.group.channel
    results = post_messages(channel.pk, [post(scene.mara, acting_for=scene.agency.pk), post(scene.mara)])
    assert codes(results) == [1, 2]
    assert Channel.objects.get(pk=channel.pk).last_position == 2
    assert [m.author for m in Message.objects.order_by("position")] == [scene.mara, scene.mara]
    assert Message.objects.get(position=1).organization == scene.agency
    said = Change.objects.filter(kind="message").order_by("seq")
    assert {c.actor for c in said} == {scene.mara.pk}
    records = AuditRecord.objects.filter(action="message.post").order_by("pk")
    assert [(r.actor, r.acting_for) for r in records] == [(scene.mara.pk, scene.agency.pk), (scene.mara.pk, None)]
    assert ReadMark.objects.get(person=scene.mara, channel=channel).position == 2


def test_one_refusal_is_nobody_elses(scene):
    results = post_messages(
        scene.group.channel.pk,
        [
            post(scene.otto),
            post(scene.mara),
            post(scene.mara, acting_for=scene.house.pk),
            post(scene.mara, reply_to=uuid4()),
            post(scene.mara, mentions=[scene.otto.pk]),
            post(scene.mara),
        ],
    )
    assert codes(results) == ["not_found", 1, "invalid", "invalid", "invalid", 2]
    assert Message.objects.count() == 2
    assert not Change.objects.filter(actor=scene.otto.pk, kind="message").exists()


def test_the_same_twice_together_is_one_message(scene):
    once = post(scene.mara, "once")
    other_words = Post(person=scene.mara, acting_for=None, client_id=once.client_id, body="twice")
    results = post_messages(scene.group.channel.pk, [once, once, other_words])
    assert codes(results) == [1, 1, "message_id_reused"]
    assert codes(post_messages(scene.group.channel.pk, [once])) == [1]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("waited", "said"), [(0, None), (59, None), (60, 60), (1500, 1500)])
def test_what_could_not_be_sent_says_when_it_was_written(scene, waited, said):
    """For how long it waited, not when: the clock of a device may be wrong."""
    (message,) = post_messages(scene.group.channel.pk, [post(scene.mara, waited=waited)])
    shown = world.client(scene.dana).get(f"{API}/channels/{message.channel_id}/messages").json()["results"][0]
    assert message.written_at == (message.posted_at - timedelta(seconds=said) if said else None)
    assert (shown["written_at"] is None) == (said is None)


@pytest.mark.parametrize(("waited", "code"), [(-1, "too_low"), (31 * 24 * 3600, "too_high"), ("5", "wrong_type")])
def test_a_wait_is_a_number_of_seconds(scene, waited, code):
    said = {"id": str(uuid4()), "body": "x", "waited": waited}
    path = f"{API}/channels/{scene.group.channel_id}/messages"
    assert faults(denied(lambda: world.client(scene.mara).post(path, said, content_type="application/json"))) == [
        ("waited", code)
    ]


def test_an_archived_channel_and_no_channel_take_nothing(scene):
    first = post(scene.mara)
    assert codes(post_messages(uuid4(), [first, first])) == ["not_found", "not_found"]
    post_messages(scene.group.channel.pk, [first])
    archive_channel(Actor(scene.mara), scene.group.channel)
    assert codes(post_messages(scene.group.channel.pk, [first, post(scene.mara), post(scene.otto)])) == [
        1,
        "archived",
        "not_found",
    ]


def test_twenty_cost_as_many_statements_as_one(scene):
    def statements(posts):
        with CaptureQueriesContext(connection) as asked:
            results = post_messages(scene.group.channel.pk, posts)
        assert all(isinstance(r, Message) for r in results)
        return len(asked)

    statements([post(scene.mara)])
    assert statements([post(scene.mara, acting_for=scene.agency.pk) for _ in range(20)]) == statements(
        [post(scene.mara, acting_for=scene.agency.pk)]
    )
