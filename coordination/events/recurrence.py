"""When a series takes place: rules of RFC 5545, laid out on the clock of a place, and what each date is in UTC.

Pure. People subscribe with calendars that read the rule for themselves, so what is not read alike is refused.
"""

import re
from calendar import isleap
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, UTC, date, datetime, time
from itertools import islice, takewhile
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dateutil import rrule
from dateutil.relativedelta import relativedelta

MOST_DATES = 366
YEARS = 3
LONGEST = 300

MENDS = {
    "rule_malformed": "Write a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO;COUNT=10.",
    "rule_not_supported": "Not every calendar reads this rule alike. Say it more simply.",
    "rule_never_ends": "Say how many dates there are (COUNT), or until when (UNTIL).",
    "rule_never_occurs": "No day fits this rule.",
    "rule_misses_start": "Begin on a day that fits the rule.",
    "rule_too_many": f"A series has {MOST_DATES} dates at most.",
    "rule_too_long": f"A series lasts {YEARS} years at most.",
}

# What may stand together in a rule. Over anything more, dateutil and the ical.js of Thunderbird differ (see _one_way).
FORMS = {
    "DAILY": ("", "BYDAY", "BYMONTH", "BYDAY BYMONTH"),
    "WEEKLY": ("", "BYDAY", "BYMONTH", "BYDAY BYMONTH"),
    "MONTHLY": ("", "BYDAY", "BYDAY BYSETPOS", "BYMONTHDAY"),
    "YEARLY": ("", "BYDAY", "BYMONTH", "BYDAY BYMONTH", "BYMONTH BYMONTHDAY"),
}
FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
WEEKDAYS = {str(day): day for day in (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)}
PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
END = re.compile(r"\d{8}(T\d{6}Z?)?")


