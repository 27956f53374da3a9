"""What the network's administrators are told: nothing below five can be computed from it, whatever else they know."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import combinations, product
from operator import contains
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from coordination.unmet.small_cells import FEWEST_REQUESTS, TOGETHER, Asked, told
from portal.kernel import clock
from tests import world
from tests.scene import API
from tests.unmet.ended import ended

MONTHS, KINDS = (date(2026, 1, 1), date(2026, 2, 1)), ("emergency_shelter", "interpreter_now")
AREAS, ORGANIZATIONS = ("US-IA-103", "US-IA-113", "US-IA-031"), tuple(UUID(int=n) for n in range(1, 5))
Place = tuple[date, str, str, UUID]
# each number that nobody is told: what one organization asked for there
UNKNOWN: list[Place] = list(product(MONTHS, KINDS, AREAS, ORGANIZATIONS))
worlds = some.lists(some.integers(0, 9) | some.just(0), min_size=len(UNKNOWN), max_size=len(UNKNOWN))
# equations are solved in whole numbers modulo this prime
PRIME = 2**61 - 1
Row = list[int]


def asked(numbers: list[int]) -> list[Asked]:
    return [Asked(*place, number) for place, number in zip(UNKNOWN, numbers, strict=True) if number]


@settings(max_examples=30)
@given(worlds)
def test_no_number_below_five_can_be_computed(numbers):
    """Neither by who knows nothing else nor by who knows all that one of the organizations asked for."""
    said = told(asked(numbers))
    apart = {cell[:3] for cell in said}
    equations = [row(place for place in UNKNOWN if cell_of(place, apart) == cell[:3]) for cell in said]
    for one in (None, *ORGANIZATIONS):
        known = [row([place]) for place in UNKNOWN if place[3] == one]
        basis = reduced([*equations, *known])
        for target in TARGETS:
            others = [n for n in target if UNKNOWN[n][3] != one]
            if others and sum(numbers[n] for n in others) < FEWEST_REQUESTS:
                assert not follows(row(UNKNOWN[n] for n in others), basis), (one, others, said)


@given(worlds)
def test_a_number_is_the_sum_of_what_it_stands_for(numbers):
    """Every request is in one number or in none."""
    said = told(asked(numbers))
    apart = {cell[:3] for cell in said}
    assert len(apart) == len(said)
    sums: Counter[object] = Counter()
    for place, number in zip(UNKNOWN, numbers, strict=True):
        sums[cell_of(place, apart)] += number
    assert all(sums[cell[:3]] == cell.requests for cell in said)


@given(worlds, some.randoms())
def test_the_order_in_which_it_is_read_says_nothing(numbers, chance):
    rows = asked(numbers)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert told(rows) == told(shuffled)


def cell_of(place: Place, apart: Collection[object]) -> object:
    month, kind, area, _ = place
    return (month, kind, area if (month, kind, area) in apart else TOGETHER)


def targets() -> Iterator[list[int]]:
    """What somebody might ask about: an area or several, a kind, a month, an organization; each or all of them."""
    for chosen in product(
        [*combinations(MONTHS, 1), MONTHS],
        [*combinations(KINDS, 1), KINDS],
        [areas for n in (1, 2, 3) for areas in combinations(AREAS, n)],
        [*combinations(ORGANIZATIONS, 1), ORGANIZATIONS],
    ):
        yield [n for n, place in enumerate(UNKNOWN) if all(map(contains, chosen, place))]


TARGETS = list(targets())


def row(places: Iterable[Place]) -> Row:
    wanted = set(places)
    return [int(place in wanted) for place in UNKNOWN]


def reduced(rows: Iterable[Row]) -> dict[int, Row]:
    """Rows by the column in which each begins."""
    basis: dict[int, Row] = {}
    for each in rows:
        left = without(each, basis)
        start = next((n for n, value in enumerate(left) if value), None)
        if start is not None:
            inverse = pow(left[start], -1, PRIME)
            basis[start] = [value * inverse % PRIME for value in left]
    return basis


def without(left: Row, basis: dict[int, Row]) -> Row:
    for start in sorted(basis):
        if times := left[start]:
            left = [(value - times * other) % PRIME for value, other in zip(left, basis[start], strict=True)]
    return left


def follows(target: Row, basis: dict[int, Row]) -> bool:
    return not any(without(target, basis))


# through the API


AT = datetime(2026, 4, 15, tzinfo=UTC)
MARCH = date(2026, 3, 31)


@pytest.fixture
def four(scene):
    return scene.agency, scene.house, scene.clinic, scene.outside


def of_network(at=AT, **query):
    with clock.at(at):
        found = world.client(world.administrator()).get(f"{API}/unmet-need", query).json()
    assert all(count["places_left"] is None for count in found["counts"])
    return [(count["month"], count["area"], count["requests"]) for count in found["counts"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((9, 9), False),
        ((3, 1, 1), False),
        ((90, 2, 2), False),
        ((90, 3, 2), True),
        ((3, 3, 2), True),
        ((2, 2, 2, 1), True),
    ],
)
def test_three_organizations_and_five_requests_without_any_one_of_them(scene, four, numbers, shown):
    for owner, many in zip(four, numbers, strict=False):
        ended(scene, owner, MARCH, many)
    assert of_network() == ([("2026-03", world.LINN, sum(numbers))] if shown else [])


@pytest.mark.django_db
def test_areas_that_are_too_small_are_counted_together(scene, four):
    for owner in four:
        ended(scene, owner, MARCH, 3)
        ended(scene, owner, MARCH, 1, area=world.JOHNSON)
    assert of_network() == [("2026-03", world.LINN, 12)]
    for owner in four:
        ended(scene, owner, MARCH, 1, area="US-IA-031")
    assert of_network() == [("2026-03", "", 8), ("2026-03", world.LINN, 12)]


@pytest.mark.django_db
def test_a_kind_without_areas_stands_for_itself(scene, four):
    for owner in four:
        ended(scene, owner, MARCH, 3, area="", request_kind="safety_incident")
    assert of_network() == [("2026-03", "", 12)]


@pytest.mark.django_db
def test_what_was_told_of_a_month_stays_and_is_the_same_in_every_year_that_holds_it(scene, four):
    for owner in four:
        ended(scene, owner, MARCH, 3)
        ended(scene, owner, date(2026, 2, 1), 2)
    said = of_network()
    assert said == [("2026-02", world.LINN, 8), ("2026-03", world.LINN, 12)]
    ended(scene, scene.agency, date(2026, 4, 15), 20)
    assert of_network() == said == of_network(until="2026-03") == of_network(until="2026-04")
    assert of_network(until="2026-02") == said[:1] == of_network(at=datetime(2026, 3, 31, 23, tzinfo=UTC))
    assert of_network(until="2027-02") == said
    assert of_network(at=datetime(2027, 3, 15, tzinfo=UTC), until="2027-02") == said[1:]
