"""Series: the dates that other calendars find too, at the same moments; and rules that no series can have.

TEST_RULES=10000 tries more rules than a run of all tests does.
"""

import os
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.events.recurrence import MENDS, MOST_DATES, RuleError, dates, exists, moment
from tests.events.others_calendar import Asked, Series, read_by_another

pytestmark = pytest.mark.needs_sqlite

RULES = int(os.environ.get("TEST_RULES", "500"))
MONDAY = datetime.fromisoformat("2026-01-05T09:00")
CHICAGO = ZoneInfo("America/Chicago")
Outcome = list[tuple[datetime, datetime]] | str


def test_another_calendar_finds_the_same_dates() -> None:
    maker = Series(seed=5545)
    series = [maker.one() for _ in range(RULES)]
    differing = [
        (each.rule, each.start.isoformat(), each.zone)
        for each, theirs in zip(series, read_by_another(series), strict=True)
        if ours(each) != judged(each, theirs)
    ]
    assert differing == []


def test_most_rules_made_up_make_a_series() -> None:
    maker = Series(seed=5545)
    made = [ours(maker.one()) for _ in range(200)]
    assert sum(isinstance(each, list) for each in made) > 100
    assert {each for each in made if isinstance(each, str)} == {
        "rule_never_occurs", "rule_too_long", "rule_too_many",
    }  # fmt: skip


def ours(series: Asked) -> Outcome:
    zone = ZoneInfo(series.zone)
    try:
        return [(each, moment(each, zone)) for each in dates(series.rule, series.start, zone)]
    except RuleError as fault:
        return fault.code


def judged(series: Asked, found: list[tuple[datetime, datetime]]) -> Outcome:
    """What another calendar finds, as far as a series may go."""
    if not found:
        return "rule_never_occurs"
    if found[0][0] != series.start:
        return "rule_misses_start"
    if len(found) > MOST_DATES:
        return "rule_too_many"
    return "rule_too_long" if len(found) < int(series.parts.get("COUNT", 0)) else found


