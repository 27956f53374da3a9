"""The kind of change that the rota announces, and its one shape."""

from collections.abc import Iterable
from datetime import datetime

from coordination.rota import models
from coordination.rota.policy import SHIFTS
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Shift(Shape, kw_only=True):
    """Who is on call, from when to when. `request_kind` is empty for every kind without a shift of its own."""

    organization: OrganizationRef
    person: PersonRef
    request_kind: str
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
            request_kind=s.request_kind,
            starts_at=s.starts_at,
            ends_at=s.ends_at,
        )
        for s in shifts
    ]


SHIFT = Kind("shift", Shift, SHIFTS, shape_shifts)
KINDS = (SHIFT,)
