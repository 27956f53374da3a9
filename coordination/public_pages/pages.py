"""The pages that anybody may read: rendered here, whole without script, and nothing is asked of any other host."""

import base64
import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, re_path
from django.utils.translation import get_language_from_request, override
from django.views.decorators.csrf import csrf_exempt

from coordination.certificates.changes import grouped
from coordination.certificates.document import duration
from coordination.certificates.queries import with_code
from coordination.events import queries
from coordination.public_pages.hotlines import country_name, nearest_first
from portal.api.limits import limit
from portal.kernel import areas, clock
from portal.kernel.errors import Problem
from portal.kernel.models import Network
from portal.organizations.applying import receive_page
from portal.organizations.models import OrganizationKind

MOST_DATES = 100
NAMES = ("about", "help", "public-events")
LANGUAGES = dict(settings.LANGUAGES)
FOLDER = Path(__file__).parent / "templates" / "public_pages"
LIBRARY = settings.BASE / "frontend" / "src" / "lib"
TOKENS, WORDS = LIBRARY / "look" / "tokens.css", LIBRARY / "words"


def about(language: str, network: Network | None) -> dict[str, Any]:
    return {}


def help_(language: str, network: Network | None) -> dict[str, Any]:
    lines = nearest_first(network.areas if network else [])
    return {
        "hotlines": [(country_name(line.country, language), line) for line in lines],
        "read_on": max(line.read_on for line in lines),
    }


def public_events(language: str, network: Network | None) -> dict[str, Any]:
    """Words, dates, county and who organizes it: never where exactly, never who comes."""
    dates = queries.published_dates(clock.now())[: MOST_DATES + 1]
    return {
        "dates": [
            {
                "title": o.event.title,
                "about": o.event.about,
                "owner": o.event.owner.name,
                "area": areas.full_name(o.event.area) if o.event.area else "",
                "starts": local(o.starts_at, o.event.zone),
                "ends": local(o.ends_at, o.event.zone),
                "clock": city(o.event.zone),
            }
            for o in dates[:MOST_DATES]
        ],
        "more": len(dates) > MOST_DATES,
    }


SAYS = dict(zip(NAMES, (about, help_, public_events), strict=True))


def page(request: HttpRequest, language: str, name: str) -> HttpResponse:
    with override(language):
        return shown(language, name, **SAYS[name](language, Network.objects.first()))


@csrf_exempt  # it only reads, and knows nobody
def certificate(request: HttpRequest, language: str) -> HttpResponse:
    """Whether a certificate stands, for whoever holds its code; the code stands in no address."""
    if request.method != "POST":
        return shown(language, "certificate")
    try:
        limit(request, "check_certificate")
    except Problem as refusal:
        return shown(language, "certificate", refusal.status, too_often=True)
    written = request.POST.get("code", "")
    found = with_code(written)
    if found is None:
        return shown(language, "certificate", unknown=True, written=written)
    lasted = duration(found.minutes, language)
    return shown(language, "certificate", found=found, code=grouped(found.code), lasted=lasted)


@csrf_exempt  # whoever writes is nobody to the portal, signed in or not
def apply(request: HttpRequest, language: str) -> HttpResponse:
    """A stranger asks for their organization to be let in. The answer is the same whatever there is already."""
    kinds = [(kind, words(language)[f"organizationKind.{kind}"]) for kind in OrganizationKind.values]
    if request.method != "POST":
        return shown(language, "apply", kinds=kinds)
    try:
        receive_page(request)
    except Problem as refusal:
        faulty = {error.field for error in refusal.errors}
        said = {"kinds": kinds, "said": request.POST.dict(), "faulty": faulty, "later": not faulty}
        return shown(language, "apply", refusal.status, **said)
    return shown(language, "apply", sent=True)


def shown(language: str, name: str, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "language": language,
        "name": name,
        "others": [(code, called) for code, called in LANGUAGES.items() if code != language],
        "network": Network.objects.first(),
        "style": style(),
        "script": script(),
        **said,
    }
    with override(language):
        body = render_to_string(f"public_pages/{language}/{name}.html", context)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy()}
    return HttpResponse(body, status=status, headers=headers)


def in_their_language(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/{name}")


def city(zone: str) -> str:
    """By whose clock it is, as people say it: of `America/Chicago`, Chicago."""
    return zone.rpartition("/")[2].replace("_", " ")


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def words(language: str) -> dict[str, str]:
    """Those of the web app that are said here too."""
    return dict(json.loads((WORDS / language / "sharing.json").read_text()))


@cache
def style() -> str:
    return TOKENS.read_text() + (FOLDER / "page.css").read_text()


@cache
def script() -> str:
    return (FOLDER / "leave.js").read_text()


@cache
def policy() -> str:
    return (
        f"default-src 'none'; style-src '{digest(style())}'; script-src '{digest(script())}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


language, names = f"(?P<language>{'|'.join(LANGUAGES)})", "|".join(NAMES)
urlpatterns = [
    re_path(rf"^{language}/(?P<name>{names})$", page),
    re_path(rf"^{language}/certificate$", certificate),
    re_path(rf"^{language}/apply$", apply),
    *(path(name, in_their_language, {"name": name}) for name in (*NAMES, "certificate", "apply")),
]
