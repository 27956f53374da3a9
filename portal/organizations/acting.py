"""On whose behalf: every write for an organization says so; nothing remembers it between calls."""

from uuid import UUID

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.standing import Person, standing
from portal.kernel.writing import Actor
from portal.organizations.models import Organization

FIELD = "acting_for"


def actor(person: Person, acting_for: UUID | None, field: str = FIELD) -> Actor:
    """The person, acting for an organization that they work for, or for themselves (None)."""
    if acting_for is None:
        return Actor(person)
    organization = Organization.objects.filter(pk=acting_for, members__in=standing(person).audiences).first()
    if organization is None:
        raise Invalid(field, "not_yours", "You do not work for this organization.")
    return Actor(person, organization)


def required_actor(person: Person, acting_for: UUID | None, field: str = FIELD) -> Actor:
    """For writes that only an organization can make."""
    if acting_for is None:
        raise Invalid(field, "required", "Say for which organization.")
    return actor(person, acting_for, field)


def verified_actor(person: Person, acting_for: UUID | None, field: str = FIELD) -> Actor:
    """For writes that only a verified organization can make."""
    found = required_actor(person, acting_for, field)
    require_verified(found.acting_for)
    return found


def require_verified(organization: Organization) -> None:
    if organization.status != Organization.Status.VERIFIED:
        raise Conflict("not_verified")
