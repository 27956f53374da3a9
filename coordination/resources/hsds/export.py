"""Offers as HSDS services, in its compiled JSON. No person is in it, and no place finer than a county."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pycountry
from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from coordination.resources import changes
from coordination.resources.hsds.vocabulary import (
    BARRIER,
    CATEGORY,
    DAYS,
    END_OF_DAY,
    FEES,
    FIELD,
    POPULATION,
    TAXONOMY,
    UNIT,
    identifier,
    title,
)
from coordination.resources.models import Offer
from coordination.resources.taxonomy import CATEGORIES
from portal.kernel import clock
from portal.kernel.models import Network
from portal.organizations.models import Organization

AT_ONCE = 500
Part = dict[str, Any]


def download(offers: QuerySet[Offer]) -> StreamingHttpResponse:
    """The file bears the day."""
    named = f'attachment; filename="services-{clock.now():%Y-%m-%d}.json"'
    return StreamingHttpResponse(
        package(offers), content_type="application/json", headers={"Content-Disposition": named}
    )


def package(offers: QuerySet[Offer]) -> Iterator[bytes]:
    """The page that HSDS calls a list of services, a few hundred at a time: drills are no services."""
    written, zone = 0, Network.current().zone
    yield b'{"contents":['
    for offer in in_steps(offers.filter(exercise=False)):
        yield (b"," if written else b"") + msgspec.json.encode(service(*offer, zone))
        written += 1
    whole = {"total_items": written, "total_pages": 1, "page_number": 1, "size": written}
    whole |= {"first_page": True, "last_page": True, "empty": not written}
    yield b"]," + msgspec.json.encode(whole)[1:]


def in_steps(offers: QuerySet[Offer]) -> Iterator[tuple[changes.Offer, Organization]]:
    """Newest first. What was seen a step ago is asked for no more."""
    page = list(offers.order_by("-pk")[:AT_ONCE])
    while page:
        owners = Organization.objects.in_bulk({offer.owner_id for offer in page})
        yield from ((shape, owners[shape.owner.id]) for shape in changes.shape_offers(page))
        page = list(offers.filter(pk__lt=page[-1].pk).order_by("-pk")[:AT_ONCE])


def service(offer: changes.Offer, owner: Organization, zone: ZoneInfo) -> Part:
    """It keeps the id under which another directory knew it."""
    pk = offer.external_id or str(offer.id)
    name = title(offer.category)
    return {
        "id": pk,
        "organization_id": str(owner.pk),
        "name": name,
        "description": offer.note or name,
        "status": "active",
        "fees_description": FEES[offer.cost],
        "assured_date": f"{offer.capacity_updated_at.astimezone(zone):%Y-%m-%d}",
        "organization": organization(owner),
        "languages": [language(pk, code) for code in offer.languages],
        "schedules": list(schedules(pk, offer, zone)),
        "service_areas": [area(pk, offer)],
        "service_at_locations": [
            {"id": identifier(pk, "there"), "service_id": pk, "service_areas": [area(pk, offer, "there")]}
        ],
        "attributes": [*terms(pk, offer), *fields(pk, offer)],
    }


def organization(owner: Organization) -> Part:
    said = {"id": str(owner.pk), "name": owner.name, "description": owner.description or title(owner.organization_kind)}
    return {**said, "website": owner.website} if owner.website else said


def language(service: str, code: str) -> Part:
    known = pycountry.languages.get(alpha_3=code)
    return {
        "id": identifier(service, "language", code),
        "service_id": service,
        "name": known.name if known else code,
        "code": code,
    }


def area(service: str, offer: changes.Offer, *where: str) -> Part:
    return {
        "id": identifier(service, "area", *where),
        "service_id": service,
        "name": offer.area_name,
        "extent": offer.area,
        "extent_type": "text",
    }


def schedules(service: str, offer: changes.Offer, zone: ZoneInfo) -> Iterator[Part]:
    """When it is to be had; without hours, on which days it begins and ends."""
    lasts = {"valid_from": on_day(offer.valid_from, zone), "valid_to": on_day(offer.valid_until, zone)}
    for index, hours in enumerate(offer.intake_hours):
        yield {
            "id": identifier(service, "hours", index),
            "service_id": service,
            **lasts,
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[day] for day in hours.days),
            "opens_at": on_the_clock(hours.opens, zone),
            "closes_at": on_the_clock(hours.closes, zone),
            "description": f"By the clock of {zone.key}.",
        }
    if not offer.intake_hours:
        yield {"id": identifier(service, "lasts"), "service_id": service, **lasts}


def on_the_clock(time: str, zone: ZoneInfo) -> str:
    """HSDS takes a time without its offset for UTC, and knows no 24:00. The offset is that of the day of the file."""
    return ("23:59" if time == END_OF_DAY else time) + clock.now().astimezone(zone).isoformat()[-6:]


def on_day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}"


def terms(service: str, offer: changes.Offer) -> Iterator[Part]:
    yield attribute(service, CATEGORY, taxonomy_term=term(offer.category, CATEGORIES[offer.category].top))
    for kind, words in ((POPULATION, offer.populations), (BARRIER, offer.barriers)):
        for word in words:
            yield attribute(service, kind, taxonomy_term=term(word))


def fields(service: str, offer: changes.Offer) -> Iterator[Part]:
    """How much there is, as the draft of HSDS 3.1 does by a table of its own; and until when, to the minute."""
    unit = term(offer.unit)
    said: Iterable[tuple[str, str]] = (
        ("maximum", str(offer.maximum)),
        ("available", str(offer.available)),
        ("updated", written(offer.capacity_updated_at)),
        ("valid_from", written(offer.valid_from)),
        ("valid_until", written(offer.valid_until)),
    )
    yield attribute(service, UNIT, taxonomy_term=unit)
    for label, value in said:
        yield attribute(service, FIELD, label=label, value=value)


def attribute(service: str, kind: str, **said: Any) -> Part:
    what = said["taxonomy_term"]["code"] if "taxonomy_term" in said else said["label"]
    found = {"id": identifier(service, kind, what), "link_id": service, "link_entity": "service", "link_type": kind}
    if "taxonomy_term" in said:
        found["taxonomy_term_id"] = said["taxonomy_term"]["id"]
    return {**found, **said}


def term(word: str, parent: str = "") -> Part:
    found = {
        "id": identifier("term", word),
        "code": word,
        "name": title(word),
        "description": title(word),
        "taxonomy": TAXONOMY,
    }
    return {**found, "parent_id": identifier("term", parent)} if parent else found


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
