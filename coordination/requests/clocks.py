"""When a clock has run out. Those of a kind that pauses run in office hours alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from coordination.requests.kinds import RequestKind
from coordination.requests.models import Request
from portal.kernel.models import Network

# Monday to Friday, where the network is
OPENS, CLOSES = time(8), time(18)
WORKING_DAY, DAY = timedelta(hours=10), timedelta(days=1)
SATURDAY = 5


def due(kind: RequestKind, start: datetime, wait: timedelta) -> datetime:
    """When `wait` has passed since `start`. A day of a kind that pauses is a working day."""
    if not kind.pauses:
        return start + wait
    return in_office_hours(start, wait * (WORKING_DAY / DAY), Network.current().zone)


def in_office_hours(start: datetime, wait: timedelta, zone: ZoneInfo) -> datetime:
    """When so much time of office hours has passed since `start`, in UTC; none: when the next one begins."""
    for opens, closes in office_hours(start, zone):
        begins = max(start, opens)
        if begins + wait <= closes:
            return begins + wait
        wait -= max(closes - begins, timedelta())
    raise AssertionError("unreachable")


def office_hours(start: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Of the day of `start` and all that follow: each is as long as the clocks there say that day."""
    first = start.astimezone(zone).date()
    for days in count():
        day = first + timedelta(days=days)
        if day.weekday() < SATURDAY:
            opens, closes = (datetime.combine(day, hour, zone).astimezone(UTC) for hour in (OPENS, CLOSES))
            yield opens, closes


def following_ring(kind: RequestKind, request: Request, at: datetime) -> datetime | None:
    """After the ring of this moment: a step's time later, and when it was to be answered.

    Past that it rings for the steps that are left.
    """
    after = due(kind, at, kind.acknowledge)
    if at < request.answer_by:
        return min(after, due(kind, request.answer_by, timedelta()))
    return None if request.is_fully_escalated else after
