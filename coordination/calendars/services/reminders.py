"""Reminders of dates that somebody holds a seat on."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from coordination.calendars.models import Reminder
from coordination.calendars.waking import REMIND
from coordination.events.models import Planned, Registration, RegistrationState
from portal.kernel.writing import THE_PORTAL, service, writing
from portal.notify.reasons import call

Ahead = Reminder.Ahead
# what is nearer is reminded of as being so near
NEARER = {Ahead.DAY: Reminder.AHEAD[Ahead.HOUR], Ahead.HOUR: timedelta()}
# of what is due, so many at a time: what is left is due the next time too
BATCH = 500


@service
def remind() -> int:
    """Everybody who wants it, once of each date where it is now. Returns how many."""
    with writing(THE_PORTAL) as w:
        made = [
            Reminder(registration=registration, ahead=ahead, starts_at=registration.occurrence.starts_at)
            for ahead in Ahead
            for registration in due(ahead, w.at)[:BATCH]
        ]
        Reminder.objects.bulk_create(made)
        for reminder in made:
            call(REMIND, reminder.pk)
        return len(made)


@service
def forget_reminders() -> None:
    """Of what is over."""
    with writing(THE_PORTAL) as w:
        Reminder.objects.filter(starts_at__lte=w.at).delete()


def due(ahead: Ahead, at: datetime) -> QuerySet[Registration]:
    """Who registered later than they would be reminded, has just read of it."""
    starts_at = F("occurrence__starts_at")
    before = Reminder.objects.filter(
        registration=OuterRef("pk"), ahead=ahead, starts_at=OuterRef("occurrence__starts_at")
    )
    return (
        Registration.objects.filter(
            ~Exists(before),
            state=RegistrationState.REGISTERED,
            person__calendar_preferences__reminders__in=Reminder.WANTED_BY[ahead],
            registered_at__lte=starts_at - Reminder.AHEAD[ahead],
            occurrence__state=Planned.PLANNED,
            occurrence__starts_at__gt=at + NEARER[ahead],
            occurrence__starts_at__lte=at + Reminder.AHEAD[ahead],
        )
        .select_related("occurrence")
        .order_by("occurrence__starts_at", "pk")
    )
