"""Who is woken about a date: whoever holds a seat on it, wanted to be reminded, and sees it still."""

from uuid import UUID

from coordination.calendars.models import CalendarPreferences, Reminder
from coordination.events.models import RegistrationState
from coordination.events.policy import OCCURRENCES
from portal.kernel import clock
from portal.notify.reasons import NOBODY, Call, reason

REMIND = "calendars.remind"


@reason(REMIND)
def reminded(subject: UUID) -> Call:
    """Of the date as it was when they were to be: not of one that was moved, cancelled or has begun."""
    rows = Reminder.objects.select_related("registration__occurrence", "registration__person")
    reminder = rows.filter(pk=subject, starts_at__gt=clock.now()).first()
    if reminder is None:
        return NOBODY
    registration = reminder.registration
    occurrence, person = registration.occurrence, registration.person
    wanted = CalendarPreferences.objects.filter(
        person=person, reminders__in=Reminder.WANTED_BY[Reminder.Ahead(reminder.ahead)]
    )
    holds = registration.state == RegistrationState.REGISTERED and occurrence.permits("register")
    if not holds or occurrence.starts_at != reminder.starts_at or not wanted.exists():
        return NOBODY
    return Call({person.pk}) if OCCURRENCES.visible(person).filter(pk=occurrence.pk).exists() else NOBODY
