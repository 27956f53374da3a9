"""What a person is told of their feeds, and of what they chose. Nobody else is."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings

from coordination.calendars import models


class CalendarFeed(msgspec.Struct, kw_only=True):
    """A program that reads my dates. Of its address nothing is known any more."""

    id: UUID
    name: str
    shows: models.Shows
    made_at: datetime
    fetched_at: datetime | None


class CalendarFeeds(msgspec.Struct, kw_only=True):
    results: list[CalendarFeed]


class NewCalendarFeed(msgspec.Struct, kw_only=True):
    """With its address, told this once."""

    feed: CalendarFeed
    address: str


class CalendarPreferences(msgspec.Struct, kw_only=True):
    reminders: models.Reminders
    mail: models.Mail


def shape_feed(feed: models.CalendarFeed) -> CalendarFeed:
    return CalendarFeed(
        id=feed.pk,
        name=feed.name,
        shows=models.Shows(feed.shows),
        made_at=feed.made_at,
        fetched_at=feed.fetched_at,
    )


def shape_new_feed(feed: models.CalendarFeed, token: str) -> NewCalendarFeed:
    return NewCalendarFeed(feed=shape_feed(feed), address=f"{settings.ORIGIN}/api/v1/calendar-feeds/{token}.ics")


def shape_preferences(chosen: models.CalendarPreferences) -> CalendarPreferences:
    return CalendarPreferences(reminders=models.Reminders(chosen.reminders), mail=models.Mail(chosen.mail))
