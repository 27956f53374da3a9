"""Needs and offers as tables for spreadsheets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coordination.resources.changes import IntakeHours
from portal.api.tables import AREAS, Column, sheet
from portal.kernel.kinds import Kind

MOST_ROWS = 10_000
BETWEEN = "; "


def plain(name: str, tag: str) -> Column:
    return Column(name, tag, lambda listing: written(getattr(listing, name)))


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
    more = f"Only the newest {MOST_ROWS:,} are in this file. Choose fewer by the filters of the list."
    return sheet(COLUMNS[kind.name], kind.shape(found[:MOST_ROWS]), more if len(found) > MOST_ROWS else "")


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
