"""Leaving the network: every organization at once, and the account with it."""

from portal.kernel.models import Network
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations import queries
from portal.organizations.models import Invitation, InvitationState, Organization
from portal.organizations.responsibilities import Successors, accounts_of, hand_over
from portal.organizations.services.people import depart, tiers_of
from portal.people import services as people
from portal.people.models import User


@service
def leave_network(person: User, successors: Successors) -> None:
    """Somebody leaves by themselves and for good. What they see to passes to their `successors` first, all of it or
    nothing; then there is no account, and nothing says whose it was."""
    with writing(Actor(person), objects=employers(person), people=[person]) as w:
        organizations = employers(person)
        lock_with(w, organizations)
        hand_over(w, accounts_of(person, fresh=True), successors)
        for organization in organizations:
            depart(w, organization, person)
        forget_address(w, person.email)
        people.close_account(w, person)


def employers(person: User) -> list[Organization]:
    return [place.organization for place in queries.of_person(person, fresh=True)]


def lock_with(w: Writing, organizations: list[Organization]) -> None:
    """Whoever leaves any of these, or the network's administrators, at the same moment waits."""
    network = Network.current()
    tiers = [pk for organization in organizations for pk in tiers_of(organization)]
    w.lock(objects=organizations, audiences=[*tiers, network.everyone_id, network.administrators_id])


def forget_address(w: Writing, email: str) -> None:
    """One that waits still is to an address, not to an account."""
    settled = Invitation.objects.filter(email=email.lower()).exclude(state=InvitationState.PENDING)
    for invitation in settled.order_by("pk"):
        w.lock(objects=[invitation])
        invitation.email = people.closed_address(invitation.pk)
        w.put(invitation)
