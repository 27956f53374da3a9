from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from coordination.requests.kinds import KINDS
from portal.kernel import clock
from portal.kernel.models import Versioned
from portal.organizations.models import Organization

# to be asked about what nobody answers
COORDINATION = "coordination"
DUTIES = (*KINDS, COORDINATION)


class Shift(Versioned):
    """One of an organization's people is on call for a while. Only its people see it."""

    kind = "shift"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    # coordination, or requests of this kind; empty: of every kind that has no shift of its own
    duty = models.CharField(max_length=32, choices=[(duty, duty) for duty in DUTIES], blank=True, default="")
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
        return (self.starts_at if verb == "swap" else self.ends_at) > clock.now()


class SwapState(models.TextChoices):
    """What became of a proposal. It lapses when one of its shifts changes otherwise."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Swap(Versioned):
    """Somebody asks a colleague to swap two shifts. Who sees the rota sees it."""

    kind = "swap"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="swaps")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # when the first of the two begins
    until = models.DateTimeField()
    state = models.CharField(max_length=16, choices=SwapState.choices, default=SwapState.OPEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="swap_asks_somebody_else", condition=~Q(asked=F("asked_by"))),
            models.CheckConstraint(
                name="swap_ended_unless_open",
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"swap {self.id}"

    @property
    def audience_id(self) -> int:
        return self.organization.members_id

    def permits(self, verb: str) -> bool:
        return self.state == SwapState.OPEN and self.until > clock.now()


class SwapSide(models.Model):
    """One of the two shifts, as it was when it was asked for. Null: it is not on the rota any more."""

    id = models.BigAutoField(primary_key=True)
    swap = models.ForeignKey(Swap, on_delete=models.CASCADE, related_name="sides")
    shift = models.ForeignKey(Shift, null=True, on_delete=models.SET_NULL, related_name="sides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=32, choices=[(duty, duty) for duty in DUTIES], blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shift_in_one_open_swap", fields=["shift"], condition=Q(is_open=True)),
            models.UniqueConstraint(name="side_once", fields=["swap", "person"]),
        ]

    # what has to be still so for the shift to be swapped
    SAME = ("person_id", "duty", "starts_at", "ends_at")

    @classmethod
    def of(cls, swap: Swap, shift: Shift) -> SwapSide:
        return cls(swap=swap, shift=shift, **{name: getattr(shift, name) for name in cls.SAME})

    @property
    def is_unchanged(self) -> bool:
        return all(getattr(self.shift, name) == getattr(self, name) for name in self.SAME)
