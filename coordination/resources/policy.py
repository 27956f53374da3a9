from collections.abc import Iterable
from typing import TypeVar

from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from portal.kernel.models import Audience
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


NEEDS = NeedPolicy()
OFFERS = OfferPolicy()
PLEDGES = PledgePolicy()
SUGGESTIONS = SuggestionPolicy()
