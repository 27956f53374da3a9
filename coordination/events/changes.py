"""The kinds of change that events announce, and the one shape of each."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from coordination.events import models
from coordination.events.fields import said
from coordination.events.policy import EVENTS, OCCURRENCES, REGISTRATIONS, WHEREABOUTS
from portal.kernel import areas
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Event(Shape, kw_only=True):
    """What an organization invites to. `local_start` (`2030-03-10T09:00`) is by the clock of `zone`, `rule` of RFC
    5545 (empty: one date). No `area`: online only. Whom it was shared with, and where it is, is not in it."""

    owner: OrganizationRef
    posted_by: PersonRef
    posted_at: datetime
    event_kind: str
    title: str
    about: str
    area: str
    area_name: str
    zone: str
    local_start: str
    minutes: int
    rule: str
    seats: int | None
    certificate: bool
    exercise: bool
    public: bool
    state: models.Planned


class Occurrence(Shape, kw_only=True):
    """One date of an event, with what a calendar says of it. `original_start` is when its rule has it."""

    event: UUID
    owner: OrganizationRef
    event_kind: str
    title: str
    area: str
    area_name: str
    exercise: bool
    repeats: bool
    zone: str
    original_start: str
    local_start: str
    local_end: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    seats: int | None
    seats_taken: int
    waiting: int
    state: models.Planned


class Registration(Shape, kw_only=True):
    """Somebody comes to one date, or waits for a seat. `attended` is said once it has begun; `news` is what became
    of it without their doing, until they say that they know."""

    occurrence: UUID
    event: UUID
    person: PersonRef
    organization: OrganizationRef
    registered_by: PersonRef
    registered_at: datetime
    state: models.RegistrationState
    attended: bool | None
    news: str


class Whereabouts(Shape, kw_only=True):
    """How to get there, or the link by which one takes part."""

    event: UUID
    what: str
    shown_to: str
    text: str


def shape_events(rows: Iterable[models.Event]) -> list[Event]:
    events = list(rows)
    organizations = organization_refs({e.owner_id for e in events})
    people = person_refs({e.posted_by_id for e in events})
    return [
        Event(
            id=e.pk,
            version=e.version,
            owner=organizations[e.owner_id],
            posted_by=people[e.posted_by_id],
            posted_at=e.posted_at,
            event_kind=e.event_kind,
            title=e.title,
            about=e.about,
            area=e.area,
            area_name=areas.full_name(e.area),
            zone=e.zone,
            local_start=said(e.local_start),
            minutes=e.minutes,
            rule=e.rule,
            seats=e.seats,
            certificate=e.certificate,
            exercise=e.exercise,
            public=e.public,
            state=models.Planned(e.state),
        )
        for e in events
    ]


def shape_occurrences(rows: Iterable[models.Occurrence]) -> list[Occurrence]:
    occurrences = list(rows)
    prefetch_related_objects(occurrences, "event")
    organizations = organization_refs({o.event.owner_id for o in occurrences})
    return [
        Occurrence(
            id=o.pk,
            version=o.version,
            event=o.event_id,
            owner=organizations[o.event.owner_id],
            event_kind=o.event.event_kind,
            title=o.event.title,
            area=o.event.area,
            area_name=areas.full_name(o.event.area),
            exercise=o.event.exercise,
            repeats=bool(o.event.rule),
            zone=o.event.zone,
            original_start=said(o.original_start),
            local_start=said(o.local_start),
            local_end=said(o.local_end),
            minutes=o.minutes,
            starts_at=o.starts_at,
            ends_at=o.ends_at,
            seats=o.seats,
            seats_taken=o.seats_taken,
            waiting=o.waiting,
            state=models.Planned(o.state),
        )
        for o in occurrences
    ]


def shape_registrations(rows: Iterable[models.Registration]) -> list[Registration]:
    registrations = list(rows)
    prefetch_related_objects(registrations, "occurrence")
    organizations = organization_refs({r.organization_id for r in registrations})
    people = person_refs({pk for r in registrations for pk in (r.person_id, r.registered_by_id)})
    return [
        Registration(
            id=r.pk,
            version=r.version,
            occurrence=r.occurrence_id,
            event=r.occurrence.event_id,
            person=people[r.person_id],
            organization=organizations[r.organization_id],
            registered_by=people[r.registered_by_id],
            registered_at=r.registered_at,
            state=models.RegistrationState(r.state),
            attended=r.attended,
            news=r.news,
        )
        for r in registrations
    ]


def shape_whereabouts(rows: Iterable[models.Whereabouts]) -> list[Whereabouts]:
    return [
        Whereabouts(id=w.pk, version=w.version, event=w.event_id, what=w.what, shown_to=w.shown_to, text=w.text)
        for w in rows
    ]


EVENT = Kind("event", Event, EVENTS, shape_events)
OCCURRENCE = Kind("occurrence", Occurrence, OCCURRENCES, shape_occurrences)
REGISTRATION = Kind("registration", Registration, REGISTRATIONS, shape_registrations)
WHEREABOUTS_KIND = Kind("whereabouts", Whereabouts, WHEREABOUTS, shape_whereabouts)
KINDS = (EVENT, OCCURRENCE, REGISTRATION, WHEREABOUTS_KIND)
