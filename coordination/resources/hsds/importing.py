"""Offers from a file of HSDS services: what each would be, or what is wrong with it. Nothing is written here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from coordination.resources.fates import FILE, MOST_ROWS, Fate, ImportedRow, ImportPreview, fate_of, faulty
from coordination.resources.forms import ImportedOfferForm
from coordination.resources.hsds import reading
from coordination.resources.queries import SAID_ONCE, differing, offers_known_as
from portal.api.forms import refuse
from portal.kernel import clock
from portal.kernel.errors import FieldError
from portal.kernel.models import Network
from portal.organizations.models import Organization

MOST_TITLE = 120


def preview(text: str, owner: Organization, chosen: dict[str, str], area: str) -> ImportPreview:
    """`chosen` says which category a word means here, `area` where a service is that does not say."""
    services = reading.services_in(text)
    if len(services) > MOST_ROWS:
        refuse(FILE, "too_long", f"At most {MOST_ROWS:,} services at once: make several files of it.")
    if not services:
        refuse(FILE, "blank", "There is no service in this file.")
    form, offsets = ImportedOfferForm(), offsets_of(Network.current().zone)
    unknown: dict[str, None] = {}
    rows = [fate_of_service(form, at, raw, unknown, chosen, area, offsets) for at, raw in enumerate(services, start=1)]
    return ImportPreview(rows=compared(rows, owner), ignored=[], unknown=list(unknown))


def offsets_of(zone: ZoneInfo) -> set[str]:
    """As HSDS writes them, of winter and of summer: a file bears hours of the one into the other."""
    year = clock.now().year
    found = {datetime(year, month, 1, tzinfo=zone).isoformat()[-6:] for month in (1, 7)}
    return found | {"Z"} if "+00:00" in found else found


def fate_of_service(
    form: ImportedOfferForm,
    at: int,
    raw: Any,
    unknown: dict[str, None],
    chosen: dict[str, str],
    area: str,
    offsets: Collection[str],
) -> Fate:
    try:
        found = reading.read(raw, chosen, area, offsets)
    except msgspec.ValidationError as fault:
        return faulty(at, FieldError(path_in(fault), "invalid", "This is not as HSDS says it."))
    if not found.body.get("category") and found.unknown:
        unknown[found.unknown] = None
    fate = fate_of(form, at, found.body, lambda field: field.partition(".")[0])
    fate.row.title, fate.row.left_out = found.title[:MOST_TITLE], found.left_out
    return fate


def path_in(fault: msgspec.ValidationError) -> str:
    """`Expected …` - at `$.languages[0].code`"""
    _, found, path = str(fault).rpartition("`$")
    return path.strip(".`") if found else "service"


def compared(fates: Sequence[Fate], owner: Organization) -> list[ImportedRow]:
    """With what is offered already under the same ids."""
    known = offers_known_as(owner, [said["external_id"] for _, said in fates if said])
    first: dict[str, int] = {}
    for row, said in fates:
        if not said:
            continue
        row.same_as = first.setdefault(said["external_id"], row.line)
        row.same_as = None if row.same_as == row.line else row.same_as
        if offer := known.get(said["external_id"]):
            row.posted = offer.pk
            row.changed = [f for f in differing(offer, said) if said["dated"] or f != "valid_until"]
            row.errors = [
                FieldError(f, "invalid", "It is offered as something else. Close that offer first.")
                for f in SAID_ONCE
                if said[f] != getattr(offer, f)
            ]
            row.offer = None if row.errors else row.offer
    return [row for row, _ in fates]
