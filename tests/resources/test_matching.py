"""Matching: what is never suggested, what scores higher, what is said of it, and that every way to ask agrees."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from coordination.resources import weights
from coordination.resources.matching import (
    MOST,
    Needed,
    Offered,
    Promises,
    Reason,
    needs_met,
    prepare,
    score,
    suggest,
    suggest_among,
)
from coordination.resources.taxonomy import CATEGORIES, TOPS

NOW = datetime(2026, 11, 25, 21, tzinfo=UTC)
LINN, JOHNSON, CEDAR, POLK = "US-IA-113", "US-IA-103", "US-IA-031", "US-IA-153"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHELTER, AGENCY = UUID(int=1), UUID(int=2)

BED = Needed(
    id=UUID(int=100),
    organization=AGENCY,
    category="emergency_bed",
    unit="bed_night",
    area=LINN,
    populations=frozenset({"women", "children"}),
    languages=frozenset({"por"}),
    barriers=frozenset({"no_id_documents"}),
    valid_from=NOW,
    valid_until=NOW + DAY,
    exercise=False,
    quantity=3,
)
BEDS = Offered(
    id=UUID(int=200),
    organization=SHELTER,
    category="emergency_bed",
    unit="bed_night",
    area=LINN,
    populations=frozenset({"women", "children"}),
    languages=frozenset({"por", "spa"}),
    barriers=frozenset({"no_id_documents", "pets"}),
    valid_from=NOW - DAY,
    valid_until=NOW + 30 * DAY,
    exercise=False,
    available=4,
    capacity_updated_at=NOW - HOUR,
    stale_at=NOW + 11 * HOUR,
)

# worlds

moments = some.integers(-72, 72).map(lambda hours: NOW + hours * HOUR)
lengths = some.integers(1, 200).map(lambda hours: hours * HOUR)
ALIKE_ENOUGH = ("emergency_bed", "family_unit", "hotel_voucher", "interpreter", "cultural_mediation")
said = {
    "organization": some.integers(1, 6).map(lambda number: UUID(int=number)),
    "category": some.sampled_from(ALIKE_ENOUGH),
    "unit": some.sampled_from(["bed_night", "hour"]),
    "area": some.sampled_from([LINN, JOHNSON, CEDAR, POLK, "US-IA", "US-WA-033", "US", "MX-SON"]),
    "populations": some.frozensets(some.sampled_from(["adults", "women", "men", "children", "families"])),
    "languages": some.frozensets(some.sampled_from(["por", "spa", "eng"])),
    "barriers": some.frozensets(some.sampled_from(["pets", "childcare", "waitlist"])),
    "valid_from": moments,
    "exercise": some.integers(0, 5).map(lambda number: number == 0),
}


@some.composite
def needs(draw):
    drawn = {name: draw(values) for name, values in said.items()}
    return Needed(
        id=draw(some.uuids()),
        valid_until=drawn["valid_from"] + draw(lengths),
        quantity=draw(some.integers(0, 5)),
        **drawn,
    )


@some.composite
def offers(draw):
    drawn = {name: draw(values) for name, values in said.items()}
    updated = draw(moments)
    return Offered(
        id=draw(some.uuids()),
        valid_until=drawn["valid_from"] + draw(lengths),
        available=draw(some.integers(0, 5)),
        capacity_updated_at=updated,
        stale_at=updated + draw(lengths),
        **drawn,
    )


shelves = some.lists(offers(), max_size=40, unique_by=lambda offer: offer.id)
counts = some.integers(0, 20)
histories = some.dictionaries(said["organization"], some.builds(Promises, counts, counts), max_size=6)


def scored(need, offer, history=None):
    return score(need, offer, now=NOW, history=history or {})


def changed(thing, **fields):
    return msgspec.structs.replace(thing, **fields)


# every way to ask agrees


@given(needs(), shelves, histories)
def test_the_best_of_all_best_first_whatever_their_order(need, shelf, history):
    everyone = [(score(need, offer, now=NOW, history=history), -offer.id.int) for offer in shelf]
    expected = sorted((entry for entry in everyone if entry[0]), reverse=True)[:5]
    found = suggest(need, shelf, now=NOW, history=history, most=5)
    assert [(-s.offer.int, s.score) for s in found] == [(number, round(value, 4)) for value, number in expected]
    assert suggest(need, shelf[::-1], now=NOW, history=history, most=5) == found
    assert suggest_among(need, prepare(shelf), now=NOW, history=history, most=5) == found
    assert all(s.need == need.id and 0 < s.score <= 1 for s in found)


@given(some.lists(needs(), max_size=20, unique_by=lambda need: need.id), offers(), histories)
def test_an_offer_finds_the_needs_that_would_find_it(shelf, offer, history):
    expected = {need.id for need in shelf if suggest(need, [offer], now=NOW, history=history)}
    assert set(needs_met(offer, shelf, now=NOW, history=history, floors={})) == expected


@given(needs(), offers(), histories)
def test_a_need_that_has_better_ones_is_not_found(need, offer, history):
    found = score(need, offer, now=NOW, history=history)
    for floor, above in ((found, bool(found)), (found + 0.001, False)):
        assert bool(needs_met(offer, [need], now=NOW, history=history, floors={need.id: floor})) == above


def test_a_better_one_farther_away_is_found():
    near = [changed(BEDS, id=UUID(int=number), available=1) for number in range(1000, 1005)]
    far = changed(BEDS, area=JOHNSON)
    assert suggest(BED, [*near, far], now=NOW, history={}, most=5)[0].offer == far.id


def test_no_more_than_asked_for():
    many = [changed(BEDS, id=UUID(int=number)) for number in range(1000, 1060)]
    assert [s.offer.int for s in suggest(BED, many, now=NOW, history={})] == list(range(1000, 1000 + MOST))


# what is never suggested


@pytest.mark.parametrize(
    "never",
    [
        {"organization": AGENCY},
        {"exercise": True},
        {"available": 0},
        {"category": "dental"},
        {"valid_until": NOW},
        {"valid_from": NOW + DAY, "valid_until": NOW + 2 * DAY},
        {"populations": frozenset({"men"})},
        {"area": "US-HI-003"},
        {"area": "MX-SON"},
    ],
    ids=lambda never: next(iter(never)) + f" {next(iter(never.values()))}",
)
def test_never_suggested(never):
    assert scored(BED, BEDS) > 0.8
    assert scored(BED, changed(BEDS, **never)) == 0


@given(needs(), shelves, histories)
def test_never_suggested_in_any_world(need, shelf, history):
    by_id = {offer.id: offer for offer in shelf}
    for suggestion in suggest(need, shelf, now=NOW, history=history):
        offer = by_id[suggestion.offer]
        assert offer.organization != need.organization
        assert offer.exercise == need.exercise
        assert min(offer.available, need.quantity) > 0
        assert max(offer.valid_from, need.valid_from, NOW) < min(offer.valid_until, need.valid_until)
        assert suggestion.score >= weights.LEAST_SCORE


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ((-24, 24), (-48, 0)),
        ((-24, 0), (-48, 24)),
        ((-24, 0), (-48, -12)),
        ((12, 24), (-48, 12)),
        ((12, 24), (24, 48)),
        ((12, 24), (30, 48)),
    ],
)
def test_never_outside_the_time_of_either_or_in_the_past(need, offer):
    """Hours from now."""
    span = [{"valid_from": NOW + begins * HOUR, "valid_until": NOW + ends * HOUR} for begins, ends in (need, offer)]
    assert score(changed(BED, **span[0]), changed(BEDS, **span[1]), now=NOW, history={}, least=0.0) == 0


def test_a_need_that_is_met_asks_for_nothing():
    assert suggest(changed(BED, quantity=0), [BEDS], now=NOW, history={}) == []


# better in one respect never scores lower


def better_offers(need, offer):
    """The same offer, better in one respect each time."""
    yield changed(offer, category=need.category)
    yield changed(offer, area=need.area)
    yield changed(offer, available=offer.available + 1)
    yield changed(offer, unit=need.unit, available=need.quantity)
    yield changed(offer, languages=offer.languages | {"por"})
    yield changed(offer, barriers=offer.barriers | {"childcare"})
    if offer.populations:
        yield changed(offer, populations=offer.populations | {"women"})
    yield changed(offer, populations=frozenset())
    yield changed(offer, valid_from=offer.valid_from - HOUR)
    yield changed(offer, valid_until=offer.valid_until + HOUR)
    yield changed(offer, capacity_updated_at=offer.capacity_updated_at + HOUR, stale_at=offer.stale_at + HOUR)


@some.composite
def pairs(draw):
    """A need and an offer that may meet, however badly."""
    need = draw(needs())
    need = changed(need, quantity=need.quantity + 1, valid_from=NOW, valid_until=NOW + draw(lengths))
    offer = draw(offers())
    return need, changed(
        offer,
        organization=UUID(int=offer.organization.int + 10),
        category=draw(some.sampled_from(sorted(weights.ALIKE[need.category]))),
        area=draw(some.sampled_from([LINN, JOHNSON, CEDAR, POLK, "US-IA"])),
        populations=offer.populations | need.populations if draw(some.booleans()) else frozenset(),
        available=offer.available + 1,
        valid_from=NOW + draw(lengths) - DAY,
        valid_until=NOW + 10 * DAY,
        exercise=need.exercise,
    )


def chance(pair, history):
    """However small."""
    return score(*pair, now=NOW, history=history, least=0.0)


@settings(max_examples=300)
@given(pairs(), histories)
def test_better_in_one_respect_never_scores_lower(pair, history):
    need, offer = pair
    before = chance(pair, history)
    for better in better_offers(need, offer):
        assert chance((need, better), history) >= before


@given(pairs(), some.builds(Promises, counts, counts))
def test_a_promise_kept_helps_and_one_broken_does_not(pair, promises):
    by, before = pair[1].organization, chance(pair, {pair[1].organization: promises})
    assert chance(pair, {by: Promises(promises.kept + 1, promises.broken)}) >= before
    assert chance(pair, {by: Promises(promises.kept, promises.broken + 1)}) <= before


@given(pairs())
def test_most_of_these_pairs_do_meet(pair):
    """Else the two tests above would say nothing."""
    need, offer = pair
    assert chance(pair, {}) > 0 or offer.valid_from >= need.valid_until or need.area == "MX-SON"


@pytest.mark.parametrize(
    "worse",
    [
        {"category": "hotel_voucher"},
        {"area": JOHNSON},
        {"available": 2},
        {"unit": "voucher"},
        {"languages": frozenset({"spa"})},
        {"populations": frozenset({"women"})},
        {"barriers": frozenset({"pets"})},
        {"capacity_updated_at": NOW - 2 * DAY, "stale_at": NOW - 36 * HOUR},
        {"valid_until": NOW + 6 * HOUR},
    ],
    ids=lambda worse: next(iter(worse)),
)
def test_every_respect_counts(worse):
    assert 0 < scored(BED, changed(BEDS, **worse)) < scored(BED, BEDS)


def test_broken_promises_count():
    assert (
        scored(BED, BEDS, {SHELTER: Promises(0, 3)}) < scored(BED, BEDS) < scored(BED, BEDS, {SHELTER: Promises(9, 0)})
    )


def test_whoever_serves_adults_serves_women():
    adults, families = changed(BEDS, populations=frozenset({"adults"})), frozenset({"adults", "families"})
    assert scored(BED, adults) < scored(BED, BEDS) == scored(BED, changed(BEDS, populations=families))


# what is said


def reasons(need=BED, offer=BEDS, history=None):
    (found,) = suggest(need, [offer], now=NOW, history=history or {})
    return found.reasons


def test_what_fits_is_said():
    assert reasons() == [
        Reason(code="same_category"),
        Reason(code="same_area"),
        Reason(code="quantity", part=3, whole=3),
        Reason(code="time", part=24, whole=24),
        Reason(code="languages", found=["por"]),
        Reason(code="populations", found=["children", "women"]),
        Reason(code="barriers", found=["no_id_documents"]),
        Reason(code="fresh"),
    ]


def test_what_does_not_fit_is_said_too():
    offer = changed(
        BEDS,
        category="hotel_voucher",
        area=JOHNSON,
        unit="voucher",
        languages=frozenset({"spa"}),
        populations=frozenset({"women"}),
        valid_until=NOW + 18 * HOUR,
        capacity_updated_at=NOW - 13 * HOUR,
        stale_at=NOW - HOUR,
    )
    assert reasons(changed(BED, languages=frozenset({"por", "spa"})), offer) == [
        Reason(code="near_category", fit="part", found=["hotel_voucher"], missing=["emergency_bed"]),
        Reason(code="distance", fit="part", kilometres=45),
        Reason(code="other_unit", fit="part", found=["voucher"], missing=["bed_night"]),
        Reason(code="time", fit="part", part=18, whole=24),
        Reason(code="languages", fit="part", found=["spa"], missing=["por"]),
        Reason(code="populations", fit="part", found=["women"], missing=["children"]),
        Reason(code="barriers", found=["no_id_documents"]),
        Reason(code="stale", fit="none", since=NOW - HOUR),
    ]


def test_part_of_a_quantity_is_said():
    assert Reason(code="quantity", fit="part", part=2, whole=3) in reasons(offer=changed(BEDS, available=2))


def test_good_is_said_of_an_organization_and_bad_of_none():
    codes = [
        [r.code for r in reasons(history={SHELTER: promises})]
        for promises in (Promises(4, 0), Promises(5, 0), Promises(8, 2), Promises(0, 9))
    ]
    assert ["keeps_promises" in said for said in codes] == [False, True, False, False]
    assert codes[0] == codes[2] == codes[3]


def test_reasons_travel_as_json():
    said = msgspec.json.decode(msgspec.json.encode(reasons(offer=changed(BEDS, area=JOHNSON))))
    assert said[:2] == [{"code": "same_category"}, {"code": "distance", "fit": "part", "kilometres": 45}]


# the tables


def test_the_tables_speak_of_leaves_and_tops():
    assert set(weights.HALVED_AFTER) == set(TOPS)
    assert {name for pair in weights.NEAR for name in pair} <= set(CATEGORIES)
    assert all(0 < closeness < 1 for closeness in weights.NEAR.values())
    assert all(0 < weight <= 1 for weight in weights.WEIGHTS.values())
    assert len({frozenset(pair) for pair in weights.NEAR}) == len(weights.NEAR)


def test_matching_is_pure():
    """It needs no framework and no database."""
    said = "import sys, coordination.resources.matching; print('django' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", said], text=True).strip() == "False"
