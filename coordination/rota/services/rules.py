"""What holds of every shift, however it came to whoever has it; and what hangs on whoever is on call."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from coordination.rota.models import COORDINATION, Shift
from portal.kernel.errors import Invalid
from portal.kernel.models import Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Writing
from portal.organizations.models import Organization

LONGEST = timedelta(hours=24)
# between two shifts of one person
REST = timedelta(hours=8)
# what each slice ends when somebody's shift is taken off, handed over or swapped, in the same write
# (portal/config/registry.py fills it)
Relief = Callable[[Writing, Organization, UUID], None]
RELIEFS: list[Relief] = []


def require_able(organization: Organization, person: UUID, duty: str, field: str = "person") -> None:
    """They work there; for coordination, they coordinate it."""
    if not is_member(person, organization.members_id):
        raise Invalid(field, "not_a_member", "Name somebody who works for your organization.")
    if duty == COORDINATION and not is_member(person, organization.coordinators_id):
        raise Invalid(field, "not_a_coordinator", "Name somebody who coordinates your organization.")


def require_length(shift: Shift, at: datetime) -> None:
    if shift.ends_at <= shift.starts_at:
        raise Invalid("ends_at", "wrong_order", "A shift ends after it begins.")
    if shift.ends_at <= at:
        raise Invalid("ends_at", "in_the_past", "This shift is over.")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise Invalid("ends_at", "too_far", "A shift is 24 hours at most.")


def require_free(shift: Shift) -> None:
    """One person for one duty at a time, so that it is clear who is asked first."""
    same = shift.organization.shifts.filter(duty=shift.duty)
    other = same.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at).select_related("person").first()
    if other:
        raise Invalid("starts_at", "overlaps", f"{other.person} is on call {span(other)}.")


def require_rest(shift: Shift, field: str, besides: Collection[UUID] = ()) -> None:
    """Shifts for several duties may run side by side; between one and the next lies time to rest.

    `besides`: shifts that will not be theirs any more.
    """
    theirs = shift.organization.shifts.filter(person=shift.person_id).exclude(pk__in=besides)
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


def relieve(w: Writing, organization: Organization, person: UUID) -> None:
    for end in RELIEFS:
        end(w, organization, person)
