"""The services of calendars, each run once: a part of EVENTS."""

from datetime import timedelta

from coordination.calendars import services as calendars
from coordination.calendars.models import CalendarFeed, Mail, MailedInvitation, Reminder, Reminders, Shows
from coordination.events.models import Occurrence
from portal.kernel import clock


def make_feed(s):
    return calendars.make_feed(s.lucia, "Phone", Shows.REGISTERED)


def revoke_feed(s):
    make_feed(s)
    return lambda: calendars.revoke_feed(s.lucia, CalendarFeed.objects.get().pk)


def note_fetch(s):
    make_feed(s)
    return lambda: calendars.note_fetch(CalendarFeed.objects.get())


def choose(s):
    calendars.choose(s.lucia, Reminders.BOTH, Mail.WITH_TITLE)


def first():
    return Occurrence.objects.select_related("event").earliest("starts_at")


def revise_invitations(s):
    choose(s)
    calendars.revise_invitations(first())
    assert MailedInvitation.objects.exists()


def remind(s):
    choose(s)
    first().registrations.update(registered_at=clock.now() - timedelta(days=9))
    return reminded


def reminded():
    with clock.at(first().starts_at - timedelta(minutes=30)):
        assert calendars.remind() == 1


def forget_reminders(s):
    remind(s)()
    return forgotten


def forgotten():
    with clock.at(first().starts_at):
        calendars.forget_reminders()
    assert not Reminder.objects.exists()


CALENDARS = {
    f"coordination.calendars.services.{scenario.__name__}": scenario
    for scenario in (
        *(make_feed, revoke_feed, note_fetch),
        *(choose, revise_invitations, remind, forget_reminders),
    )
}
