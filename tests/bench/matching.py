"""Matching: how often it is right in a world whose truth is known, and how long one need among 100,000 offers
takes, and one offer among as many needs.

The truth is made apart from what matching knows. Each need has requirements that it does not tell: how far somebody
can travel, by road; whether the language and each barrier are vital; which other leaves of the same top would do;
whether a part is enough. Each offer has what it does not tell: whether anything is left by now, the less likely the
older its word; whether its house takes whom it did not name. Each organization keeps its promises at a rate of its
own, of which its history is a sample. An offer helps if all of that comes out well, and even then one in twenty does
not. Precision is of the first five, recall of the first twenty, over the needs that something helps.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from coordination.resources.matching import (
    History,
    Needed,
    Offered,
    Promises,
    needs_met,
    prepare,
    suggest,
    suggest_among,
)
from coordination.resources.taxonomy import BARRIERS, CATEGORIES, POPULATIONS, TOPS
from portal.kernel import areas
from tests.bench.figures import against, figure, median

NOW = datetime(2026, 11, 25, 21, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LANGUAGES, SPOKEN_BY = ("eng", "spa", "por", "fra", "vie", "swa", "ara"), (90, 40, 8, 8, 6, 4, 4)
REGION = ("US-IA-113", "US-IA-103", "US-IA-031", "US-IA-105", "US-IA-011", "US-IA-183", "US-IA-163", "US-IA-013")
LABELLED_OFFERS, LABELLED_NEEDS, ORGANIZATIONS, MANY, ROUNDS = 6_000, 400, 150, 100_000, 15
COMES_TO_NOTHING = 0.05
Ranking = Callable[[Needed], Sequence[UUID]]


class Requirements(NamedTuple):
    """What a need does not tell."""

    reach: float
    leaves: frozenset[str]
    languages: frozenset[str]
    barriers: frozenset[str]
    quantity: int


class Nature(NamedTuple):
    """What an offer does not tell."""

    is_left: bool
    takes_others: bool
    is_kept: bool
    detour: float


def run() -> None:
    world = World(random.Random(20261125))
    offers = [world.offer(REGION) for _ in range(LABELLED_OFFERS)]
    needs = [world.need(REGION) for _ in range(LABELLED_NEEDS)]
    truth = {need.id: {o.id for o in offers if world.helps(need, o)} for need in needs}
    asked = [need for need in needs if truth[need.id]]
    figure("matching: needs that something helps", len(asked), "needs")
    figure("matching: offers that help one, median", median(len(truth[need.id]) for need in asked), "offers")

    prepared = prepare(offers)

    def matched(need: Needed) -> Sequence[UUID]:
        return [s.offer for s in suggest_among(need, prepared, now=NOW, history=world.history)]

    def known(need: Needed) -> Sequence[UUID]:
        return sorted(truth[need.id])

    figure("matching: precision at 5 if everything were known", precision(asked, truth, known, 5), "share")
    rivals: dict[str, Ranking] = {
        "same category and area": lambda need: in_the_area(need, offers),
        "same category, nearest first": lambda need: nearest(need, offers),
    }
    for name, ranking in rivals.items():
        for measure, first in ((precision, 5), (recall, 20)):
            ours, theirs = (measure(asked, truth, way, first) for way in (matched, ranking))
            against(f"matching: {measure.__name__} at {first} against {name}", ours, "share", theirs, "> 1")
    durations("64 leaves, the counties of a state", world, tuple(CATEGORIES), world.state)
    durations("one leaf, eight counties", world, ("emergency_bed",), REGION)


def durations(where: str, world: "World", leaves: Sequence[str], within: Sequence[str]) -> None:
    """One need against 100,000 offers: as they are, and with the offers laid out before (which costs once)."""
    offers = [world.offer(within, leaves) for _ in range(MANY)]
    needs = [world.need(within, leaves) for _ in range(ROUNDS)]
    began = time.perf_counter()
    prepared = prepare(offers)
    laid_out = milliseconds(began)
    plain, ready = [], []
    for need in needs:
        began = time.perf_counter()
        suggest(need, offers, now=NOW, history=world.history)
        plain.append(milliseconds(began))
        began = time.perf_counter()
        suggest_among(need, prepared, now=NOW, history=world.history)
        ready.append(milliseconds(began))
    figure(f"matching: one need, {MANY:,} offers, {where}", median(plain), "ms", goal="<= 150")
    figure(f"matching: the same, slowest of {ROUNDS}", max(plain), "ms", goal="<= 150")
    figure("matching: the same, offers laid out before", median(ready), "ms", goal="<= 150")
    figure(f"matching: to lay out {MANY:,} offers", laid_out, "ms")
    others_way(where, world, leaves, within)


def others_way(where: str, world: "World", leaves: Sequence[str], within: Sequence[str]) -> None:
    """One offer against 100,000 needs, for none of which anything is suggested yet: all that it may meet are found."""
    needs = [world.need(within, leaves) for _ in range(MANY)]
    took = []
    for offer in [world.offer(within, leaves) for _ in range(ROUNDS)]:
        began = time.perf_counter()
        needs_met(offer, needs, now=NOW, history=world.history, floors={})
        took.append(milliseconds(began))
    figure(f"matching: one offer, {MANY:,} needs, {where}", median(took), "ms")


def milliseconds(began: float) -> float:
    return (time.perf_counter() - began) * 1000


# the measures, and plainer ways to answer


def precision(needs: Iterable[Needed], truth: dict[UUID, set[UUID]], ranking: Ranking, first: int) -> float:
    return statistics.fmean(len(truth[need.id].intersection(ranking(need)[:first])) / first for need in needs)


def recall(needs: Iterable[Needed], truth: dict[UUID, set[UUID]], ranking: Ranking, first: int) -> float:
    return statistics.fmean(
        len(truth[need.id].intersection(ranking(need)[:first])) / len(truth[need.id]) for need in needs
    )


def could(need: Needed, offer: Offered) -> bool:
    """What any list of offers would leave out."""
    return offer.organization != need.organization and offer.available > 0 and offer.valid_until > NOW


def in_the_area(need: Needed, offers: Sequence[Offered]) -> list[UUID]:
    """Newest first."""
    return [o.id for o in reversed(offers) if (o.category, o.area) == (need.category, need.area) and could(need, o)]


def nearest(need: Needed, offers: Sequence[Offered]) -> list[UUID]:
    found = [o for o in reversed(offers) if o.category == need.category and could(need, o)]
    return [o.id for o in sorted(found, key=lambda o: areas.distance(need.area, o.area) or 0)]


class World:
    """Listings with their hidden sides."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.state = tuple(areas.counties("US-IA"))
        self.requirements: dict[UUID, Requirements] = {}
        self.natures: dict[UUID, Nature] = {}
        self.reliability = {UUID(int=number): chance.betavariate(6, 2) for number in range(1, ORGANIZATIONS + 1)}
        self.history: History = {who: self.promises(rate) for who, rate in self.reliability.items()}

    def promises(self, rate: float) -> Promises:
        made = self.chance.randrange(0, 25)
        kept = sum(self.chance.random() < rate for _ in range(made))
        return Promises(kept, made - kept)

    def some(self, names: Sequence[str], most: int) -> frozenset[str]:
        return frozenset(self.chance.sample(names, self.chance.randrange(0, most + 1)))

    def spoken(self) -> frozenset[str]:
        shares = zip(LANGUAGES, SPOKEN_BY, strict=True)
        return frozenset(name for name, share in shares if self.chance.random() * 100 < share)

    def identity(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def organization(self) -> UUID:
        return UUID(int=self.chance.randrange(1, ORGANIZATIONS + 1))

    def offer(self, within: Sequence[str], leaves: Sequence[str] = tuple(CATEGORIES)) -> Offered:
        chance = self.chance
        category = CATEGORIES[chance.choice(leaves)]
        age = chance.expovariate(1 / 1.5)
        offer = Offered(
            id=self.identity(),
            organization=self.organization(),
            category=category.name,
            unit=category.units[0],
            area=chance.choice(within),
            populations=self.some(POPULATIONS, 5),
            languages=self.spoken(),
            barriers=self.some(BARRIERS, 9),
            valid_from=NOW + DAY * chance.randrange(-30, 3),
            valid_until=NOW + DAY * chance.randrange(3, 60),
            exercise=False,
            available=chance.randrange(0, 8),
            capacity_updated_at=NOW - age * category.fresh,
            stale_at=NOW + (1 - age) * category.fresh,
        )
        self.natures[offer.id] = Nature(
            is_left=chance.random() < 0.95 * 0.6**age,
            takes_others=chance.random() < 0.3,
            is_kept=chance.random() < self.reliability[offer.organization],
            detour=chance.uniform(1.1, 1.6),
        )
        return offer

    def need(self, within: Sequence[str], leaves: Sequence[str] = tuple(CATEGORIES)) -> Needed:
        chance = self.chance
        category = CATEGORIES[chance.choice(leaves)]
        begins = NOW + HOUR * chance.randrange(0, 48)
        need = Needed(
            id=self.identity(),
            organization=self.organization(),
            category=category.name,
            unit=category.units[0],
            area=chance.choice(within),
            populations=self.some(POPULATIONS, 2),
            languages=frozenset(chance.choices(LANGUAGES, SPOKEN_BY)),
            barriers=self.some(BARRIERS, 3),
            valid_from=begins,
            valid_until=begins + DAY * chance.randrange(1, 15),
            exercise=False,
            quantity=chance.randrange(1, 6),
        )
        siblings = [leaf.name for leaf in TOPS[category.top]]
        self.requirements[need.id] = Requirements(
            reach=chance.lognormvariate(4.2, 0.6),
            leaves=frozenset({category.name, *(leaf for leaf in siblings if chance.random() < 0.12)}),
            languages=frozenset(name for name in need.languages if name != "eng" or chance.random() < 0.5),
            barriers=frozenset(name for name in sorted(need.barriers) if chance.random() < 0.5),
            quantity=need.quantity if chance.random() < 0.4 else 1,
        )
        return need

    def helps(self, need: Needed, offer: Offered) -> bool:
        wanted, nature = self.requirements[need.id], self.natures[offer.id]
        road = (areas.distance(need.area, offer.area) or 0) * nature.detour
        return (
            offer.category in wanted.leaves
            and could(need, offer)
            and offer.valid_from <= need.valid_from
            and road <= wanted.reach
            and wanted.languages <= offer.languages
            and wanted.barriers <= offer.barriers
            and (nature.takes_others or not offer.populations or need.populations <= offer.populations)
            and offer.available >= wanted.quantity
            and nature.is_left
            and nature.is_kept
            and self.chance.random() >= COMES_TO_NOTHING
        )
