"""Suggestions: recorded by the portal after each change of a need or an offer, dismissed by a side."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet

from coordination.resources import matching
from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from coordination.resources.policy import SUGGESTIONS, told_of_match
from coordination.resources.weights import ALIKE
from portal.kernel.models import Change
from portal.kernel.standing import standing
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing


@service
def record_suggestions(need: Need) -> list[Suggestion]:
    """What may meet this need, as things are now; what no longer holds is gone. Safe to run twice."""
    with writing(THE_PORTAL, objects=[need]) as w:
        offers = {offer.pk: offer for offer in candidates(w, need)}
        told = told_of_match(need, offers.values())
        found = {s.offer: s for s in matched(w, need, offers.values()) if told[s.offer]}
        before = {s.offer_id: s for s in need.suggestions.all()}
        for gone in before.keys() - found.keys():
            remove(w, before[gone])
        recorded = [record(w, before.get(pk), need, offers[pk], suggested, told[pk]) for pk, suggested in found.items()]
        w.audit("need.match", need, suggestions=len(recorded))
        return recorded


@service
def dismiss_suggestion(actor: Actor, suggestion: Suggestion) -> Suggestion:
    """Of no use to this side: it is not shown to its people again. The other side keeps it, and is not told."""
    with writing(actor, objects=[suggestion]) as w:
        SUGGESTIONS.require(actor.person, "dismiss", suggestion)
        who = standing(actor.person, fresh=True)
        for owner, flag in sides(suggestion.need, suggestion.offer):
            if who.within(owner.coordinators_id):
                setattr(suggestion, flag, True)
                w.unshare(suggestion, owner.coordinators_id)
        w.audit("suggestion.dismiss", suggestion)
        return suggestion


# the pieces of these sentences


def candidates(w: Writing, need: Need) -> QuerySet[Offer]:
    """Open offers of others in this category or one like it, that nothing is pledged of yet."""
    if not need.permits("pledge") or need.valid_until <= w.at:
        return Offer.objects.none()
    pledged = need.pledges.filter(state__in=Pledge.LIVING).values("offer")
    alike = Offer.objects.filter(category__in=list(ALIKE[need.category]), exercise=need.exercise)
    living = alike.filter(state=Offer.State.OPEN, available__gte=1, valid_until__gt=w.at)
    return living.exclude(owner=need.owner_id).exclude(pk__in=pledged).select_related("owner")


def matched(w: Writing, need: Need, offers: Collection[Offer]) -> list[matching.Suggestion]:
    needed = matching.Needed(**listed(need), quantity=need.quantity - need.quantity_met)
    offered = [
        matching.Offered(
            **listed(offer),
            available=offer.available,
            capacity_updated_at=offer.capacity_updated_at,
            stale_at=offer.stale_at,
        )
        for offer in offers
    ]
    return matching.suggest(needed, offered, now=w.at, history=promises({offer.owner_id for offer in offers}))


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


def record(
    w: Writing, known: Suggestion | None, need: Need, offer: Offer, found: matching.Suggestion, told: set[int]
) -> Suggestion:
    reasons = msgspec.to_builtins(found.reasons)
    if known is None:
        made = Suggestion.objects.create(need=need, offer=offer, score=found.score, reasons=reasons, at=w.at)
        w.created(made, *told)
        return made
    w.lock(objects=[known])
    for owner, flag in sides(need, offer):
        audience = owner.coordinators_id
        if getattr(known, flag):
            told = told - {audience}
        elif audience in w.grants[known.pk] and audience not in told:
            w.unshare(known, audience)
    if known.reasons != reasons or known.score != found.score:
        known.score, known.reasons, known.at = found.score, reasons, w.at
        w.put(known)
    for audience in told:
        w.share(known, audience)
    return known


def sides(need: Need, offer: Offer) -> list[tuple[Any, str]]:
    """Each owner, and the field that says whether it dismissed the suggestion."""
    return [(need.owner, "dismissed_by_need_owner"), (offer.owner, "dismissed_by_offer_owner")]


def remove(w: Writing, suggestion: Suggestion) -> None:
    w.lock(objects=[suggestion])
    for audience in w.grants[suggestion.pk]:
        w.append(audience, Change.Op.DELETED, suggestion.kind, suggestion.pk, suggestion.version + 1)
    suggestion.delete()
