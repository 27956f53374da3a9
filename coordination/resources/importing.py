"""Offers from a table: what each row would be, or what is wrong with it. Nothing is written here.

Columns are those of the export, by their HXL tags or by their names. The list's separator is a semicolon. A fault of
the whole file names the column or the line in its path: `file.county`, `file.7`.
"""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import pairwise, zip_longest
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from coordination.resources import tables
from coordination.resources.fates import FILE, MOST_ROWS, Fate, ImportedRow, ImportPreview, fate_of, faulty
from coordination.resources.forms import ImportedOfferForm
from coordination.resources.queries import offers_of_rows
from portal.api.forms import refuse
from portal.api.tables import AREAS as AREA_COLUMNS
from portal.api.tables import BYTE_ORDER_MARK, as_written
from portal.kernel.errors import FieldError
from portal.organizations.models import Organization

AREAS = tuple(column.name for column in AREA_COLUMNS)
SAID = ("category", "unit", "maximum", "available", "cost", "intake_hours", *AREAS)
READ = (*SAID, "populations", "languages", "barriers", "note", "exercise")
SEPARATORS = ",;\t"


def preview(text: str, owner: Organization) -> ImportPreview:
    lines = numbered(text.removeprefix(BYTE_ORDER_MARK))
    (_, head), following = next(lines, (0, [])), next(lines, None)
    if following and is_tags(following[1]):
        head, following = [tag or name for name, tag in zip_longest(head, following[1])], next(lines, None)
    columns = columns_of(head)
    require_columns(columns)
    rows = [] if following is None else [following]
    for row in lines:
        if len(rows) == MOST_ROWS:
            refuse(FILE, "too_long", f"At most {MOST_ROWS:,} rows at once: make several files of it.")
        rows.append(row)
    if not rows:
        refuse(FILE, "blank", "There are no rows below the names of the columns.")
    form = ImportedOfferForm()
    return ImportPreview(
        rows=told_apart([fate(form, line, columns, cells) for line, cells in rows], owner),
        ignored=[name for name in columns if name not in READ],
        unknown=[],
    )


# the file


def numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number in the file."""
    if "\ufffd" in text or "\x00" in text:
        refuse(FILE, "invalid", "This file is not UTF-8. Save it as “CSV UTF-8” and choose it again.")
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        refuse(
            f"{FILE}.{line}", "invalid", f"Line {line} cannot be read: look for a quotation mark that is not closed."
        )


def is_tags(cells: Sequence[str]) -> bool:
    return any(cells) and all(cell.startswith("#") for cell in cells if cell)


def columns_of(head: Sequence[str]) -> list[str]:
    """The names of the columns, of which some may be given by their HXL tags."""
    tags = {parsed(column.tag): column.name for column in tables.OFFERS}
    names = {column.name for column in tables.OFFERS}
    found = []
    for cell in head:
        name = tags.get(parsed(cell), cell) if cell.startswith("#") else "_".join(cell.lower().split())
        if name not in names:
            known = ", ".join(column.name for column in tables.OFFERS)
            refuse(f"{FILE}.{cell}", "unknown_field", f"There is no column “{cell}”. There are: {known}.")
        if name in found:
            refuse(f"{FILE}.{name}", "duplicate", f"The column “{name}” is there twice.")
        found.append(name)
    return found


def parsed(text: str) -> tuple[str, frozenset[str]]:
    """Attributes of an HXL tag stand in any order."""
    name, *attributes = "".join(text.lower().split()).split("+")
    return name, frozenset(attributes)


def require_columns(columns: Sequence[str]) -> None:
    missing = [name for name in ("category", "maximum") if name not in columns]
    if not any(name in columns for name in AREAS):
        missing.append(AREAS[-1])
    if missing:
        faults = {f"{FILE}.{name}": [ErrorDetail(f"The column “{name}” is missing.", "required")] for name in missing}
        raise serializers.ValidationError(faults)


# a row


def fate(form: ImportedOfferForm, line: int, columns: Sequence[str], cells: Sequence[str]) -> Fate:
    if len(cells) != len(columns):
        code = "too_short" if len(cells) < len(columns) else "too_long"
        return faulty(line, FieldError("", code, f"This row has {len(cells)} cells, the first one {len(columns)}."))
    said = dict(zip(columns, as_written(cells), strict=True))
    body = offer_of({name: cell for name, cell in said.items() if name in READ and cell})
    return fate_of(form, line, body, lambda field: column_of(field, said))


def told_apart(fates: Sequence[Fate], owner: Organization) -> list[ImportedRow]:
    right = [(row, said["row"]) for row, said in fates if said]
    known = offers_of_rows(owner, [digest for _, digest in right])
    first: dict[str, int] = {}
    for row, digest in right:
        row.posted = known[digest].pk if digest in known else None
        row.same_as = first.get(digest)
        first.setdefault(digest, row.line)
    return [row for row, _ in fates]


def offer_of(said: dict[str, str]) -> dict[str, Any]:
    """The cells as the form takes them; what makes no sense stays as it is, for the form to refuse."""
    body: dict[str, Any] = {name: cell for name, cell in said.items() if name not in AREAS}
    for name in ("maximum", "available"):
        if said.get(name, "").isdecimal() and said[name].isascii():
            body[name] = int(said[name][:12])
    for name in ("populations", "languages", "barriers"):
        if name in said:
            body[name] = parts(said[name])
    if "intake_hours" in said:
        body["intake_hours"] = [hours(part) for part in parts(said["intake_hours"])]
    if said.get("exercise", "").lower() in ("true", "false"):
        body["exercise"] = said["exercise"].lower() == "true"
    areas = [said[name] for name in AREAS if name in said]
    if areas:
        nested = all(finer.startswith(f"{wider}-") for wider, finer in pairwise(areas))
        body["area"] = areas[-1] if nested else "; ".join(areas)
    return body


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(tables.BETWEEN.strip()) if part.strip()]


def hours(part: str) -> dict[str, Any]:
    """`monday friday 20:00-06:00`"""
    *days, times = part.split()
    opens, _, closes = times.partition("-")
    return {"days": [day.lower() for day in days], "opens": opens, "closes": closes}


def column_of(field: str, said: dict[str, str]) -> str:
    """The column that says this field of the form."""
    name = field.partition(".")[0]
    if name == "area":
        return next((area for area in reversed(AREAS) if said.get(area)), AREAS[0])
    return name
