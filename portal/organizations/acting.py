"""On whose behalf: every write for an organization says so; nothing remembers it between calls.

`takes_back`: what only takes back or stands aside waits for no renewal of an agreement.
"""

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


def actor(person: Person, acting_for: UUID | None, field: str = FIELD, *, takes_back: bool = False) -> Actor:
    """The person, acting for an organization that they work for, or for themselves (None)."""
    if acting_for is None:
        return Actor(person)
    organization = Organization.objects.filter(pk=acting_for, members__in=standing(person).audiences).first()
    if organization is None:
        raise not_yours(field)
    require_active(organization, takes_back=takes_back)
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


def verified_actor(person: Person, acting_for: UUID | None, field: str = FIELD, *, takes_back: bool = False) -> Actor:
    """For writes that only a verified organization can make."""
    if acting_for is None:
        raise Invalid(field, "required", "Say for which organization.")
    found = actor(person, acting_for, field, takes_back=takes_back)
    require_verified(found.acting_for, takes_back=takes_back)
    return found


def confirm(w: Writing, tier: Tier = Tier.MEMBER, *, takes_back: bool = False) -> None:
    """Inside the write: the person still is this in the organization, and it is still verified."""
    organization = w.actor.acting_for
    w.lock(audiences=[organization.members_id, organization.coordinators_id])
    ORGANIZATIONS.require_acting(w.actor.person, organization, tier)
    organization.refresh_from_db(fields=["status", "agreed_until"])
    require_verified(organization, takes_back=takes_back)


def require_active(organization: Organization, *, takes_back: bool = False) -> None:
    """Nothing is written for an organization that is suspended, or whose agreement has lapsed."""
    if refusal := inactive(organization, takes_back=takes_back):
        raise Conflict(refusal)


def inactive(organization: Organization, *, takes_back: bool = False) -> str:
    """By which code a write for it is refused."""
    if organization.is_suspended:
        return "not_active"
    return "agreement_lapsed" if not takes_back and organization.has_lapsed(clock.now()) else ""


def require_verified(organization: Organization, *, takes_back: bool = False) -> None:
    require_active(organization, takes_back=takes_back)
    if not organization.is_verified:
        raise Conflict("not_verified")


def require_reachable(organization: Organization, field: str) -> None:
    """Others ask it, or invite its people: it could say yes."""
    organization.refresh_from_db(fields=["status", "agreed_until"])
    if not organization.is_verified:
        raise Invalid(field, "not_verified", "Only verified organizations can be asked or invited.")
    if organization.has_lapsed(clock.now()):
        raise Invalid(field, "agreement_lapsed", "Its agreement has lapsed: it could not answer until it is renewed.")
