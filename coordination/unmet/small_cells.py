"""What of the network's numbers may be told, so that no request and no organization is recognized in them.

A number is told when at least three organizations asked and, whichever of them is left out, five requests remain: so
not even somebody who knows all that one of them asked can tell fewer than five apart. Areas that are too small for
that are counted together; where that is still too small nothing is told. Each request is in one number or in none, and
no sum of what is not told is ever given: nothing can be computed by taking one number from another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

FEWEST_REQUESTS = 5
FEWEST_ORGANIZATIONS = 3
# where areas are counted together, and where a kind has none
TOGETHER = ""


class Asked(NamedTuple):
    """How often one organization asked for something in an area, of what ended unmet in a month."""

    month: date
    kind: str
    area: str
    organization: UUID
    requests: int


class Cell(NamedTuple):
    month: date
    kind: str
    area: str
    requests: int


def told(asked: Iterable[Asked]) -> list[Cell]:
    by_area: dict[tuple[date, str], dict[str, Counter[UUID]]] = defaultdict(lambda: defaultdict(Counter))
    for each in asked:
        by_area[each.month, each.kind][each.area][each.organization] += each.requests
    return [
        Cell(month, kind, area, cell.total())
        for (month, kind), areas in sorted(by_area.items())
        for area, cell in sorted(with_small_ones_together(areas).items())
        if is_told(cell)
    ]


def with_small_ones_together(areas: dict[str, Counter[UUID]]) -> dict[str, Counter[UUID]]:
    large = {area: cell for area, cell in areas.items() if area and is_told(cell)}
    small = [cell for area, cell in areas.items() if area not in large]
    return {**large, TOGETHER: sum(small, Counter())}


def is_told(cell: Counter[UUID]) -> bool:
    return len(cell) >= FEWEST_ORGANIZATIONS and cell.total() - max(cell.values()) >= FEWEST_REQUESTS
