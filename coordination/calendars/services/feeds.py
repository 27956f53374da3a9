"""Feeds: made, read, revoked; over for whoever works for nobody any more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from coordination.calendars.models import CalendarFeed, Shows
from coordination.calendars.policy import require_employed
from portal.kernel import clock
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.models import Audience
from portal.kernel.standing import standing
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations import tokens
from portal.people.models import User

MOST = 10
NOTED_EVERY = timedelta(hours=1)


@service
def make_feed(person: User, name: str, shows: Shows) -> tuple[CalendarFeed, str]:
    """With the token of its address, which nothing and nobody knows later on."""
    with writing(Actor(person), people=[person]) as w:
        require_employed(person)
        if person.calendar_feeds.count() >= MOST:
            raise Conflict("too_many_feeds")
        token = tokens.new()
        feed = CalendarFeed.objects.create(
            person=person, name=name, shows=shows, token_digest=tokens.digest(token), made_at=w.at
        )
        w.audit("calendar_feed.make", person_id=str(person.pk), feed=str(feed.pk), shows=shows)
        return feed, token


@service
def revoke_feed(person: User, feed: UUID) -> None:
    with writing(Actor(person)) as w:
        if not person.calendar_feeds.filter(pk=feed).delete()[0]:
            raise NotFound
        w.audit("calendar_feed.revoke", person_id=str(person.pk), feed=str(feed))


@service
def note_fetch(feed: CalendarFeed) -> None:
    """To the hour: when exactly somebody's program asks is nobody's business."""
    if feed.fetched_at and feed.fetched_at > clock.now() - NOTED_EVERY:
        return
    with writing(THE_PORTAL) as w:
        hour = w.at.replace(minute=0, second=0, microsecond=0)
        CalendarFeed.objects.filter(pk=feed.pk).update(fetched_at=hour)


def end_for_unseated(w: Writing, person: Any, audience: Audience) -> None:
    """Whoever comes back, by another employer, makes new ones."""
    if audience.kind != Audience.Kind.ORGANIZATION_MEMBERS:
        return
    if standing(person, fresh=True).within_any(Audience.Kind.ORGANIZATION_MEMBERS):
        return
    for feed in CalendarFeed.objects.filter(person=person).order_by("pk"):
        w.audit("calendar_feed.revoke", person_id=str(person.pk), feed=str(feed.pk))
        feed.delete()
