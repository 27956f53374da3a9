"""Reads about organizations that are more than `visible()`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from portal.kernel.kinds import OrganizationRef
from portal.kernel.standing import Person, Standing, living_memberships, standing
from portal.organizations.models import Invitation, Organization, OrganizationMember, Tier


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that a person works for, and their tier in it."""

    organization: Organization
    tier: Tier


def of_person(person: Person, *, fresh: bool = False) -> list[Place]:
    """The organizations this person works for, by name."""
    who = standing(person, fresh=fresh)
    rows = Organization.objects.filter(members__in=who.audiences).order_by("name")
    return [Place(organization, tier_of(who, organization)) for organization in rows]


def tier_of(who: Standing, organization: Organization) -> Tier:
    """The highest tier of one of the organization's people."""
    if who.within(organization.administrators_id):
        return Tier.ADMINISTRATOR
    return Tier.COORDINATOR if who.within(organization.coordinators_id) else Tier.MEMBER


def tiers(members: Iterable[OrganizationMember]) -> dict[UUID, Tier]:
    """The tier of each of these rows, whatever their organizations. Two queries."""
    members = list(members)
    organizations = {o.members_id: o for o in Organization.objects.filter(members__in={m.group_id for m in members})}
    higher = {a for o in organizations.values() for a in (o.coordinators_id, o.administrators_id)}
    held: dict[UUID, set[int]] = {m.user_id: set() for m in members}
    rows = living_memberships().filter(user__in=list(held), group__in=higher)
    for person, audience in rows.values_list("user_id", "group_id"):
        held[person].add(audience)
    return {
        m.pk: tier_of(Standing(m.user_id, frozenset(held[m.user_id])), organizations[m.group_id]) for m in members
    }


def refs(ids: Collection[UUID | None]) -> dict[UUID, OrganizationRef]:
    rows = Organization.objects.filter(pk__in={i for i in ids if i}).values_list("pk", "name")
    return {pk: OrganizationRef(id=pk, name=name) for pk, name in rows}


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
