"""On whose behalf: every write for an organization says so; nothing remembers it between calls."""

from collections.abc import Sequence
from uuid import UUID

from portal.kernel import clock
from portal.kernel.errors import Conflict, Invalid, Problem
from portal.kernel.lean import fetch
from portal.kernel.standing import Person, Standing, standing
from portal.kernel.writing import Actor, Writing
from portal.organizations.models import Organization, Tier
from portal.organizations.policy import ORGANIZATIONS

FIELD = "acting_for"


def actor(person: Person, acting_for: UUID | None, field: str = FIELD) -> Actor:
    """The person, acting for an organization that they work for, or for themselves (None)."""
    if acting_for is None:
        return Actor(person)
    organization = Organization.objects.filter(pk=acting_for, members__in=standing(person).audiences).first()
    if organization is None:
        raise not_yours(field)
    require_active(organization)
    return Actor(person, organization)


def actors(claims: Sequence[tuple[Person, Standing, UUID | None]]) -> list[Actor | Problem]:
    """`actor` for many who stand where they say, in one query: who is refused gets the refusal."""
    claimed = {acting_for for *_, acting_for in claims if acting_for}
    organizations = {o.pk: o for o in fetch(Organization, id=claimed)}
    found: list[Actor | Problem] = []
    for person, who, acting_for in claims:
        organization = organizations.get(acting_for) if acting_for else None
        if acting_for and not (organization and who.within(organization.members_id)):
            found.append(not_yours())
        elif organization and (refusal := inactive(organization)):
            found.append(Conflict(refusal))
        else:
            found.append(Actor(person, organization))
    return found


def not_yours(field: str = FIELD) -> Invalid:
    return Invalid(field, "not_yours", "You do not work for this organization.")


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


def confirm(w: Writing, tier: Tier = Tier.MEMBER) -> None:
    """Inside the write: the person still is this in the organization, and it is still verified."""
    organization = w.actor.acting_for
    w.lock(audiences=[organization.members_id, organization.coordinators_id])
    ORGANIZATIONS.require_acting(w.actor.person, organization, tier)
    organization.refresh_from_db(fields=["status", "agreed_until"])
    require_verified(organization)


def require_active(organization: Organization) -> None:
    """Nothing is written for an organization that is suspended, or whose agreement has lapsed."""
    if refusal := inactive(organization):
        raise Conflict(refusal)


def inactive(organization: Organization) -> str:
    """By which code a write for it is refused."""
    if organization.is_suspended:
        return "not_active"
    return "agreement_lapsed" if organization.has_lapsed(clock.now()) else ""


def require_verified(organization: Organization) -> None:
    require_active(organization)
    if not organization.is_verified:
        raise Conflict("not_verified")
