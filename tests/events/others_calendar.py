"""Random rules, and how another calendar reads them: `frontend/scripts/recurrence.js`."""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from coordination.events.recurrence import FORMS, MOST_DATES, WEEKDAYS, YEARS

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
NODE = Path(sys.executable).with_name("node")
FIRST = datetime.fromisoformat("2026-01-01")
QUARTER = timedelta(minutes=15)
DAYS = list(WEEKDAYS)
PLACES = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
POSITIONS = PLACES[2:]
ZONES = (
    "America/Chicago", "America/New_York", "America/Los_Angeles", "America/Phoenix", "America/St_Johns",
    "America/Puerto_Rico", "America/Mexico_City", "America/Santiago", "America/Havana", "America/Sao_Paulo",
    "Europe/London", "Europe/Lisbon", "Europe/Bucharest", "Africa/Cairo", "Africa/Casablanca", "Asia/Jerusalem",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia",
)  # fmt: skip


class Asked(NamedTuple):
    """A series; `until` is the moment it ends, where the rule names one."""

    parts: dict[str, str]
    start: datetime
    zone: str
    until: str | None

    @property
    def rule(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts.items())


class Series:
    """Makes up series that begin on a day that fits the rule: of others RFC 5545 does not say what dates they have."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self) -> Asked:
        start = FIRST + timedelta(days=self.random.randrange(1100)) + QUARTER * self.random.randrange(96)
        frequency = self.random.choice(list(FORMS))
        form = self.random.choice(FORMS[frequency]).split()
        parts = {"FREQ": frequency}
        if self.random.random() < 0.6:
            parts["INTERVAL"] = str(self.random.choice((1, 2, 3, 4, 5, 6, 7, 10, 12, 13, 53, 400)))
        if "BYSETPOS" in form:
            parts |= self._position(start)
        elif "BYDAY" in form and (frequency == "MONTHLY" or (frequency == "YEARLY" and "BYMONTH" in form)):
            parts["BYDAY"] = (
                self._weekdays(start)
                if self.random.random() < 0.4
                else self._places(start, others=0 if frequency == "YEARLY" else 4)
            )
        elif "BYDAY" in form:
            parts["BYDAY"] = self._weekdays(start)
        if "BYMONTHDAY" in form:
            parts["BYMONTHDAY"] = self._days(start) if frequency == "MONTHLY" else str(start.day)
        if "BYMONTH" in form:
            parts["BYMONTH"] = self._months(start, others=5 if frequency != "YEARLY" or "BYDAY" in form else 0)
        if self.random.random() < 0.3:
            parts["WKST"] = self.random.choice(DAYS)
        return Asked(parts, start, self.random.choice(ZONES), self._end(parts, start))

    def _weekdays(self, day: datetime) -> str:
        return self._shuffled([weekday(day), *self.random.sample(DAYS, self.random.randint(0, 4))])

    def _places(self, day: datetime, others: int) -> str:
        own = self.random.choice(((day.day + 6) // 7, -((days_in(day) - day.day) // 7 + 1)))
        names = self.random.sample(DAYS, self.random.randint(0, others))
        return self._shuffled([f"{own}{weekday(day)}", *(f"{self.random.choice(PLACES)}{name}" for name in names)])

    def _position(self, day: datetime) -> dict[str, str]:
        """Which of some weekdays it is in its month."""
        weekdays = self._weekdays(day)
        among = [n for n in range(1, days_in(day) + 1) if weekday(day.replace(day=n)) in weekdays]
        place = among.index(day.day)
        own = [n for n in (place + 1, place - len(among)) if n in POSITIONS]
        if not own:
            return self._position(day)
        return {"BYDAY": weekdays, "BYSETPOS": self._shuffled([own[0], self.random.choice(POSITIONS)])}

    def _days(self, day: datetime) -> str:
        own = self.random.choice((day.day, day.day - days_in(day) - 1))
        others = [self.random.choice((1, -1)) * self.random.randint(1, 31) for _ in range(self.random.randint(0, 4))]
        return self._shuffled([own, *others])

    def _months(self, day: datetime, others: int) -> str:
        return self._shuffled([day.month, *self.random.sample(range(1, 13), self.random.randint(0, others))])

    def _shuffled(self, values: Sequence[object]) -> str:
        texts = list(dict.fromkeys(map(str, values)))
        self.random.shuffle(texts)
        return ",".join(texts)

    def _end(self, parts: dict[str, str], start: datetime) -> str | None:
        if self.random.random() < 0.5:
            parts["COUNT"] = str(self.random.choice((1, 2, 5, 12, 40, 200, MOST_DATES, MOST_DATES + 1)))
            return None
        end = start + timedelta(days=self.random.randint(-10, 365 * YEARS - 1)) + QUARTER * self.random.randint(-8, 8)
        style, name = self.random.choice((("%Y%m%d", ""), ("%Y%m%dT%H%M%S", ""), ("%Y%m%dT%H%M%SZ", "moment")))
        parts["UNTIL"] = end.strftime(style)
        return end.replace(tzinfo=UTC).isoformat() if name else None


def weekday(day: datetime) -> str:
    return DAYS[day.weekday()]


def days_in(day: datetime) -> int:
    return (day + relativedelta(day=31)).day


def read_by_another(series: Sequence[Asked]) -> list[list[tuple[datetime, datetime]]]:
    """What dates each series has, by the clock of its place and in UTC: at most one more than a series may."""
    lines = "\n".join(json.dumps(_told(each)) for each in series)
    said = subprocess.run(
        [NODE, "scripts/recurrence.js"], cwd=FRONTEND, input=lines, capture_output=True, text=True, check=True
    )
    return [
        [(datetime.fromisoformat(local), datetime.fromisoformat(moment)) for local, moment in json.loads(line)]
        for line in said.stdout.splitlines()
    ]


def _told(series: Asked) -> dict[str, Any]:
    """The end of a series is told as others understand it: a day up to its last second, a moment apart."""
    parts = dict(series.parts)
    if series.until:
        del parts["UNTIL"]
    elif len(parts.get("UNTIL", "")) == len("20300131"):
        parts["UNTIL"] += "T235959"
    return {
        "rule": series._replace(parts=parts).rule,
        "start": series.start.isoformat(),
        "zone": series.zone,
        "until": series.until,
        "horizon": (series.start + relativedelta(years=YEARS)).isoformat(),
        "most": MOST_DATES + 1,
    }
