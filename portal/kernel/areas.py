"""Areas of the world, never finer than a county.

A code says where it lies: `US` a country (ISO 3166-1), `US-IA` a state (ISO 3166-2), `US-IA-113` a county (the state,
then its FIPS number). Countries and states come from pycountry, counties of the United States from
`data/us_counties.csv` (its source: `data/NOTICE`); other countries end at their states.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pycountry

COUNTIES = Path(__file__).with_name("data") / "us_counties.csv"
# In places of a code: what stands before the first hyphen, the second, or the end.
COUNTRY, STATE, COUNTY = 1, 2, 3
EARTH_RADIUS = 6371.0


class Area(msgspec.Struct, kw_only=True):
    """An area with its name: `{"code": "US-IA-113", "name": "Linn County"}`."""

    code: str
    name: str


class County(NamedTuple):
    """The centre in degrees."""

    name: str
    latitude: float
    longitude: float
    square_kilometres: float


def is_area(code: str) -> bool:
    match level(code):
        case 1:
            return code in _countries()
        case 2:
            return code in _states()
        case _:
            return code in _counties()


def level(code: str) -> int:
    """COUNTRY, STATE or COUNTY of an area's code."""
    return code.count("-") + 1


def name(code: str) -> str:
    """In English: "Linn County", "Iowa", "United States". Raises KeyError where there is no such area."""
    match level(code):
        case 1:
            return _countries()[code]
        case 2:
            return _states()[code]
        case _:
            return _counties()[code].name


def full_name(code: str) -> str:
    """A county with its state: "Linn County, Iowa". What is no area stays as it is."""
    if not is_area(code):
        return code
    return f"{name(code)}, {name(parents(code)[0])}" if level(code) == COUNTY else name(code)


def by_name(said: str) -> str:
    """The code of what is called so in English: "Iowa", "Linn County, Iowa"; of two of the same name neither."""
    return _by_name().get(said.strip().lower(), "")


def named(codes: Iterable[str]) -> list[Area]:
    """In their order; where two bear the same name, each with what it lies in: "Clark County, Washington".

    What is no area stays as it is: a network written before areas had codes.
    """
    plain = {code: name(code) if is_area(code) else code for code in codes}
    bearers = Counter(plain.values())
    return [
        Area(code=code, name=f"{said}, {name(parents(code)[0])}" if bearers[said] > 1 and parents(code) else said)
        for code, said in plain.items()
    ]


def counties(within: str) -> list[str]:
    return [code for code in _counties() if contains(within, code)]


def parents(code: str) -> list[str]:
    """What it lies in, nearest first: `["US-IA", "US"]` of a county."""
    parts = code.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]


def contains(outer: str, inner: str) -> bool:
    """Whether all of `inner` lies in `outer`; an area contains itself."""
    return inner == outer or inner.startswith(f"{outer}-")


@lru_cache(maxsize=2**16)
def distance(one: str, other: str) -> float | None:
    """Kilometres from centre to centre; 0 where one contains the other; None where no centre is known.

    A state's centre is that of its counties by their extent, a country's likewise.
    """
    if contains(one, other) or contains(other, one):
        return 0.0
    here, there = _centre(one), _centre(other)
    if here is None or there is None:
        return None
    cosine = sum(a * b for a, b in zip(here, there, strict=True))
    return EARTH_RADIUS * math.acos(max(-1.0, min(1.0, cosine)))


@cache
def _centre(code: str) -> tuple[float, float, float] | None:
    """The direction from the middle of the earth, of length 1."""
    x = y = z = 0.0
    inside = [code] if code in _counties() else counties(code)
    for county in map(_counties().__getitem__, inside):
        latitude, longitude = math.radians(county.latitude), math.radians(county.longitude)
        x += county.square_kilometres * math.cos(latitude) * math.cos(longitude)
        y += county.square_kilometres * math.cos(latitude) * math.sin(longitude)
        z += county.square_kilometres * math.sin(latitude)
    length = math.hypot(x, y, z)
    return (x / length, y / length, z / length) if length else None


@cache
def _countries() -> dict[str, str]:
    return {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}


@cache
def _by_name() -> dict[str, str]:
    codes = [*_countries(), *_states(), *_counties()]
    bearers = Counter(full_name(code).lower() for code in codes)
    return {said: code for code in codes if bearers[said := full_name(code).lower()] == 1}


@cache
def _states() -> dict[str, str]:
    return {state.code: state.name for state in pycountry.subdivisions}


@cache
def _counties() -> dict[str, County]:
    with COUNTIES.open(newline="", encoding="utf-8") as file:
        return {
            row["code"]: County(
                row["name"], float(row["latitude"]), float(row["longitude"]), float(row["square_kilometres"])
            )
            for row in csv.DictReader(file)
        }
