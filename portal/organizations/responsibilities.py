"""What goes on and names one person who sees to it for an organization, and who may follow them.

Each slice announces its own kinds (portal/config/registry.py). What an asker may not see is counted and not named;
it goes to whoever sees it already, or comes to rest as the slice says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from portal.kernel.errors import Conflict, FieldError, Invalid, Problem
from portal.kernel.kinds import PersonRef
from portal.kernel.models import Versioned
from portal.kernel.policy import Policy
from portal.kernel.standing import Person, Standing, is_member, living_memberships, standing
from portal.kernel.writing import Writing
from portal.organizations.models import Organization
from portal.people.models import User
from portal.people.queries import refs

Object = TypeVar("Object", bound=Versioned)
# (kind, id of the object)
Key = tuple[str, UUID]
# who follows in each; None: nobody
Successors = Mapping[Key, UUID | None]


class Responsibility(msgspec.Struct, kw_only=True):
    """Something that one person sees to. `word` says what it is in the words of its kind.

    `successors` may take it over, the likeliest first. What is `required` cannot be left to nobody.
    """

    kind: str
    id: UUID
    name: str
    word: str
    starts_at: datetime | None
    ends_at: datetime | None
    required: bool
    successors: list[UUID]


class Responsibilities(msgspec.Struct, kw_only=True):
    """All that somebody sees to for an organization. `unseen`: how much more that the asker may not see.

    `people` are those whom it names. `last_administrator`: they cannot leave before there is another.
    """

    items: list[Responsibility]
    people: list[PersonRef]
    unseen: int
    last_administrator: bool


@dataclass(frozen=True, slots=True)
class About:
    """What is told of one: a name, or a word of its kind; and when it is, where it has a time."""

    name: str = ""
    word: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who may take it over, and whether somebody must. `inside`: who of them sees it already."""

    successors: Sequence[UUID]
    required: bool = True
    inside: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who is about to leave, whom they leave behind, and who asks."""

    organization: Organization
    person: UUID
    asker: Standing
    colleagues: list[UUID]
    coordinators: list[UUID]


class ResponsibilityKind(Generic[Object]):
    """One way of being responsible; whoever sees the object is told of it by name."""

    name: ClassVar[str]
    policy: ClassVar[Policy[Any]]

    def held(self, leaving: Leaving) -> list[Object]:
        raise NotImplementedError

    def about(self, obj: Object) -> About:
        raise NotImplementedError

    def prospects(self, leaving: Leaving, objects: Sequence[Object]) -> dict[UUID, Prospect]:
        """In a constant number of queries. Unless told otherwise any colleague may, and one has to."""
        return {obj.pk: Prospect(leaving.colleagues) for obj in objects}

    def pass_on(self, w: Writing, leaving: Leaving, obj: Object, successor: User | None) -> None:
        """In the write in which the person leaves, while they are there still. None: it comes to rest."""
        raise NotImplementedError


KINDS: list[ResponsibilityKind[Any]] = []


@dataclass(frozen=True, slots=True)
class Held:
    """All objects of one kind that somebody sees to."""

    kind: ResponsibilityKind[Any]
    objects: list[Any]
    prospects: dict[UUID, Prospect]
    seen: set[UUID]

    def key(self, obj: Any) -> Key:
        return self.kind.name, obj.pk


@dataclass(slots=True)
class Account:
    """What each kind holds."""

    leaving: Leaving
    last_administrator: bool
    held: list[Held] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        return {each.key(obj) for each in self.held for obj in each.objects if obj.pk in each.seen}

    @property
    def unseen(self) -> int:
        return sum(obj.pk not in each.seen for each in self.held for obj in each.objects)


def account(asker: Person, organization: Organization, person: Person, *, fresh: bool = False) -> Account:
    """As it is now; `fresh`: inside a write."""
    colleagues, coordinators, administrators = staff(organization, person)
    leaving = Leaving(organization, person.pk, standing(asker, fresh=fresh), colleagues, coordinators)
    administers = is_member(person.pk, organization.administrators_id)
    found = Account(leaving, last_administrator=administers and not administrators)
    for kind in KINDS:
        if objects := kind.held(leaving):
            seen = kind.policy.seen(leaving.asker).filter(pk__in=[obj.pk for obj in objects])
            prospects = kind.prospects(leaving, objects)
            found.held.append(Held(kind, objects, prospects, set(seen.values_list("pk", flat=True))))
    return found


def staff(organization: Organization, without: Person) -> list[list[UUID]]:
    """Its members, coordinators and administrators besides this person, who can sign in; the longest there first."""
    tiers = [organization.members_id, organization.coordinators_id, organization.administrators_id]
    rows = living_memberships().filter(group__in=tiers, user__is_active=True).exclude(user=without.pk)
    found = list(rows.order_by("pk").values_list("group", "user"))
    return [[user for group, user in found if group == tier] for tier in tiers]


def tell(found: Account) -> Responsibilities:
    """What the asker is shown."""
    items = [
        item(each, obj, each.kind.about(obj)) for each in found.held for obj in each.objects if obj.pk in each.seen
    ]
    named = refs({person for each in items for person in each.successors})
    return Responsibilities(
        items=items,
        people=list(named.values()),
        unseen=found.unseen,
        last_administrator=found.last_administrator,
    )


def item(held: Held, obj: Any, about: About) -> Responsibility:
    prospect = held.prospects[obj.pk]
    return Responsibility(
        kind=held.kind.name,
        id=obj.pk,
        name=about.name,
        word=about.word,
        starts_at=about.starts_at,
        ends_at=about.ends_at,
        required=prospect.required,
        successors=list(prospect.successors),
    )


def hand_over(w: Writing, found: Account, successors: Successors) -> None:
    """All of it, or nothing: each that is refused is named.

    Raises `responsibilities_remain` with the list as it is now when it is not the one that was decided on.
    """
    if successors.keys() != found.keys:
        raise Conflict("responsibilities_remain", current=msgspec.to_builtins(tell(found)))
    faults: list[FieldError] = []
    people = User.objects.in_bulk([pk for pk in successors.values() if pk])
    if w.actor.person:  # whose standing, as the caller holds it, moves too
        people[w.actor.id] = w.actor.person
    for each in found.held:
        for obj in each.objects:
            prospect = each.prospects[obj.pk]
            seen = obj.pk in each.seen
            chosen = successors[each.key(obj)] if seen else by_default(prospect)
            where = f"successors.{each.kind.name}.{obj.pk}"
            if seen and (fault := refusal(where, prospect, chosen)):
                faults.append(fault)
                continue
            if chosen and chosen not in people:
                people[chosen] = User.objects.get(pk=chosen)
            try:
                each.kind.pass_on(w, found.leaving, obj, people[chosen] if chosen else None)
            except Invalid as refused:
                faults += [FieldError(where, error.code, error.message) for error in refused.errors]
    if faults:
        raise Problem("invalid", errors=faults)


def needed(successor: User | None) -> User:
    """Of what is required."""
    assert successor is not None
    return successor


def by_default(prospect: Prospect) -> UUID | None:
    """What nobody decides on goes to whoever sees it already."""
    inside = (pk for pk in prospect.successors if pk in prospect.inside)
    return next(inside, None) if prospect.required else None


def refusal(where: str, prospect: Prospect, chosen: UUID | None) -> FieldError | None:
    if chosen is None:
        return FieldError(where, "required", "Somebody has to take this over.") if prospect.required else None
    if chosen not in prospect.successors:
        return FieldError(where, "not_a_member", "They cannot take this over, or have left meanwhile.")
    return None
