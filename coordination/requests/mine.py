"""What is mine about a request: the same, whichever operation answers with one."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from coordination.requests import changes, queries
from coordination.requests.models import Request
from portal.api.viewsets import Mine, ScopedViewSet
from portal.kernel.audiences import AudienceRef


class RequestMine(Mine, kw_only=True):
    """Who sees it, as far as I may know, for which of my organizations I may answer, whether it waits for me."""

    audiences: list[AudienceRef]
    others: bool
    answering: list[UUID]
    escalated: bool


class AboutRequests(ScopedViewSet):
    kind = changes.REQUEST
    mine_struct = RequestMine

    def visible(self) -> QuerySet[Request]:
        return super().visible().select_related("owner")

    def mine(self, objects: Iterable[Request]) -> dict[UUID, Mine]:
        requests = {r.pk: r for r in objects}
        seen = queries.seen_by(self.me, requests.values())
        answering = queries.answering(self.me, requests.values())
        escalated = queries.escalated_among(self.me, requests.values())
        return {
            pk: RequestMine(
                allowed=verbs,
                audiences=seen[pk].audiences,
                others=seen[pk].others,
                answering=answering[pk],
                escalated=pk in escalated,
            )
            for pk, verbs in self.allowed(requests.values()).items()
        }
