from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.kernel import memberships
from portal.kernel.models import Audience, Change, Membership, Seat
from portal.kernel.standing import is_member, members, people_counts, standing, still_members
from portal.kernel.writing import THE_PORTAL, writing
from portal.people.jobs import end_expired_seats
from portal.people.models import User
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(db):
    return world.network()


@pytest.fixture
def one(network):
    return world.organization("One")


@pytest.fixture
def two(network):
    return world.organization("Two")


@pytest.fixture
def ann(one, two):
    """Works for both."""
    found = world.person(one)
    world.seat(two, found)
    return found


@pytest.fixture
def room(network):
    return Audience.make(Audience.Kind.GROUP_LEADS)


def join(person, audience, **how):
    with writing(THE_PORTAL) as w:
        return memberships.join(w, person, audience, **how)


def leave(person, audience, **how):
    with writing(THE_PORTAL) as w:
        return memberships.leave(w, person, audience, **how)


def told(person, audience):
    rows = Change.objects.filter(audience=person.audience_id, subject=audience.uuid).order_by("seq")
    return list(rows.values_list("op", flat=True))


def epoch(audience):
    return Audience.objects.get(pk=audience.pk).epoch


def soon():
    return timezone.now() + timedelta(minutes=5)


def expire_seats(**which):
    Seat.objects.filter(**which).update(expires_at=timezone.now() - timedelta(seconds=1))


# seats


def test_who_is_seated_twice_stays_when_one_seat_goes(ann, one, two, room):
    join(ann, room, via=one.members)
    join(ann, room, via=two.members)
    assert Membership.objects.filter(user=ann, group=room.pk).count() == 1
    assert leave(ann, room, via=one.members) == []
    assert (is_member(ann.pk, room.pk), epoch(room), told(ann, room)) == (True, 0, ["granted"])
    (ended,) = leave(ann, room, via=two.members)
    assert ended.group_id == room.pk
    assert (is_member(ann.pk, room.pk), epoch(room), told(ann, room)) == (False, 1, ["granted", "revoked"])


def test_who_leaves_an_audience_loses_every_seat_held_through_it(ann, one, two, room):
    inner = Audience.make(Audience.Kind.GROUP_LEADS)
    join(ann, room, via=one.members)
    join(ann, inner, via=room)
    kept = Audience.make(Audience.Kind.GROUP_LEADS)
    join(ann, kept, via=one.members)
    join(ann, kept, via=two.members)
    ended = {m.group_id for m in leave(ann, one.members)}
    assert ended == {one.members_id, room.pk, inner.pk}
    assert is_member(ann.pk, kept.pk)
    assert [epoch(a) for a in (one.members, room, inner, kept)] == [1, 1, 1, 0]


def test_the_same_seat_is_one_row(ann, one, room):
    for _ in range(2):
        join(ann, room, via=one.members)
        join(ann, room)
    assert Seat.objects.filter(membership__group=room.pk).count() == 2
    assert told(ann, room) == ["granted"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(membership=Membership.objects.get(user=ann, group=room.pk), via=None)


def test_to_leave_where_one_is_not_is_nothing(ann, room):
    assert leave(ann, room) == []
    assert (epoch(room), told(ann, room)) == (0, [])


# expiry


def test_readers_see_an_expired_seat_at_once(ann, room):
    join(ann, room, expires_at=soon())
    assert standing(ann).within(room.pk)
    expire_seats(membership__group=room.pk)
    assert not standing(ann, fresh=True).within(room.pk)
    assert not is_member(ann.pk, room.pk)
    assert members(room.pk) == set()
    assert still_members([(ann.pk, room.pk)]) == set()
    assert people_counts([room.pk]) == {room.pk: 0}


def test_a_remembered_standing_ends_with_its_first_seat(ann, room, monkeypatch):
    join(ann, room, expires_at=soon())
    assert standing(ann).within(room.pk)
    later = soon()
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(seconds=1))
    assert not standing(ann).within(room.pk)


def test_the_sweep_tells_of_it(ann, room):
    join(ann, room, expires_at=soon())
    expire_seats(membership__group=room.pk)
    end_expired_seats()
    end_expired_seats()
    assert (epoch(room), told(ann, room)) == (1, ["granted", "revoked"])
    assert not Membership.objects.filter(user=ann, group=room.pk).exists()


def test_an_expired_seat_keeps_nobody_in(ann, one, two, room):
    """The living seat is taken before a sweep found the dead one: the epoch must move at once."""
    join(ann, room, via=one.members)
    join(ann, room, via=two.members)
    expire_seats(membership__group=room.pk, via=one.members)
    assert leave(ann, room, via=two.members)
    assert (is_member(ann.pk, room.pk), epoch(room), told(ann, room)) == (False, 1, ["granted", "revoked"])


def test_who_is_seated_again_after_expiry_is_told(ann, room):
    join(ann, room, expires_at=soon())
    expire_seats(membership__group=room.pk)
    ann.refresh_from_db()
    assert not standing(ann).within(room.pk)
    join(ann, room)
    assert standing(ann).within(room.pk)
    assert told(ann, room) == ["granted", "granted"]


def test_a_seat_made_shorter_is_remembered_no_longer(ann, room, monkeypatch):
    join(ann, room)
    assert standing(ann).within(room.pk)
    join(ann, room, expires_at=soon())
    assert standing(ann).within(room.pk)
    later = soon()
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(seconds=1))
    assert not standing(ann).within(room.pk)


# what never is


def test_every_change_of_membership_moves_the_access_version(ann, one, room):
    seen = [User.objects.get(pk=ann.pk).access_version]
    for step in (lambda: join(ann, room), lambda: join(ann, room, via=one.members), lambda: leave(ann, room)):
        step()
        seen.append(User.objects.get(pk=ann.pk).access_version)
    assert seen == sorted(set(seen))
    assert ann.access_version == seen[-1]


def test_django_s_own_groups_are_these_rows(ann, one):
    assert one.members_id in ann.groups.values_list("pk", flat=True)
    leave(ann, one.members)
    assert one.members_id not in ann.groups.values_list("pk", flat=True)


def test_a_person_is_in_an_audience_once(ann, one):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=ann, group_id=one.members_id)


def test_nobody_is_superuser(ann):
    ann.is_superuser = True
    with pytest.raises(IntegrityError), transaction.atomic():
        ann.save()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_joins_and_leaves_at_once(ann, one, room):
    """Whatever the order, row, seats and what the person was told agree."""
    calls = [lambda: join(User.objects.get(pk=ann.pk), room, via=one.members)] * 4
    calls += [lambda: leave(User.objects.get(pk=ann.pk), room)] * 4
    world.at_once(*calls)
    inside = is_member(ann.pk, room.pk)
    assert Membership.objects.filter(user=ann, group=room.pk).count() == int(inside)
    ops = told(ann, room)
    assert ops == ["granted", "revoked"] * (len(ops) // 2) + ["granted"] * inside
    assert epoch(room) == ops.count("revoked")
