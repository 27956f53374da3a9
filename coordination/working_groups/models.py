from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from messaging.models import Channel
from portal.kernel.models import Audience, Membership, Versioned
from portal.kernel.standing import living_seats
from portal.organizations.models import Organization

LONGEST_RULE = 8000


class Joining(models.TextChoices):
    """How organizations come into a group. An unlisted one is known to those in it and to whom they invite."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"
    UNLISTED = "unlisted"


# what stays possible in a group that is archived: to read it, to leave it, to settle who is in it
WHILE_ARCHIVED = frozenset({"see_members", "leave", "remove_members", "name_leads", "reopen"})


class WorkingGroup(Versioned):
    """People of several organizations who work on one thing. Its members and its leads are audiences."""

    kind = "working_group"
    Joining = Joining

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
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="subgroups")
    name = models.CharField(max_length=120)
    group_kind = models.CharField(max_length=32, choices=Kind.choices)
    purpose = models.CharField(max_length=2000, blank=True, default="")
    joining = models.CharField(max_length=12, choices=Joining.choices, default=Joining.REQUEST)
    # what everybody accepts before they come in; each change of it has its number
    rule = models.TextField(max_length=LONGEST_RULE, blank=True, default="")
    rule_version = models.PositiveIntegerField(default=0)
    # of which kind of event each newcomer needs a certificate; empty: none
    certificate = models.CharField(max_length=32, blank=True, default="")
    members = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="working_group")
    leads = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")
    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # its last day, where the network is; null: it has none
    ends_on = models.DateField(null=True, db_index=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # an unlisted group's name is nobody's business: were it unique too, "taken" would tell of the group
            models.UniqueConstraint(
                Lower("name"), name="working_group_listed_name_once", condition=~Q(joining="unlisted")
            ),
            models.CheckConstraint(name="working_group_is_no_part_of_itself", condition=~Q(parent=F("id"))),
            models.CheckConstraint(
                name="working_group_rule_has_version", condition=Q(rule="") | Q(rule_version__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_listed(self) -> bool:
        return self.joining != Joining.UNLISTED

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def is_over(self, day: date) -> bool:
        """Whether its last day was before this one."""
        return self.ends_on is not None and self.ends_on < day

    def permits(self, verb: str) -> bool:
        if self.is_archived:
            return verb in WHILE_ARCHIVED
        match verb:
            case "join":
                return self.joining == Joining.OPEN
            case "apply":
                return self.joining == Joining.REQUEST
            case "accept_rule":
                return bool(self.rule)
            case "open_subgroup":
                return self.parent_id is None
        return verb != "reopen"


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


class LetterState(models.TextChoices):
    """What became of an application or an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Letter(Versioned):
    """Between a group and an organization that asks to join, or is invited: its leads and its coordinators see it.

    What it says of the group is kept with it: while it waits it is brought up to date, once it is
    decided it stays as it was, so that whoever is outside learns nothing later.
    """

    State = LetterState
    working_group: Any

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    group_name = models.CharField(max_length=120)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    note = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=16, choices=LetterState.choices, default=LetterState.PENDING)
    reason = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def waits(self) -> bool:
        return self.state == LetterState.PENDING

    def tell(self, group: WorkingGroup) -> None:
        """Bring up to date what it says of the group."""
        self.group_name = group.name

    def permits(self, verb: str) -> bool:
        return self.waits and (verb != "accept" or not self.working_group.is_archived)


class JoinApplication(Letter):
    """An organization asks that some of its people join a group."""

    kind = "join_application"

    working_group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="applications")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="join_application_pending_once",
                fields=["working_group", "organization"],
                condition=Q(state="pending"),
            ),
        ]


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


class Told(models.Model):
    """What somebody who may not see the group has to know of it to decide."""

    group_kind = models.CharField(max_length=32, choices=WorkingGroup.Kind.choices)
    purpose = models.CharField(max_length=2000, blank=True, default="")
    rule = models.TextField(max_length=LONGEST_RULE, blank=True, default="")
    rule_version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def tell_all(self, group: WorkingGroup) -> None:
        for field in ("group_kind", "purpose", "rule", "rule_version"):
            setattr(self, field, getattr(group, field))


class GroupInvitation(Told, Letter):
    """A group's leads invite an organization. Its coordinators say who comes."""

    kind = "group_invitation"

    working_group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="invitations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="group_invitation_pending_once",
                fields=["working_group", "organization"],
                condition=Q(state="pending"),
            ),
        ]

    def tell(self, group: WorkingGroup) -> None:
        super().tell(group)
        self.tell_all(group)


class GroupInvitationGroupPermission(GroupObjectPermissionBase):
    """That an invitation is shared with an audience."""

    content_object = models.ForeignKey(GroupInvitation, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="group_invitation_grants", fields=["content_object", "permission", "group"])]


class GroupInvitationUserPermission(UserObjectPermissionBase):
    """That an invitation is shown to a single person."""

    content_object = models.ForeignKey(GroupInvitation, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="group_invitation_reveals", fields=["content_object", "permission", "user"])]


class RuleAcceptance(Told, Versioned):
    """A person is asked to accept a group's rule, and comes in by accepting. They and the group's leads see it.

    What it says of the group is kept with it, as in a letter; once accepted it is what was accepted.
    """

    kind = "rule_acceptance"

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    working_group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="rule_acceptances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    group_name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=500, blank=True, default="")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rule_acceptance_once", fields=["working_group", "person", "organization"]),
        ]

    @property
    def waits(self) -> bool:
        return self.state == self.State.ASKED

    def tell(self, group: WorkingGroup) -> None:
        self.group_name = group.name
        self.tell_all(group)

    def permits(self, verb: str) -> bool:
        return self.waits and (verb != "accept" or not self.working_group.is_archived)


class RuleAcceptanceGroupPermission(GroupObjectPermissionBase):
    """That somebody's answer to a rule is shared with an audience."""

    content_object = models.ForeignKey(RuleAcceptance, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="rule_acceptance_grants", fields=["content_object", "permission", "group"])]


class RuleAcceptanceUserPermission(UserObjectPermissionBase):
    """That somebody's answer to a rule is shown to a single person."""

    content_object = models.ForeignKey(RuleAcceptance, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="rule_acceptance_reveals", fields=["content_object", "permission", "user"])]


class GroupEntry(Versioned):
    """A line of what happened in a group, for those in it. It is never changed."""

    kind = "group_entry"

    class What(models.TextChoices):
        FOUNDED = "founded"
        JOINED = "joined"
        LEFT = "left"
        REMOVED = "removed"
        LEAD_NAMED = "lead_named"
        LEAD_UNNAMED = "lead_unnamed"
        NAME_CHANGED = "name_changed"
        KIND_CHANGED = "kind_changed"
        PURPOSE_CHANGED = "purpose_changed"
        RULE_CHANGED = "rule_changed"
        JOINING_CHANGED = "joining_changed"
        END_CHANGED = "end_changed"
        DEMAND_CHANGED = "demand_changed"
        CHANNEL_OPENED = "channel_opened"
        SUBGROUP_OPENED = "subgroup_opened"
        ARCHIVED = "archived"
        ENDED = "ended"
        REOPENED = "reopened"

    working_group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="entries")
    what = models.CharField(max_length=16, choices=What.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # whom it is about, and for whom they came
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=120, blank=True, default="")
    after = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    @property
    def audience_id(self) -> int:
        return self.working_group.members_id
