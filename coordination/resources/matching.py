"""Which offers may meet a need, how well, and why: pure, so the same question has the same answer.

In each respect a pair fits between 0 and 1. What does not fit takes away the respect's weight, and what is left is
multiplied: like the chance that it works out in all of them. A better fit in one respect never scores lower. Times are
in UTC.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from coordination.resources.taxonomy import CATEGORIES
from coordination.resources.weights import (
    ALIKE,
    FAR,
    HALVED_AFTER,
    KEPT_AT_FIRST,
    LEAST_SCORE,
    MADE_AT_FIRST,
    OTHER_UNIT,
    PROMISES_TO_SPEAK_OF,
    SERVED_WITH,
    SHARE_TO_SPEAK_OF,
    WEIGHTS,
)
from portal.kernel import areas

MOST = 20


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """What a need and an offer both say. Of a set that is empty nothing was said."""

    id: UUID
    organization: UUID
    category: str
    unit: str
    area: str
    populations: frozenset[str]
    languages: frozenset[str]
    barriers: frozenset[str]
    valid_from: datetime
    valid_until: datetime
    exercise: bool


class Needed(Listed, frozen=True, kw_only=True):
    """`quantity`: what is not met yet. `barriers`: what keeps these people from help."""

    quantity: int


class Offered(Listed, frozen=True, kw_only=True):
    """`barriers`: what it does away with. What is said of its capacity is stale from `stale_at` on, which is later."""

    available: int
    capacity_updated_at: datetime
    stale_at: datetime


class Promises(msgspec.Struct, frozen=True):
    """How an organization's accepted pledges ended: confirmed, or failed."""

    kept: int
    broken: int


History = Mapping[UUID, Promises]
NOTHING_YET = Promises(0, 0)

