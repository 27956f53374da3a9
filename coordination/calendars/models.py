from datetime import timedelta

from django.conf import settings
from django.db import models

from coordination.events.models import Occurrence, Registration
from portal.kernel.ids import uuid7


class Shows(models.TextChoices):
    """The dates that a feed holds: those its person registered for, or all that they are invited to."""

    REGISTERED = "registered"
    INVITED = "invited"


class CalendarFeed(models.Model):
    """That a program of this person's reads their dates, by an address that is told once and kept as its digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    # what its person calls the program or the device
    name = models.CharField(max_length=60)
    shows = models.CharField(max_length=16, choices=Shows.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # to the hour
    fetched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar feed {self.id}"


class Reminders(models.TextChoices):
    """How long before a date its person is reminded."""

    NONE = "none"
    DAY = "day"
    HOUR = "hour"
    BOTH = "both"


class Mail(models.TextChoices):
    """Whether invitations go to a person's mailbox, and whether these say to what."""

    NONE = "none"
    WITHOUT_TITLE = "without_title"
    WITH_TITLE = "with_title"


class CalendarPreferences(models.Model):
    """What a person wants to leave the portal. Without a row: nothing does."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="calendar_preferences"
    )
    reminders = models.CharField(max_length=16, choices=Reminders.choices, default=Reminders.NONE)
    mail = models.CharField(max_length=16, choices=Mail.choices, default=Mail.NONE)


class MailedInvitation(models.Model):
    """What stands of a date in a person's mailbox: it is mailed again when that is no longer so, and only then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="mailed_invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    cancelled = models.BooleanField(default=False)
    # digest of the words and times
    said = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="mailed_once", fields=["occurrence", "person"])]


class Reminder(models.Model):
    """That somebody was to be reminded of a date, as it was then: of one that moves they are reminded anew."""

    class Ahead(models.TextChoices):
        DAY = "day"
        HOUR = "hour"

    AHEAD = {Ahead.DAY: timedelta(days=1), Ahead.HOUR: timedelta(hours=1)}
    WANTED_BY = {
        Ahead.DAY: (Reminders.DAY, Reminders.BOTH),
        Ahead.HOUR: (Reminders.HOUR, Reminders.BOTH),
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="reminders")
    ahead = models.CharField(max_length=8, choices=Ahead.choices)
    starts_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reminded_once", fields=["registration", "ahead", "starts_at"]),
        ]
