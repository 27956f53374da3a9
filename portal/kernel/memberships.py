"""Joining and leaving audiences: the only writers of Membership and Seat."""

import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from portal.kernel.models import Admission, Audience, Change, Membership, Overlap, Seat
from portal.kernel.standing import is_member, living_memberships, living_seats
from portal.kernel.writing import Writing

ANY: Any = object()
# the kind of object that a membership in an audience of this kind is shown as
MEMBER_KINDS: dict[str, str] = {
    Audience.Kind.ORGANIZATION_MEMBERS: "organization_member",
    Audience.Kind.GROUP_MEMBERS: "group_member",
    Audience.Kind.CHANNEL_MEMBERS: "channel_member",
}

# what shows how many people an audience of this kind has: the relation it hangs by
COUNTED_BY: dict[str, str] = {
    Audience.Kind.ORGANIZATION_MEMBERS: "organization",
    Audience.Kind.GROUP_MEMBERS: "working_group",
}

# what begins, and what ends, for a person with their place in an audience
Turn = Callable[[Writing, Any, Audience], None]
BEGINNINGS: list[Turn] = []
ENDINGS: list[Turn] = []


def join(
    w: Writing, person: Any, audience: Audience, *, via: Audience | None = None, expires_at: datetime | None = None
) -> Membership:
    """Seat a person in an audience, by virtue of `via` or of itself; tells the person when it is new.

    Who comes in new comes in wherever this audience is admitted, too, and where it overlaps with others of theirs.
    """
    w.lock(audiences=[audience.pk], people=[person])
    was_inside = is_member(person.pk, audience.pk)
    membership, is_new = Membership.objects.get_or_create(user=person, group_id=audience.pk)
    if not is_new:
        membership.version += 1
        membership.save(update_fields=["version"])
    Seat.objects.update_or_create(
        membership=membership,
        via=via,
        defaults={"granted_by_id": w.actor.id, "expires_at": expires_at},
    )
    if not was_inside:
        w.append(person.audience_id, Change.Op.GRANTED, "audience", audience.uuid)
    _moved(person)
    tell_members(w, audience, Change.Op.PUT, membership)
    if not was_inside:
        for elsewhere in _admitting(w, audience):
            join(w, person, elsewhere, via=audience)
        for begin in BEGINNINGS:
            begin(w, person, audience)
    _follow(w, person, audience)
    return membership


def leave(w: Writing, person: Any, audience: Audience, *, via: Any = ANY) -> list[Membership]:
    """Take a person's seats in an audience (all, or those held through `via`).

    A membership without a seat goes, and with it every seat held through this audience elsewhere.
    Returns the memberships that ended, this one first.
    """
    w.lock(audiences=[audience.pk], people=[person])
    membership = Membership.objects.filter(user=person, group_id=audience.pk).first()
    if membership is None:
        return []
    seats = membership.seats.all() if via is ANY else membership.seats.filter(via=via)
    seats.delete()
    membership.version += 1
    # a seat that has expired, and that no sweep has found yet, keeps nobody in
    if living_seats().filter(membership=membership).exists():
        _moved(person)
        membership.save(update_fields=["version"])
        tell_members(w, audience, Change.Op.PUT, membership)
        _follow(w, person, audience)
        return []
    ended = [Membership(id=membership.pk, user=person, group_id=audience.pk, version=membership.version)]
    tell_members(w, audience, Change.Op.DELETED, membership)
    membership.delete()
    w.move_epoch(audience.pk)
    w.append(person.audience_id, Change.Op.REVOKED, "audience", audience.uuid)
    _moved(person)
    for end in ENDINGS:
        end(w, person, audience)
    _follow(w, person, audience)
    for elsewhere in _seated_through(person, audience):
        lost = leave(w, person, elsewhere, via=audience)
        if lost:
            tell_number(w, elsewhere)
        ended += lost
    return ended


def overlap(w: Writing, one: int, other: int) -> int:
    """The audience of those who are in both of these; it is made when it is first asked for."""
    known = Overlap.objects.filter(one=one, other=other).first()
    if known is None:
        w.lock(audiences=[one, other])
        known = Overlap.objects.filter(one=one, other=other).first()
    if known is None:
        made = w.new_audience(Audience.Kind.OVERLAP)
        known = Overlap.objects.create(audience=made, one_id=one, other_id=other)
        for person in _as_held(w, people_in(one)):
            _keep(w, person, known)
    audience: int = known.audience_id
    return audience


def admit(w: Writing, audience: Audience, via: Audience) -> bool:
    """Whoever is in `via`, now or later, is in `audience`. False when that was so already."""
    if via.pk in _reached_from(audience):
        raise ValueError("two audiences that admit each other would keep everybody in for ever")
    # all are locked in one order; whoever came in between is locked by `join`
    w.lock(audiences=[audience.pk, via.pk], people=people_in(via.pk))
    _, is_new = Admission.objects.get_or_create(audience=audience, via=via, defaults={"granted_by_id": w.actor.id})
    if is_new:
        for person in _as_held(w, people_in(via.pk)):
            join(w, person, audience, via=via)
    return is_new


