from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from portal.kernel import clock
from portal.kernel.models import Audience, Membership, Versioned
from portal.kernel.standing import living_seats


class OrganizationKind(models.TextChoices):
    """What sort of organization it is."""

    LAW_ENFORCEMENT = "law_enforcement"
    PROSECUTOR_COURT = "prosecutor_court"
    CENTRAL_GOVERNMENT = "central_government"
    LOCAL_GOVERNMENT = "local_government"
    TRIBAL_GOVERNMENT = "tribal_government"
    CHILD_PROTECTION = "child_protection"
    IMMIGRATION_SERVICE = "immigration_service"
    NGO_SERVICE_PROVIDER = "ngo_service_provider"
    SHELTER_OPERATOR = "shelter_operator"
    SURVIVOR_LED = "survivor_led"
    COMMUNITY_GROUP = "community_group"
    FAITH_BASED = "faith_based"
    HEALTH_PROVIDER = "health_provider"
    LEGAL_PROVIDER = "legal_provider"
    SCHOOL_UNIVERSITY = "school_university"
    BUSINESS = "business"
    HOTLINE = "hotline"
    INTERNATIONAL_ORG = "international_org"
    FUNDER_OBSERVER = "funder_observer"


class OrganizationStatus(models.TextChoices):
    """Where it stands in the network."""

    APPLIED = "applied"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    LEFT = "left"


class Tier(models.TextChoices):
    """What a person is in an organization; each tier includes those before it."""

    MEMBER = "member"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class InvitationState(models.TextChoices):
    """What became of an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ApplicationState(models.TextChoices):
    """What became of an application."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Organization(Versioned):
    """Who people work for. It owns what they share; its people stand in three audiences, each within the last."""

    kind = "organization"
    Status = OrganizationStatus

    name = models.CharField(max_length=120)
    organization_kind = models.CharField(max_length=32, choices=OrganizationKind.choices)
    description = models.CharField(max_length=2000, blank=True, default="")
    website = models.URLField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=16, choices=OrganizationStatus.choices, default=OrganizationStatus.APPLIED)
    applied_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    # the end of its newest agreement; none where it has none, and none was asked for
    agreed_until = models.DateTimeField(null=True)
    members = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="organization")
    coordinators = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")
    administrators = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organization_name_once"),
            models.CheckConstraint(
                name="verified_organization_knows_when",
                condition=~Q(status="verified") | Q(verified_at__isnull=False),
            ),
        ]

    # in which states each verb is possible; the others always are
    LIVING = (Status.APPLIED, Status.VERIFIED)
    PERMITS = {
        "verify": (Status.APPLIED,),
        "record_agreement": (Status.APPLIED, Status.VERIFIED, Status.SUSPENDED),
        "suspend": (Status.VERIFIED,),
        "reinstate": (Status.SUSPENDED,),
        "edit": LIVING,
        "invite": LIVING,
        "manage_people": LIVING,
    }

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        return self.status == OrganizationStatus.SUSPENDED

    @property
    def is_verified(self) -> bool:
        return self.status == OrganizationStatus.VERIFIED

    @property
    def is_active(self) -> bool:
        return self.is_verified and not self.has_lapsed(clock.now())

    def has_lapsed(self, at: datetime) -> bool:
        """Its agreement is over. It reads what it read, writes nothing, and nobody new comes into it."""
        return self.agreed_until is not None and self.agreed_until <= at

    def permits(self, verb: str) -> bool:
        if verb == "invite" and self.has_lapsed(clock.now()):
            return False
        return verb not in self.PERMITS or self.status in self.PERMITS[verb]


class OrganizationGroupPermission(GroupObjectPermissionBase):
    """That an organization is shared with an audience."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="organization_grants", fields=["content_object", "permission", "group"])]


class OrganizationUserPermission(UserObjectPermissionBase):
    """That an organization is shown to a single person."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="organization_reveals", fields=["content_object", "permission", "user"])]


