"""Reading the log while it grows: what commits between two looks is no gap."""

from uuid import uuid4

import pytest

from messaging import services as messaging
from portal.kernel.models import Audience, Change
from portal.kernel.writing import Actor
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
