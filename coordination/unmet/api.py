from datetime import date
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.urls import path, re_path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from coordination.unmet import counts, months, policy, tables
from coordination.unmet.counts import UnmetNeed
from portal.api.authentication import private
from portal.api.json import CSVRenderer, JSONRenderer
from portal.api.schema import CSV, reference
from portal.api.tables import download
from portal.api.viewsets import as_uuid, only_known
from portal.organizations.models import Organization
from portal.people.models import User

UNTIL = "until"


class UnmetViewSet(ViewSet):
    """Twelve months of unmet need that end with `until`, or with the last one there is to tell."""

    parameters: ClassVar[list[str]] = [UNTIL]

    @property
    def me(self) -> User:
        return cast(User, self.request.user)

    def until(self, request: Request) -> date:
        only_known(request, self.parameters)
        asked = request.query_params.get(UNTIL)
        return months.this_month() if asked is None else months.read(UNTIL, asked)


class OrganizationUnmetViewSet(UnmetViewSet):
    """What one organization asked for in vain, for its coordinators: exact numbers."""

    def organization(self) -> Organization:
        return policy.coordinated(self.me, as_uuid(self.kwargs["organization"]))

    @extend_schema(responses=reference(UnmetNeed))
    def retrieve(self, request: Request, **_: Any) -> Response:
        organization = self.organization()
        return private(Response(counts.of_organization(organization, self.until(request))))

    @extend_schema(responses=CSV)
    def export(self, request: Request, **_: Any) -> HttpResponse:
        organization = self.organization()
        need = counts.of_organization(organization, self.until(request))
        return private(download("unmet-need", tables.of_organization(organization, need)))


class NetworkUnmetViewSet(UnmetViewSet):
    """What the network left unmet, for its administrators: months that are over, without small numbers."""

    @extend_schema(responses=reference(UnmetNeed))
    def retrieve(self, request: Request) -> Response:
        policy.require_network(self.me)
        return private(Response(counts.of_network(self.until(request))))

    @extend_schema(responses=CSV)
    def export(self, request: Request) -> HttpResponse:
        policy.require_network(self.me)
        return private(download("unmet-need-of-network", tables.of_network(counts.of_network(self.until(request)))))


READ: dict[str, Any] = {"get": "retrieve"}
EXPORT: dict[str, Any] = {"get": "export"}
TABLE: dict[str, Any] = {"renderer_classes": [JSONRenderer, CSVRenderer]}
OF_ORGANIZATION = r"^organizations/(?P<organization>[0-9a-f-]{36})/unmet-need"
urlpatterns = [
    path("unmet-need", NetworkUnmetViewSet.as_view(READ)),
    path("unmet-need/export", NetworkUnmetViewSet.as_view(EXPORT, **TABLE)),
    re_path(rf"{OF_ORGANIZATION}$", OrganizationUnmetViewSet.as_view(READ)),
    re_path(rf"{OF_ORGANIZATION}/export$", OrganizationUnmetViewSet.as_view(EXPORT, **TABLE)),
]
