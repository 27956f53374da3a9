"""What is mine about a need or an offer: the same, whichever operation answers with one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from coordination.resources import changes, queries
from portal.api.viewsets import Mine, ScopedViewSet
from portal.kernel.audiences import AudienceRef


class ListingMine(Mine, kw_only=True):
    """Who sees it, as far as I may know."""

    audiences: list[AudienceRef]
    others: bool


class AboutListings(ScopedViewSet):
    kind = changes.NEED
    mine_struct = ListingMine

    def visible(self) -> QuerySet[Any]:
        return super().visible().select_related("owner")

    def mine(self, objects: Iterable[Any]) -> dict[UUID, Mine]:
        listings = {o.pk: o for o in objects}
        seen = queries.seen_by(self.me, list(listings.values()))
        return {
            pk: ListingMine(allowed=verbs, audiences=seen[pk].audiences, others=seen[pk].others)
            for pk, verbs in self.allowed(listings.values()).items()
        }
