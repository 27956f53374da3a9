"""Needs and offers as tables for spreadsheets: a row of names, a row of HXL tags (hxlstandard.org), then a row each."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from coordination.resources.changes import IntakeHours
from portal.kernel.kinds import Kind

MOST_ROWS = 10_000
# Spreadsheets open UTF-8 with its letters right when it begins with this.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet would run instead of showing it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
BETWEEN = "; "


@dataclass(frozen=True)
class Column:
    name: str
    tag: str
    say: Callable[[Any], str]


def plain(name: str, tag: str) -> Column:
    return Column(name, tag, lambda listing: written(getattr(listing, name)))


def part_of_area(name: str, tag: str, parts: int) -> Column:
    """The area's code down to here, such as US-IA for its state: empty where the area is not as fine."""

    def say(listing: Any) -> str:
        found = listing.area.split("-")[:parts]
        return "-".join(found) if len(found) == parts else ""

    return Column(name, tag, say)


WHAT = (
    plain("id", "#meta +id"),
    Column("owner", "#org +name", lambda listing: listing.owner.name),
    plain("category", "#service"),
    plain("unit", "#x_unit"),
)
OF_NEED = (plain("quantity", "#need"), plain("quantity_met", "#need +met"), plain("urgency", "#x_urgency"))
OF_OFFER = (
    plain("maximum", "#capacity +max"),
    plain("available", "#capacity +available"),
    plain("held", "#capacity +held"),
    plain("cost", "#x_cost"),
    plain("intake_hours", "#x_intake_hours"),
)
AREAS = (
    part_of_area("country", "#country +code", 1),
    part_of_area("state", "#adm1 +code", 2),
    part_of_area("county", "#adm2 +code", 3),
)
REST = (
    *AREAS,
    plain("populations", "#x_populations"),
    plain("languages", "#x_languages"),
    plain("barriers", "#x_barriers"),
    plain("note", "#description"),
    plain("exercise", "#x_exercise"),
    Column("status", "#status", lambda listing: listing.state),
    plain("posted_at", "#date +posted"),
    plain("valid_from", "#date +start"),
    plain("valid_until", "#date +end"),
)
NEEDS, OFFERS = (*WHAT, *OF_NEED, *REST), (*WHAT, *OF_OFFER, *REST)
COLUMNS: dict[str, Sequence[Column]] = {"need": NEEDS, "offer": OFFERS}


def table(kind: Kind, rows: Any) -> str:
    """The newest of these rows; where some are left out, its last line says so. Constant queries."""
    found = list(rows.order_by("-pk")[: MOST_ROWS + 1])
    columns = COLUMNS[kind.name]
    text = StringIO(BYTE_ORDER_MARK)
    text.seek(0, 2)
    lines = csv.writer(text)
    lines.writerow(column.name for column in columns)
    lines.writerow(column.tag for column in columns)
    for listing in kind.shape(found[:MOST_ROWS]):
        lines.writerow(defused(column.say(listing)) for column in columns)
    if len(found) > MOST_ROWS:
        lines.writerow([f"Only the newest {MOST_ROWS:,} are in this file. Choose fewer by the filters of the list."])
    return text.getvalue()


def written(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case IntakeHours():
            return f"{' '.join(value.days)} {value.opens}-{value.closes}"
        case list():
            return BETWEEN.join(map(written, value))
        case _:
            return str(value)


def defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def as_written(cells: Iterable[str]) -> list[str]:
    """The cells before they were defused."""
    return [cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULAS) else cell for cell in cells]
