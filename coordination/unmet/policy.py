"""Who is told what was not met: an organization's coordinators of their own, the network's administrators of all."""

from uuid import UUID

from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.standing import Person, standing
from portal.organizations.models import Organization, Tier
from portal.organizations.policy import ORGANIZATIONS, administers_network


def coordinated(person: Person, pk: UUID) -> Organization:
    """This organization, for one of its coordinators. They see all of its requests, operations too."""
    found = ORGANIZATIONS.visible(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    ORGANIZATIONS.require_acting(person, found, Tier.COORDINATOR)
    return found


def require_network(person: Person) -> None:
    if not administers_network(standing(person)):
        raise NotAllowed
