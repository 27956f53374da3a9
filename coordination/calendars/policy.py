"""Whose calendar leaves the portal. What is in it, the policy of events says."""

from portal.kernel.errors import NotAllowed
from portal.kernel.models import Network
from portal.organizations.queries import of_person
from portal.people.models import User
from portal.people.second_factor import kinds_of


def is_employed(person: User) -> bool:
    return any(place.organization.is_verified for place in of_person(person, fresh=True))


def require_employed(person: User) -> None:
    if not is_employed(person):
        raise NotAllowed


def may_be_told(person: User) -> bool:
    """Outside of the portal: whoever works for an organization of the network, and could sign in at this moment."""
    lacks_factor = Network.current().second_factor_required and not kinds_of(person)
    return person.is_active and not lacks_factor and is_employed(person)