# by the clock of the place, and in UTC
CLOCKS = [
    # put forward at 02:00 on 8 March, back at 02:00 on 1 November
    ("America/Chicago", "2026-03-07T19:00", "2026-03-08T01:00"),
    ("America/Chicago", "2026-03-08T19:00", "2026-03-09T00:00"),
    ("America/Chicago", "2026-03-08T01:59", "2026-03-08T07:59"),
    ("America/Chicago", "2026-03-08T02:30", "2026-03-08T08:30"),
    ("America/Chicago", "2026-11-01T00:59", "2026-11-01T05:59"),
    ("America/Chicago", "2026-11-01T01:30", "2026-11-01T06:30"),
    ("America/Chicago", "2026-11-01T02:00", "2026-11-01T08:00"),
    # at 01:00 UTC on 29 March and 25 October
    ("Europe/London", "2026-03-29T01:30", "2026-03-29T01:30"),
    ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30"),
    ("Europe/London", "2026-10-25T02:00", "2026-10-25T02:00"),
    # by half an hour, at 02:00 on 5 April and 4 October
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
    ("Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),
    # 30 December 2011 was left out
    ("Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59"),
    ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00"),
    ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00"),
    # back for Ramadan
    ("Africa/Casablanca", "2026-02-10T09:00", "2026-02-10T08:00"),
    ("Africa/Casablanca", "2026-02-20T09:00", "2026-02-20T09:00"),
    ("Africa/Casablanca", "2026-03-25T09:00", "2026-03-25T08:00"),
]
NEVER_SHOWN = {
    ("America/Chicago", "2026-03-08T02:00"),
    ("America/Chicago", "2026-03-08T02:30"),
    ("America/Chicago", "2026-03-08T02:59"),
    ("Europe/London", "2026-03-29T01:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15"),
    ("Pacific/Apia", "2011-12-30T12:00"),
}


@pytest.mark.parametrize(("zone", "local", "utc"), CLOCKS)
def test_moments(zone: str, local: str, utc: str) -> None:
    shown = datetime.fromisoformat(local)
    assert moment(shown, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert exists(shown, ZoneInfo(zone)) is ((zone, local) not in NEVER_SHOWN)


@pytest.mark.parametrize(("zone", "local"), sorted(NEVER_SHOWN))
def test_hours_that_a_clock_leaves_out(zone: str, local: str) -> None:
    assert not exists(datetime.fromisoformat(local), ZoneInfo(zone))


def test_a_monthly_course_keeps_its_hour_when_the_clock_changes() -> None:
    course = dates("FREQ=MONTHLY;BYDAY=2TU;COUNT=12", datetime.fromisoformat("2026-01-13T18:30"), CHICAGO)
    assert {(each.hour, each.minute, each.weekday()) for each in course} == {(18, 30, 1)}
    assert [moment(each, CHICAGO).hour for each in course] == [0, 0, *[23] * 8, 0, 0]


@pytest.mark.parametrize(
    ("rule", "last", "how_many"),
    [
        ("FREQ=DAILY;COUNT=366", "2027-01-05T09:00", 366),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4", "2026-01-23T09:00", 4),
        ("FREQ=MONTHLY;BYDAY=1MO;UNTIL=20260504", "2026-05-04T09:00", 5),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3;COUNT=2", "2026-02-04T09:00", 2),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5;COUNT=4", "2029-01-05T09:00", 4),
        # the place's clock
        ("FREQ=DAILY;UNTIL=20260107T090000", "2026-01-07T09:00", 3),
        ("FREQ=DAILY;UNTIL=20260107T085959", "2026-01-06T09:00", 2),
        # a moment: Chicago is six hours behind
        ("FREQ=DAILY;UNTIL=20260107T150000Z", "2026-01-07T09:00", 3),
        ("FREQ=DAILY;UNTIL=20260107T145959Z", "2026-01-06T09:00", 2),
        ("FREQ=DAILY;INTERVAL=999999999;COUNT=1", "2026-01-05T09:00", 1),
    ],
)
def test_series(rule: str, last: str, how_many: int) -> None:
    found = dates(rule, MONDAY, CHICAGO)
    assert found[0] == MONDAY
    assert found[-1] == datetime.fromisoformat(last)
    assert len(found) == how_many


NO_SERIES = {
    "rule_malformed": (
        "", "FREQ", "FREQ=", "freq=daily;COUNT=2", "FREQ=DAILY;COUNT=2;", "FREQ=DAILY;;COUNT=2", "COUNT=2",
        "FREQ=DAILY;COUNT=2;COUNT=3", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=1.5",
        "FREQ=DAILY;COUNT=٣", "FREQ=DAILY;COUNT=9999999999", "FREQ=DAILY;INTERVAL=0;COUNT=2",
        "FREQ=DAILY;COUNT=2;UNTIL=20260110", "FREQ=DAILY;UNTIL=20260231", "FREQ=DAILY;UNTIL=2026-01-10",
        "FREQ=DAILY;UNTIL=20260110T250000", "FREQ=DAILY;UNTIL=00000000", "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=WEEKLY;BYDAY=MO,;COUNT=2", "FREQ=MONTHLY;BYDAY=0MO;COUNT=2", "FREQ=MONTHLY;BYDAY=6MO;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2", "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", "FREQ=YEARLY;BYMONTH=13;COUNT=2",
        "FREQ=WEEKLY;WKST=1MO;COUNT=2", "FREQ=DAILY\nCOUNT=2", "FREQ=WEEKLY;COUNT=2;BYDAY=" + "MO," * 200 + "MO",
    ),
    "rule_not_supported": (
        "FREQ=HOURLY;COUNT=2", "FREQ=SECONDLY;COUNT=2", "FREQ=DAILY;BYHOUR=9,10;COUNT=2",
        "FREQ=YEARLY;BYWEEKNO=2;COUNT=2",
        "FREQ=YEARLY;BYYEARDAY=5;COUNT=2", "FREQ=DAILY;RSCALE=CHINESE;COUNT=2", "FREQ=DAILY;EXDATE=20260106;COUNT=2",
        "FREQ=WEEKLY;BYDAY=1MO;COUNT=2", "FREQ=WEEKLY;BYMONTHDAY=5;COUNT=2", "FREQ=DAILY;BYSETPOS=1;COUNT=2",
        "FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=2", "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=5;COUNT=2",
        "FREQ=YEARLY;BYDAY=1MO;COUNT=2",
        "FREQ=YEARLY;BYMONTHDAY=5;COUNT=2", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5,6;COUNT=2",
        "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-27;COUNT=2", "FREQ=YEARLY;BYMONTH=1,2;COUNT=2",
    ),
    "rule_never_ends": ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=YEARLY;INTERVAL=5"),
    "rule_never_occurs": (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=2", "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=2",
        "FREQ=DAILY;UNTIL=20260104",
        "FREQ=DAILY;UNTIL=00010101T000000Z", "FREQ=WEEKLY;INTERVAL=52;BYMONTH=7;COUNT=2",
    ),
    "rule_misses_start": ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2"),
    "rule_too_many": ("FREQ=DAILY;COUNT=367", "FREQ=DAILY;UNTIL=20270106", "FREQ=DAILY;COUNT=999999999"),
    "rule_too_long": (
        "FREQ=YEARLY;COUNT=5", "FREQ=MONTHLY;COUNT=38", "FREQ=DAILY;INTERVAL=999999999;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=999999999;COUNT=2", "FREQ=MONTHLY;INTERVAL=999999999;COUNT=2",
        "FREQ=YEARLY;UNTIL=20290106", "FREQ=DAILY;UNTIL=99991231T235959Z",
    ),
}  # fmt: skip


def test_each_refusal_has_its_rules() -> None:
    assert NO_SERIES.keys() == MENDS.keys()


@pytest.mark.parametrize(("code", "rule"), [(code, rule) for code, rules in NO_SERIES.items() for rule in rules])
def test_no_series(code: str, rule: str) -> None:
    began = time.process_time()
    with pytest.raises(RuleError) as refused:
        dates(rule, MONDAY, CHICAGO)
    assert refused.value.code == code
    assert refused.value.message == MENDS[code]
    assert time.process_time() - began < 0.5
