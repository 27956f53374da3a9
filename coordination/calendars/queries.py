"""What a feed holds, and whose it is; what a mail says when it goes out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from coordination.calendars.models import CalendarFeed, CalendarPreferences, Mail, MailedInvitation, Shows
from coordination.calendars.policy import may_be_told
from coordination.calendars.writer import Entry, is_sensitive
from coordination.events.models import Occurrence, Planned, Registration, RegistrationState
from coordination.events.policy import OCCURRENCES
from coordination.events.queries import attended_by
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.organizations import tokens
from portal.people.models import User

# what is longer ago stands in no feed
BEFORE = timedelta(days=60)
MOST = 2000
WANTED = (Mail.WITHOUT_TITLE, Mail.WITH_TITLE)


def feeds_of(person: User) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(person=person).order_by("-pk")


def preferences_of(person: User) -> CalendarPreferences:
    return CalendarPreferences.objects.filter(person=person).first() or CalendarPreferences(person=person)


def feed_by(token: str) -> CalendarFeed:
    """The feed with this token, while its person may be told anything: else it is as if it had never been."""
    found = CalendarFeed.objects.filter(token_digest=tokens.digest(token)).select_related("person").first()
    if found is None or not may_be_told(found.person):
        raise NotFound
    return found


def entries_of(feed: CalendarFeed) -> list[Entry]:
    """What its person may see now, in the order in which dates begin."""
    rows = OCCURRENCES.visible(feed.person).filter(ends_at__gt=clock.now() - BEFORE)
    if feed.shows == Shows.REGISTERED:
        rows = attended_by(rows, feed.person)
    found = list(rows.select_related("event").order_by("starts_at", "pk")[:MOST])
    return entries(feed.person, found)


def entries(person: User, occurrences: Collection[Occurrence]) -> list[Entry]:
    held = coming(person).filter(occurrence__in=[o.pk for o in occurrences])
    seats = set(held.values_list("occurrence", flat=True))
    return [Entry(occurrence=o, comes=o.pk in seats) for o in occurrences]


def coming(person: User) -> QuerySet[Registration]:
    return Registration.objects.filter(person=person, state=RegistrationState.REGISTERED)


# mail


@dataclass(frozen=True)
class Letter:
    """What goes out now: to whom, of what, and whether it takes back what was mailed before."""

    person: User
    entry: Entry
    sequence: int
    cancels: bool


def letter(invitation: UUID, sequence: int) -> Letter | None:
    """None where there is something newer to be said, or nobody to say it to."""
    rows = MailedInvitation.objects.select_related("person", "occurrence__event")
    mailed = rows.filter(pk=invitation, sequence=sequence, occurrence__ends_at__gt=clock.now()).first()
    if mailed is None or not mailed.person.is_active:
        return None
    chosen = CalendarPreferences.objects.filter(person=mailed.person, mail__in=WANTED).first()
    if chosen is None or (not mailed.cancelled and not comes(mailed.person, mailed.occurrence)):
        return None
    titled = not mailed.cancelled and says_title(chosen, mailed.occurrence)
    entry = Entry(occurrence=mailed.occurrence, comes=not mailed.cancelled, titled=titled)
    return Letter(mailed.person, entry, mailed.sequence, mailed.cancelled)


def comes(person: User, occurrence: Occurrence) -> bool:
    """To a date that takes place: holds a seat, sees it still, and may be told so."""
    if occurrence.state != Planned.PLANNED or not may_be_told(person):
        return False
    held = coming(person).filter(occurrence=occurrence)
    return held.exists() and OCCURRENCES.visible(person).filter(pk=occurrence.pk).exists()


def says_title(chosen: CalendarPreferences, occurrence: Occurrence) -> bool:
    return chosen.mail == Mail.WITH_TITLE and not is_sensitive(occurrence)
