from typing import Any

from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from coordination.requests import forms
from coordination.requests.mine import AboutRequests
from coordination.requests.queries import request as visible_request
from coordination.resources.mine import AboutListings
from coordination.resources.models import Need
from coordination.resources.policy import NEEDS
from coordination.stands_for import services
from coordination.working_groups.policy import WORKING_GROUPS
from portal.api.forms import read
from portal.api.idempotency import once
from portal.api.viewsets import as_uuid
from portal.kernel.errors import NotFound
from portal.organizations.acting import verified_actor
from portal.organizations.policy import ORGANIZATIONS


class NeedRequestViewSet(AboutRequests):
    """The requests that stand for a need, as far as I see them."""

    def need(self) -> Need:
        found = NEEDS.visible(self.me).filter(pk=as_uuid(self.kwargs["need_id"])).select_related("owner").first()
        if found is None:
            raise NotFound
        return found

    def list(self, request: HttpRequest, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(stands_for__need=self.need())))

    @extend_schema(request=forms.RequestForm)
    def create(self, request: HttpRequest, **_: Any) -> Response:
        need, form = self.need(), read(forms.RequestForm, request)
        who = verified_actor(self.me, form.pop("acting_for"))
        form["request_kind"] = form.pop("kind")
        form["organizations"] = self.named("organizations", ORGANIZATIONS, form["organizations"])
        form["working_groups"] = self.named("working_groups", WORKING_GROUPS, form["working_groups"])
        return once(request, lambda: self.answer(services.ask_for_need(who, need, **form), status=201))


class RequestNeedViewSet(AboutListings):
    """The need that a request stands for: one, where there is one that I see."""

    def list(self, request: HttpRequest, **_: Any) -> Response:
        asked = visible_request(self.me, as_uuid(self.kwargs["request_id"]))
        return self.page(self.filtered(self.visible().filter(asked_by__request=asked)))


ID = "[0-9a-f-]{36}"
urlpatterns = [
    re_path(rf"^needs/(?P<need_id>{ID})/requests$", NeedRequestViewSet.as_view({"get": "list", "post": "create"})),
    re_path(rf"^requests/(?P<request_id>{ID})/needs$", RequestNeedViewSet.as_view({"get": "list"})),
]
