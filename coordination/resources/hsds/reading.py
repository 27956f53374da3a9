"""HSDS services as offers: what each would be, what of it is not kept, what is wrong with it. Nothing is written here.

Real directories leave out much and say null for more: what is of no use is passed over, what is needed is asked for.
Streets, phones and contacts are not kept, nor is any place finer than a county.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pycountry

from coordination.requests.forms import languages
from coordination.resources.fates import FILE
from coordination.resources.hsds.vocabulary import (
    BARRIER,
    DAYS,
    END_OF_DAY,
    FEES,
    FIELD,
    OPEN_ELIGIBILITY,
    POPULATION,
    TAXONOMY,
    TERMS,
    UNIT,
    identifier,
)
from coordination.resources.taxonomy import CATEGORIES
from portal.api.forms import refuse
from portal.kernel.areas import by_name, is_area

MOST_NOTE, DEEPEST = 500, 6
# of each service, and of its places: who is to be reached and where, which is nobody's business here
NOT_KEPT = ("email", "phones", "contacts", "addresses", "latitude", "longitude")
DAY_OF = {short: day for day, short in DAYS.items()}
FIELDS = {"maximum": int, "available": int, "valid_from": str, "valid_until": str}
COST_OF = {words: cost for cost, words in FEES.items()}


class Term(msgspec.Struct):
    code: str | None = None
    name: str | None = None
    taxonomy: str | None = None


class Attribute(msgspec.Struct):
    link_type: str | None = None
    label: str | None = None
    value: str | None = None
    taxonomy_term: Term | None = None


class Language(msgspec.Struct):
    code: str | None = None
    name: str | None = None


class ServiceArea(msgspec.Struct):
    name: str | None = None
    extent: str | None = None


class Schedule(msgspec.Struct):
    freq: str | None = None
    interval: int | float | str | None = None
    byday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None


class Address(msgspec.Struct):
    state_province: str | None = None
    country: str | None = None


class Location(msgspec.Struct):
    addresses: list[Address] | None = None


class AtLocation(msgspec.Struct):
    service_areas: list[ServiceArea] | None = None
    schedules: list[Schedule] | None = None
    location: Location | None = None


class Service(msgspec.Struct):
    id: str
    name: str
    description: str | None = None
    status: str | None = None
    fees_description: str | None = None
    languages: list[Language] | None = None
    service_areas: list[ServiceArea] | None = None
    schedules: list[Schedule] | None = None
    service_at_locations: list[AtLocation] | None = None
    attributes: list[Attribute] | None = None


class Read(NamedTuple):
    """A service as the form of an offer takes it, by what word its category is not known, and what is not kept."""

    title: str
    body: dict[str, Any]
    unknown: str
    left_out: list[str]


def is_hsds(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def services_in(text: str) -> list[Any]:
    """A page of services, a package of them, or a bare list."""
    try:
        found = msgspec.json.decode(text.lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError):
        refuse(f"{FILE}.services", "invalid", "This is no JSON.")
    if isinstance(found, dict):
        found = found.get("contents", found.get("services"))
    if not isinstance(found, list):
        refuse(f"{FILE}.services", "invalid", "There is no list of HSDS services in this file.")
    return found


def read(raw: Any, chosen: dict[str, str], area: str, offsets: Collection[str]) -> Read:
    """`chosen` says which category a word means here, `area` where a service is that does not say, `offsets` how far
    from UTC it is here. Raises msgspec.ValidationError where it is no service."""
    service = msgspec.convert(raw, Service)
    schedules = [weekly(schedule, offsets) for schedule in schedules_of(service)]
    category, unknown = category_of(service, chosen)
    said = dict(fields_of(service))
    body = {
        "external_id": id_of(service.id),
        "maximum": 1,
        **said,
        "category": category,
        "unit": unit_of(service, category),
        "area": area_of(service) or area,
        "note": note_of(service),
        "cost": COST_OF.get(service.fees_description or "", "paid" if service.fees_description else "free"),
        "languages": languages_of(service),
        "populations": words_of(service, POPULATION),
        "barriers": words_of(service, BARRIER),
        "intake_hours": [hours for hours in schedules if hours],
    }
    partly = {"description": is_shortened(service), "schedules": None in schedules}
    left_out = sorted({*not_kept(raw), *(name for name, is_so in partly.items() if is_so)})
    return Read(service.name, {name: value for name, value in body.items() if value != ""}, unknown, left_out)


def id_of(pk: str) -> str:
    """Directories that do not keep to UUIDs get one of ours, the same each time."""
    try:
        return str(UUID(pk))
    except ValueError:
        return identifier("service", pk)


# what it is


def category_of(service: Service, chosen: dict[str, str]) -> tuple[str, str]:
    """Its category, or else by which word it is not known."""
    terms = [a.taxonomy_term for a in service.attributes or [] if a.taxonomy_term and a.link_type != UNIT]
    for found in map(known_category, terms):
        if found:
            return found, ""
    words = [term.name or term.code or "" for term in terms if not is_ours(term)]
    words = [word for word in (*words, service.name) if word]
    for word in words:
        found = chosen.get(word) or as_category(word)
        if found:
            return found, ""
    return "", words[0] if words else ""


def known_category(term: Term) -> str:
    if "openeligibility" in plain(term.taxonomy) and term.code in OPEN_ELIGIBILITY:
        return OPEN_ELIGIBILITY[term.code]
    return as_category(term.code or "") or as_category(term.name or "")


def as_category(word: str) -> str:
    found = "_".join(re.findall("[a-z]+", word.lower()))
    return found if found in CATEGORIES else ""


def plain(text: str | None) -> str:
    return re.sub("[^a-z]", "", (text or "").lower())


def is_ours(term: Term) -> bool:
    return term.taxonomy == TAXONOMY


def unit_of(service: Service, category: str) -> str:
    if category and CATEGORIES[category].unit:
        return str(CATEGORIES[category].unit)
    return next(iter(words_of(service, UNIT)), "place")


def words_of(service: Service, kind: str) -> list[str]:
    codes = [a.taxonomy_term.code for a in service.attributes or [] if a.link_type == kind and a.taxonomy_term]
    return [code for code in dict.fromkeys(codes) if code in TERMS[kind]]


def fields_of(service: Service) -> Iterator[tuple[str, Any]]:
    """What we ourselves say of an offer; a number that is none stays as it is, for the form to refuse."""
    for attribute in service.attributes or []:
        if attribute.link_type == FIELD and attribute.label in FIELDS and attribute.value is not None:
            number = FIELDS[attribute.label] is int and re.fullmatch("[0-9]{1,9}", attribute.value)
            yield attribute.label, int(attribute.value) if number else attribute.value


def note_of(service: Service) -> str:
    note = (service.description or "").strip()
    if as_category(note):
        return ""
    return f"{note[: MOST_NOTE - 1]}…" if is_shortened(service) else note


def is_shortened(service: Service) -> bool:
    return len((service.description or "").strip()) > MOST_NOTE


# where, when, for whom


def area_of(service: Service) -> str:
    """The finest that it says and we know; of an address its state alone."""
    places = service.service_at_locations or []
    areas = [*(service.service_areas or []), *(area for place in places for area in place.service_areas or [])]
    for area in areas:
        for said in (area.extent or "", area.name or ""):
            found = said if is_area(said) else by_name(said)
            if found:
                return found
    for place in places:
        for address in (place.location and place.location.addresses) or []:
            for code in (f"{address.country or 'US'}-{address.state_province}", by_name(address.state_province or "")):
                if is_area(code):
                    return code
    return ""


def schedules_of(service: Service) -> list[Schedule]:
    """Those that say hours; others say only from when until when."""
    places = service.service_at_locations or []
    schedules = [*(service.schedules or []), *(s for place in places for s in place.schedules or [])]
    return [s for s in schedules if s.opens_at or s.closes_at or s.byday]


def weekly(schedule: Schedule, offsets: Collection[str]) -> dict[str, Any] | None:
    """As an offer says hours, where they come back each week."""
    days = [DAY_OF.get(day.strip()) for day in (schedule.byday or "").split(",")]
    opens, closes = on_the_clock(schedule.opens_at, offsets), on_the_clock(schedule.closes_at, offsets)
    each_week = schedule.freq in (None, "WEEKLY") and schedule.interval in (None, 1, "1")
    if not (each_week and all(days) and opens and closes):
        return None
    return {"days": days, "opens": opens, "closes": END_OF_DAY if closes == "23:59" else closes}


def on_the_clock(time: str | None, offsets: Collection[str]) -> str:
    """As it is written; not where that is by another clock than here."""
    found = re.match(r"([0-9]{2}:[0-9]{2})(?::[0-9.]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$", time or "")
    return found[1] if found and (found[2] is None or found[2] in offsets) else ""


def languages_of(service: Service) -> list[str]:
    found = [known_language(language) for language in service.languages or []]
    return list(dict.fromkeys(code for code in found if code))


def known_language(language: Language) -> str:
    code = (language.code or "").lower()
    if code in languages():
        return code
    by_code = pycountry.languages.get(alpha_2=code) if code else None
    named = by_code or pycountry.languages.get(name=language.name or "")
    return str(named.alpha_3) if named else ""


def not_kept(raw: Any, depth: int = 0) -> Iterator[str]:
    """What there is in it that has no place here; as deep as HSDS puts such things."""
    parts = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    if isinstance(raw, dict):
        yield from (name for name in NOT_KEPT if raw.get(name) not in (None, "", []))
    if depth < DEEPEST:
        for part in parts:
            yield from not_kept(part, depth + 1)