def dismiss(w: Writing, audience: Audience, via: Audience) -> list[Membership] | None:
    """Nobody is in `audience` by virtue of `via` any more. The memberships that ended; None: there was no admission."""
    w.lock(audiences=[audience.pk, via.pk], people=people_in(audience.pk))
    deleted, _ = Admission.objects.filter(audience=audience, via=via).delete()
    if not deleted:
        return None
    return _unseat(w, audience, via)


def read_only_from(w: Writing, audience: Audience, at: datetime) -> None:
    """From then on whoever is in it reads, here and wherever they are by virtue of it alone, and no more."""
    w.lock(audiences=[audience.pk], people=people_in(audience.pk))
    audience.read_only_from = at
    audience.save(update_fields=["read_only_from"])
    for person in _as_held(w, people_in(audience.pk)):
        _moved(person)


def end_seats(w: Writing, via: Audience, *, but: Collection[int]) -> None:
    """Nobody is, or comes to be, anywhere by virtue of `via`, except in these. Its people stay in it."""
    seats = Seat.objects.filter(via=via).exclude(membership__group__in=but)
    reached = {a.pk: a for a in Audience.objects.filter(group__memberships__seats__in=seats)}
    w.lock(audiences=[via.pk, *reached], people=people_in(via.pk))
    Admission.objects.filter(via=via).exclude(audience__in=but).delete()
    for _, audience in sorted(reached.items()):
        if _unseat(w, audience, via):
            tell_number(w, audience)


def _unseat(w: Writing, audience: Audience, via: Audience) -> list[Membership]:
    """Whoever is in `audience` by virtue of `via` is so no more."""
    seated = Membership.objects.filter(group=audience.pk, seats__via=via).select_related("user").order_by("user")
    people = _as_held(w, [membership.user for membership in seated])
    return [ended for person in people for ended in leave(w, person, audience, via=via)]


def people_in(audience: int) -> list[Any]:
    """Everybody in an audience, to be locked or seated elsewhere."""
    rows = living_memberships().filter(group=audience).select_related("user").order_by("user")
    return [membership.user for membership in rows]


def tell_members(w: Writing, audience: Audience, op: str, membership: Membership) -> None:
    """Who is in an audience is an object to those in it, where a slice shows it as one."""
    if kind := MEMBER_KINDS.get(audience.kind):
        w.append(audience.pk, op, kind, membership.pk, membership.version)


def tell_number(w: Writing, audience: Audience) -> None:
    """What shows the number of people of an audience looks different now; callers that save it themselves need not."""
    if relation := COUNTED_BY.get(audience.kind):
        shown = getattr(audience, relation)
        w.lock(objects=[shown])
        w.put(shown)


def _follow(w: Writing, person: Any, audience: Audience) -> None:
    """Where this audience overlaps with another, the person's place there follows."""
    inside = living_memberships().filter(user=person).values("group")
    kept = Membership.objects.filter(user=person).values("group")
    overlaps = Overlap.objects.filter(Q(one=audience) | Q(other=audience))
    concerned = overlaps.filter(Q(audience__in=kept) | Q(one__in=inside, other__in=inside))
    for each in concerned.select_related("audience").order_by("audience"):
        _keep(w, person, each)


def _keep(w: Writing, person: Any, known: Overlap) -> None:
    """In or out, and until when, as in the two."""
    seats = living_seats().filter(membership__user=person)
    ends = [
        set(seats.filter(membership__group=audience).values_list("expires_at", flat=True))
        for audience in (known.one_id, known.other_id)
    ]
    if all(ends):
        limits = [max(filter(None, each)) for each in ends if None not in each]
        join(w, person, known.audience, expires_at=min(limits, default=None))
    else:
        leave(w, person, known.audience)


def _seated_through(person: Any, audience: Audience) -> Iterable[Audience]:
    return list(
        Audience.objects.filter(
            pk__in=Seat.objects.filter(membership__user=person, via=audience).values("membership__group_id")
        ).order_by("pk")
    )


def _as_held(w: Writing, people: Iterable[Any]) -> list[Any]:
    """Who writes is among these as the very object that the caller holds: its standing moves too."""
    return [w.actor.person if person.pk == w.actor.id else person for person in people]


def _admitting(w: Writing, via: Audience) -> list[Audience]:
    """The audiences in which whoever is in `via` is too; `via` is locked, so none is admitted meanwhile."""
    found = [a.audience for a in Admission.objects.filter(via=via).select_related("audience").order_by("audience")]
    w.lock(audiences=[a.pk for a in found])
    return found


def _reached_from(audience: Audience) -> set[int]:
    """Where those who are in an audience are admitted, and on from there."""
    reached = {audience.pk}
    while further := set(Admission.objects.filter(via__in=reached).values_list("audience", flat=True)) - reached:
        reached |= further
    return reached


def _moved(person: Any) -> None:
    """The person's cached standing ends.

    The number was never used before: under that of a write that failed, something may be remembered that never was.
    """
    person.access_version = time.time_ns()
    person._meta.model._base_manager.filter(pk=person.pk).update(access_version=person.access_version)
