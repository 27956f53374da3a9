"""Reads about organizations that are more than `visible()`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from portal.kernel.errors import NotFound
from portal.kernel.kinds import OrganizationRef, PersonRef
from portal.kernel.lean import fetch
from portal.kernel.standing import Person, living_memberships, standing
from portal.organizations.models import Invitation, Organization, OrganizationMember, Tier
from portal.organizations.policy import ORGANIZATIONS
from portal.people.queries import refs as person_refs


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that a person works for, and their tier in it."""

    organization: Organization
    tier: Tier


def organization(person: Any, pk: UUID, verb: str) -> Organization:
    """What lies within an organization is looked for only by whom this verb is open to."""
    found = ORGANIZATIONS.visible(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    ORGANIZATIONS.require(person, verb, found)
    return found


def of_person(person: Person, *, fresh: bool = False) -> list[Place]:
    """The organizations this person works for, by name."""
    who = standing(person, fresh=fresh)
    rows = Organization.objects.filter(members__in=who.audiences).order_by("name")
    return [Place(organization, tier_of(who.audiences, organization)) for organization in rows]


def tier_of(audiences: Collection[int], organization: Organization) -> Tier:
    """The highest tier of one of the organization's people, who is in these audiences."""
    if organization.administrators_id in audiences:
        return Tier.ADMINISTRATOR
    return Tier.COORDINATOR if organization.coordinators_id in audiences else Tier.MEMBER


def tiers(members: Iterable[OrganizationMember]) -> dict[UUID, Tier]:
    """The tier of each of these rows, whatever their organizations. Two queries."""
    members = list(members)
    organizations = {o.members_id: o for o in Organization.objects.filter(members__in={m.group_id for m in members})}
    higher = {a for o in organizations.values() for a in (o.coordinators_id, o.administrators_id)}
    held: dict[UUID, set[int]] = {m.user_id: set() for m in members}
    rows = living_memberships().filter(user__in=list(held), group__in=higher)
    for person, audience in rows.values_list("user_id", "group_id"):
        held[person].add(audience)
    return {m.pk: tier_of(held[m.user_id], organizations[m.group_id]) for m in members}


def ref(organization: Organization) -> OrganizationRef:
    return OrganizationRef(id=organization.pk, name=organization.name)


def refs(ids: Collection[UUID | None]) -> dict[UUID, OrganizationRef]:
    return {organization.pk: ref(organization) for organization in fetch(Organization, id={i for i in ids if i})}


def refs_for(pairs: Collection[tuple[UUID | None, UUID | None]]) -> dict[tuple[UUID | None, UUID | None], PersonRef]:
    """How each person is shown with the organization that they wrote for: whoever works elsewhere now keeps a name."""
    known = person_refs({person for person, _ in pairs})
    rows = living_memberships().filter(user__in=known, group__audience__organization__in={o for _, o in pairs if o})
    there = set(rows.values_list("user", "group__audience__organization")) if known else set()
    return {
        (person, organization): known[person]
        if not organization or known[person].former or (person, organization) in there
        else PersonRef(id=person, name=known[person].name, former="organization")
        for person, organization in pairs
        if person
    }


def by_members_audience(audiences: Collection[int]) -> dict[int, OrganizationRef]:
    """Whose people these audiences are: the way from a seat's `via` to its organization."""
    rows = Organization.objects.filter(members__in=audiences).values_list("members", "pk", "name")
    return {audience: OrganizationRef(id=pk, name=name) for audience, pk, name in rows}


def invitation_by(digest: str) -> Invitation | None:
    """The invitation whose mailed token has this digest."""
    return Invitation.objects.filter(token_digest=digest).select_related("organization").first()


def administrators(organization: Organization) -> int:
    """How many administrators it has who can sign in."""
    return living_memberships().filter(group=organization.administrators_id, user__is_active=True).count()


def names_of_audiences(audiences: Collection[int]) -> dict[int, str]:
    """The organization's name for each of these audiences that is one of its three."""
    rows = Organization.objects.filter(
        Q(members__in=audiences) | Q(coordinators__in=audiences) | Q(administrators__in=audiences)
    )
    return {
        audience: name
        for *three, name in rows.values_list("members", "coordinators", "administrators", "name")
        for audience in three
        if audience in audiences
    }
