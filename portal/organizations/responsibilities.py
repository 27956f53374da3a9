"""What goes on and names one person who sees to it, and who may follow them.

Each slice announces its own kinds (portal/config/registry.py). What an asker may not see is counted and not named;
it goes to whoever sees it already, or comes to rest as the slice says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from portal.kernel.errors import Conflict, FieldError, Invalid, Problem
from portal.kernel.kinds import OrganizationRef, PersonRef
from portal.kernel.models import Network, Versioned
from portal.kernel.policy import Policy
from portal.kernel.standing import Person, Standing, is_member, living_memberships, lost_with, standing
from portal.kernel.writing import Writing
from portal.organizations.models import Organization
from portal.organizations.queries import of_person, ref
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
    `organization`: for which they do.
    """

    kind: str
    id: UUID
    organization: OrganizationRef | None
    name: str
    word: str
    starts_at: datetime | None
    ends_at: datetime | None
    required: bool
    successors: list[UUID]


class Obstacle(msgspec.Struct, kw_only=True, frozen=True):
    """Why somebody cannot leave yet: the code of a problem, and what it is about, by name."""

    code: str
    name: str


class Responsibilities(msgspec.Struct, kw_only=True):
    """All that somebody who leaves sees to. `unseen`: how much more that the asker may not see.

    `people` are those whom it names.
    """

    items: list[Responsibility]
    people: list[PersonRef]
    unseen: int
    obstacles: list[Obstacle]


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
    """Somebody who is about to leave, the audiences that they are out of then, whom they leave behind, and who asks.

    `employer`: the organization that they leave; None: they leave something else.
    """

    employer: Organization | None
    person: UUID
    asker: Standing
    lost: set[int]
    colleagues: Sequence[UUID] = ()
    coordinators: Sequence[UUID] = ()

    @property
    def organization(self) -> Organization:
        """Of what is held for one."""
        assert self.employer is not None
        return self.employer


class ResponsibilityKind(Generic[Object]):
    """One way of being responsible; whoever sees the object is told of it by name.

    `by_audience`: who is out of an audience is so no more, whatever they leave; else it is held for an organization.
    `alone`: the code of the refusal where somebody has to follow and nobody can.
    """

    name: ClassVar[str]
    policy: ClassVar[Policy[Any]]
    by_audience: ClassVar[bool] = False
    alone: ClassVar[str] = "wrong_state"

    def held(self, leaving: Leaving) -> list[Object]:
        raise NotImplementedError

    def about(self, obj: Object) -> About:
        raise NotImplementedError

    def prospects(self, leaving: Leaving, objects: Sequence[Object]) -> dict[UUID, Prospect]:
        """In a constant number of queries. Unless told otherwise any colleague may, and one has to.

        Where nobody need hear of it there is none.
        """
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
    obstacles: list[Obstacle]
    held: list[Held] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        return {each.key(obj) for each in self.held for obj in each.objects if obj.pk in each.seen}

    @property
    def unseen(self) -> int:
        return sum(obj.pk not in each.seen for each in self.held for obj in each.objects)


def account(asker: Person, organization: Organization, person: Person, *, fresh: bool = False) -> Account:
    """Of who leaves an organization, as it is now; `fresh`: inside a write."""
    lost = lost_with(person.pk, [organization.members_id])
    return account_for(organization, person, standing(asker, fresh=fresh), lost)


def account_within(person: Person, audiences: Collection[int], *, fresh: bool = False) -> Account:
    """Of who leaves these audiences by themselves, whatever they are in them for."""
    return gathered(Leaving(None, person.pk, standing(person, fresh=fresh), lost_with(person.pk, audiences)), [])


def accounts_of(person: Person, *, fresh: bool = False) -> list[Account]:
    """Of who leaves the network by themselves: organization by organization, as if they left one after the other,
    and at last what they are in for none."""
    who = standing(person, fresh=fresh)
    left: list[int] = []
    lost: set[int] = set()
    found = []
    for organization in (place.organization for place in of_person(person, fresh=fresh)):
        left.append(organization.members_id)
        more = lost_with(person.pk, left) - lost
        found.append(account_for(organization, person, who, more))
        lost |= more
    rest = Leaving(None, person.pk, who, set(who.audiences) - lost)
    return [*found, gathered(rest, last_of_network(person))]


