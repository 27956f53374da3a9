"""When: a time with its zone, as forms take it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import serializers

from portal.kernel import clock

FARTHEST = timedelta(days=366)
FARTHEST_DAY = timedelta(days=5 * 366)
# what is asked for may have begun, but not yesterday
PAST = timedelta(hours=12)


class Moment(serializers.DateTimeField):
    """A time with its zone, neither long gone nor more than a year ahead. Kept as ISO 8601, UTC."""

    default_error_messages = {
        "in_the_past": "This time is over.",
        "too_far": "This is more than a year ahead.",
        "not_a_date": "Write a date and time with its zone, such as 2030-01-31T21:00:00Z.",
    }

    def __init__(self, *, past: timedelta = PAST, **options: Any) -> None:
        self.past = past
        super().__init__(**options)

    def to_internal_value(self, value: Any) -> Any:
        moment = zoned(value)
        if moment is None:
            self.fail("not_a_date")
        if moment < clock.now() - self.past:
            self.fail("in_the_past")
        if moment > clock.now() + FARTHEST:
            self.fail("too_far")
        return moment


def zoned(value: Any) -> datetime | None:
    """The moment in UTC; None for what is no moment, or does not say in which zone."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


class Day(serializers.DateField):
    """A day, not more than some years ahead: what it is compared with is the service's matter. ISO 8601."""

    default_error_messages = {
        "too_far": "This is more than five years ahead.",
        "not_a_date": "Write a date, such as 2030-01-31.",
    }

    def to_internal_value(self, value: Any) -> Any:
        try:
            day = parse_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None:
            self.fail("not_a_date")
        if day > clock.now().date() + FARTHEST_DAY:
            self.fail("too_far")
        return day
