"""When somebody's quiet hours end. Pure: the clock on the wall counts, whatever it does that night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_quiet(begins: time, ends: time, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When the quiet hours that run at this moment are over; None where none do."""
    here = at.astimezone(zone)
    for days in (-1, 0):
        first = here.date() + timedelta(days=days)
        last = first + timedelta(days=begins > ends)
        from_, until = moment(first, begins, zone), moment(last, ends, zone)
        if from_ <= at < until:
            return until
    return None


def moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """When the clocks there first say so; an hour that they leave out is over when they have left it out."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
