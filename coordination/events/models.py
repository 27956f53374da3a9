from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from coordination.events.fields import LocalField
from coordination.events.kinds import KINDS, TRAINING
from portal.kernel import clock
from portal.kernel.models import Audience, Versioned
from portal.organizations.models import Organization

LONGEST_RULE = 300
PUBLIC_KINDS = [kind.name for kind in KINDS.values() if kind.public]


class Planned(models.TextChoices):
    """Where an event, or one of its dates, stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class Event(Versioned):
    """An organization invites to something, on one date or on many. It names no place finer than a county.

    `local_start`, `minutes` and `rule` say when by the clock of its zone; each date is an `Occurrence`.
    """

    kind = "event"
    State = Planned

    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="events")
    # who posted it, or took it over since: they steer it
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    event_kind = models.CharField(max_length=32, choices=[(name, name) for name in KINDS], db_index=True)
    title = models.CharField(max_length=120)
    about = models.CharField(max_length=2000, blank=True, default="")
    # empty: it is online only
    area = models.CharField(max_length=16, blank=True, default="")
    zone = models.CharField(max_length=64)
    local_start = LocalField()
    minutes = models.PositiveIntegerField()
    # of RFC 5545; empty: one date
    rule = models.CharField(max_length=LONGEST_RULE, blank=True, default="")
    # of each date that was not given others; null: no limit
    seats = models.PositiveIntegerField(null=True)
    # whether who was there gets a certificate
    certificate = models.BooleanField(default=False)
    # a drill: nothing of it is real
    exercise = models.BooleanField(default=False)
    # anybody may read of it, on the public pages; where it is stays for whom it was shared with
    public = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PLANNED)
    # who holds a seat on a date to come
    attendees = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="event_says_what", condition=~Q(title="")),
            models.CheckConstraint(name="event_lasts", condition=Q(minutes__gte=1)),
            models.CheckConstraint(name="event_has_seats", condition=Q(seats__isnull=True) | Q(seats__gte=1)),
            models.CheckConstraint(name="event_state_is_known", condition=Q(state__in=["planned", "cancelled"])),
            models.CheckConstraint(
                name="event_certifies_trainings",
                condition=Q(certificate=False) | Q(exercise=False, event_kind__in=TRAINING),
            ),
            models.CheckConstraint(
                name="event_is_fit_for_the_public",
                condition=Q(public=False) | Q(exercise=False, event_kind__in=PUBLIC_KINDS),
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.id}"

    def permits(self, verb: str) -> bool:
        match verb:
            case "unshare":
                return True
            case "unpublish":
                return self.public
            case "publish":
                fit = self.event_kind in PUBLIC_KINDS and not self.exercise
                return fit and not self.public and self.state == Planned.PLANNED
        return self.state == Planned.PLANNED


class Occurrence(Versioned):
    """One date of an event, seen exactly as the event is. Who writes to it locks the event."""

    kind = "occurrence"
    State = Planned

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="occurrences")
    # when the rule has it: what this date is called, however it is moved
    original_start = LocalField()
    local_start = LocalField()
    minutes = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveIntegerField(null=True)
    seats_taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PLANNED)
    # how often, and when last, what a calendar says of it has changed
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="occurrence_once", fields=["event", "original_start"]),
            models.CheckConstraint(name="occurrence_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="occurrence_not_overbooked",
                condition=Q(seats_taken__gte=0)
                & (Q(seats__isnull=True) | Q(seats__gte=1, seats_taken__lte=F("seats"))),
            ),
        ]
        indexes = [models.Index(name="occurrences_by_time", fields=["starts_at", "id"])]

    def __str__(self) -> str:
        return f"occurrence {self.id}"

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.event.zone)).replace(tzinfo=None)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    def permits(self, verb: str) -> bool:
        if self.state != Planned.PLANNED:
            return False
        return self.has_begun if verb == "mark" else not self.has_begun


class RegistrationState(models.TextChoices):
    """Whether somebody comes."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class News(models.TextChoices):
    """What became of a registration without its person's doing, until they say that they know."""

    MOVED_UP = "moved_up"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Registration(Versioned):
    """That somebody comes to one date, or waits for a seat. They see it, and who organizes it does."""

    kind = "registration"
    State = RegistrationState

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="registrations")
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State.choices)
    # who waits moves up in the order of their tickets
    ticket = models.PositiveIntegerField()
    attended = models.BooleanField(null=True)
    news = models.CharField(max_length=16, choices=News.choices, blank=True, default="")

    LIVING = (State.REGISTERED, State.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registered_once", fields=["occurrence", "person"]),
            models.UniqueConstraint(name="ticket_once", fields=["occurrence", "ticket"]),
            models.CheckConstraint(
                name="attended_by_whom_was_registered", condition=Q(attended__isnull=True) | Q(state="registered")
            ),
        ]

    def __str__(self) -> str:
        return f"registration {self.id}"

    def permits(self, verb: str) -> bool:
        match verb:
            case "acknowledge":
                return self.news != ""
            case "mark":
                return self.state == RegistrationState.REGISTERED and self.occurrence.permits("mark")
        return self.state in self.LIVING and self.occurrence.permits("register")


class Whereabouts(Versioned):
    """How to get there, or the link by which one takes part. Who is not shown it cannot tell that it is there."""

    kind = "whereabouts"

    class What(models.TextChoices):
        DIRECTIONS = "directions"
        ONLINE = "online"

    class ShownTo(models.TextChoices):
        INVITED = "invited"
        REGISTERED = "registered"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="whereabouts")
    what = models.CharField(max_length=16, choices=What.choices)
    shown_to = models.CharField(max_length=16, choices=ShownTo.choices)
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="whereabouts_once", fields=["event", "what"]),
            models.CheckConstraint(name="whereabouts_say_where", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"whereabouts {self.id}"

    def permits(self, verb: str) -> bool:
        return verb == "remove" or self.event.state == Planned.PLANNED


class EventGroupPermission(GroupObjectPermissionBase):
    """That an event is shared with an audience."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="event_grants", fields=["content_object", "permission", "group"])]


class EventUserPermission(UserObjectPermissionBase):
    """That an event is shown to a single person."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="event_reveals", fields=["content_object", "permission", "user"])]


class RegistrationGroupPermission(GroupObjectPermissionBase):
    """That a registration is shared with an audience."""

    content_object = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="registration_grants", fields=["content_object", "permission", "group"])]


class RegistrationUserPermission(UserObjectPermissionBase):
    """That a registration is shown to a single person."""

    content_object = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="registration_reveals", fields=["content_object", "permission", "user"])]


class WhereaboutsGroupPermission(GroupObjectPermissionBase):
    """That whereabouts are shared with an audience."""

    content_object = models.ForeignKey(Whereabouts, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="whereabouts_grants", fields=["content_object", "permission", "group"])]


class WhereaboutsUserPermission(UserObjectPermissionBase):
    """That whereabouts are shown to a single person."""

    content_object = models.ForeignKey(Whereabouts, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="whereabouts_reveals", fields=["content_object", "permission", "user"])]
