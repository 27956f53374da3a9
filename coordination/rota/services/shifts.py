"""Planning who is on call, handing over, taking off."""

from datetime import datetime
from uuid import UUID

from coordination.rota import queries
from coordination.rota.models import COORDINATION, Shift
from coordination.rota.policy import SHIFTS
from coordination.rota.services.rules import relieve, require_able, require_free, require_length, require_rest
from coordination.rota.services.swaps import lapse_swap_of
from portal.kernel.errors import Invalid
from portal.kernel.models import Audience, Change
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization, Tier
from portal.people.models import User


@service
def plan_shift(actor: Actor, person: UUID, starts_at: datetime, ends_at: datetime, duty: str = "") -> Shift:
    """By the organization's coordinators. Its row is locked: two who plan at once see each other's shifts."""
    organization = actor.acting_for
    with writing(actor, objects=[organization]) as w:
        confirm(w, Tier.COORDINATOR)
        require_able(organization, person, duty)
        shift = Shift(
            organization=organization,
            person_id=person,
            starts_at=starts_at,
            ends_at=ends_at,
            duty=duty,
        )
        require_length(shift, w.at)
        require_free(shift)
        require_rest(shift, "starts_at")
        shift.save(force_insert=True)
        w.created(shift, organization.members_id)
        w.audit("shift.plan", shift, person=str(person))
        return shift


@service
def hand_over_shift(actor: Actor, shift: Shift, person: UUID) -> Shift:
    """To a colleague, from now on: what has run of it stays with whoever was on call, the rest is a shift of its own.

    The organization's row is locked as for planning: whoever is named keeps their time to rest.
    """
    organization = shift.organization
    with writing(actor, objects=[organization, shift]) as w:
        SHIFTS.require(actor.person, "hand_over", shift)
        w.demand(shift, "hand_over")
        require_able(organization, person, shift.duty)
        if person == shift.person_id:
            raise Invalid("person", "duplicate", "They are on call for it already.")
        return pass_to(w, shift, person)


@service
def remove_shift(actor: Actor, shift: Shift) -> None:
    """The organization's row is locked too: whoever asks who is on call finds it before or after."""
    with writing(actor, objects=[shift, shift.organization]) as w:
        SHIFTS.require(actor.person, "remove", shift)
        w.demand(shift, "remove")
        take_off(w, shift)


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """Nobody is on call for an organization that is not active."""
    for shift in queries.ahead(organization.shifts.all(), w.at):
        take_off(w, shift)


def end_for_departed(w: Writing, organization: Organization, person: User) -> None:
    """Whoever left is on call no more; the hole is seen by those who stay."""
    for shift in queries.ahead(organization.shifts.filter(person=person), w.at):
        take_off(w, shift)


def end_for_resigned(w: Writing, person: User, audience: Audience) -> None:
    """Whoever coordinates an organization no more is not on call for that."""
    if audience.kind != Audience.Kind.ORGANIZATION_COORDINATORS:
        return
    theirs = Shift.objects.filter(person=person, duty=COORDINATION, organization__coordinators=audience)
    for shift in queries.ahead(theirs, w.at).select_related("organization"):
        w.lock(objects=[shift.organization])
        take_off(w, shift)


# the pieces of these sentences


def pass_to(w: Writing, shift: Shift, person: UUID) -> Shift:
    """The organization's row is locked."""
    organization, before = shift.organization, shift.person_id
    lapse_swap_of(w, shift)
    handed = the_rest_of(w, shift)
    handed.person_id = person
    require_rest(handed, "person")
    if handed is shift:
        w.put(shift)
    else:
        handed.save(force_insert=True)
        w.created(handed, organization.members_id)
    w.audit("shift.hand_over", handed, person=str(person), before=str(before))
    relieve(w, organization, before)
    return handed


def the_rest_of(w: Writing, shift: Shift) -> Shift:
    """All of a shift that has yet to begin; of one that runs, what is left of it, and it ends now."""
    if shift.starts_at >= w.at:
        return shift
    rest = Shift(
        organization=shift.organization,
        starts_at=w.at,
        ends_at=shift.ends_at,
        duty=shift.duty,
    )
    shift.ends_at = w.at
    w.put(shift)
    return rest


def take_off(w: Writing, shift: Shift) -> None:
    audience = shift.organization.members_id
    w.lock(audiences=[audience])
    lapse_swap_of(w, shift)
    w.append(audience, Change.Op.DELETED, shift.kind, shift.pk, shift.version + 1)
    w.audit("shift.remove", shift, person=str(shift.person_id))
    shift.delete()
    relieve(w, shift.organization, shift.person_id)
