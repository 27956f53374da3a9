from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.kernel import memberships
from portal.kernel.errors import Conflict
from portal.kernel.models import Admission, Audience, Change, Membership, Seat
from portal.kernel.standing import (
    audiences_held,
    fellows,
    is_member,
    lost_with,
    members,
    people_counts,
    standing,
    standings,
    still_members,
)
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.people.jobs import end_expired_seats
from portal.people.models import User
from tests import world

pytestmark = pytest.mark.django_db


def join(person, audience, **how):
    with writing(THE_PORTAL) as w:
        return memberships.join(w, person, audience, **how)


def leave(person, audience, **how):
    with writing(THE_PORTAL) as w:
        return memberships.leave(w, person, audience, **how)


def admit(audience, via):
    with writing(THE_PORTAL) as w:
        return memberships.admit(w, audience, via)


def dismiss(audience, via):
    with writing(THE_PORTAL) as w:
        return memberships.dismiss(w, audience, via)


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


def test_what_one_is_in_only_by_a_place_is_one_s_own(ann, one, two, room):
    ben = world.person(two, name="Ben")
    join(ann, room, via=one.members)
    join(ben, room, via=two.members)
    assert room.pk in lost_with(ann.pk, [one.members_id])
    join(ann, room, via=two.members)
    assert room.pk not in lost_with(ann.pk, [one.members_id])
    assert room.pk in lost_with(ben.pk, [two.members_id])


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


# admissions


def test_whoever_is_in_what_is_admitted_is_in(ann, one, room):
    bob = world.person(one, name="Bob")
    assert admit(room, one.members)
    assert members(room.pk) == {ann.pk, bob.pk}
    assert not admit(room, one.members), "it was so already"
    assert told(ann, room) == told(bob, room) == ["granted"]
    assert (epoch(room), Admission.objects.count()) == (0, 1)


def test_whoever_comes_later_is_in_too_and_whoever_goes_is_out(ann, one, room):
    admit(room, one.members)
    cid = world.person(one, name="Cid")
    assert is_member(cid.pk, room.pk)
    assert told(cid, room) == ["granted"]
    leave(cid, one.members)
    assert (is_member(cid.pk, room.pk), epoch(room), told(cid, room)) == (False, 1, ["granted", "revoked"])
    assert is_member(ann.pk, room.pk)


def test_an_admission_reaches_on(ann, one, room):
    inner = Audience.make(Audience.Kind.GROUP_LEADS)
    admit(inner, room)
    admit(room, one.members)
    dan = world.person(one, name="Dan")
    assert is_member(ann.pk, inner.pk)
    assert is_member(dan.pk, inner.pk)
    leave(dan, one.members)
    assert not is_member(dan.pk, inner.pk)
    with pytest.raises(ValueError, match="each other"):
        admit(one.members, inner)


def test_who_is_in_already_is_not_seated_anew(ann, one, room):
    """Somebody who was taken out does not come back because their place elsewhere is written again."""
    admit(room, one.members)
    leave(ann, room)
    join(ann, one.members)
    assert not is_member(ann.pk, room.pk)


def test_what_is_dismissed_is_out_at_once(ann, one, two, room):
    admit(room, one.members)
    bob = world.person(one, name="Bob")
    join(bob, room, via=None)
    ended = dismiss(room, one.members)
    assert [m.user_id for m in ended] == [ann.pk]
    assert (members(room.pk), epoch(room), told(ann, room)) == ({bob.pk}, 1, ["granted", "revoked"])
    assert dismiss(room, one.members) is None
    late = world.person(one, name="Late")
    assert not is_member(late.pk, room.pk)


def test_who_is_in_through_two_stays_when_one_is_dismissed(ann, one, two, room):
    admit(room, one.members)
    admit(room, two.members)
    assert dismiss(room, one.members) == []
    assert (is_member(ann.pk, room.pk), epoch(room)) == (True, 0)


