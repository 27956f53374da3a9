"""The clock of a place, for programs that know it by this alone: when it is put forward or back, and how far."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
YEARS_BEFORE, YEARS_AFTER = 1, 4


class Shown(NamedTuple):
    """What the clock shows: how far from UTC, and the name of that."""

    offset: timedelta
    name: str


@cache
def clock_of(zone: str, year: int) -> Component:
    """From the year before this one on, until no date is farther away."""
    begins, ends = datetime(year - YEARS_BEFORE, 1, 1, tzinfo=UTC), datetime(year + YEARS_AFTER, 1, 1, tzinfo=UTC)
    first = shown(zone, begins)
    turns: dict[tuple[timedelta, Shown], list[datetime]] = defaultdict(list)
    turns[first.offset, first].append(on_the_wall(begins, first.offset))
    for moment, before, after in turned(zone, begins, ends):
        turns[before.offset, after].append(on_the_wall(moment, before.offset))
    written = Timezone()
    written.add("TZID", zone)
    for (offset, after), walls in turns.items():
        written.add_component(turn(offset, after, walls))
    return written


def turn(before: timedelta, after: Shown, walls: list[datetime]) -> Component:
    written = TimezoneDaylight() if after.offset > before else TimezoneStandard()
    written.add("DTSTART", walls[0])
    if walls[1:]:
        written.add("RDATE", walls[1:])
    written.add("TZNAME", after.name)
    written.add("TZOFFSETFROM", before)
    written.add("TZOFFSETTO", after.offset)
    return written


def turned(zone: str, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, Shown, Shown]]:
    """Every moment at which it shows something else, with what it showed before and what after."""
    day = begins
    while day < ends:
        if shown(zone, day) != shown(zone, day + DAY):
            moment = first_otherwise(zone, day)
            yield moment, shown(zone, moment - SECOND), shown(zone, moment)
        day += DAY


def first_otherwise(zone: str, day: datetime) -> datetime:
    early, late = day, day + DAY
    before = shown(zone, early)
    while late - early > SECOND:
        middle = early + (late - early) // (2 * SECOND) * SECOND
        early, late = (middle, late) if shown(zone, middle) == before else (early, middle)
    return late


def shown(zone: str, moment: datetime) -> Shown:
    local = moment.astimezone(ZoneInfo(zone))
    return Shown(local.utcoffset() or timedelta(), local.tzname() or "")


def on_the_wall(moment: datetime, offset: timedelta) -> datetime:
    """RFC 5545 tells the turn of a clock by what it showed just before."""
    return (moment + offset).replace(tzinfo=None)
