"""Clocks that pause: office hours where the network is, right on the days on which its clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.requests.clocks import due, in_office_hours, office_hours
from coordination.requests.kinds import KINDS
from tests import world

DENVER, BERLIN, ST_JOHN = ZoneInfo("America/Denver"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")
PAUSING = {"service_referral", "information_request", "joint_training", "co_host_event", "policy_mou_review"}


def at(text, zone=DENVER):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-25T09:00", 2, "2026-11-25T11:00"),  # a Wednesday
        ("2026-11-25T17:00", 2, "2026-11-26T09:00"),  # over night
        ("2026-11-25T17:00", 1, "2026-11-25T18:00"),  # to the minute
        ("2026-11-27T17:00", 2, "2026-11-30T09:00"),  # over the weekend
        ("2026-11-28T03:00", 1, "2026-11-30T09:00"),  # begun on a Saturday
        ("2026-11-25T05:00", 1, "2026-11-25T09:00"),  # begun before the office opens
        ("2026-11-25T23:00", 1, "2026-11-26T09:00"),  # begun after it closed
        ("2026-11-28T03:00", 0, "2026-11-30T08:00"),  # no time at all: the next office hour
        ("2026-11-25T09:00", 0, "2026-11-25T09:00"),
        ("2026-11-25T09:00", 20, "2026-11-27T09:00"),  # two working days
        ("2026-03-06T17:00", 2, "2026-03-09T09:00"),  # clocks go forward that Sunday
        ("2026-10-30T17:00", 2, "2026-11-02T09:00"),  # and back that one
    ],
)
def test_office_hours_by_the_clock_on_the_wall(start, hours, end):
    assert in_office_hours(at(start), timedelta(hours=hours), DENVER) == at(end)


def test_a_weekend_on_which_the_clocks_change_is_an_hour_shorter_or_longer():
    def waited(start, zone):
        return in_office_hours(at(start, zone), timedelta(hours=2), zone) - at(start, zone).astimezone(UTC)

    usual = timedelta(hours=64)
    assert waited("2026-11-27T17:00", DENVER) == usual
    assert waited("2026-03-06T17:00", DENVER) == usual - timedelta(hours=1)
    assert waited("2026-10-30T17:00", DENVER) == usual + timedelta(hours=1)
    assert waited("2026-03-27T17:00", BERLIN) == usual - timedelta(hours=1)
    assert waited("2026-10-23T17:00", BERLIN) == usual + timedelta(hours=1)


minutes = st.integers(0, 15 * 366 * 24 * 60)
moments = minutes.map(lambda passed: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=passed))
waits = st.timedeltas(timedelta(), timedelta(days=20))


@given(start=moments, wait=waits, zone=st.sampled_from([DENVER, BERLIN, ST_JOHN]))
def test_exactly_so_much_office_time_lies_between(start, wait, zone):
    end = in_office_hours(start, wait, zone)
    spent = timedelta()
    for opens, closes in office_hours(start, zone):
        if opens > end:
            break
        spent += max(min(closes, end) - max(opens, start), timedelta())
    assert spent == wait
    local = end.astimezone(zone)
    assert local.weekday() < 5
    assert 8 <= local.hour <= 18


def test_a_day_of_a_kind_that_pauses_is_a_working_day(db):
    world.network()
    assert {name for name, kind in KINDS.items() if kind.pauses} == PAUSING
    friday = at("2026-11-27T17:00")
    assert due(KINDS["information_request"], friday, timedelta(days=2)) == at("2026-12-01T17:00")
    assert due(KINDS["emergency_shelter"], friday, timedelta(minutes=5)) == friday + timedelta(minutes=5)
