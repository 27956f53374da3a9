from collections.abc import Collection, Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from portal.kernel import clock
from portal.kernel.errors import NotAllowed
from portal.kernel.grants import audiences_of
from portal.kernel.models import Audience, Network
from portal.kernel.policy import SharedPolicy
from portal.kernel.standing import Person, Standing, overlapping, standing
from portal.organizations.models import Organization

Shared = TypeVar("Shared", bound=Listing)


class ListingPolicy(SharedPolicy[Shared]):
    """The owner's people and whom it was shared with see it; its poster and the owner's coordinators steer it.

    Whoever coordinates an organization and sees both sides may propose a pledge.
    """

    needs = ("owner",)
    still_open = ("close", "unshare")

    def verbs(self, who: Standing, listing: Shared) -> Iterable[str]:
        if who.within(listing.owner.members_id) and (
            who.within(listing.owner.coordinators_id) or listing.posted_by_id == who.person
        ):
            yield from ("edit", "close", "share", "unshare")
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

    def require_export(self, person: Person) -> None:
        """What one sees is handed on to other directories by those who coordinate in the network."""
        coordinated = Organization.objects.filter(coordinators__in=standing(person, fresh=True).audiences)
        if not coordinated.filter(status=Organization.Status.VERIFIED).exists():
            raise NotAllowed


class PledgePolicy(SharedPolicy[Pledge]):
    """The people of both owners see a pledge; their coordinators bring it on.

    Who did not propose it decides. The offer's owner says that it is delivered, the need's that it came.
    """

    model = Pledge
    needs = ("need__owner", "offer__owner")
    still_open = ("withdraw", "fail")

    def verbs(self, who: Standing, pledge: Pledge) -> Iterable[str]:
        found: set[str] = set()
        for owner, own in ((pledge.need.owner, "confirm"), (pledge.offer.owner, "deliver")):
            if who.within(owner.coordinators_id):
                proposed = pledge.proposed_for_id == owner.pk
                found |= {own, "fail", *(("withdraw",) if proposed else ("accept", "decline"))}
        return found


class SuggestionPolicy(SharedPolicy[Suggestion]):
    """Told to coordinators alone, while both sides last; each side may dismiss it for itself."""

    model = Suggestion
    still_open = ("dismiss",)

    def granted(self, audiences: Collection[int]) -> QuerySet[Suggestion]:
        return lasting(super().granted(audiences))

    def seen(self, who: Standing) -> QuerySet[Suggestion]:
        return lasting(super().seen(who))

    def verbs(self, who: Standing, suggestion: Suggestion) -> Iterable[str]:
        yield "dismiss"


def lasting(suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    sides = {"need": Need.objects, "offer": Offer.objects}
    still = (Exists(rows.filter(pk=OuterRef(side), valid_until__gt=clock.now())) for side, rows in sides.items())
    return suggestions.filter(*still)


def owning(listing: Listing) -> list[int]:
    """Who sees everybody with whom it is shared."""
    return [listing.owner.members_id]


# Who is told of a suggestion: the coordinators of an owner, or (not None) those of them who are in this audience too.
Told = tuple[int, int | None]


def told_of(pairs: Collection[tuple[Need, Offer]]) -> dict[tuple[UUID, UUID], set[Told]]:
    """For each pair whoever coordinates an owner and sees the other side. Constant queries.

    They are all of an owner's coordinators where the whole organization sees it.
    """
    everyone = Network.current().everyone_id
    shared = audiences_of({need for need, _ in pairs}) | audiences_of({offer for _, offer in pairs})
    sides = {side for need, offer in pairs for side in ((need.owner, offer.pk), (offer.owner, need.pk))}
    active = {(owner, other) for owner, other in sides if owner.is_verified}
    whole = {(owner, other) for owner, other in active if shared[other] & {everyone, owner.members_id}}
    partly = active - whole
    both = overlapping(
        {owner.coordinators_id for owner, _ in partly}, {a for _, other in partly for a in shared[other]}
    )

    def told(owner: Organization, other: UUID) -> set[Told]:
        if (owner, other) in whole:
            return {(owner.coordinators_id, None)}
        return {(owner.coordinators_id, a) for a in shared[other] if (owner.coordinators_id, a) in both}

    return {(need.pk, offer.pk): told(need.owner, offer.pk) | told(offer.owner, need.pk) for need, offer in pairs}


NEEDS = NeedPolicy()
OFFERS = OfferPolicy()
PLEDGES = PledgePolicy()
SUGGESTIONS = SuggestionPolicy()
