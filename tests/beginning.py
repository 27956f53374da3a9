"""What a scene begins with: a network, four organizations and six people."""

from typing import Any

from portal.kernel.models import Network
from portal.kernel.writing import Actor
from portal.organizations.models import Organization
from portal.people.models import User
from tests import world
from tests.copies import copied


def _begin(second_factor: bool) -> dict[str, Any]:
    network = world.network(second_factor=second_factor)
    agency = world.organization("County Agency", "local_government")
    house = world.organization("Harbor House", "shelter_operator")
    clinic = world.organization("Second Clinic", "health_provider")
    outside = world.organization("Outside Office", "legal_provider")
    return {
        "network": network,
        "agency": agency,
        "house": house,
        "clinic": clinic,
        "outside": outside,
        "mara": world.person(agency, "administrator", "Mara"),
        "jonas": world.person(agency, "member", "Jonas"),
        "dana": world.person(house, "administrator", "Dana"),
        "lucia": world.person(house, "member", "Lucia"),
        "grace": world.person(clinic, "coordinator", "Grace"),
        "otto": world.person(outside, "administrator", "Otto"),
    }


class Beginning:
    """Mara and Jonas work for the agency, Dana and Lucia for the house, Grace for the clinic. Otto is outside."""

    network: Network
    agency: Organization
    house: Organization
    clinic: Organization
    outside: Organization
    mara: User
    jonas: User
    dana: User
    lucia: User
    grace: User
    otto: User

    def __init__(self, *, second_factor: bool = False) -> None:
        vars(self).update(copied(("scene", second_factor), lambda: _begin(second_factor)))

    def acting(self, person: Any) -> Actor:
        return Actor(person, self.employer(person))

    def employer(self, person: Any) -> Any:
        return {
            self.mara.pk: self.agency,
            self.jonas.pk: self.agency,
            self.dana.pk: self.house,
            self.lucia.pk: self.house,
            self.grace.pk: self.clinic,
            self.otto.pk: self.outside,
        }[person.pk]
