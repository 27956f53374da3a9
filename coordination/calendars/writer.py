"""Dates as RFC 5545 writes them: what a calendar elsewhere is told, and no more.

Each date is an event of its own, never a rule: what was moved or cancelled is so in every calendar alike. No person is
in it, no place finer than a county, and of what is sensitive that one is busy and nothing else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, vCalAddress, vDuration, vText

from coordination.calendars.clocks import clock_of
from coordination.events.kinds import KINDS
from coordination.events.models import Occurrence, Planned
from portal.kernel import areas

PRODUCT = "-//Concord//Calendar//EN"
# how often a program asks again, if it asks us
EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A date in somebody's calendar. `comes`: they hold a seat; `titled`: it says to what."""

    occurrence: Occurrence
    comes: bool
    titled: bool = True


def calendar(person: UUID, entries: Collection[Entry]) -> bytes:
    """To be read."""
    written = shell()
    written.add("X-WR-CALNAME", "Concord")
    written.add("REFRESH-INTERVAL", vDuration(EVERY), {"VALUE": "DURATION"})
    written.add("X-PUBLISHED-TTL", vDuration(EVERY))
    return filled(written, [event(person, entry) for entry in entries], entries)


def invitation(person: UUID, address: str, entry: Entry, sequence: int) -> bytes:
    """To be taken into a calendar by who gets it; it comes from the portal, not from a person."""
    return message("REQUEST", person, address, entry, sequence)


def cancellation(person: UUID, address: str, entry: Entry, sequence: int) -> bytes:
    return message("CANCEL", person, address, entry, sequence)


# the pieces of these sentences


def shell(method: str = "") -> Calendar:
    written = Calendar()
    written.add("PRODID", PRODUCT)
    written.add("VERSION", "2.0")
    if method:
        written.add("METHOD", method)
    return written


def filled(written: Calendar, events: Iterable[Component], entries: Iterable[Entry]) -> bytes:
    zones = {entry.occurrence.event.zone: entry.occurrence.starts_at.year for entry in reversed(list(entries))}
    for zone, first in sorted(zones.items()):
        written.add_component(clock_of(zone, first))
    for each in events:
        written.add_component(each)
    said: bytes = written.to_ical()
    return said


def event(person: UUID, entry: Entry) -> Event:
    occurrence, written = entry.occurrence, Event()
    named = entry.titled and not is_sensitive(occurrence)
    written.add("UID", str(name(person, occurrence)))
    written.add("SEQUENCE", occurrence.sequence)
    written.add("DTSTAMP", occurrence.changed_at.astimezone(UTC))
    written.add("LAST-MODIFIED", occurrence.changed_at.astimezone(UTC))
    begins, ends = told(occurrence)
    written.add("DTSTART", begins)
    written.add("DTEND", ends)
    written.add("SUMMARY", summary(entry, named=named))
    written.add("STATUS", status(entry))
    written.add("TRANSP", "OPAQUE" if entry.comes else "TRANSPARENT")
    written.add("CLASS", "PUBLIC" if named else "PRIVATE")
    if named:
        address = f"{settings.ORIGIN}/events/{occurrence.event_id}"
        written.add("URL", address)
        written.add("DESCRIPTION", address)
        if occurrence.event.area:
            written.add("LOCATION", areas.full_name(occurrence.event.area))
    return written


def message(method: str, person: UUID, address: str, entry: Entry, sequence: int) -> bytes:
    written = event(person, entry)
    written["SEQUENCE"] = sequence
    written["STATUS"] = vText("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    written.add("ORGANIZER", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params.update({"RSVP": "FALSE", "PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT"})
    written.add("ATTENDEE", attendee)
    return filled(shell(method), [written], [entry])


def is_sensitive(occurrence: Occurrence) -> bool:
    return KINDS[occurrence.event.event_kind].sensitive


def name(person: UUID, occurrence: Occurrence) -> UUID:
    """The same in all that leaves the portal for one person; of what is sensitive, another for each."""
    return uuid5(person, str(occurrence.pk)) if is_sensitive(occurrence) else occurrence.pk


def told(occurrence: Occurrence) -> tuple[datetime, datetime]:
    """By the clock of the place. Of an hour that it shows twice the first is read: what begins or ends in the second is
    told in UTC."""
    zone = ZoneInfo(occurrence.event.zone)
    local = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    if any(moment.fold for moment in local):
        return occurrence.starts_at.astimezone(UTC), occurrence.ends_at.astimezone(UTC)
    return local


def summary(entry: Entry, *, named: bool) -> str:
    if is_sensitive(entry.occurrence):
        return _("Busy")
    if not named:
        return _("Concord: an event")
    title = entry.occurrence.event.title
    return _("Exercise: %(title)s") % {"title": title} if entry.occurrence.event.exercise else title


def status(entry: Entry) -> str:
    if entry.occurrence.state == Planned.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if entry.comes else "TENTATIVE"
