"""Calendars as programs elsewhere read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from portal.kernel import clock
from tests import world
from tests.scene import API


def subscribed(person: Any, shows: str = "registered", name: str = "Phone") -> str:
    """The path that the person's own program is told."""
    answer = world.client(person).post(f"{API}/calendar-feeds", {"name": name, "shows": shows})
    assert answer.status_code == 201, answer.content
    return path_of(answer.json()["address"])


def path_of(address: str) -> str:
    return address[address.index(API) :]


def fetched(path: str, **headers: str) -> Any:
    """By a program that has no session."""
    return world.client().get(path, headers=headers)


def entries(path: str) -> list[Any]:
    answer = fetched(path)
    assert answer.status_code == 200, answer.content
    return read(answer.content)


def read(said: bytes) -> list[Any]:
    return Calendar.from_ical(said).walk("VEVENT")


def laid_out(said: bytes, days: int = 400) -> list[tuple[datetime, datetime, str]]:
    """As `recurring-ical-events` shows them: when each begins and ends, and whether it takes place. All in UTC: in an
    hour that is shown twice no moment of one zone equals any of another (PEP 495)."""
    now = clock.now()
    found = recurring_ical_events.of(Calendar.from_ical(said)).between(
        now - timedelta(days=7), now + timedelta(days=days)
    )
    return sorted((e.start.astimezone(UTC), e.end.astimezone(UTC), str(e["STATUS"])) for e in found)