class OrganizationMemberManager(models.Manager["OrganizationMember"]):
    def get_queryset(self) -> models.QuerySet["OrganizationMember"]:
        return (
            super()
            .get_queryset()
            .filter(
                Exists(living_seats().filter(membership=OuterRef("pk"))),
                group__audience__kind=Audience.Kind.ORGANIZATION_MEMBERS,
            )
        )


class OrganizationMember(Membership):
    """A person's place in an organization: their row in its `members` audience, which alone may see it."""

    kind = "organization_member"

    objects: ClassVar[OrganizationMemberManager] = OrganizationMemberManager()

    class Meta:
        proxy = True

    @property
    def audience_id(self) -> int:
        return self.group_id

    @property
    def organization(self) -> Organization:
        return self.group.audience.organization

    def permits(self, verb: str) -> bool:
        return verb != "change_tier" or self.organization.permits("manage_people")


class Invitation(Versioned):
    """To join an organization in a tier. The mailed token is kept as a digest only."""

    kind = "invitation"
    State = InvitationState

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    tier = models.CharField(max_length=16, choices=Tier.choices)
    state = models.CharField(max_length=16, choices=InvitationState.choices, default=InvitationState.PENDING)
    # SHA-256 of the token, in hexadecimal; null until it has been mailed
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="invitation_pending_once", fields=["organization", "email"], condition=Q(state="pending")
            ),
            models.CheckConstraint(name="invitation_email_is_lower_case", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def audience_id(self) -> int:
        return self.organization.administrators_id

    def permits(self, verb: str) -> bool:
        return self.state == InvitationState.PENDING

    def is_open(self, at: datetime) -> bool:
        return self.state == InvitationState.PENDING and at < self.expires_at


class Suspension(Versioned):
    """That an organization was suspended, why and for how long: for the network's administrators alone."""

    kind = "suspension"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="suspensions")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=2000)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="suspension_once_at_a_time", fields=["organization"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="suspension_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"suspension {self.id}"


class Application(Versioned):
    """A stranger asks for an organization to be let into the network: for the network's administrators alone.

    It names a role and an address to answer to, and no person.
    """

    kind = "application"
    State = ApplicationState

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    organization_kind = models.CharField(max_length=32, choices=OrganizationKind.choices)
    description = models.CharField(max_length=2000)
    website = models.URLField(max_length=200, blank=True, default="")
    contact_role = models.CharField(max_length=120)
    contact_email = models.EmailField()
    why = models.CharField(max_length=2000)
    # in which its form was read: the answer is mailed in it
    language = models.CharField(max_length=8)
    applied_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING, db_index=True)
    reason = models.CharField(max_length=2000, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    organization = models.OneToOneField(Organization, null=True, on_delete=models.PROTECT, related_name="application")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_decided_by_somebody",
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(state="waiting"), decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_accepted_is_an_organization",
                condition=Q(state="accepted", organization__isnull=False)
                | Q(~Q(state="accepted"), organization__isnull=True),
            ),
            models.CheckConstraint(
                name="application_declined_says_why", condition=~Q(state="declined") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.id}"

    def permits(self, verb: str) -> bool:
        return self.state == ApplicationState.WAITING


class Agreement(Versioned):
    """What an organization and the network agreed on, in force to the end of the day it is to be looked at again.

    The paper itself is not kept here; `reference` says where it is. Who countersigned is named by role.
    """

    kind = "agreement"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    review_on = models.DateField()
    until = models.DateTimeField(db_index=True)
    countersigned_by = models.CharField(max_length=120)
    reference = models.CharField(max_length=500, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # how many days before its end those concerned were told last; none: not yet
    told_before = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_is_reviewed_after_it_is_signed", condition=Q(review_on__gt=F("signed_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.id}"


class AgreementGroupPermission(GroupObjectPermissionBase):
    """That an agreement is shown to an audience."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="agreement_grants", fields=["content_object", "permission", "group"])]


class AgreementUserPermission(UserObjectPermissionBase):
    """That an agreement is shown to a single person."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="agreement_reveals", fields=["content_object", "permission", "user"])]