class RuleError(Exception):
    """No series can have this rule: a code of `MENDS`, and that mend."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = MENDS[code]


def dates(rule: str, start: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every date of the series by the clock of the place, `start` first.

    Raises:
        RuleError: this is no rule; or it never ends, never occurs, begins on another day, goes on for too long.
    """
    parts = _read(rule)
    count, until = parts.get("COUNT"), parts.get("UNTIL")
    horizon = start + relativedelta(years=YEARS)
    if until and not _over(until, horizon, zone):
        raise RuleError("rule_too_long")
    going_on = takewhile(lambda each: not (until and _over(until, each, zone)), _laid_out(parts, start, horizon))
    found = list(islice(going_on, min(count or MOST_DATES + 1, MOST_DATES + 1)))
    if not found:
        raise RuleError("rule_never_occurs")
    if found[0] != start:
        raise RuleError("rule_misses_start")
    if len(found) > MOST_DATES:
        raise RuleError("rule_too_many")
    if count and len(found) < count:
        raise RuleError("rule_too_long")
    return found


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of the place shows, in UTC.

    Of what it shows twice, the first. What it leaves out is told as if it had not been put forward (RFC 5545, 3.3.5).
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock of the place ever shows this."""
    return moment(local, zone).astimezone(zone).replace(tzinfo=None, fold=0) == local


def _read(rule: str) -> dict[str, Any]:
    """The parts of a rule, each by its name. Raises RuleError."""
    if len(rule) > LONGEST:
        raise RuleError("rule_malformed")
    parts: dict[str, Any] = {}
    for text in rule.split(";"):
        part = PART.fullmatch(text)
        if not part or part[1] in parts:
            raise RuleError("rule_malformed")
        if part[1] not in READERS:
            raise RuleError("rule_not_supported")
        parts[part[1]] = READERS[part[1]](part[2])
    _demand_sense(parts)
    return parts


def _demand_sense(parts: dict[str, Any]) -> None:
    if "FREQ" not in parts or {"COUNT", "UNTIL"} <= parts.keys():
        raise RuleError("rule_malformed")
    limits = " ".join(sorted(name for name in parts if name.startswith("BY")))
    if limits not in FORMS[parts["FREQ"]] or not _one_way(parts):
        raise RuleError("rule_not_supported")
    if not {"COUNT", "UNTIL"} & parts.keys():
        raise RuleError("rule_never_ends")


def _one_way(parts: dict[str, Any]) -> bool:
    """Whether a weekday is meant each time or counted in its month, and a year has one day that is counted."""
    weekdays, days, months = (parts.get(name, []) for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"))
    counted = [day for day in weekdays if day.n]
    if parts["FREQ"] == "YEARLY":
        if weekdays:
            return not counted or (len(weekdays) == 1 and bool(months))
        return len(months) < 2 and len(days) < 2 and all(day > 0 for day in days)
    if counted:
        return parts["FREQ"] == "MONTHLY" and counted == weekdays and "BYSETPOS" not in parts
    return True


def _laid_out(parts: dict[str, Any], start: datetime, horizon: datetime) -> Iterator[datetime]:
    """What fits the rule until the horizon.

    dateutil looks for the next date until the last day of the year 9999, for seconds where there is none. So it looks
    in the last years that run alike: from there the end is near.
    """
    ahead = _last_alike(start.year) - start.year
    fitting = rrule.rrule(
        FREQUENCIES[parts["FREQ"]],
        dtstart=start.replace(year=start.year + ahead),
        until=horizon.replace(year=horizon.year + ahead),
        interval=parts.get("INTERVAL", 1),
        wkst=parts.get("WKST"),
        byweekday=parts.get("BYDAY"),
        bymonthday=parts.get("BYMONTHDAY"),
        bymonth=parts.get("BYMONTH"),
        bysetpos=parts.get("BYSETPOS"),
    )
    try:
        for each in fitting:
            yield each.replace(year=each.year - ahead)
    except ValueError:
        return  # the week after the last one


def _last_alike(year: int) -> int:
    """The last year from which the calendar runs as it does from this one, for as long as a series may last."""
    runs = range(YEARS + 1)
    return next(
        last
        for last in range(MAXYEAR - YEARS, 0, -1)
        if all(_shape(last + each) == _shape(year + each) for each in runs)
    )


def _shape(year: int) -> tuple[int, bool]:
    return date(year, 1, 1).weekday(), isleap(year)


def _over(until: datetime, local: datetime, zone: ZoneInfo) -> bool:
    """Whether the series has ended by then. `until` has a zone, or is told by the clock of the place."""
    return (moment(local, zone) if until.tzinfo else local) > until


def _frequency(text: str) -> str:
    if text not in FREQUENCIES:
        raise RuleError("rule_not_supported")
    return text


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,9}", text) or not lowest <= int(text) <= highest or not int(text):
            raise RuleError("rule_malformed")
        return int(text)

    return read


def _several(read: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda text: [read(each) for each in text.split(",")]


def _weekday(text: str) -> rrule.weekday:
    day = WEEKDAY.fullmatch(text)
    if not day:
        raise RuleError("rule_malformed")
    return WEEKDAYS[day[2]](int(day[1])) if day[1] else WEEKDAYS[day[2]]


def _week_start(text: str) -> rrule.weekday:
    if text not in WEEKDAYS:
        raise RuleError("rule_malformed")
    return WEEKDAYS[text]


def _end(text: str) -> datetime:
    """A day counts until it is over."""
    try:
        if not END.fullmatch(text):
            raise ValueError
        if len(text) == len("20300131"):
            return datetime.combine(datetime.strptime(text, "%Y%m%d"), time.max)  # noqa: DTZ007 - the place's clock
        end = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the place's clock
    except ValueError:
        raise RuleError("rule_malformed") from None
    return end.replace(tzinfo=UTC) if text.endswith("Z") else end


MANY = 999_999_999
READERS: dict[str, Callable[[str], Any]] = {
    "FREQ": _frequency,
    "INTERVAL": _number(1, MANY),
    "COUNT": _number(1, MANY),
    "UNTIL": _end,
    "BYDAY": _several(_weekday),
    "BYMONTHDAY": _several(_number(-31, 31)),
    "BYMONTH": _several(_number(1, 12)),
    "BYSETPOS": _several(_number(-3, 5)),
    "WKST": _week_start,
}
