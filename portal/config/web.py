"""The built web app: one page for every address that is not data."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

INDEX = settings.FRONTEND / "200.html"
NOT_BUILT = "The web app is not built yet. Run `make run`, or `npm run build` in frontend/.\n"


@cache
def index() -> bytes:
    return INDEX.read_bytes()


def app(request: HttpRequest) -> HttpResponse:
    if not INDEX.exists():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain")
    return HttpResponse(index(), headers={"Cache-Control": "no-cache"})
