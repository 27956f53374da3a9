"""Suspension: an organization is out of everything at once, and comes back to the network alone."""

from collections.abc import Callable

from portal.kernel import memberships
from portal.kernel.models import Network
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.models import Organization, OrganizationStatus, Suspension
from portal.organizations.policy import ORGANIZATIONS
from portal.organizations.services.people import enter_network, tiers_of

# what each slice ends with a suspension, in the same write (portal/config/registry.py fills it)
Ending = Callable[[Writing, Organization], None]
ENDINGS: list[Ending] = []


@service
def suspend(actor: Actor, organization: Organization, reason: str) -> Organization:
    """Its people are out of whatever they were in by virtue of it. What was over before, they still read.

    Nothing waits to be handed over: a group or a channel may lose its last lead or moderator.
    """
    network, staff = Network.current(), memberships.people_in(organization.members_id)
    audiences = [*tiers_of(organization), network.everyone_id, network.administrators_id]
    with writing(actor, objects=[organization], audiences=audiences, people=staff) as w:
        ORGANIZATIONS.require(actor.person, "suspend", organization)
        w.demand(organization, "suspend")
        organization.status = OrganizationStatus.SUSPENDED
        w.put(organization)
        for end in ENDINGS:
            end(w, organization)
        memberships.end_seats(w, organization.members, but=tiers_of(organization))
        suspension = Suspension.objects.create(
            organization=organization,
            audience=network.administrators,
            reason=reason,
            suspended_by=actor.person,
            suspended_at=w.at,
        )
        w.created(suspension, network.administrators_id)
        w.audit("organization.suspend", organization)
        return organization


@service
def reinstate(actor: Actor, organization: Organization) -> Organization:
    """Its people are in the network again. Into groups and channels they come as anybody does: by being asked."""
    with writing(actor, objects=[organization], audiences=tiers_of(organization)) as w:
        ORGANIZATIONS.require(actor.person, "reinstate", organization)
        w.demand(organization, "reinstate")
        organization.status = OrganizationStatus.VERIFIED
        w.put(organization)
        enter_network(w, organization)
        suspension = organization.suspensions.get(ended_at=None)
        w.lock(objects=[suspension])
        suspension.ended_by, suspension.ended_at = actor.person, w.at
        w.put(suspension)
        w.audit("organization.reinstate", organization)
        return organization
