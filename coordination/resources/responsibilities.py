"""The needs and offers that somebody posted and steers. Pledges are brought on by all who coordinate their owners."""

from typing import Any

from coordination.resources.models import Listing, Need, Offer
from coordination.resources.policy import NEEDS, OFFERS
from coordination.resources.services.listings import put
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, ResponsibilityKind, needed
from portal.people.models import User


class Listed(ResponsibilityKind[Any]):
    """Any colleague steers it as well."""

    def held(self, leaving: Leaving) -> list[Need | Offer]:
        rows = self.policy.model.objects.filter(owner=leaving.organization, posted_by=leaving.person)
        return list(rows.filter(state__in=Listing.LIVING).order_by("pk"))

    def about(self, obj: Need | Offer) -> About:
        return About(word=obj.category, ends_at=obj.valid_until)

    def pass_on(self, w: Writing, leaving: Leaving, obj: Need | Offer, successor: User | None) -> None:
        w.lock(objects=[obj])
        obj.posted_by = needed(successor)
        put(w, obj)
        w.audit(f"{obj.kind}.hand_over", obj, before=str(leaving.person), person=str(obj.posted_by_id))


class Needing(Listed):
    name = Need.kind
    policy = NEEDS


class Offering(Listed):
    name = Offer.kind
    policy = OFFERS


RESPONSIBILITIES = (Needing(), Offering())
