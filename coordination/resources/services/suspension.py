"""What a suspended organization needed and offered is closed; what it promised, and was promised, is free again."""

from django.db.models import Q

from coordination.resources.models import Listing, Need, Offer, Pledge, Suggestion
from coordination.resources.services.listings import end
from coordination.resources.services.pledges import release, settle
from coordination.resources.services.suggestions import remove
from portal.kernel.grants import granted
from portal.kernel.writing import Writing
from portal.organizations.models import Organization

INACTIVE = "inactive"


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """Nobody is named for it, and of others' needs and offers that go on it sees no more."""
    theirs = Q(need__owner=organization) | Q(offer__owner=organization)
    for pledge in Pledge.objects.filter(theirs, state__in=Pledge.LIVING).select_related("need", "offer"):
        need, offer = pledge.need, pledge.offer
        w.lock(objects=[need, offer, pledge])
        pledge.need, pledge.offer = need, offer
        release(w, pledge)
        settle(w, pledge, Pledge.State.WITHDRAWN, INACTIVE, signed=False)
        w.unshare(pledge, organization.members_id)
    for suggestion in Suggestion.objects.filter(theirs):
        remove(w, suggestion)
    living = {"state__in": Listing.LIVING}
    posted: list[Need | Offer] = [*organization.needs.filter(**living), *organization.offers.filter(**living)]
    for own in posted:
        w.lock(objects=[own])
        end(w, own, Listing.State.CLOSED)
    seen = [organization.members_id]
    for other in (*granted(Need, seen).filter(**living), *granted(Offer, seen).filter(**living)):
        w.lock(objects=[other])
        w.unshare(other, organization.members_id)