def test_who_writes_keeps_no_old_standing(ann, one, room):
    assert not standing(ann).within(room.pk)
    with writing(Actor(ann)) as w:
        memberships.admit(w, room, one.members)
    assert standing(ann).within(room.pk)
    with writing(Actor(ann)) as w:
        memberships.dismiss(w, room, one.members)
    assert not standing(ann).within(room.pk)


def test_an_expired_place_ends_what_is_held_through_it(ann, one, two, room):
    admit(room, one.members)
    expire_seats(membership__user=ann, membership__group=one.members_id)
    end_expired_seats()
    assert (is_member(ann.pk, room.pk), told(ann, room)) == (False, ["granted", "revoked"])


def test_an_admission_is_one_row_and_of_another(one, room):
    admit(room, one.members)
    for audience, via in ((room, one.members), (room, room)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Admission.objects.create(audience=audience, via=via)


@pytest.mark.django_db(transaction=True)
def test_admitted_and_joined_at_once(one, room):
    """Whichever is first, whoever is in the one is in the other."""
    newcomers = [world.person(name=name) for name in ("Nia", "Noa", "Nat")]
    world.at_once(
        lambda: admit(room, one.members),
        *(lambda p=p: join(User.objects.get(pk=p.pk), one.members) for p in newcomers),
    )
    assert members(room.pk) == members(one.members_id) == {p.pk for p in newcomers}


# fellows


def test_fellows_stand_in_an_organization_a_group_or_a_channel_together(ann, one, two):
    bob, eve = world.person(one, name="Bob"), world.person(world.organization("Three"), name="Eve")
    assert set(fellows(ann).values_list("user", flat=True)) == {bob.pk}, "not the whole network"
    assert not fellows(eve).exists()
    for kind, knows in (("group_leads", False), ("channel_members", True)):
        together = Audience.make(kind)
        join(eve, together)
        join(bob, together)
        assert set(fellows(eve).values_list("user", flat=True)) == ({bob.pk} if knows else set())
    leave(bob, together)
    assert not fellows(eve).exists()


def test_audiences_held(ann, one, two):
    bob = world.person(one, name="Bob")
    expire_seats(membership__user=ann, membership__group=two.members_id)
    held = audiences_held([ann.pk, bob.pk], Audience.Kind.ORGANIZATION_MEMBERS)
    assert held == {ann.pk: [one.members], bob.pk: [one.members]}


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


def test_what_a_write_read_that_failed_is_not_remembered(ann, room):
    beside = User.objects.get(pk=ann.pk)
    with pytest.raises(RuntimeError), writing(THE_PORTAL) as w:
        memberships.join(w, ann, room)
        assert standing(beside, fresh=True).within(room.pk)
        raise RuntimeError
    assert not standing(beside).within(room.pk)


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


def test_what_was_looked_at_in_a_write_that_failed_is_not_remembered(ann, room):
    with pytest.raises(Conflict), writing(THE_PORTAL) as w:
        memberships.join(w, ann, room)
        assert standing(ann).within(room.pk)
        raise Conflict("wrong_state")
    elsewhere = Audience.make(Audience.Kind.GROUP_LEADS)
    join(User.objects.get(pk=ann.pk), elsewhere)
    _, stands = standings({ann.pk})[ann.pk]
    assert (stands.within(room.pk), stands.within(elsewhere.pk)) == (False, True)


def test_who_is_looked_at_after_a_write_that_failed_is_out_when_it_is_done_again(ann, room):
    join(ann, room)
    with pytest.raises(Conflict), writing(THE_PORTAL) as w:
        memberships.leave(w, ann, room)
        raise Conflict("wrong_state")
    assert standing(ann).within(room.pk)
    leave(User.objects.get(pk=ann.pk), room)
    _, stands = standings({ann.pk})[ann.pk]
    assert not stands.within(room.pk)


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
