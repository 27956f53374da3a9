from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from coordination.requests.models import choices
from coordination.resources.taxonomy import CATEGORIES, COSTS, UNITS, URGENCIES
from portal.kernel.models import Versioned
from portal.organizations.models import Organization


class ListingState(models.TextChoices):
    """Where a need or an offer stands; only a need is ever met."""

    OPEN = "open"
    MET = "met"
    CLOSED = "closed"
    EXPIRED = "expired"


class Listing(Versioned):
    """What needs and offers have in common. It names no person, and no place finer than a county."""

    State = ListingState

    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="%(class)ss")
    # who posted it, or took it over since: they steer it
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    category = models.CharField(max_length=32, choices=choices(tuple(CATEGORIES)), db_index=True)
    unit = models.CharField(max_length=16, choices=choices(UNITS))
    area = models.CharField(max_length=16, db_index=True)
    # none of these: no matter which
    populations = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    barriers = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(db_index=True)
    note = models.CharField(max_length=500, blank=True, default="")
    exercise = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_ends_after_it_begins", condition=Q(valid_until__gt=F("valid_from"))),
            models.CheckConstraint(name="%(class)s_state_is_known", condition=Q(state__in=ListingState.values)),
        ]

    # in which states each verb is possible
    LIVING = (State.OPEN, State.MET)
    PERMITS = {
        "edit": LIVING,
        "close": LIVING,
        "share": LIVING,
        "unshare": State.values,
        "set_capacity": (State.OPEN,),
        "pledge": (State.OPEN,),
        "expire": (State.OPEN,),
    }

    def permits(self, verb: str) -> bool:
        return self.state in self.PERMITS[verb]


class Need(Listing):
    """One organization needs something for those it serves."""

    kind = "need"

    urgency = models.CharField(max_length=16, choices=choices(URGENCIES))
    quantity = models.PositiveIntegerField()
    quantity_met = models.PositiveIntegerField(default=0)

    class Meta(Listing.Meta):
        constraints = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                name="need_not_met_beyond_itself",
                condition=Q(quantity__gte=1, quantity_met__gte=0, quantity_met__lte=F("quantity")),
            ),
            models.CheckConstraint(name="need_met_is_met", condition=~Q(state="met") | Q(quantity_met=F("quantity"))),
        ]


class Offer(Listing):
    """One organization offers something to those whom others serve.

    `maximum` is what there is in all, `available` what can be pledged now, `held` what is promised
    by accepted pledges and not delivered yet. The rest is in use.
    """

    kind = "offer"

    cost = models.CharField(max_length=16, choices=choices(COSTS), default="free")
    intake_hours = models.JSONField(default=list)
    maximum = models.PositiveIntegerField()
    available = models.PositiveIntegerField()
    held = models.PositiveIntegerField(default=0)
    capacity_updated_at = models.DateTimeField(db_index=True)
    # when its owner was asked whether this still holds; none since they last said so
    reminded_at = models.DateTimeField(null=True)
    # the digest of the row of a file that it was posted from
    row = models.CharField(max_length=64, blank=True, default="")
    # the id under which another directory knows it
    external_id = models.CharField(max_length=64, blank=True, default="")

    class Meta(Listing.Meta):
        constraints = [
            *Listing.Meta.constraints,
            models.UniqueConstraint(
                name="offer_row_posted_once", fields=["owner", "row"], condition=Q(state="open") & ~Q(row="")
            ),
            models.UniqueConstraint(
                name="offer_external_id_posted_once",
                fields=["owner", "external_id"],
                condition=Q(state="open") & ~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="offer_not_oversubscribed",
                condition=Q(available__gte=0, held__gte=0, maximum__gte=F("available") + F("held")),
            ),
            models.CheckConstraint(name="offer_is_never_met", condition=~Q(state="met")),
        ]

    @property
    def stale_at(self) -> datetime:
        """From when on what is said of its capacity is not to be relied on."""
        return self.capacity_updated_at + CATEGORIES[self.category].fresh


class PledgeState(models.TextChoices):
    """How far a promise has come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Pledge(Versioned):
    """Part of an offer for part of a need. Only the two owners see it.

    Either side proposes, the other accepts or declines. From then on the quantity is taken on both
    sides, until the pledge fails or is withdrawn.
    """

    kind = "pledge"
    State = PledgeState

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="pledges")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="pledges")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    proposed_for = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True, default="")
    # the last step: why, with what words, by whom (None: by the portal) and when
    reason = models.CharField(max_length=32, blank=True, default="")
    reason_note = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    LIVING = (State.PROPOSED, State.ACCEPTED, State.DELIVERED)
    PERMITS = {
        "accept": (State.PROPOSED,),
        "decline": (State.PROPOSED,),
        "withdraw": (State.PROPOSED, State.ACCEPTED),
        "deliver": (State.ACCEPTED,),
        "confirm": (State.DELIVERED,),
        "fail": (State.ACCEPTED, State.DELIVERED),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pledge_living_once",
                fields=["need", "offer"],
                condition=Q(state__in=["proposed", "accepted", "delivered"]),
            ),
            models.CheckConstraint(name="pledge_of_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="pledge_broken_says_why", condition=~Q(state__in=["declined", "failed"]) | ~Q(reason="")
            ),
        ]

    def permits(self, verb: str) -> bool:
        return self.state in self.PERMITS[verb]


class Suggestion(Versioned):
    """That an offer may meet a need, and why. It is told to the coordinators of the owners who see both."""

    kind = "suggestion"

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="suggestions")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="suggestions")
    score = models.FloatField()
    reasons = models.JSONField()
    at = models.DateTimeField()
    dismissed_by_need_owner = models.BooleanField(default=False)
    dismissed_by_offer_owner = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="suggestion_once", fields=["need", "offer"]),
            models.CheckConstraint(name="suggestion_score_in_range", condition=Q(score__gt=0, score__lte=1)),
        ]


class NeedGroupPermission(GroupObjectPermissionBase):
    """That a need is shared with an audience."""

    content_object = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="need_grants", fields=["content_object", "permission", "group"])]


class NeedUserPermission(UserObjectPermissionBase):
    """That a need is shown to a single person."""

    content_object = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="need_reveals", fields=["content_object", "permission", "user"])]


class OfferGroupPermission(GroupObjectPermissionBase):
    """That an offer is shared with an audience."""

    content_object = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="offer_grants", fields=["content_object", "permission", "group"])]


class OfferUserPermission(UserObjectPermissionBase):
    """That an offer is shown to a single person."""

    content_object = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="offer_reveals", fields=["content_object", "permission", "user"])]


class PledgeGroupPermission(GroupObjectPermissionBase):
    """That a pledge is shared with an audience."""

    content_object = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="pledge_grants", fields=["content_object", "permission", "group"])]


class PledgeUserPermission(UserObjectPermissionBase):
    """That a pledge is shown to a single person."""

    content_object = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="pledge_reveals", fields=["content_object", "permission", "user"])]


class SuggestionGroupPermission(GroupObjectPermissionBase):
    """That a suggestion is shared with an audience."""

    content_object = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="suggestion_grants", fields=["content_object", "permission", "group"])]


class SuggestionUserPermission(UserObjectPermissionBase):
    """That a suggestion is shown to a single person."""

    content_object = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="suggestion_reveals", fields=["content_object", "permission", "user"])]
