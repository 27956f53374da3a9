"""What a person wants to leave the portal."""

from coordination.calendars.models import CalendarFeed, CalendarPreferences, Mail, MailedInvitation, Reminders
from coordination.calendars.services.invitations import follow_dates
from coordination.events.policy import OCCURRENCES
from coordination.events.queries import attended_by
from portal.kernel.writing import Actor, Writing, service, writing
from portal.people.models import User


@service
def choose(person: User, reminders: Reminders, mail: Mail) -> CalendarPreferences:
    """Mail begins with the dates to which they come already."""
    with writing(Actor(person)) as w:
        chosen, _ = CalendarPreferences.objects.update_or_create(
            person=person, defaults={"reminders": reminders, "mail": mail}
        )
        ahead = attended_by(OCCURRENCES.visible(person), person).filter(starts_at__gt=w.at)
        follow_dates(list(ahead))
        w.audit("calendar_preferences.choose", person_id=str(person.pk), reminders=reminders, mail=mail)
        return chosen


def forget_person(w: Writing, person: User) -> None:
    for rows in (CalendarFeed.objects, CalendarPreferences.objects, MailedInvitation.objects):
        rows.filter(person=person).delete()
