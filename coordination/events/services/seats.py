"""The seats of a date: taken by one conditional update, freed, and given in their order to those who wait."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Q

from coordination.events.models import Event, News, Occurrence, Registration
from coordination.events.policy import is_for
from portal.kernel import memberships
from portal.kernel.grants import audiences_of
from portal.kernel.models import Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Writing
from portal.organizations.models import Organization

State = Registration.State
# how long, after the last date of theirs, attendees still see what was shown to them alone
AFTERWARDS = timedelta(days=7)


def seat(w: Writing, occurrence: Occurrence, person: Any, organization: Organization) -> Registration:
    """On the last seat or, where there is none, at the end of those who wait."""
    known = occurrence.registrations.filter(person=person).first()
    if known is not None:
        w.lock(objects=[known])
    registration = known or Registration(occurrence=occurrence, person=person)
    registration.occurrence, registration.organization = occurrence, organization
    registration.registered_by, registration.registered_at = w.actor.person, w.at
    registration.ticket = (occurrence.registrations.aggregate(last=Max("ticket"))["last"] or 0) + 1
    registration.state = State.REGISTERED if take(occurrence) else State.WAITING
    registration.news = ""
    if known is None:
        registration.save(force_insert=True)
        w.created(registration, *audiences_for(w, registration))
    else:
        w.put(registration)
        tell(w, registration)
    keep_attendees(w, occurrence.event, [registration])
    return registration


def unseat(w: Writing, registration: Registration) -> None:
    """They do not come; who waits first has their seat."""
    occurrence = registration.occurrence
    if registration.state == State.REGISTERED:
        rows(occurrence).update(seats_taken=F("seats_taken") - 1)
    registration.state, registration.attended, registration.news = State.CANCELLED, None, ""
    w.put(registration)
    keep_attendees(w, occurrence.event, [registration])
    move_up(w, occurrence)


def move_up(w: Writing, occurrence: Occurrence) -> None:
    """As many as there are seats for, in the order of their tickets; then the date says how many came up."""
    waiting = occurrence.registrations.filter(state=State.WAITING).select_related("person", "organization")
    for registration in waiting.order_by("ticket"):
        if not (occurrence.permits("register") and take(occurrence)):
            break
        w.lock(objects=[registration])
        registration.occurrence = occurrence
        registration.state, registration.news = State.REGISTERED, News.MOVED_UP
        w.put(registration)
        w.audit("registration.move_up", registration)
        keep_attendees(w, occurrence.event, [registration])
    count(occurrence)


def count(occurrence: Occurrence) -> None:
    event = occurrence.event
    occurrence.refresh_from_db(fields=["seats_taken"])
    occurrence.event = event
    occurrence.waiting = occurrence.registrations.filter(state=State.WAITING).count()


def take(occurrence: Occurrence) -> bool:
    """False: the last seat is gone."""
    free = Q(seats__isnull=True) | Q(seats__gt=F("seats_taken"))
    return bool(rows(occurrence).filter(free).update(seats_taken=F("seats_taken") + 1))


def rows(occurrence: Occurrence) -> Any:
    return Occurrence.objects.filter(pk=occurrence.pk)


# who is told


def audiences_for(w: Writing, registration: Registration) -> set[int]:
    event, organization = registration.occurrence.event, registration.organization
    told = {registration.person.audience_id, event.owner.coordinators_id}
    if is_for(organization, w.grants[event.pk], Network.current().everyone_id):
        told.add(organization.coordinators_id)
    return told


def tell(w: Writing, registration: Registration) -> None:
    """These and nobody else."""
    wanted = audiences_for(w, registration)
    for audience in w.grants[registration.pk] - wanted:
        w.unshare(registration, audience)
    for audience in wanted - w.grants[registration.pk]:
        w.share(registration, audience)


def tell_news(w: Writing, registrations: Collection[Registration], news: News) -> None:
    """All at once; their event is locked, and with it they are."""
    told = audiences_of(registrations)
    w.grants |= told
    w.lock(audiences={audience for audiences in told.values() for audience in audiences})
    for registration in registrations:
        registration.news = news
        w.put(registration)


# who holds a seat is shown what is for attendees alone


def keep_attendees(w: Writing, event: Event, registrations: Collection[Registration]) -> None:
    """In or out, and until when, as their seats on dates of this event say."""
    concerned = {(r.person_id, r.organization_id): r for r in registrations}
    last = last_dates(event, {person for person, _ in concerned})
    for key, registration in sorted(concerned.items(), key=lambda each: str(each[0])):
        person = w.actor.person if registration.person_id == w.actor.id else registration.person
        via = registration.organization.members
        until = last[key] + AFTERWARDS if key in last else w.at
        if until > w.at and is_member(person.pk, via.pk):
            memberships.join(w, person, event.attendees, via=via, expires_at=until)
        else:
            memberships.leave(w, person, event.attendees, via=via)


def last_dates(event: Event, people: set[UUID]) -> dict[tuple[UUID, UUID], Any]:
    """When the last date ends for which each of these holds a seat, by the organization they come for."""
    held = Registration.objects.filter(occurrence__event=event, state=State.REGISTERED, person__in=people)
    ends = held.values("person", "organization").annotate(last=Max("occurrence__ends_at"))
    return {(row["person"], row["organization"]): row["last"] for row in ends}
