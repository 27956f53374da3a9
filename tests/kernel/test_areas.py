"""Areas: codes, names, what lies in what, and how far it is."""

import pytest

from portal.kernel import areas
from portal.kernel.areas import Area

LINN, JOHNSON, CEDAR = "US-IA-113", "US-IA-103", "US-IA-031"


@pytest.mark.parametrize("code", ["US", "MX", "US-IA", "GB-ENG", "US-PR", "FR-75C", LINN, "US-VA-610", "US-DC-001"])
def test_areas(code):
    assert areas.is_area(code)
    assert areas.name(code)


@pytest.mark.parametrize(
    "code", ["", "ZZ", "USA", "us", "us-ia", "US-ZZ", "US-IA-114", "US-IA-113-4", "-", "US-", "-IA", "Linn County"]
)
def test_what_is_no_area(code):
    assert not areas.is_area(code)
    with pytest.raises(KeyError):
        areas.name(code)


def test_names():
    assert [areas.name(code) for code in (LINN, "US-IA", "US", "US-LA-071", "US-VA-760", "US-VA-159")] == [
        "Linn County",
        "Iowa",
        "United States",
        "Orleans Parish",
        "City of Richmond",
        "Richmond County",
    ]


def test_the_same_name_twice_says_where():
    assert areas.named([LINN, "US-WA-011", "US-NV-003"]) == [
        Area(code=LINN, name="Linn County"),
        Area(code="US-WA-011", name="Clark County, Washington"),
        Area(code="US-NV-003", name="Clark County, Nevada"),
    ]


def test_a_name_from_before_there_were_codes_is_its_own():
    assert [areas.full_name(code) for code in (LINN, "US-IA", "US", "Alder County")] == [
        "Linn County, Iowa",
        "Iowa",
        "United States",
        "Alder County",
    ]
    assert areas.named(["Alder County", LINN])[0] == Area(code="Alder County", name="Alder County")


def test_what_lies_in_what():
    assert areas.parents(LINN) == ["US-IA", "US"]
    assert areas.parents("US") == []
    assert all(areas.contains(outer, LINN) for outer in ("US", "US-IA", LINN))
    assert not any(areas.contains(outer, "US-IA") for outer in (LINN, "US-I", "US-ID"))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        # due south, 0.41 degrees of latitude
        (LINN, JOHNSON, 46),
        (LINN, CEDAR, 51),
        # over the 180th meridian rather than around the world: Aleutians West and Guam
        ("US-AK-016", "US-GU", 5500),
        # from the middle of Iowa (42.07, -93.50) to that of Illinois (40.06, -89.20)
        ("US-IA", "US-IL", 428),
    ],
)
def test_how_far_it_is(one, other, kilometres):
    assert areas.distance(one, other) == pytest.approx(kilometres, rel=0.05)
    assert areas.distance(one, other) == areas.distance(other, one)


def test_no_way_within_an_area_and_none_known_abroad():
    assert areas.distance(LINN, "US-IA") == areas.distance("US", LINN) == areas.distance("MX", "MX") == 0
    assert areas.distance(LINN, "MX-SON") is None


def test_every_county_is_in_a_state_and_in_its_place():
    counties = areas._counties()
    assert len(counties) == 3231
    assert (len(areas.counties("US-IA")), areas.counties(LINN), areas.counties("MX")) == (99, [LINN], [])
    assert all(areas.is_area(areas.parents(code)[0]) for code in counties)
    assert all(13 < abs(c.latitude) < 72 or code.startswith("US-AS") for code, c in counties.items())
    far = [code for code, c in counties.items() if c.longitude > 0]
    assert {code[:5] for code in far} == {"US-GU", "US-MP"}
