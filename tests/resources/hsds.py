"""The parts of HSDS 3.0 that an export says, as the standard's own schemas have them (openreferral/specification,
CC BY-SA 4.0): their names, types and formats, which are required, and the words of each list. Written for these tests,
and stricter: an unknown name is a fault here, though the standard lets publishers add some, and so is what it asks for
in words alone, such as the offset of a time.
"""

from typing import Any

import jsonschema

UUID = {"type": "string", "format": "uuid"}
TEXT = {"type": "string"}
INTEGER = {"type": "integer"}
DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TIME = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9][+-][0-9]{2}:[0-9]{2}$"}
URI = {"type": "string", "pattern": "^https?://[^ ]+$"}
DAYS = {"type": "string", "pattern": "^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$"}


def part(required: str, **fields: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": fields, "additionalProperties": False}


def many(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


TERM = part(
    "id name description", id=UUID, code=TEXT, name=TEXT, description=TEXT, parent_id=UUID, taxonomy=TEXT, language=TEXT
)
ATTRIBUTE = part(
    "id",
    id=UUID,
    link_id=UUID,
    taxonomy_term_id=UUID,
    link_type=TEXT,
    link_entity=TEXT,
    value=TEXT,
    label=TEXT,
    taxonomy_term=TERM,
)
LANGUAGE = part("id", id=UUID, service_id=UUID, name=TEXT, code={"type": "string", "pattern": "^[a-z]{2,3}$"})
EXTENT = {"enum": ["geojson", "topojson", "kml", "text"]}
AREA = part("id", id=UUID, service_id=UUID, name=TEXT, extent=TEXT, extent_type=EXTENT)
SCHEDULE = part(
    "id",
    id=UUID,
    service_id=UUID,
    valid_from=DATE,
    valid_to=DATE,
    freq={"enum": ["WEEKLY", "MONTHLY"]},
    byday=DAYS,
    opens_at=TIME,
    closes_at=TIME,
    description=TEXT,
)
ORGANIZATION = part("id name description", id=UUID, name=TEXT, description=TEXT, website=URI)
SERVICE = part(
    "id name status",
    id=UUID,
    organization_id=UUID,
    name=TEXT,
    description=TEXT,
    status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    fees_description=TEXT,
    assured_date=DATE,
    organization=ORGANIZATION,
    languages=many(LANGUAGE),
    schedules=many(SCHEDULE),
    service_areas=many(AREA),
    service_at_locations=many(part("id", id=UUID, service_id=UUID, service_areas=many(AREA))),
    attributes=many(ATTRIBUTE),
)
PAGE = part(
    "total_items total_pages page_number size first_page last_page empty contents",
    total_items=INTEGER,
    total_pages=INTEGER,
    page_number=INTEGER,
    size=INTEGER,
    first_page={"type": "boolean"},
    last_page={"type": "boolean"},
    empty={"type": "boolean"},
    contents=many(SERVICE),
)


def check(page: Any) -> Any:
    jsonschema.Draft202012Validator(PAGE, format_checker=jsonschema.FormatChecker()).validate(page)
    return page
