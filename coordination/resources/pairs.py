"""Which needs and offers may meet, read for matching from either side."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from coordination.resources import matching
from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from coordination.resources.policy import told_of
from coordination.resources.weights import ALIKE


def offers_for(need: Need, at: datetime) -> QuerySet[Offer]:
    """Open offers of others in this category or one like it, that nothing is pledged of yet."""
    if not may_be_met(need, at):
        return Offer.objects.none()
    pledged = need.pledges.filter(state__in=Pledge.LIVING).values("offer")
    return alike(Offer, need, at).filter(available__gte=1).exclude(pk__in=pledged)


def needs_for(offer: Offer, at: datetime) -> QuerySet[Need]:
    """The same from the other side."""
    if not (may_be_met(offer, at) and offer.available):
        return Need.objects.none()
    pledged = offer.pledges.filter(state__in=Pledge.LIVING).values("need")
    return alike(Need, offer, at).exclude(pk__in=pledged)


def needs_to_look_at(offer: Offer, at: datetime) -> list[Need]:
    """Those that it is suggested for, and those that it would be among the best for."""
    needs = {need.pk: need for need in needs_for(offer, at)}
    told = told_of([(need, offer) for need in needs.values()])
    known = [needed(need) for pk, need in needs.items() if told[pk, offer.pk]]
    history = promises([offer.owner_id])
    found = matching.needs_met(offered(offer), known, now=at, history=history, floors=floors(needs))
    suggested = Need.objects.filter(suggestions__offer=offer).select_related("owner").in_bulk()
    return [need for _, need in sorted((suggested | {pk: needs[pk] for pk in found}).items())]


def best_offers(need: Need, offers: Collection[Offer], at: datetime) -> list[matching.Suggestion]:
    history = promises({offer.owner_id for offer in offers})
    return matching.suggest(needed(need), map(offered, offers), now=at, history=history, most=matching.MOST)


# the pieces of these sentences


def may_be_met(listing: Listing, at: datetime) -> bool:
    return listing.permits("pledge") and listing.valid_until > at


def alike(model: type[Any], listing: Listing, at: datetime) -> QuerySet[Any]:
    """What others need or offer now, in this category or one like it."""
    kindred = model.objects.filter(category__in=list(ALIKE[listing.category]), exercise=listing.exercise)
    living = kindred.filter(state=Listing.State.OPEN, valid_until__gt=at)
    return living.exclude(owner=listing.owner_id).select_related("owner")


def floors(needs: Collection[UUID]) -> dict[UUID, float]:
    """The least score of those of these needs for which as many are suggested as may be."""
    full = Suggestion.objects.filter(need__in=list(needs)).values("need").annotate(n=Count("pk"), least=Min("score"))
    return dict(full.filter(n__gte=matching.MOST).values_list("need", "least"))


def needed(need: Need) -> matching.Needed:
    return matching.Needed(**listed(need), quantity=need.quantity - need.quantity_met)


def offered(offer: Offer) -> matching.Offered:
    return matching.Offered(
        **listed(offer),
        available=offer.available,
        capacity_updated_at=offer.capacity_updated_at,
        stale_at=offer.stale_at,
    )


def listed(listing: Listing) -> dict[str, Any]:
    return {
        "id": listing.pk,
        "organization": listing.owner_id,
        "category": listing.category,
        "unit": listing.unit,
        "area": listing.area,
        "populations": frozenset(listing.populations),
        "languages": frozenset(listing.languages),
        "barriers": frozenset(listing.barriers),
        "valid_from": listing.valid_from,
        "valid_until": listing.valid_until,
        "exercise": listing.exercise,
    }


def promises(organizations: Iterable[UUID]) -> dict[UUID, matching.Promises]:
    """How many promises each of these kept and broke; that it was no longer needed is nobody's breach."""
    broken = Q(state=Pledge.State.FAILED) & ~Q(reason="no_longer_needed")
    rows = (
        Pledge.objects.filter(offer__owner__in=list(organizations))
        .values_list("offer__owner")
        .annotate(kept=Count("pk", filter=Q(state=Pledge.State.CONFIRMED)), broken=Count("pk", filter=broken))
    )
    return {owner: matching.Promises(kept, lost) for owner, kept, lost in rows}
