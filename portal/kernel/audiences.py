"""Who can see this, in words: an audience's name and how many people and organizations it has."""

from collections.abc import Callable, Collection
from uuid import UUID

import msgspec
from django.db.models import Count

from portal.kernel.models import Audience
from portal.kernel.standing import living_seats, people_counts

# each slice names the audiences that are its own: {audience: name}
Namer = Callable[[Collection[int]], dict[int, str]]
NAMERS: list[Namer] = []


class AudienceRef(msgspec.Struct, kw_only=True):
    """An audience as people read it: "Victim Services · 14 organizations · 31 people"."""

    id: UUID
    kind: str
    name: str
    organizations: int
    people: int


class SeenBy(msgspec.Struct, kw_only=True):
    """The audiences of an object that the asker may know of, and whether there are others."""

    audiences: list[AudienceRef]
    others: bool


def describe(audiences: Collection[int]) -> dict[int, AudienceRef]:
    names: dict[int, str] = {}
    for namer in NAMERS:
        names |= namer(audiences)
    people = people_counts(audiences)
    organizations = dict(
        living_seats()
        .filter(membership__group__in=audiences, via__isnull=False)
        .values("membership__group_id")
        .annotate(n=Count("via", distinct=True))
        .values_list("membership__group_id", "n")
    )
    return {
        a.pk: AudienceRef(
            id=a.uuid,
            kind=a.kind,
            name=names.get(a.pk, ""),
            organizations=organizations.get(a.pk, 0),
            people=people[a.pk],
        )
        for a in Audience.objects.filter(pk__in=audiences)
    }
