"""Only our own host names are answered; the loopback address leads to the name that passkeys and cookies need."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portal.api.problems import http
from portal.kernel.errors import Problem

ANY_HOST = ("/api/health/",)
LOOPBACK = ("127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - compared with, not listened on


class OurHosts:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ANY_HOST):
            try:
                request.get_host()
            except DisallowedHost:
                return elsewhere(request)
        return self.get_response(request)


def elsewhere(request: HttpRequest) -> HttpResponse:
    asked = request.headers.get("Host", "").rsplit(":", 1)[0]
    if asked in LOOPBACK and request.method == "GET":
        return HttpResponseRedirect(settings.ORIGIN + request.get_full_path())
    return http(Problem("malformed", "This host name is not served here."))
