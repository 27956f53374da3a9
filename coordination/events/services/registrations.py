"""Who comes: registered by themselves or by their organization's coordinators, taken back, seen to have been there."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from coordination.events.models import Occurrence, Registration
from coordination.events.policy import REGISTRATIONS, is_for
from coordination.events.services.attendance import follow_attendance
from coordination.events.services.dates import changing, hold, put_dates
from coordination.events.services.seats import count, seat, unseat
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import Network
from portal.kernel.standing import members
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Tier


@service
def register(actor: Actor, occurrence: Occurrence) -> Occurrence:
    """Oneself; where all seats are taken one waits for the next."""
    with changing(actor, occurrence, "register") as w:
        confirm(w)
        admit(w, occurrence, [actor.person])
        return occurrence


@service
def register_people(actor: Actor, occurrence: Occurrence, people: Collection[Any]) -> Occurrence:
    """Of one's organization, by its coordinators: in this order, as far as there are seats."""
    organization = actor.acting_for
    with changing(actor, occurrence, "register_people") as w:
        confirm(w, Tier.COORDINATOR)
        if not is_for(organization, w.grants[occurrence.pk], Network.current().everyone_id):
            raise Invalid("acting_for", "not_invited", "This is not for all who work for this organization.")
        own = members(organization.members_id)
        if not people or any(person.pk not in own for person in people):
            raise Invalid("people", "not_a_member", "Name people who work for your organization.")
        admit(w, occurrence, people)
        return occurrence


@service
def cancel_registration(actor: Actor, registration: Registration) -> Registration:
    """They do not come after all, and who waits first does."""
    with changing_registration(actor, registration, "cancel") as w:
        unseat(w, registration)
        put_dates(w, [registration.occurrence])
        w.audit("registration.cancel", registration)
        return registration


@service
def mark_attendance(actor: Actor, registration: Registration, attended: bool | None) -> Registration:
    """Once it has begun: they were there, they were not, or (None) nobody has said yet."""
    with changing_registration(actor, registration, "mark") as w:
        registration.attended = attended
        w.put(registration)
        follow_attendance(w, registration)
        w.audit("registration.mark", registration, attended=attended)
        return registration


@service
def acknowledge_news(actor: Actor, registration: Registration) -> Registration:
    """They know what became of it."""
    with changing_registration(actor, registration, "acknowledge") as w:
        registration.news = ""
        w.put(registration)
        w.audit("registration.acknowledge", registration)
        return registration


# the pieces of these sentences


@contextmanager
def changing_registration(actor: Actor, registration: Registration, verb: str) -> Iterator[Writing]:
    """With its date and its event, locked: who may, and in which state."""
    occurrence = registration.occurrence
    event = occurrence.event
    with writing(actor, objects=[event, registration]) as w:
        hold(w, event, occurrence)
        registration.occurrence = occurrence
        REGISTRATIONS.require(actor.person, verb, registration)
        w.demand(registration, verb)
        yield w


def admit(w: Writing, occurrence: Occurrence, people: Collection[Any]) -> None:
    """Those who are not registered yet; if there is none, that is said."""
    inside = set(occurrence.registrations.filter(state__in=Registration.LIVING).values_list("person", flat=True))
    newcomers = [person for person in people if person.pk not in inside]
    if not newcomers:
        raise Conflict("already_registered")
    for person in newcomers:
        registration = seat(w, occurrence, person, w.actor.acting_for)
        w.audit("registration.register", registration, person=str(person.pk), state=registration.state)
    count(occurrence)
    put_dates(w, [occurrence])