Code = Literal[
    "same_category", "near_category", "same_area", "distance", "far_away", "time", "quantity", "other_unit",
    "languages", "populations", "barriers", "fresh", "stale", "keeps_promises",
]  # fmt: skip


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One respect, for people to read: `fit` says whether it speaks for the pair wholly, in part or not.

    `part` of `whole`: units, or hours of the time. `found` and `missing`: the names asked for; of a category or
    unit, what is offered instead. `kilometres`: from centre to centre. `since`: stale from then on.
    """

    code: Code
    fit: Literal["whole", "part", "none"] = "whole"
    part: int | None = None
    whole: int | None = None
    kilometres: int | None = None
    found: list[str] = []
    missing: list[str] = []
    since: datetime | None = None


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """`score` is above 0 and at most 1."""

    need: UUID
    offer: UUID
    score: float
    reasons: list[Reason]


# Offers by category and exercise, then by area: what `prepare` makes once for many needs.
Prepared = Mapping[tuple[str, bool], Mapping[str, Sequence[Offered]]]


def suggest(
    need: Needed, offers: Iterable[Offered], *, now: datetime, history: History, most: int = MOST
) -> list[Suggestion]:
    """The best offers for a need, best first."""
    return suggest_among(need, prepare(offers), now=now, history=history, most=most)


def prepare(offers: Iterable[Offered]) -> Prepared:
    prepared: defaultdict[tuple[str, bool], defaultdict[str, list[Offered]]]
    prepared = defaultdict(lambda: defaultdict(list))
    for offer in offers:
        prepared[offer.category, offer.exercise][offer.area].append(offer)
    return prepared


def suggest_among(
    need: Needed, offers: Prepared, *, now: datetime, history: History, most: int = MOST
) -> list[Suggestion]:
    """The same as `suggest`. Whole areas are left out once they are too far to be among the best."""
    best: list[tuple[float, int, Offered]] = []
    for bound, found in _nearest_first(need, offers):
        if bound < _least(best, most):
            break
        for offer in found:
            scored = _remaining(bound, need, offer, now, history, _least(best, most))
            if scored:
                # Of two as good the older one, as ids are in the order of time.
                entry = (scored, -offer.id.int, offer)
                heapq.heappush(best, entry) if len(best) < most else heapq.heappushpop(best, entry)
    return [_suggestion(need, offer, scored, now, history) for scored, _, offer in sorted(best, reverse=True)]


def needs_met(
    offer: Offered, needs: Iterable[Needed], *, now: datetime, history: History, floors: Mapping[UUID, float]
) -> list[UUID]:
    """The needs that this offer may meet, and would meet better than what their floor says: a pair scores the same from
    either side. Needs of one category in one area are left out together where they are too far."""
    alike: defaultdict[tuple[str, str], list[Needed]] = defaultdict(list)
    for need in needs:
        alike[need.category, need.area].append(need)
    found = []
    for several in alike.values():
        bound = _bound(several[0], offer.category, offer.area)
        if bound >= LEAST_SCORE:
            found += [n.id for n in several if _remaining(bound, n, offer, now, history, _floor(floors, n))]
    return found


def _floor(floors: Mapping[UUID, float], need: Needed) -> float:
    return max(floors.get(need.id, LEAST_SCORE), LEAST_SCORE)


def score(need: Needed, offer: Offered, *, now: datetime, history: History, least: float = LEAST_SCORE) -> float:
    """0 for what is never suggested, and for what comes to less than `least`: a product only falls."""
    return _remaining(_bound(need, offer.category, offer.area), need, offer, now, history, least)


def _bound(need: Needed, category: str, area: str) -> float:
    """What all offers of a category in an area can score at most."""
    closeness = ALIKE[need.category].get(category, 0.0)
    return (1 - WEIGHTS["category"] * (1 - closeness)) * (1 - WEIGHTS["distance"] * (1 - _near(need, area)))


def _remaining(product: float, need: Needed, offer: Offered, now: datetime, history: History, least: float) -> float:
    if product < least or _excluded(need, offer, now):
        return 0.0
    for fit, weight in _FITS:
        product *= 1 - weight * (1 - fit(need, offer, now, history))
        if product < least:
            return 0.0
    return product


def _excluded(need: Needed, offer: Offered, now: datetime) -> bool:
    """An exercise never mixes with what is real, and nobody is sent to itself."""
    return (
        need.exercise != offer.exercise
        or need.organization == offer.organization
        or need.quantity <= 0
        or offer.available <= 0
        or offer.category not in ALIKE[need.category]
        or offer.valid_until <= now
        or offer.valid_until <= need.valid_from
        or need.valid_until <= now
        or need.valid_until <= offer.valid_from
        or bool(need.populations and offer.populations and not _served(need, offer))
    )


def _nearest_first(need: Needed, offers: Prepared) -> Iterator[tuple[float, Sequence[Offered]]]:
    """Offers of one category in one area, with what they can score at most."""
    bounds = [
        (_bound(need, category, area), category, area)
        for category in ALIKE[need.category]
        for area in offers.get((category, need.exercise), ())
    ]
    for bound, category, area in sorted(bounds, reverse=True):
        yield bound, offers[category, need.exercise][area]


def _least(best: list[tuple[float, int, Offered]], most: int) -> float:
    return max(best[0][0], LEAST_SCORE) if len(best) >= most else LEAST_SCORE


# how well a pair fits, respect by respect


def _near(need: Needed, area: str) -> float:
    kilometres = areas.distance(need.area, area)
    if kilometres is None:
        return 0.0
    return float(0.5 ** (kilometres / HALVED_AFTER[CATEGORIES[need.category].top]))


def _time(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    covered, asked = _hours(need, offer, now)
    return covered / asked


def _hours(need: Needed, offer: Offered, now: datetime) -> tuple[float, float]:
    """Hours of the need's time that the offer covers, and all that are left of it."""
    begins = max(need.valid_from, now)
    covered = min(need.valid_until, offer.valid_until) - max(begins, offer.valid_from)
    return covered.total_seconds() / 3600, (need.valid_until - begins).total_seconds() / 3600


