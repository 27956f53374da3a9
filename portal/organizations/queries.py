"""Reads about organizations that are more than `visible()`."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from portal.kernel.kinds import OrganizationRef
from portal.kernel.standing import Person, Standing, living_memberships, standing
from portal.organizations.models import Organization, OrganizationMember, Tier


@dataclass(frozen=True, slots=True)
class Place:
    """An organization that a person works for, and their tier in it."""

    organization: Organization
    tier: Tier


def tier_of(who: Standing, organization: Organization) -> Tier | None:
    """The highest tier of somebody who stands there; None for who does not work there."""
    if not who.within(organization.members_id):
        return None
    if who.within(organization.administrators_id):
        return Tier.ADMINISTRATOR
    return Tier.COORDINATOR if who.within(organization.coordinators_id) else Tier.MEMBER


def of_person(person: Person, *, fresh: bool = False) -> list[Place]:
    """The organizations this person works for, by name."""
    who = standing(person, fresh=fresh)
    rows = Organization.objects.filter(members__in=who.audiences).order_by("name")
    return [Place(organization, tier) for organization in rows if (tier := tier_of(who, organization))]


def refs(ids: Collection[UUID | None]) -> dict[UUID, OrganizationRef]:
    rows = Organization.objects.filter(pk__in={i for i in ids if i}).values_list("pk", "name")
    return {pk: OrganizationRef(id=pk, name=name) for pk, name in rows}


def by_members_audience(audiences: Collection[int]) -> dict[int, OrganizationRef]:
    """Whose people these audiences are: the way from a seat's `via` to its organization."""
    rows = Organization.objects.filter(members__in=audiences).values_list("members", "pk", "name")
    return {audience: OrganizationRef(id=pk, name=name) for audience, pk, name in rows}


def tiers(members: Collection[OrganizationMember], organizations: Collection[Organization]) -> dict[UUID, Tier]:
    """The tier of each of these rows. One query."""
    above: dict[int, dict[int, Tier]] = {
        o.members_id: {o.coordinators_id: Tier.COORDINATOR, o.administrators_id: Tier.ADMINISTRATOR}
        for o in organizations
    }
    held = set(
        living_memberships()
        .filter(user__in=[m.user_id for m in members], group__in=[a for tiers in above.values() for a in tiers])
        .values_list("user_id", "group_id")
    )
    return {
        m.pk: max(
            (tier for audience, tier in above[m.group_id].items() if (m.user_id, audience) in held),
            key=list(Tier).index,
            default=Tier.MEMBER,
        )
        for m in members
    }
