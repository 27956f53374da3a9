"""Tables for spreadsheets: a row of names, a row of HXL tags (hxlstandard.org), then a row for each object."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.http import HttpResponse

from portal.kernel import clock

# Spreadsheets open UTF-8 with its letters right when it begins with this.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet would run instead of showing it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    name: str
    tag: str
    say: Callable[[Any], str]


def part_of_area(name: str, tag: str, parts: int) -> Column:
    """The area's code down to here, such as US-IA for its state: empty where the area is not as fine."""

    def say(row: Any) -> str:
        found = row.area.split("-")[:parts]
        return "-".join(found) if len(found) == parts else ""

    return Column(name, tag, say)


AREAS = (
    part_of_area("country", "#country +code", 1),
    part_of_area("state", "#adm1 +code", 2),
    part_of_area("county", "#adm2 +code", 3),
)


def sheet(columns: Sequence[Column], rows: Iterable[Any], last_line: str = "") -> str:
    """`last_line` says what is not in it."""
    text = StringIO(BYTE_ORDER_MARK)
    text.seek(0, 2)
    lines = csv.writer(text)
    lines.writerow(column.name for column in columns)
    lines.writerow(column.tag for column in columns)
    for row in rows:
        lines.writerow(defused(column.say(row)) for column in columns)
    if last_line:
        lines.writerow([last_line])
    return text.getvalue()


def download(name: str, table: str) -> HttpResponse:
    """The file bears the day."""
    return HttpResponse(
        table,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'},
    )


def defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def as_written(cells: Iterable[str]) -> list[str]:
    """The cells before they were defused."""
    return [cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULAS) else cell for cell in cells]
