"""Reading the log while it grows: what commits between two looks is no gap."""

from uuid import uuid4

import pytest

from messaging import services as messaging
from portal.kernel.models import Audience, Change
from portal.kernel.writing import Actor, on_change
from portal.live import log

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_commit_between_reading_changes_and_reading_heads_is_not_a_pruned_log(room):
    messaging.post_message(Actor(room.member, room.house), room.channel, uuid4(), "in between")
    audience = Audience.objects.get(pk=room.group.members_id)
    nothing_yet = log.batch(audience, audience.head - 1, [], [], {})
    assert nothing_yet.reaches
    assert (nothing_yet.seq, nothing_yet.head, nothing_yet.text) == (audience.head - 1, audience.head, "")
    Change.objects.filter(audience=audience).delete()
    assert not log.batch(audience, audience.head - 1, [], [], {}).reaches


@pytest.mark.parametrize("for_whom", ["herself", "the house"])
def test_what_a_write_tells_is_what_the_log_says(room, for_whom):
    told = []
    stop = on_change(told.extend)
    actor = Actor(room.member, room.house if for_whom == "the house" else None)
    messaging.post_message(actor, room.channel, uuid4(), "not read again")
    stop()
    (one,) = told
    (said,) = log.read({one.audience.pk: one.audience.head - 1})
    assert log.told(one.audience, one.news) == said
    assert "not read again" in said.text


def test_what_points_at_others_is_read_as_they_are(room):
    first = messaging.post_message(Actor(room.member), room.channel, uuid4(), "first")
    told = []
    stop = on_change(told.extend)
    messaging.post_message(Actor(room.lead), room.channel, uuid4(), "second", reply_to=first.pk)
    messaging.post_message(Actor(room.lead), room.channel, uuid4(), "third", mentions=[room.member.pk])
    stop()
    assert [one.news for one in told] == [None, None]
