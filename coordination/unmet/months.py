"""Months, each by its first day."""

from datetime import date

from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.models import Network

MONTHS = 12
FIRST_YEAR = 2000


def this_month() -> date:
    """Where the network is."""
    return Network.current().day(clock.now()).replace(day=1)


def after(month: date, count: int = 1) -> date:
    years, months = divmod(month.year * MONTHS + month.month - 1 + count, MONTHS)
    return date(years, months + 1, 1)


def before(month: date, count: int = 1) -> date:
    return after(month, -count)


def year_until(last: date) -> list[date]:
    """The twelve months that end with this one."""
    return [before(last, count) for count in reversed(range(MONTHS))]


def read(field: str, text: str) -> date:
    """The month in `2026-03`."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = date.min
    if month.year < FIRST_YEAR or written(month) != text:
        raise Invalid(field, "invalid", "Write a month such as 2030-01.")
    return month


def written(month: date) -> str:
    return f"{month:%Y-%m}"
