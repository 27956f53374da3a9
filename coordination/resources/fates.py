"""What becomes of each row of a file: the offer it would be, or what is wrong with it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from rest_framework import serializers

from coordination.resources.changes import IntakeHours
from coordination.resources.forms import ImportedOfferForm
from portal.api.problems import field_errors
from portal.kernel.areas import full_name
from portal.kernel.errors import FieldError

FILE, MOST_ROWS = "file", 2_000


class ImportedOffer(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What would be posted, as the form takes it."""

    category: str
    maximum: int
    area: str
    unit: str = ""
    available: int | None = None
    cost: str = ""
    intake_hours: list[IntakeHours] = []
    populations: list[str] = []
    languages: list[str] = []
    barriers: list[str] = []
    note: str = ""
    exercise: bool = False
    valid_from: str = ""
    valid_until: str = ""
    external_id: str = ""


class ImportedRow(msgspec.Struct, kw_only=True):
    """A row's fate: the offer it becomes and what its area is called, or its faults, each with its column's name.

    Nothing is posted of a row that is offered already (`posted`), nor of one that says the same as an earlier line;
    where `changed` names fields, what is offered is brought to what the row says. A service of HSDS has a title, and
    `left_out` names what of it is not kept.
    """

    line: int
    offer: ImportedOffer | None
    area_name: str
    errors: list[FieldError]
    posted: UUID | None = None
    same_as: int | None = None
    changed: list[str] = []
    title: str = ""
    left_out: list[str] = []


class ImportPreview(msgspec.Struct, kw_only=True):
    """Each row of the file, and the columns that are not read. `unknown`: by which words services are of no category
    that there is here, for whoever imports to say which they mean."""

    rows: list[ImportedRow]
    ignored: list[str]
    unknown: list[str]


class Fate(NamedTuple):
    """With what would be posted; nothing where it cannot."""

    row: ImportedRow
    said: dict[str, Any]


def fate_of(form: ImportedOfferForm, line: int, body: dict[str, Any], column: Callable[[str], str]) -> Fate:
    try:
        read = form.run_validation(body)
    except serializers.ValidationError as fault:
        faults = field_errors(fault.detail)
        return faulty(line, *(FieldError(column(e.field), e.code, e.message) for e in faults))
    offer = msgspec.convert(body, ImportedOffer)
    return Fate(ImportedRow(line=line, offer=offer, area_name=full_name(offer.area), errors=[]), read)


def faulty(line: int, *errors: FieldError) -> Fate:
    return Fate(ImportedRow(line=line, offer=None, area_name="", errors=list(errors)), {})
