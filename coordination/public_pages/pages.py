"""The pages that anybody may read: rendered here, whole without script, and nothing is asked of any other host."""

import base64
import hashlib
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

from coordination.events import queries
from coordination.public_pages.hotlines import country_name, nearest_first
from portal.kernel import areas, clock
from portal.kernel.models import Network

MOST_DATES = 100
NAMES = ("about", "help", "public-events")
LANGUAGES = dict(settings.LANGUAGES)
FOLDER = Path(__file__).parent / "templates" / "public_pages"
TOKENS = settings.BASE / "frontend" / "src" / "lib" / "look" / "tokens.css"


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
                "zone": o.event.zone,
            }
            for o in dates[:MOST_DATES]
        ],
        "more": len(dates) > MOST_DATES,
    }


SAYS = dict(zip(NAMES, (about, help_, public_events), strict=True))


def page(request: HttpRequest, language: str, name: str) -> HttpResponse:
    network = Network.objects.first()
    context = {
        "language": language,
        "name": name,
        "names": NAMES,
        "others": [(code, called) for code, called in LANGUAGES.items() if code != language],
        "network": network,
        "style": style(),
        "script": script(),
    }
    with override(language):
        said = SAYS[name](language, network)
        body = render_to_string(f"public_pages/{language}/{name}.html", context | said)
    return HttpResponse(body, headers={"Cache-Control": "no-store", "Content-Security-Policy": policy()})


def in_their_language(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/{name}")


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


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


names = "|".join(NAMES)
urlpatterns = [
    re_path(rf"^(?P<language>{'|'.join(LANGUAGES)})/(?P<name>{names})$", page),
    *(path(name, in_their_language, {"name": name}) for name in NAMES),
]