def _quantity(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    if need.unit != offer.unit:
        return OTHER_UNIT
    return min(offer.available, need.quantity) / need.quantity


def _languages(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    return _share(need.languages, need.languages & offer.languages)


def _populations(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    """An offer that says nothing is for everybody."""
    return _share(need.populations, _served(need, offer)) if offer.populations else 1.0


def _served(need: Needed, offer: Offered) -> frozenset[str]:
    return frozenset(
        name
        for name in need.populations
        if name in offer.populations or not offer.populations.isdisjoint(SERVED_WITH.get(name, ()))
    )


def _barriers(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    return _share(need.barriers, need.barriers & offer.barriers)


def _freshness(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    """Half as good for each time that it could have been renewed since it went stale."""
    if now < offer.stale_at:
        return 1.0
    return float(0.5 ** ((now - offer.stale_at) / (offer.stale_at - offer.capacity_updated_at)))


def _promises(need: Needed, offer: Offered, now: datetime, history: History) -> float:
    promises = history.get(offer.organization, NOTHING_YET)
    return (promises.kept + KEPT_AT_FIRST) / (promises.kept + promises.broken + MADE_AT_FIRST)


def _share(asked: Collection[str], found: Collection[str]) -> float:
    return len(found) / len(asked) if asked else 1.0


# Those that tell most pairs apart come first, so that little is worked out for what falls behind.
_FITS = [
    (fit, WEIGHTS[fit.__name__.removeprefix("_")])
    for fit in (
        *(_quantity, _languages, _populations, _barriers),
        *(_promises, _freshness, _time),
    )
]


# in words


def _suggestion(need: Needed, offer: Offered, scored: float, now: datetime, history: History) -> Suggestion:
    reasons = list(_reasons(need, offer, now, history))
    return Suggestion(need=need.id, offer=offer.id, score=round(scored, 4), reasons=reasons)


def _reasons(need: Needed, offer: Offered, now: datetime, history: History) -> Iterator[Reason]:
    """What was asked for and what is offered; of a promise only that an organization keeps it."""
    if need.category == offer.category:
        yield Reason(code="same_category")
    else:
        yield Reason(code="near_category", fit="part", found=[offer.category], missing=[need.category])
    yield _area_reason(need, offer)
    yield _quantity_reason(need, offer)
    covered, asked = _hours(need, offer, now)
    yield Reason(code="time", fit=_fit(covered / asked), part=round(covered), whole=round(asked))
    if need.languages:
        yield _names_reason("languages", need.languages, need.languages & offer.languages)
    if need.populations and offer.populations:
        yield _names_reason("populations", need.populations, _served(need, offer))
    if need.barriers:
        yield _names_reason("barriers", need.barriers, need.barriers & offer.barriers)
    if now < offer.stale_at:
        yield Reason(code="fresh")
    else:
        yield Reason(code="stale", fit="none", since=offer.stale_at)
    promises = history.get(offer.organization, NOTHING_YET)
    made = promises.kept + promises.broken
    if made >= PROMISES_TO_SPEAK_OF and promises.kept / made >= SHARE_TO_SPEAK_OF:
        yield Reason(code="keeps_promises")


def _area_reason(need: Needed, offer: Offered) -> Reason:
    kilometres = areas.distance(need.area, offer.area)
    if kilometres == 0:
        return Reason(code="same_area")
    if kilometres is None or _near(need, offer.area) < FAR:
        return Reason(code="far_away", fit="none", kilometres=None if kilometres is None else round(kilometres))
    return Reason(code="distance", fit="part", kilometres=round(kilometres))


def _quantity_reason(need: Needed, offer: Offered) -> Reason:
    if need.unit != offer.unit:
        return Reason(code="other_unit", fit="part", found=[offer.unit], missing=[need.unit])
    part = min(offer.available, need.quantity)
    return Reason(code="quantity", fit=_fit(part / need.quantity), part=part, whole=need.quantity)


def _names_reason(code: Code, asked: frozenset[str], found: frozenset[str]) -> Reason:
    fit = _fit(_share(asked, found))
    return Reason(code=code, fit=fit, found=sorted(found), missing=sorted(asked - found))


def _fit(share: float) -> Literal["whole", "part", "none"]:
    return "whole" if share >= 1 else "part" if share > 0 else "none"
