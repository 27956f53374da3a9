"""Whoever is in two audiences is in the overlap of both, from when they are and as long as they are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.kernel import memberships
from portal.kernel.models import Audience, Overlap, Seat
from portal.kernel.standing import members, overlapping, standing
from portal.kernel.writing import THE_PORTAL, writing
from portal.people.models import User
from tests import world
from tests.kernel.test_memberships import epoch, expire_seats, join, leave, soon, told

pytestmark = pytest.mark.django_db


def overlapped(one, other):
    with writing(THE_PORTAL) as w:
        return Audience.objects.get(pk=memberships.overlap(w, one.pk, other.pk))


def test_whoever_is_in_both_is_in_their_overlap(ann, one, two, room):
    bea, cem = world.person(one, name="Bea"), world.person(two, name="Cem")
    join(bea, room)
    overlap = overlapped(one.members, room)
    assert members(overlap.pk) == {bea.pk}
    assert overlapped(one.members, room) == overlap
    join(ann, room, via=two.members)
    join(cem, room)
    assert members(overlap.pk) == {ann.pk, bea.pk}
    assert told(ann, overlap) == ["granted"]
    join(cem, one.members)
    assert cem.pk in members(overlap.pk)


def test_whoever_leaves_either_is_out_of_their_overlap_at_once(ann, one, two, room):
    bea = world.person(one, name="Bea")
    for person in (ann, bea):
        join(person, room, via=one.members)
    overlap = overlapped(one.members, room)
    leave(bea, room)
    assert (members(overlap.pk), told(bea, overlap), epoch(overlap)) == ({ann.pk}, ["granted", "revoked"], 1)
    leave(ann, one.members)
    assert (members(overlap.pk), told(ann, overlap), epoch(overlap)) == (set(), ["granted", "revoked"], 2)
    assert not standing(ann).within(overlap.pk)


def test_who_keeps_another_seat_stays_in_the_overlap(ann, one, two, room):
    for via in (one.members, two.members):
        join(ann, room, via=via)
    overlap = overlapped(two.members, room)
    leave(ann, room, via=one.members)
    assert members(overlap.pk) == {ann.pk}


def test_an_overlap_ends_with_the_first_of_both(ann, one, room):
    sooner, later = soon(), soon() + timedelta(hours=1)
    overlap = overlapped(one.members, room)
    seat = Seat.objects.filter(membership__user=ann, membership__group=overlap.pk)
    for ends in (sooner, later, None):
        join(ann, room, expires_at=ends)
        assert seat.get().expires_at == ends
    join(ann, one.members, expires_at=later)
    join(ann, room, expires_at=sooner)
    assert seat.get().expires_at == sooner
    join(ann, room, via=one.members, expires_at=later)
    assert seat.get().expires_at == later
    leave(ann, room, via=one.members)
    assert seat.get().expires_at == sooner


def test_an_overlap_is_one_row_and_of_two(one, room):
    overlapped(one.members, room)
    for a, b in ((one.members, room), (room, room)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Overlap.objects.create(audience=Audience.make(Audience.Kind.OVERLAP), one=a, other=b)


@pytest.mark.django_db(transaction=True)
def test_made_entered_and_left_at_once(one, room):
    """Whichever is first, whoever is in both is in it and nobody else is."""
    staying, going = (world.person(one, name=name) for name in ("Nia", "Noa"))
    join(going, room)
    world.at_once(
        *[lambda: overlapped(one.members, room)] * 3,
        lambda: join(User.objects.get(pk=staying.pk), room),
        lambda: leave(User.objects.get(pk=going.pk), room),
    )
    assert Overlap.objects.count() == 1
    assert members(overlapped(one.members, room).pk) == {staying.pk}


def test_who_overlaps(ann, one, two, room):
    cem = world.person(two, name="Cem")
    assert overlapping([one.members_id, two.members_id], [room.pk]) == set()
    join(cem, room)
    assert overlapping([one.members_id, two.members_id], [room.pk]) == {(two.members_id, room.pk)}
    join(ann, room)
    expire_seats(membership__user=cem, membership__group=room.pk)
    assert overlapping([one.members_id], [room.pk, two.members_id]) == {
        (one.members_id, room.pk),
        (one.members_id, two.members_id),
    }