def account_for(organization: Organization, person: Person, asker: Standing, lost: set[int]) -> Account:
    colleagues, coordinators, administrators = staff(organization, person)
    administers = is_member(person.pk, organization.administrators_id)
    last = [Obstacle(code="last_administrator", name=organization.name)] if administers and not administrators else []
    return gathered(Leaving(organization, person.pk, asker, lost, colleagues, coordinators), last)


def gathered(leaving: Leaving, obstacles: list[Obstacle]) -> Account:
    found = Account(leaving, obstacles)
    for kind in KINDS:
        if not (leaving.employer or kind.by_audience) or not (objects := kind.held(leaving)):
            continue
        prospects = kind.prospects(leaving, objects)
        seen = kind.policy.seen(leaving.asker).filter(pk__in=list(prospects))
        held = [obj for obj in objects if obj.pk in prospects]
        found.held.append(Held(kind, held, prospects, set(seen.values_list("pk", flat=True))))
        alone = [obj for obj in held if prospects[obj.pk].required and not prospects[obj.pk].successors]
        found.obstacles += [Obstacle(code=kind.alone, name=kind.about(obj).name) for obj in alone]
    return found


def last_of_network(person: Person) -> list[Obstacle]:
    network = Network.current()
    administrators = living_memberships().filter(group=network.administrators_id, user__is_active=True)
    if not is_member(person.pk, network.administrators_id) or administrators.exclude(user=person.pk).exists():
        return []
    return [Obstacle(code="last_network_administrator", name=network.name)]


def staff(organization: Organization, without: Person) -> list[list[UUID]]:
    """Its members, coordinators and administrators besides this person, who can sign in; the longest there first."""
    tiers = [organization.members_id, organization.coordinators_id, organization.administrators_id]
    rows = living_memberships().filter(group__in=tiers, user__is_active=True).exclude(user=without.pk)
    found = list(rows.order_by("pk").values_list("group", "user"))
    return [[user for group, user in found if group == tier] for tier in tiers]


def tell(*found: Account) -> Responsibilities:
    """What the asker is shown."""
    items = [
        item(account.leaving, each, obj)
        for account in found
        for each in account.held
        for obj in each.objects
        if obj.pk in each.seen
    ]
    named = refs({person for each in items for person in each.successors})
    return Responsibilities(
        items=items,
        people=list(named.values()),
        unseen=sum(account.unseen for account in found),
        obstacles=[each for account in found for each in account.obstacles],
    )


def item(leaving: Leaving, held: Held, obj: Any) -> Responsibility:
    prospect, about = held.prospects[obj.pk], held.kind.about(obj)
    return Responsibility(
        kind=held.kind.name,
        id=obj.pk,
        organization=ref(leaving.employer) if leaving.employer else None,
        name=about.name,
        word=about.word,
        starts_at=about.starts_at,
        ends_at=about.ends_at,
        required=prospect.required,
        successors=list(prospect.successors),
    )


def hand_over(w: Writing, found: Sequence[Account], successors: Successors) -> None:
    """All of it, or nothing: each that is refused is named.

    Raises `responsibilities_remain` with the list as it is now when it is not the one that was decided on.
    """
    if obstacles := [each for account in found for each in account.obstacles]:
        raise Conflict(obstacles[0].code, obstacles[0].name)
    if successors.keys() != set().union(*(account.keys for account in found)):
        raise Conflict("responsibilities_remain", current=msgspec.to_builtins(tell(*found)))
    people = User.objects.in_bulk([pk for pk in successors.values() if pk])
    if w.actor.person:  # whose standing, as the caller holds it, moves too
        people[w.actor.id] = w.actor.person
    faults = [fault for account in found for fault in passed_on(w, account, successors, people)]
    if faults:
        raise Problem("invalid", errors=faults)


def passed_on(
    w: Writing, found: Account, successors: Successors, people: dict[UUID | None, User]
) -> Iterable[FieldError]:
    """Each in its turn; what is wrong with those that cannot be."""
    for each in found.held:
        for obj in each.objects:
            prospect = each.prospects[obj.pk]
            seen = obj.pk in each.seen
            chosen = successors[each.key(obj)] if seen else by_default(prospect)
            where = f"successors.{each.kind.name}.{obj.pk}"
            if seen and (fault := refusal(where, prospect, chosen)):
                yield fault
                continue
            if chosen and chosen not in people:
                people[chosen] = User.objects.get(pk=chosen)
            try:
                each.kind.pass_on(w, found.leaving, obj, people[chosen] if chosen else None)
            except Invalid as refused:
                yield from (FieldError(where, error.code, error.message) for error in refused.errors)


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
