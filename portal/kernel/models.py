"""The tables everything else stands on."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from portal.kernel import clock
from portal.kernel.ids import uuid7


class Versioned(models.Model):
    """What clients hold copies of: the highest version wins."""

    kind: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.BigIntegerField(default=1)

    class Meta:
        abstract = True

    def permits(self, verb: str) -> bool:
        """Whether the object's state is one in which this may be done. Who may is the policy's matter."""
        return True


def borrowed(obj: Versioned) -> int:
    """The audience of a thing that lives inside exactly one."""
    return obj.audience_id  # type: ignore[attr-defined, no-any-return]


class Audience(models.Model):
    """A set of people who may see the same things: the unit of permission and of live delivery.

    It *is* a Django group, so django-guardian's grants go to it. `head` is the number of its last
    change; `epoch` moves whenever somebody loses access. From `read_only_from` on, whoever is here, or anywhere
    by virtue of it alone, reads what they read, and does nothing but take back.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANIZATION_MEMBERS = "organization_members"
        ORGANIZATION_COORDINATORS = "organization_coordinators"
        ORGANIZATION_ADMINISTRATORS = "organization_administrators"
        GROUP_MEMBERS = "group_members"
        GROUP_LEADS = "group_leads"
        CHANNEL_MEMBERS = "channel_members"
        CHANNEL_MODERATORS = "channel_moderators"
        REQUEST_ASKERS = "request_askers"
        REQUEST_ON_CALL = "request_on_call"
        EVENT_ATTENDEES = "event_attendees"
        OVERLAP = "overlap"
        EVERYONE = "everyone"
        NETWORK_ADMINISTRATORS = "network_administrators"
        NETWORK_AUDITORS = "network_auditors"

    group = models.OneToOneField(Group, on_delete=models.CASCADE, primary_key=True, related_name="audience")
    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32, choices=Kind.choices)
    head = models.BigIntegerField(default=0)
    epoch = models.BigIntegerField(default=0)
    read_only_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audience_head_not_negative", condition=Q(head__gte=0, epoch__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @classmethod
    def make(cls, kind: str) -> "Audience":
        key = uuid7()
        return cls.objects.create(group=Group.objects.create(name=str(key)), uuid=key, kind=kind)


class Network(models.Model):
    """The one network this deployment serves: data an administrator may change, not secrets."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    languages = models.JSONField(default=list)
    areas = models.JSONField(default=list)
    second_factor_required = models.BooleanField(default=True)
    # whether an organization is verified only with an agreement
    agreement_required = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    everyone = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")
    administrators = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")
    auditors = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="network_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Network":
        return cls.objects.get(pk=1)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day(self, at: datetime) -> date:
        """Which day it is then, where the network is."""
        return at.astimezone(self.zone).date()


class Membership(Versioned):
    """That a person is in an audience. The only record of it: Django's `User.groups` reads this row.

    A slice that shows the people of its audiences makes a proxy of it with a kind of its own.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="membership_once", fields=["user", "group"])]


class Seat(models.Model):
    """Why a membership lives: by virtue of another audience (`via`, an organization's people) or of itself.

    A membership lives while it has a seat. Whoever leaves `via` loses every seat held through it.
    """

    id = models.BigAutoField(primary_key=True)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="seats")
    via = models.ForeignKey(Audience, null=True, on_delete=models.CASCADE, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="seat_once", fields=["membership", "via"]),
            models.UniqueConstraint(name="seat_of_itself_once", fields=["membership"], condition=Q(via__isnull=True)),
        ]


class Admission(models.Model):
    """Whoever is in `via`, or comes into it, is in `audience` by virtue of it."""

    id = models.BigAutoField(primary_key=True)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="admissions")
    via = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="admission_once", fields=["audience", "via"]),
            models.CheckConstraint(name="admission_of_another", condition=~Q(audience=models.F("via"))),
        ]


class Overlap(models.Model):
    """Whoever is in `one` and in `other` is in `audience`: whoever leaves either is out of it."""

    audience = models.OneToOneField(Audience, on_delete=models.CASCADE, primary_key=True, related_name="overlap")
    one = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="overlap_once", fields=["one", "other"]),
            models.CheckConstraint(name="overlap_of_two", condition=~Q(one=models.F("other"))),
        ]


class Change(models.Model):
    """One fact in an audience's log: something moved. Never content; content is read when it is sent."""

    class Op(models.TextChoices):
        PUT = "put"
        UNSHARED = "unshared"
        DELETED = "deleted"
        GRANTED = "granted"
        REVOKED = "revoked"

    id = models.BigAutoField(primary_key=True)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="changes")
    seq = models.BigIntegerField()
    op = models.CharField(max_length=10, choices=Op.choices)
    kind = models.CharField(max_length=32)
    subject = models.UUIDField()
    version = models.BigIntegerField(default=0)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="change_seq_once", fields=["audience", "seq"])]


class AuditRecord(models.Model):
    """Who did what to which object, for which organization. Written in the same transaction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    acting_for = models.UUIDField(null=True)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"]), models.Index(fields=["actor", "at"])]
