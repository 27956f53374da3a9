"""Every write to the rota."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from coordination.rota import queries
from coordination.rota.models import Shift
from coordination.rota.policy import SHIFTS
from portal.kernel.errors import Invalid
from portal.kernel.models import Change, Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization, Tier
from portal.people.models import User

LONGEST = timedelta(hours=24)
# between two shifts of one person
REST = timedelta(hours=8)
# what each slice ends when somebody's shift is taken off or handed over, in the same write
# (portal/config/registry.py fills it)
Relief = Callable[[Writing, Organization, UUID], None]
RELIEFS: list[Relief] = []


@service
def plan_shift(actor: Actor, person: UUID, starts_at: datetime, ends_at: datetime, request_kind: str = "") -> Shift:
    """By the organization's coordinators. Its row is locked: two who plan at once see each other's shifts."""
    organization = actor.acting_for
    with writing(actor, objects=[organization]) as w:
        confirm(w, Tier.COORDINATOR)
        require_colleague(organization, person)
        shift = Shift(
            organization=organization,
            person_id=person,
            starts_at=starts_at,
            ends_at=ends_at,
            request_kind=request_kind,
        )
        require_length(shift, w.at)
        require_free(shift)
        require_rest(shift, "starts_at")
        shift.save(force_insert=True)
        w.created(shift, organization.members_id)
        w.audit("shift.plan", shift, person=str(person))
        return shift


@service
def hand_over_shift(actor: Actor, shift: Shift, person: UUID) -> Shift:
    """To a colleague, from now on: what has run of it stays with whoever was on call, the rest is a shift of its own.

    The organization's row is locked as for planning: whoever is named keeps their time to rest.
    """
    organization = shift.organization
    with writing(actor, objects=[organization, shift]) as w:
        SHIFTS.require(actor.person, "hand_over", shift)
        w.demand(shift, "hand_over")
        require_colleague(organization, person)
        if person == shift.person_id:
            raise Invalid("person", "duplicate", "They are on call for it already.")
        before = shift.person_id
        handed = the_rest_of(w, shift)
        handed.person_id = person
        require_rest(handed, "person")
        if handed is shift:
            w.put(shift)
        else:
            handed.save(force_insert=True)
            w.created(handed, organization.members_id)
        w.audit("shift.hand_over", handed, person=str(person), before=str(before))
        relieve(w, organization, before)
        return handed


@service
def remove_shift(actor: Actor, shift: Shift) -> None:
    """The organization's row is locked too: whoever asks who is on call finds it before or after."""
    with writing(actor, objects=[shift, shift.organization]) as w:
        SHIFTS.require(actor.person, "remove", shift)
        w.demand(shift, "remove")
        take_off(w, shift)


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """Nobody is on call for an organization that is not active."""
    for shift in queries.ahead(organization.shifts.all(), w.at):
        take_off(w, shift)


def end_for_departed(w: Writing, organization: Organization, person: User) -> None:
    """Whoever left is on call no more; the hole is seen by those who stay."""
    for shift in queries.ahead(organization.shifts.filter(person=person), w.at):
        take_off(w, shift)


# the pieces of these sentences


def require_colleague(organization: Organization, person: UUID) -> None:
    if not is_member(person, organization.members_id):
        raise Invalid("person", "not_a_member", "Name somebody who works for your organization.")


def the_rest_of(w: Writing, shift: Shift) -> Shift:
    """All of a shift that has yet to begin; of one that runs, what is left of it, and it ends now."""
    if shift.starts_at >= w.at:
        return shift
    rest = Shift(
        organization=shift.organization,
        starts_at=w.at,
        ends_at=shift.ends_at,
        request_kind=shift.request_kind,
    )
    shift.ends_at = w.at
    w.put(shift)
    return rest


def require_length(shift: Shift, at: datetime) -> None:
    if shift.ends_at <= shift.starts_at:
        raise Invalid("ends_at", "wrong_order", "A shift ends after it begins.")
    if shift.ends_at <= at:
        raise Invalid("ends_at", "in_the_past", "This shift is over.")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise Invalid("ends_at", "too_far", "A shift is 24 hours at most.")


def require_free(shift: Shift) -> None:
    """One person for one kind at a time, so that it is clear who is asked first."""
    same = shift.organization.shifts.filter(request_kind=shift.request_kind)
    other = same.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at).select_related("person").first()
    if other:
        raise Invalid("starts_at", "overlaps", f"{other.person} is on call {span(other)}.")


def require_rest(shift: Shift, field: str) -> None:
    """Shifts for several kinds may run side by side; between one and the next lies time to rest."""
    theirs = shift.organization.shifts.filter(person=shift.person_id)
    too_close = Q(ends_at__lte=shift.starts_at, ends_at__gt=shift.starts_at - REST) | Q(
        starts_at__gte=shift.ends_at, starts_at__lt=shift.ends_at + REST
    )
    other = theirs.filter(too_close).first()
    if other:
        raise Invalid(field, "too_little_rest", f"Their shift {span(other)} is less than 8 hours away.")


def span(shift: Shift) -> str:
    """In the network's own time."""
    zone = ZoneInfo(Network.current().time_zone)
    starts, ends = (moment.astimezone(zone) for moment in (shift.starts_at, shift.ends_at))
    return f"from {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}"


def take_off(w: Writing, shift: Shift) -> None:
    audience = shift.organization.members_id
    w.lock(audiences=[audience])
    w.append(audience, Change.Op.DELETED, shift.kind, shift.pk, shift.version + 1)
    w.audit("shift.remove", shift, person=str(shift.person_id))
    shift.delete()
    relieve(w, shift.organization, shift.person_id)


def relieve(w: Writing, organization: Organization, person: UUID) -> None:
    for end in RELIEFS:
        end(w, organization, person)
