"""Every address of the portal."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from portal.config import docs, web
from portal.people import accounts

API = [
    path("", include("portal.people.api")),
    path("", include("portal.notify.api")),
    path("", include("portal.organizations.api")),
    path("", include("coordination.working_groups.api")),
    path("", include("coordination.requests.api")),
    path("", include("coordination.resources.api")),
    path("", include("coordination.rota.api")),
    path("", include("coordination.calendars.api")),
    path("", include("coordination.events.api")),
    path("", include("coordination.certificates.api")),
    path("", include("coordination.tasks.api")),
    path("", include("coordination.unmet.api")),
    path("", include("coordination.stands_for.api")),
    path("", include("messaging.api")),
]


def live(request: HttpRequest) -> HttpResponse:
    """The process answers: for whatever watches it, on any host name."""
    return HttpResponse("live\n", content_type="text/plain")


urlpatterns = [
    path("api/v1/", include(API)),
    path("api/openapi.json", SpectacularJSONAPIView.as_view(permission_classes=[], authentication_classes=[])),
    path("api/sign-in-openapi.json", accounts.openapi),
    path("api/docs", docs.page),
    path("api/health/live", live),
    path("_allauth/", include("portal.people.accounts")),
    path("", include("coordination.public_pages.pages")),
    re_path(r"^(?!api/|_allauth/|_app/|static/).*$", web.app),
]
handler404 = "portal.api.problems.not_found"
handler500 = "portal.api.problems.server_error"
