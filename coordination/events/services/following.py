"""This and following: an event ends before one of its dates, and another goes on from there."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from coordination.events.models import Event, Occurrence, Registration
from coordination.events.services import whereabouts
from coordination.events.services.dates import (
    call_off,
    changing,
    date_at,
    dates_of,
    local_starts,
    place,
    put_dates,
    require_ahead,
    reseat,
    revise,
    says_otherwise,
    tell_moved,
)
from coordination.events.services.seats import keep_attendees
from portal.kernel.errors import Conflict
from portal.kernel.models import Audience, Change
from portal.kernel.writing import Actor, Writing, service

WHEN = {"local_start", "zone", "minutes", "rule"}
Pairs = list[tuple[Occurrence, datetime]]


@service
def change_following(actor: Actor, occurrence: Occurrence, version: int, **fields: Any) -> Event:
    """From this date on. Registrations go with their dates, and so does what was said of one date alone.

    From the first date on it is the event itself that changes.
    """
    event = occurrence.event
    with changing(actor, occurrence, "change_following") as w:
        w.expect(occurrence, version)
        before, following = dates_around(w, occurrence)
        later = part(w, event, before, following) if before else event
        was = Event.objects.get(pk=later.pk)
        for field, value in fields.items():
            setattr(later, field, value)
        w.put(later)
        if fields.keys() & WHEN:
            following = move(w, was, later, following)
        for date in following:
            reseat(w, date, was.seats)
        if says_otherwise(was, later):
            revise(w, following)
        put_dates(w, following)
        w.audit("event.change_following", later, event=str(event.pk), fields=sorted(fields))
        return later


# an event in two


def dates_around(w: Writing, occurrence: Occurrence) -> tuple[list[Occurrence], list[Occurrence]]:
    """Those that its event has before this date, and the others: this is one of them."""
    dates = sorted(dates_of(w, occurrence.event), key=lambda date: date.original_start)
    following = [date for date in dates if date.original_start >= occurrence.original_start]
    if any(date.has_begun for date in following):  # one that was moved to before this one
        raise Conflict("wrong_state")
    return dates[: -len(following)], following


def part(w: Writing, event: Event, before: Collection[Occurrence], following: list[Occurrence]) -> Event:
    """Another event, seen as this one is, to which the dates that follow go with all that hangs on them."""
    later = Event.objects.get(pk=event.pk)
    later.pk, later.version, later._state.adding = Event._meta.pk.get_default(), 1, True
    later.attendees = w.new_audience(Audience.Kind.EVENT_ATTENDEES)
    later.local_start, later.rule = following[0].original_start, counted(event.rule, len(following))
    later.save(force_insert=True)
    later.owner = event.owner
    w.created(later, *w.grants[event.pk])
    event.rule = counted(event.rule, len(before))
    w.put(event)
    put_dates(w, before)
    for said in event.whereabouts.order_by("pk"):
        whereabouts.make(w, later, said.what, said.text, said.shown_to)
    take_along(w, event, later, following)
    return later


def take_along(w: Writing, event: Event, later: Event, dates: Collection[Occurrence]) -> None:
    for date in dates:
        date.event = later
        date.save(update_fields=["event"])
        w.grants[date.pk] = w.grants[later.pk]
    rows = Registration.objects.filter(occurrence__in=dates).select_related("person", "organization")
    registrations = list(rows.order_by("pk"))
    w.lock(objects=registrations)
    for registration in registrations:
        w.put(registration)
    for each in (event, later):
        keep_attendees(w, each, registrations)


def counted(rule: str, number: int) -> str:
    """The same rule, which ends after so many dates."""
    if number == 1:
        return ""
    lasting = [part for part in rule.split(";") if not part.upper().startswith(("COUNT=", "UNTIL="))]
    return ";".join([*lasting, f"COUNT={number}"])


# its dates at other times


def move(w: Writing, was: Event, event: Event, dates: list[Occurrence]) -> list[Occurrence]:
    """To when the event has them now. One that it does not have any more is cancelled where somebody knows of it by
    name, and else is gone."""
    starts = local_starts(event)
    pairs = paired(dates, starts, same_rule=was.rule == event.rule)
    kept = {date.pk for date, _ in pairs}
    moved = [date for date, start in in_turn(pairs) if move_date(was, event, date, start)]
    revise(w, moved)
    tell_moved(w, event, moved)
    gone = [date for date in dates if date.pk not in kept]
    lost = [date for date in gone if date.registrations.exists()]
    for date in gone:
        if date not in lost:
            remove(w, date)
    call_off(w, [date for date in lost if date.permits("cancel")])
    free = sorted(set(starts) - {start for _, start in pairs})
    made = [date_at(event, start) for start in free]
    for date in made:
        date.save(force_insert=True)
        w.created(date, *w.grants[event.pk])
    first = min([date for date in dates if date.pk in kept] + made, key=lambda date: date.starts_at)
    require_ahead(first.starts_at, w.at)
    return [date for date in dates if date.pk in kept]


def paired(dates: list[Occurrence], starts: list[datetime], *, same_rule: bool) -> Pairs:
    """Each date with when it is now: in their order under the same rule, and under another by their days."""
    if same_rule and len(dates) == len(starts):
        return list(zip(dates, starts, strict=True))
    by_day = {start.date(): start for start in starts}
    return [(date, by_day[date.original_start.date()]) for date in dates if date.original_start.date() in by_day]


def in_turn(pairs: Pairs) -> Pairs:
    """None takes a name that another one has still."""
    later = [(date, start) for date, start in pairs if start > date.original_start]
    return [*reversed(later), *(pair for pair in pairs if pair not in later)]


def move_date(was: Event, event: Event, date: Occurrence, start: datetime) -> bool:
    """Whether it takes place at another time now. What was said of it alone stays."""
    before = date.starts_at, date.ends_at
    if date.local_start == date.original_start:
        date.local_start = start
    if date.minutes == was.minutes:
        date.minutes = event.minutes
    date.original_start, date.event = start, event
    place(date)
    date.save()
    return (date.starts_at, date.ends_at) != before and date.permits("change")


def remove(w: Writing, date: Occurrence) -> None:
    for audience in w.grants[date.pk]:
        w.append(audience, Change.Op.DELETED, date.kind, date.pk, date.version + 1)
    date.delete()
