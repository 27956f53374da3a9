from django.conf import settings
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from coordination.events.kinds import KINDS
from coordination.events.models import Registration
from portal.kernel.models import Versioned
from portal.organizations.models import Organization


class Certificate(Versioned):
    """That somebody was there, as it was then. Whoever holds its code may ask whether it stands."""

    kind = "certificate"

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="certificate")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    issuer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    event_kind = models.CharField(max_length=32, choices=[(name, name) for name in KINDS])
    title = models.CharField(max_length=120)
    # by the clock of the place
    held_on = models.DateField()
    minutes = models.PositiveIntegerField()
    # 130 random bits in letters and digits that are not taken for each other
    code = models.CharField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    # it turned out that they were not there
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="certificates_of_person", fields=["person", "event_kind"])]

    def __str__(self) -> str:
        return f"certificate {self.id}"

    @property
    def stands(self) -> bool:
        return self.revoked_at is None


class CertificateGroupPermission(GroupObjectPermissionBase):
    """That a certificate is shared with an audience."""

    content_object = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="certificate_grants", fields=["content_object", "permission", "group"])]


class CertificateUserPermission(UserObjectPermissionBase):
    """That a certificate is shown to a single person."""

    content_object = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="certificate_reveals", fields=["content_object", "permission", "user"])]
