"""Where a person stands: the audiences they are in. Memberships are read here and nowhere else."""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.kernel import clock
from portal.kernel.lean import fetch
from portal.kernel.models import Audience, Membership, Seat


class Person(Protocol):
    """What the kernel knows of somebody who signs in."""

    pk: UUID
    access_version: int
    audience_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's audiences, as read at one moment."""

    person: UUID
    kinds: dict[int, str]
    until: datetime | None = None
    # where they are by virtue of what is read-only now, and of nothing else
    read_only: frozenset[int] = frozenset()

    @property
    def audiences(self) -> Collection[int]:
        return self.kinds.keys()

    def within(self, *audiences: int | None) -> bool:
        """Whether the person is in at least one of these."""
        return any(a in self.kinds for a in audiences)

    def within_any(self, kind: str) -> bool:
        """Whether the person is in at least one audience of this kind."""
        return kind in self.kinds.values()

    def doing(self) -> "Standing":
        """Where they stand for what they do: not where they only read."""
        kinds = {audience: kind for audience, kind in self.kinds.items() if audience not in self.read_only}
        return replace(self, kinds=kinds, read_only=frozenset())


CACHE_SIZE = 10_000
_cache: OrderedDict[tuple[UUID, int], Standing] = OrderedDict()


def living_seats() -> QuerySet[Seat]:
    return Seat.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()))


def living_memberships() -> QuerySet[Membership]:
    """Memberships with a seat that has not expired: the sweep deletes the others later."""
    return Membership.objects.filter(Exists(living_seats().filter(membership=OuterRef("pk"))))


def standing(person: Person, *, fresh: bool = False) -> Standing:
    """The audiences of a person, cached under their access version; `fresh` reads them anew."""
    key = (person.pk, person.access_version)
    cached = None if fresh else _cache.get(key)
    if cached and (cached.until is None or cached.until > clock.now()):
        return cached
    stands = _read(person.pk)
    if not fresh:
        _cache[key] = stands
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return stands


def _read(person: UUID) -> Standing:
    """Anew, in one query: a row for each seat."""
    now = clock.now()
    place, audience = "membership__group_id", "membership__group__audience"
    rows = (
        living_seats()
        .filter(membership__user=person)
        .values_list(place, f"{audience}__kind", "via_id", "expires_at", f"{audience}__read_only_from")
    )
    kinds: dict[int, str] = {}
    by: dict[int, set[int | None]] = defaultdict(set)
    turns: set[datetime | None] = set()
    over: set[int] = set()
    for here, kind, via, ends, read_only_from in rows:
        kinds[here] = kind
        by[here].add(via)
        turns.add(ends)
        if read_only_from and read_only_from <= now:
            over.add(here)
        else:
            turns.add(read_only_from)
    return Standing(person, kinds, min(filter(None, turns), default=None), _read_only(by, over))


def _read_only(by: dict[int, set[int | None]], over: set[int]) -> frozenset[int]:
    """What is over, and where somebody is by virtue of that alone, and on from there."""
    found = set(over)
    while further := {here for here, through in by.items() if here not in found and through <= found}:
        found |= further
    return frozenset(found)


def standings(people: Collection[UUID]) -> dict[UUID, tuple[Any, Standing]]:
    """These people and where they stand now, in one query: what is kept of a person holds while the version
    read just now is the one it was kept under."""
    return {person.pk: (person, standing(person)) for person in fetch(get_user_model(), id=people)}


def forget_standings() -> None:
    _cache.clear()


def members(audience: int) -> set[UUID]:
    """The people of an audience now."""
    return set(living_memberships().filter(group=audience).values_list("user_id", flat=True))


def overlapping(ones: Collection[int], others: Collection[int]) -> set[tuple[int, int]]:
    """Of which pairs of these audiences somebody is in both. Two queries."""
    here = living_memberships().filter(group__in=ones)
    there = living_memberships().filter(group__in=others, user__in=here.values("user"))
    beside: dict[UUID, set[int]] = defaultdict(set)
    for person, audience in there.values_list("user_id", "group_id"):
        beside[person].add(audience)
    found = here.filter(user__in=list(beside)).values_list("user_id", "group_id")
    return {(one, other) for person, one in found for other in beside[person]}


def is_member(person: UUID, audience: int) -> bool:
    return living_memberships().filter(user=person, group=audience).exists()


# whoever is in none of these has left the network
PRESENCES = (Audience.Kind.EVERYONE, Audience.Kind.ORGANIZATION_MEMBERS)


def present(people: Collection[UUID]) -> set[UUID]:
    """Who of these is in the network, or works for an organization that waits to be."""
    if not people:
        return set()
    rows = living_memberships().filter(user__in=people, group__audience__kind__in=PRESENCES)
    return set(rows.values_list("user_id", flat=True))


def lost_with(person: UUID, audiences: Collection[int]) -> set[int]:
    """What somebody is out of when they leave these: these, and what they are in by virtue of nothing else."""
    held: dict[int, set[int | None]] = defaultdict(set)
    seats = living_seats().filter(membership__user=person).values_list("membership__group_id", "via_id")
    for audience, via in seats:
        held[audience].add(via)
    lost = held.keys() & set(audiences)
    while further := {audience for audience, vias in held.items() if vias <= lost} - lost:
        lost |= further
    return lost


def still_members(pairs: Iterable[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Which of these (person, audience) pairs hold now: one query for many."""
    wanted = set(pairs)
    rows = living_memberships().filter(user__in={p for p, _ in wanted}, group__in={a for _, a in wanted})
    return wanted & set(rows.values_list("user_id", "group_id"))


# those who stand in one of these together know of each other
FELLOWSHIPS = (Audience.Kind.ORGANIZATION_MEMBERS, Audience.Kind.GROUP_MEMBERS, Audience.Kind.CHANNEL_MEMBERS)


def fellows(person: Person, *, fresh: bool = False) -> QuerySet[Membership]:
    """The memberships of others in an organization, a group or a channel that this person is in."""
    shared = [audience for audience, kind in standing(person, fresh=fresh).kinds.items() if kind in FELLOWSHIPS]
    return living_memberships().filter(group__in=shared).exclude(user=person.pk)


def audiences_held(people: Collection[UUID], kind: str) -> dict[UUID, list[Audience]]:
    """The audiences of this kind that each of these people is in."""
    rows = living_memberships().filter(user__in=people, group__audience__kind=kind).order_by("group")
    found: dict[UUID, list[Audience]] = {person: [] for person in people}
    for membership in rows.select_related("group__audience"):
        found[membership.user_id].append(membership.group.audience)
    return found


def people_counts(audiences: Collection[int]) -> dict[int, int]:
    """How many people each audience has."""
    counts = dict.fromkeys(audiences, 0)
    rows: Any = living_memberships().filter(group__in=audiences).values("group_id").annotate(people=Count("user_id"))
    counts.update({row["group_id"]: row["people"] for row in rows})
    return counts


def audiences_by_id(ids: Collection[int]) -> dict[int, Audience]:
    return {a.pk: a for a in Audience.objects.filter(pk__in=ids)}
