from django.conf import settings
from django.db import models
from django.db.models import F, Q

from coordination.requests.kinds import KINDS
from portal.kernel import clock
from portal.kernel.models import Versioned
from portal.organizations.models import Organization


class Shift(Versioned):
    """One of an organization's people is on call for a while. Only its people see it."""

    kind = "shift"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    # requests of this kind; empty: of every kind that has no shift of its own
    request_kind = models.CharField(max_length=32, choices=[(kind, kind) for kind in KINDS], blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="shift_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [models.Index(name="shifts_of_organization", fields=["organization", "starts_at"])]

    def __str__(self) -> str:
        return f"shift {self.id}"

    @property
    def audience_id(self) -> int:
        return self.organization.members_id

    def permits(self, verb: str) -> bool:
        return self.ends_at > clock.now()
