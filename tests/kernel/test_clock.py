"""The clock that services ask, and the ids that follow it."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from portal.kernel import clock
from portal.kernel.ids import uuid7
from portal.kernel.models import AuditRecord, Change
from tests import world

THEN = datetime(2020, 2, 29, 21, 30, tzinfo=UTC)


def made_at(key):
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)


def test_what_is_told_is_told_in_here_only():
    with clock.at(THEN):
        assert clock.now() == THEN
        with clock.at(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN
        elsewhere = []
        other = Thread(target=lambda: elsewhere.append(clock.now()))
        other.start()
        other.join()
    assert elsewhere[0] > THEN + timedelta(days=365)
    assert not clock.is_told()


def test_ids_of_a_moment_that_stands_still_keep_their_order():
    with clock.at(THEN):
        keys = [uuid7() for _ in range(2000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert {made_at(key) for key in keys} == {THEN}
    assert keys[-1] < uuid7()


@pytest.mark.django_db
def test_a_write_happens_at_the_moment_that_is_told():
    world.network()
    with clock.at(THEN):
        found = world.organization("Harbor House")
        ann = world.person(found)
    assert (found.applied_at, found.verified_at, made_at(found.pk)) == (THEN, THEN, THEN)
    assert (ann.date_joined, ann.memberships.latest("since").since) == (THEN, THEN)
    assert AuditRecord.objects.get(action="organization.verify").at == THEN
    assert Change.objects.filter(subject=found.pk).first().at == THEN
