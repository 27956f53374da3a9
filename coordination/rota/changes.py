"""The kinds of change that the rota announces, and the one shape of each."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import prefetch_related_objects

from coordination.rota import models
from coordination.rota.policy import SHIFTS, SWAPS
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Shift(Shape, kw_only=True):
    """Who is on call, from when to when. `duty` is empty for requests of every kind without a shift of its own."""

    organization: OrganizationRef
    person: PersonRef
    duty: str
    starts_at: datetime
    ends_at: datetime


def shape_shifts(rows: Iterable[models.Shift]) -> list[Shift]:
    shifts = list(rows)
    organizations = organization_refs({s.organization_id for s in shifts})
    people = person_refs({s.person_id for s in shifts})
    return [
        Shift(
            id=s.pk,
            version=s.version,
            organization=organizations[s.organization_id],
            person=people[s.person_id],
            duty=s.duty,
            starts_at=s.starts_at,
            ends_at=s.ends_at,
        )
        for s in shifts
    ]


class SwappedShift(msgspec.Struct, kw_only=True):
    """As it was when it was asked for; `shift` says which it is as long as the proposal is open."""

    shift: UUID | None
    duty: str
    starts_at: datetime
    ends_at: datetime


class Swap(Shape, kw_only=True):
    """One person asks a colleague to swap two shifts: `offered` for `wanted`. It can be accepted `until` one begins."""

    organization: OrganizationRef
    asked_by: PersonRef
    asked: PersonRef
    offered: SwappedShift
    wanted: SwappedShift
    asked_at: datetime
    until: datetime
    state: models.SwapState
    ended_at: datetime | None


def shape_swaps(rows: Iterable[models.Swap]) -> list[Swap]:
    swaps = list(rows)
    prefetch_related_objects(swaps, "sides")
    organizations = organization_refs({s.organization_id for s in swaps})
    people = person_refs({pk for s in swaps for pk in (s.asked_by_id, s.asked_id)})
    return [
        Swap(
            id=s.pk,
            version=s.version,
            organization=organizations[s.organization_id],
            asked_by=people[s.asked_by_id],
            asked=people[s.asked_id],
            offered=shape_side(s, s.asked_by_id),
            wanted=shape_side(s, s.asked_id),
            asked_at=s.asked_at,
            until=s.until,
            state=models.SwapState(s.state),
            ended_at=s.ended_at,
        )
        for s in swaps
    ]


def shape_side(swap: models.Swap, person: UUID) -> SwappedShift:
    (side,) = (side for side in swap.sides.all() if side.person_id == person)
    shift = side.shift_id if side.is_open else None
    return SwappedShift(shift=shift, duty=side.duty, starts_at=side.starts_at, ends_at=side.ends_at)


SHIFT = Kind("shift", Shift, SHIFTS, shape_shifts)
SWAP = Kind("swap", Swap, SWAPS, shape_swaps)
KINDS = (SHIFT, SWAP)
