"""Reads beyond `visible()`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from coordination.requests import queries as requests
from coordination.resources.models import Listing, Offer, Pledge
from coordination.resources.policy import owning
from coordination.resources.taxonomy import CATEGORIES
from portal.kernel import clock
from portal.kernel.audiences import SeenBy
from portal.kernel.standing import living_memberships
from portal.organizations.models import Organization
from portal.organizations.queries import of_person

Rows = QuerySet[Any]
CAPACITY = ("maximum", "available")
# what may be said anew of an offer, and what is said of it once
RESAID = (*CAPACITY, "area", "populations", "languages", "barriers", "note", "cost", "intake_hours", "valid_until")
SAID_ONCE = ("category", "unit", "exercise")


def seen_by(person: Any, listings: Collection[Listing]) -> dict[UUID, SeenBy]:
    """As of requests: all of it for the owner, for others the audiences they belong to "and others"."""
    return requests.seen_by(person, listings, owning)


def of_mine(rows: Rows, person: Any, *, mine: bool) -> Rows:
    """Those of my organizations, or those of others."""
    owned = [place.organization.pk for place in of_person(person)]
    return rows.filter(owner__in=owned) if mine else rows.exclude(owner__in=owned)


def waiting(rows: QuerySet[Pledge], person: Any) -> QuerySet[Pledge]:
    """Those that one of my organizations is to decide about, to deliver, or to say of that it came."""
    mine = [place.organization.pk for place in of_person(person)]
    undecided = Q(state=Pledge.State.PROPOSED) & ~Q(proposed_for__in=mine)
    to_deliver = Q(state=Pledge.State.ACCEPTED, offer__owner__in=mine)
    return rows.filter(undecided | to_deliver | Q(state=Pledge.State.DELIVERED, need__owner__in=mine))


def under(rows: Rows, top: str) -> Rows:
    return rows.filter(category__in=[c.name for c in CATEGORIES.values() if c.top == top])


def within(rows: Rows, area: str) -> Rows:
    """In this area, with everything below it."""
    return rows.filter(Q(area=area) | Q(area__startswith=f"{area}-"))


def speaking(rows: Rows, language: str) -> Rows:
    """A list of words is text on one database and not on the other: read as text both say the same."""
    return rows.annotate(spoken=Cast("languages", TextField())).filter(spoken__contains=f'"{language}"')


def to_be_had(rows: Rows) -> Rows:
    """Open, and its time has not passed."""
    return rows.filter(state=Listing.State.OPEN, valid_until__gt=clock.now())


def offers_of_rows(owner: Organization, rows: Collection[str]) -> dict[str, Offer]:
    """What an organization offers now from these rows of a file."""
    return {offer.row: offer for offer in owner.offers.filter(row__in=rows, state=Offer.State.OPEN)}


def offers_known_as(owner: Organization, ids: Collection[str]) -> dict[str, Offer]:
    """What an organization offers now under these ids: another directory's, or its own."""
    known = Q(external_id__in=ids) | Q(external_id="", pk__in=ids)
    found = owner.offers.filter(known, state=Offer.State.OPEN)
    return {offer.external_id or str(offer.pk): offer for offer in found}


def differing(offer: Offer, said: dict[str, Any]) -> list[str]:
    """In what an offer is not as it is said elsewhere; what is not said there stays."""
    return [field for field in RESAID if field in said and said[field] != getattr(offer, field)]


def coordinated_by(model: type[Any], person: UUID) -> Rows:
    """What organizations that this person coordinates need, or offer, now."""
    inside = living_memberships().filter(user=person).values("group")
    return to_be_had(model.objects.filter(owner__coordinators__in=inside)).select_related("owner").order_by("pk")


def gone_stale(now: datetime) -> QuerySet[Offer]:
    """Open offers of which nobody has said for too long how much is left, and whose owner was not asked yet."""
    stale = Q(pk__in=[])
    for fresh in {c.fresh for c in CATEGORIES.values()}:
        names = [c.name for c in CATEGORIES.values() if c.fresh == fresh]
        stale |= Q(category__in=names, capacity_updated_at__lte=now - fresh)
    return Offer.objects.filter(stale, state=Offer.State.OPEN, reminded_at__isnull=True)
