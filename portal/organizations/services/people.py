"""Writes to who works for an organization."""

from collections.abc import Callable

from portal.kernel import memberships
from portal.kernel.errors import Conflict
from portal.kernel.models import Audience, Network
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations import queries
from portal.organizations.models import Organization, OrganizationMember, Tier
from portal.organizations.policy import ORGANIZATION_MEMBERS
from portal.organizations.responsibilities import Successors, account, hand_over
from portal.people.models import User

RANK = list(Tier)
# what each slice ends when somebody leaves an organization, in the same write (portal/config/registry.py fills it)
Departure = Callable[[Writing, Organization, User], None]
DEPARTURES: list[Departure] = []


@service
def seat(actor: Actor, organization: Organization, person: User, tier: Tier) -> OrganizationMember:
    """Give a person a place; the caller's own write decides who may."""
    with writing(actor, objects=[organization], audiences=tiers_of(organization), people=[person]) as w:
        return seated(w, organization, person, tier)


@service
def change_tier(actor: Actor, member: OrganizationMember, tier: Tier) -> OrganizationMember:
    organization, person = member.organization, member.user
    with writing(actor, objects=[organization, member], audiences=tiers_of(organization), people=[person]) as w:
        ORGANIZATION_MEMBERS.require(actor.person, "change_tier", member)
        w.demand(organization, "manage_people")
        before = queries.tiers([member])[member.pk]
        if tier == before:
            return member
        enter(w, organization, person, tier)
        for higher in higher_than(organization, tier):
            memberships.leave(w, person, higher, via=organization.members)
        keep_an_administrator(organization, before)
        w.put(member)
        w.put(organization)
        w.audit("organization.change_tier", organization, person=str(person.pk), before=before, after=tier)
        return member


@service
def remove_person(actor: Actor, member: OrganizationMember, successors: Successors | None = None) -> None:
    """The person leaves the organization, and with it every audience they were in because of it.

    What they see to passes to their `successors` first, all of it or nothing.
    """
    organization, person = member.organization, member.user
    with writing(actor, objects=[organization, member], audiences=tiers_of(organization), people=[person]) as w:
        ORGANIZATION_MEMBERS.require(actor.person, "remove", member)
        hand_over(w, [account(actor.person, organization, person, fresh=True)], successors or {})
        depart(w, organization, person)


# steps of these


def tiers_of(organization: Organization) -> list[int]:
    return [organization.members_id, organization.coordinators_id, organization.administrators_id]


def above_members(organization: Organization) -> list[tuple[Tier, Audience]]:
    return [(Tier.COORDINATOR, organization.coordinators), (Tier.ADMINISTRATOR, organization.administrators)]


def higher_than(organization: Organization, tier: Tier) -> list[Audience]:
    return [audience for rank, audience in above_members(organization) if RANK.index(rank) > RANK.index(tier)]


def enter(w: Writing, organization: Organization, person: User, tier: Tier) -> None:
    for rank, audience in above_members(organization):
        if RANK.index(rank) <= RANK.index(tier):
            memberships.join(w, person, audience, via=organization.members)


def seated(w: Writing, organization: Organization, person: User, tier: Tier) -> OrganizationMember:
    """A place in this tier at least; who has one already keeps the higher tier."""
    w.lock(objects=[organization])
    place = memberships.join(w, person, organization.members)
    enter(w, organization, person, tier)
    if organization.is_verified:
        memberships.join(w, person, Network.current().everyone, via=organization.members)
    w.put(organization)
    w.audit("organization.seat", organization, person=str(person.pk), tier=tier)
    return OrganizationMember.objects.get(pk=place.pk)


def keep_an_administrator(organization: Organization, before: Tier) -> None:
    if before == Tier.ADMINISTRATOR and not queries.administrators(organization):
        raise Conflict("last_administrator")


def depart(w: Writing, organization: Organization, person: User) -> None:
    """Once everything is handed over."""
    memberships.leave(w, person, organization.members)
    for end in DEPARTURES:
        end(w, organization, person)
    w.put(organization)
    w.audit("organization.remove_person", organization, person=str(person.pk))


def enter_network(w: Writing, organization: Organization) -> None:
    """All who work for it come into the network by virtue of it."""
    everyone, staff = Network.current().everyone, memberships.people_in(organization.members_id)
    w.lock(audiences=[everyone.pk], people=staff)
    for person in staff:
        memberships.join(w, person, everyone, via=organization.members)
