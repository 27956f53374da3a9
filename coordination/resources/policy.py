from collections.abc import Collection, Iterable
from typing import TypeVar
from uuid import UUID

from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from portal.kernel.grants import audiences_of
from portal.kernel.models import Audience, Network
from portal.kernel.policy import SharedPolicy
from portal.kernel.standing import Standing

Shared = TypeVar("Shared", bound=Listing)


class ListingPolicy(SharedPolicy[Shared]):
    """The owner's people and whom it was shared with see it; its poster and the owner's coordinators steer it.

    Whoever coordinates an organization and sees both sides may propose a pledge.
    """

    needs = ("owner",)

    def verbs(self, who: Standing, listing: Shared) -> Iterable[str]:
        if who.within(listing.owner.members_id) and (
            who.within(listing.owner.coordinators_id) or listing.posted_by_id == who.person
        ):
            yield from ("edit", "close")
        if who.within_any(Audience.Kind.ORGANIZATION_COORDINATORS):
            yield "pledge"


class NeedPolicy(ListingPolicy[Need]):
    model = Need


class OfferPolicy(ListingPolicy[Offer]):
    """How much is left is said by anybody who works there: at night nobody else is awake."""

    model = Offer

    def verbs(self, who: Standing, offer: Offer) -> Iterable[str]:
        yield from super().verbs(who, offer)
        if who.within(offer.owner.members_id):
            yield "set_capacity"


class PledgePolicy(SharedPolicy[Pledge]):
    """The people of both owners see a pledge; their coordinators bring it on.

    Who did not propose it decides. The offer's owner says that it is delivered, the need's that it came.
    """

    model = Pledge
    needs = ("need__owner", "offer__owner")

    def verbs(self, who: Standing, pledge: Pledge) -> Iterable[str]:
        found: set[str] = set()
        for owner, own in ((pledge.need.owner, "confirm"), (pledge.offer.owner, "deliver")):
            if who.within(owner.coordinators_id):
                proposed = pledge.proposed_for_id == owner.pk
                found |= {own, "fail", *(("withdraw",) if proposed else ("accept", "decline"))}
        return found


class SuggestionPolicy(SharedPolicy[Suggestion]):
    """Told to coordinators alone; each side may dismiss it for itself."""

    model = Suggestion

    def verbs(self, who: Standing, suggestion: Suggestion) -> Iterable[str]:
        yield "dismiss"


def owning(listing: Listing) -> list[int]:
    """Who sees everybody with whom it is shared."""
    return [listing.owner.members_id]


def told_of_match(need: Need, offers: Collection[Offer]) -> dict[UUID, set[int]]:
    """For each offer the coordinators of those owners of whom the whole organization sees the other side.

    What is shared with a working group alone is seen by some of them only, so nobody is told.
    """
    everyone = Network.current().everyone_id
    shared = audiences_of([need])[need.pk]
    granted = audiences_of(offers)
    told: dict[UUID, set[int]] = {}
    for offer in offers:
        sees_offer = granted[offer.pk] & {everyone, need.owner.members_id}
        sees_need = shared & {everyone, offer.owner.members_id}
        told[offer.pk] = {
            owner.coordinators_id
            for owner, sees in ((need.owner, sees_offer), (offer.owner, sees_need))
            if sees and owner.is_verified
        }
    return told


NEEDS = NeedPolicy()
OFFERS = OfferPolicy()
PLEDGES = PledgePolicy()
SUGGESTIONS = SuggestionPolicy()
