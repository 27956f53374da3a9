"""Quiet hours: over midnight, and in the nights in which clocks are moved."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from portal.notify.quiet import end_of_quiet

DENVER = ZoneInfo("America/Denver")


def ends(begins, until, at):
    found = end_of_quiet(time.fromisoformat(begins), time.fromisoformat(until), DENVER, moment(at))
    return found.astimezone(DENVER).strftime("%d %H:%M") if found else None


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=DENVER)


@pytest.mark.parametrize(
    ("begins", "until", "at", "end"),
    [
        ("22:00", "07:00", "2026-06-10T21:59", None),
        ("22:00", "07:00", "2026-06-10T22:00", "11 07:00"),
        ("22:00", "07:00", "2026-06-11T00:30", "11 07:00"),
        ("22:00", "07:00", "2026-06-11T06:59", "11 07:00"),
        ("22:00", "07:00", "2026-06-11T07:00", None),
        ("13:00", "15:00", "2026-06-10T14:00", "10 15:00"),
        ("13:00", "15:00", "2026-06-10T15:00", None),
        ("13:00", "15:00", "2026-06-10T02:00", None),
        ("00:00", "06:00", "2026-06-10T00:00", "10 06:00"),
        # the clocks go forward on 8 March 2026 at two, and back on 1 November
        ("22:00", "07:00", "2026-03-08T01:00", "08 07:00"),
        ("22:00", "07:00", "2026-11-01T00:30", "01 07:00"),
        ("22:00", "02:30", "2026-03-07T23:00", "08 03:30"),
    ],
)
def test_when_they_end(begins, until, at, end):
    assert ends(begins, until, at) == end


def test_they_last_as_long_as_the_night_does():
    for evening, hours in (("2026-03-07T22:00", 8), ("2026-10-31T22:00", 10), ("2026-06-10T22:00", 9)):
        at = moment(evening)
        found = end_of_quiet(time(22), time(7), DENVER, at)
        assert (found - at.astimezone(found.tzinfo)).total_seconds() == hours * 3600
