from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from messaging.models import Channel
from portal.kernel.models import Audience, Membership, Versioned
from portal.kernel.standing import living_seats
from portal.organizations.models import Organization


class WorkingGroup(Versioned):
    """People of several organizations who work on one thing. Its members and its leads are audiences."""

    kind = "working_group"

    class Kind(models.TextChoices):
        STEERING = "steering"
        VICTIM_SERVICES = "victim_services"
        LAW_ENFORCEMENT_PROSECUTION = "law_enforcement_prosecution"
        LEGAL_SERVICES = "legal_services"
        HEALTH_MENTAL_HEALTH = "health_mental_health"
        HOUSING = "housing"
        TRAINING = "training"
        OUTREACH_AWARENESS = "outreach_awareness"
        PREVENTION_EDUCATION = "prevention_education"
        BUSINESS_SUPPLY_CHAIN = "business_supply_chain"
        POLICY = "policy"
        DATA_EVALUATION = "data_evaluation"
        SURVIVOR_ADVISORY = "survivor_advisory"
        STAFF_WELLBEING = "staff_wellbeing"
        RAPID_RESPONSE = "rapid_response"
        REGIONAL = "regional"

    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="working_groups")
    name = models.CharField(max_length=120)
    group_kind = models.CharField(max_length=32, choices=Kind.choices)
    purpose = models.CharField(max_length=2000, blank=True, default="")
    members = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="working_group")
    leads = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")
    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="working_group_name_once")]

    def __str__(self) -> str:
        return self.name


class WorkingGroupGroupPermission(GroupObjectPermissionBase):
    """That a working group is shared with an audience."""

    content_object = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="working_group_grants", fields=["content_object", "permission", "group"])]


class WorkingGroupUserPermission(UserObjectPermissionBase):
    """That a working group is shown to a single person."""

    content_object = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="working_group_reveals", fields=["content_object", "permission", "user"])]


class GroupMemberManager(models.Manager["GroupMember"]):
    def get_queryset(self) -> models.QuerySet["GroupMember"]:
        rows = super().get_queryset().filter(group__audience__kind=Audience.Kind.GROUP_MEMBERS)
        return rows.filter(Exists(living_seats().filter(membership=OuterRef("pk"))))


class GroupMember(Membership):
    """A person's place in a working group: their row in its `members` audience, which alone may see it."""

    kind = "group_member"

    objects: ClassVar[GroupMemberManager] = GroupMemberManager()

    class Meta:
        proxy = True

    @property
    def audience_id(self) -> int:
        return self.group_id

    @property
    def working_group(self) -> WorkingGroup:
        return self.group.audience.working_group

    def permits(self, verb: str) -> bool:
        return True


class JoinApplication(Versioned):
    """An organization asks that some of its people join a group. Its leads and the asking coordinators see it."""

    kind = "join_application"

    class State(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    working_group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="applications")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    note = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="join_application_pending_once",
                fields=["working_group", "organization"],
                condition=Q(state="pending"),
            ),
        ]

    def permits(self, verb: str) -> bool:
        return self.state == self.State.PENDING


class JoinApplicationGroupPermission(GroupObjectPermissionBase):
    """That an application is shared with an audience."""

    content_object = models.ForeignKey(JoinApplication, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="join_application_grants", fields=["content_object", "permission", "group"])]


class JoinApplicationUserPermission(UserObjectPermissionBase):
    """That an application is shown to a single person."""

    content_object = models.ForeignKey(JoinApplication, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="join_application_reveals", fields=["content_object", "permission", "user"])]
