"""The dates of an event: made with it, moved, given other seats, cancelled."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coordination.events import recurrence
from coordination.events.models import Event, News, Occurrence, Planned, Registration
from coordination.events.policy import OCCURRENCES
from coordination.events.services.seats import keep_attendees, move_up, tell_news
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.lean import reread
from portal.kernel.writing import Actor, Writing, service, writing

FARTHEST = timedelta(days=366)

# what follows dates that were changed, or to which others come now (portal/config/registry.py fills it)
Following = Callable[[Collection[Occurrence]], None]
FOLLOWINGS: list[Following] = []


@service
def change_date(actor: Actor, occurrence: Occurrence, version: int, **fields: Any) -> Occurrence:
    """This date alone: moved, longer or shorter, with more seats or fewer."""
    with changing(actor, occurrence, "change") as w:
        w.expect(occurrence, version)
        before = occurrence.starts_at, occurrence.ends_at
        for field, value in fields.items():
            setattr(occurrence, field, value)
        place(occurrence)
        require_seats(occurrence)
        occurrence.save()
        if (occurrence.starts_at, occurrence.ends_at) != before:
            require_ahead(occurrence.starts_at, w.at)
            revise(w, [occurrence])
            tell_moved(w, occurrence.event, [occurrence])
        move_up(w, occurrence)
        put_dates(w, [occurrence])
        w.audit("occurrence.change", occurrence, fields=sorted(fields))
        return occurrence


@service
def cancel_date(actor: Actor, occurrence: Occurrence) -> Occurrence:
    """This date alone; who is registered for it is told, once."""
    with changing(actor, occurrence, "cancel") as w:
        call_off(w, [occurrence])
        w.audit("occurrence.cancel", occurrence)
        return occurrence


# the pieces of these sentences


@contextmanager
def changing(actor: Actor, occurrence: Occurrence, verb: str) -> Iterator[Writing]:
    """The event locked, the date as it is now: who may, and in which state."""
    event = occurrence.event
    with writing(actor, objects=[event]) as w:
        hold(w, event, occurrence)
        OCCURRENCES.require(actor.person, verb, occurrence)
        w.demand(occurrence, verb)
        yield w


def hold(w: Writing, event: Event, occurrence: Occurrence) -> None:
    """As it is now, under the lock of its event."""
    try:
        reread(occurrence)
    except Occurrence.DoesNotExist:
        raise NotFound from None
    if occurrence.event_id != event.pk:  # it went on in another event meanwhile
        raise NotFound
    occurrence.event = event
    w.grants[occurrence.pk] = w.grants[event.pk]


def dates_of(w: Writing, event: Event, **which: Any) -> list[Occurrence]:
    """Of an event that this write has locked, in their order."""
    found = list(event.occurrences.filter(**which).order_by("starts_at", "pk"))
    for occurrence in found:
        occurrence.event = event
        w.grants[occurrence.pk] = w.grants[event.pk]
    return found


def put_dates(w: Writing, occurrences: Collection[Occurrence]) -> None:
    for occurrence in occurrences:
        w.put(occurrence)
    for follow in FOLLOWINGS:
        follow(occurrences)


def revise(w: Writing, occurrences: Iterable[Occurrence]) -> None:
    """What calendars say of them is otherwise now; they are put in any case."""
    for occurrence in occurrences:
        occurrence.sequence += 1
        occurrence.changed_at = w.at


def says_otherwise(was: Event, event: Event) -> bool:
    """Whether calendars have other words for it."""
    return (was.title, was.area, was.zone) != (event.title, event.area, event.zone)


def make_dates(w: Writing, event: Event) -> list[Occurrence]:
    """All of them: those that its rule has, or the one."""
    made = [date_at(event, local_start) for local_start in local_starts(event)]
    require_ahead(made[0].starts_at, w.at)
    return made


def date_at(event: Event, local_start: datetime) -> Occurrence:
    return place(
        Occurrence(
            event=event,
            original_start=local_start,
            local_start=local_start,
            minutes=event.minutes,
            seats=event.seats,
        )
    )


def local_starts(event: Event) -> list[datetime]:
    zone = ZoneInfo(event.zone)
    if not event.rule:
        require_hour(event.local_start, zone)
        return [event.local_start]
    try:
        return recurrence.dates(event.rule, event.local_start, zone)
    except recurrence.RuleError as fault:
        raise Invalid("rule", fault.code, fault.message) from None


def place(occurrence: Occurrence) -> Occurrence:
    """In UTC, what its local time says. One that was moved was moved to an hour that there is."""
    zone = ZoneInfo(occurrence.event.zone)
    if occurrence.local_start != occurrence.original_start:
        require_hour(occurrence.local_start, zone)
    occurrence.starts_at = recurrence.moment(occurrence.local_start, zone)
    occurrence.ends_at = occurrence.starts_at + timedelta(minutes=occurrence.minutes)
    return occurrence


def require_hour(local_start: datetime, zone: ZoneInfo) -> None:
    if not recurrence.exists(local_start, zone):
        raise Invalid("local_start", "no_such_hour", "On this day the clocks skip this hour.")


def require_ahead(starts_at: datetime, at: datetime) -> None:
    if starts_at <= at:
        raise Invalid("local_start", "in_the_past", "This time is over.")
    if starts_at > at + FARTHEST:
        raise Invalid("local_start", "too_far", "This is more than a year ahead.")


def require_seats(occurrence: Occurrence) -> None:
    if occurrence.seats is not None and occurrence.seats < occurrence.seats_taken:
        raise Invalid("seats", "too_low", f"{occurrence.seats_taken} seats are taken already.")


def reseat(w: Writing, occurrence: Occurrence, before: int | None) -> None:
    """As many seats as its event has now, where it had those that its event had `before`."""
    seats = occurrence.event.seats
    if seats == before or occurrence.seats != before or not occurrence.permits("change"):
        return
    occurrence.seats = seats
    require_seats(occurrence)
    occurrence.save()
    move_up(w, occurrence)


def tell_moved(w: Writing, event: Event, occurrences: list[Occurrence]) -> None:
    """Who holds a seat is shown what is for attendees until some time after the date as it is now."""
    registrations = living(occurrences)
    tell_news(w, registrations, News.MOVED)
    keep_attendees(w, event, registrations)


def call_off(w: Writing, occurrences: list[Occurrence]) -> None:
    """They do not take place: who was registered is told, once, and keeps that they were."""
    for occurrence in occurrences:
        occurrence.state = Planned.CANCELLED
    revise(w, occurrences)
    put_dates(w, occurrences)
    tell_news(w, living(occurrences), News.CANCELLED)


def living(occurrences: list[Occurrence]) -> list[Registration]:
    rows = Registration.objects.filter(occurrence__in=occurrences, state__in=Registration.LIVING)
    return list(rows.select_related("person", "organization").order_by("pk"))
