"""Events for tests: by the clock of Chicago, from the day after tomorrow on."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from coordination.calendars.models import CalendarFeed
from coordination.certificates.models import Certificate
from coordination.events import services
from coordination.events.models import Event, Occurrence, Registration, Whereabouts
from portal.kernel import clock
from portal.kernel.writing import Actor

ZONE = "America/Chicago"
WEEKLY = "FREQ=WEEKLY;COUNT=3"


def in_days(days: int, hour: int = 9) -> datetime:
    """On the clock of the place."""
    today = clock.now().astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    return (today + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def course(by: Actor, organizations: Iterable[Any], **more: Any) -> Event:
    """Three weekly dates, directions for all and a link for attendees."""
    fields = {
        "event_kind": "professional_training",
        "title": "kestrel course",
        "about": "kestrel about",
        "area": "US-IA-113",
        "zone": ZONE,
        "local_start": in_days(2),
        "minutes": 120,
        "rule": WEEKLY,
        "seats": None,
        "exercise": False,
        "places": [
            {"what": "directions", "text": "kestrel directions", "shown_to": "invited"},
            {"what": "online", "text": "https://kestrel.example.org/room", "shown_to": "registered"},
        ],
        **more,
    }
    return services.post_event(by, organizations=organizations, **fields)


def gather(scene: Any) -> None:
    """One seat on each date. Lucia has that of the first, Dana waits for it."""
    first, *_ = dates(course(scene.acting(scene.mara), [scene.house], seats=1))
    for person in (scene.lucia, scene.dana):
        register(scene, person, first)
    certified(scene, scene.lucia)


def certified(scene: Any, person: Any) -> Certificate:
    """They were at a training of the agency's."""
    told = {"title": "kestrel training", "rule": "", "local_start": in_days(40), "places": [], "certificate": True}
    (date,) = dates(course(scene.acting(scene.mara), [scene.house], **told))
    held = register(scene, person, date)
    with clock.at(date.starts_at):
        services.mark_attendance(Actor(scene.mara), held, True)
    return Certificate.objects.get(registration=held)


def dates(event: Event) -> list[Occurrence]:
    return list(Occurrence.objects.filter(event=event).select_related("event__owner").order_by("original_start"))


def register(scene: Any, person: Any, occurrence: Occurrence) -> Registration:
    services.register(scene.acting(person), Occurrence.objects.select_related("event__owner").get(pk=occurrence.pk))
    return registration(person, occurrence)


def registration(person: Any, occurrence: Occurrence) -> Registration:
    rows = Registration.objects.select_related("occurrence__event__owner", "organization", "person")
    return rows.get(person=person, occurrence=occurrence.pk)


def cancel(person: Any, held: Registration) -> Registration:
    return services.cancel_registration(Actor(person), registration(held.person, held.occurrence))


def whereabouts(event: Event, what: str) -> Whereabouts:
    return Whereabouts.objects.select_related("event__owner").get(event=event, what=what)


def events_of_many(scene: Any, each: Iterable[tuple[Any, Any]], attendees: Iterable[Any], share: Any) -> Event:
    """Each organization invites all to something, one hour after the other; Mara and Jonas come. The first of them.

    For each Jonas has a program that reads his dates.
    """
    at, local = clock.now() + timedelta(hours=1), in_days(2)
    lasts = {"local_start": local, "minutes": 120}
    events = Event.objects.bulk_create(
        Event(owner=o, posted_by=p, posted_at=at, event_kind="webinar", title="x", zone=ZONE, attendees=a, **lasts)
        for (o, p), a in zip(each, attendees, strict=True)
    )
    begins = [at + timedelta(hours=n) for n in range(len(events))]
    occurrences = Occurrence.objects.bulk_create(
        Occurrence(event=e, original_start=local, starts_at=b, ends_at=b + timedelta(hours=2), seats_taken=2, **lasts)
        for e, b in zip(events, begins, strict=True)
    )
    whereabouts = Whereabouts.objects.bulk_create(
        Whereabouts(event=e, what="directions", text="x", shown_to="invited") for e in events
    )
    comes = {"organization": scene.agency, "registered_at": at, "state": "registered"}
    registrations = Registration.objects.bulk_create(
        Registration(occurrence=o, person=person, registered_by=p, ticket=ticket, **comes)
        for o, (_, p) in zip(occurrences, each, strict=True)
        for ticket, person in enumerate((scene.jonas, scene.mara), start=1)
    )
    CalendarFeed.objects.bulk_create(
        CalendarFeed(person=scene.jonas, name="x", shows="registered", token_digest=str(e.pk), made_at=at)
        for e in events
    )
    certificates = Certificate.objects.bulk_create(
        Certificate(
            registration=r,
            person=r.person,
            issuer=r.occurrence.event.owner,
            event_kind="webinar",
            title="x",
            held_on=local.date(),
            minutes=120,
            code=uuid4().hex,
            issued_at=at,
        )
        for r in registrations
    )
    share([(c, a) for c in certificates for a in (c.person.audience_id, scene.agency.coordinators_id)])
    share([(e, a) for e in events for a in (scene.network.everyone_id, e.owner.members_id)])
    share([(w, scene.network.everyone_id) for w in whereabouts])
    share([(r, a) for r in registrations for a in (r.person.audience_id, scene.agency.coordinators_id)])
    return events[0]
