"""Makes portal/kernel/data/us_counties.csv, the counties that areas of the world are made of.

`npm pack us-atlas@3.0.1`, unpack it, then `.venv/bin/python deploy/counties.py package/counties-10m.json`.
"""

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pycountry

TABLE = Path(__file__).resolve().parents[1] / "portal/kernel/data/us_counties.csv"
SQUARE_KILOMETRES_OF_A_DEGREE = 111.195**2
ALASKA, VIRGIN_ISLANDS = "02", "78"
# The atlas leaves the kind of county out. Boroughs, municipios and islands are known by their bare names.
PARISHES, BARE = {"22"}, {"02", "11", "60", "66", "69", "72", "78"}
FIRST_CITY = 510

Ring = list[tuple[float, float]]


class Centre(NamedTuple):
    longitude: float
    latitude: float
    square_kilometres: float


def main(atlas: Path) -> None:
    topology = json.loads(atlas.read_text())
    arcs = [_degrees(arc, topology["transform"]) for arc in topology["arcs"]]
    states = {s["id"]: _state(s) for s in topology["objects"]["states"]["geometries"]}
    rows = []
    for county in topology["objects"]["counties"]["geometries"]:
        state, number = county["id"][:2], county["id"][2:]
        centre = _centre([_ring(ring, arcs, state) for ring in _rings(county)])
        rows.append(
            (
                f"{states[state]}-{number}",
                _name(state, number, county["properties"]["name"]),
                f"{centre.latitude:.3f}",
                f"{(centre.longitude + 180) % 360 - 180:.3f}",
                max(1, round(centre.square_kilometres)),
            )
        )
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("code", "name", "latitude", "longitude", "square_kilometres"))
        table.writerows(sorted(rows))


def _state(state: dict[str, Any]) -> str:
    """ISO 3166-2, found by name."""
    if state["id"] == VIRGIN_ISLANDS:
        return "US-VI"
    name = state["properties"]["name"].removeprefix("Commonwealth of the ")
    (code,) = (s.code for s in pycountry.subdivisions.get(country_code="US") if s.name == name)
    return str(code)


def _name(state: str, number: str, name: str) -> str:
    if state in PARISHES:
        return f"{name} Parish"
    if state in BARE or (name.endswith(" City") and int(number) >= FIRST_CITY):
        return name
    # Independent cities have the highest numbers of Maryland, Missouri and Virginia; Texas has that many counties.
    if state in {"24", "29", "51"} and int(number) >= FIRST_CITY:
        return f"City of {name}"
    return f"{name} County"


def _degrees(arc: list[list[int]], transform: dict[str, Any]) -> Ring:
    (width, height), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * width + left, y * height + bottom))
    return points


def _rings(county: dict[str, Any]) -> list[list[int]]:
    if county["type"] == "Polygon":
        return list(county["arcs"])
    return [ring for polygon in county["arcs"] for ring in polygon]


def _ring(parts: list[int], arcs: list[Ring], state: str) -> Ring:
    points: Ring = []
    for part in parts:
        points += arcs[part] if part >= 0 else arcs[~part][::-1]
    # The Aleutians lie on both sides of the 180th meridian.
    return [(x - 360, y) if state == ALASKA and x > 0 else (x, y) for x, y in points]


def _centre(rings: list[Ring]) -> Centre:
    """Of the plane through longitude and latitude: exact enough for something as small as a county."""
    left, bottom = rings[0][0]
    area = x = y = 0.0
    for ring in rings:
        near = [(px - left, py - bottom) for px, py in ring]
        for (x1, y1), (x2, y2) in zip(near, near[1:] + near[:1], strict=True):
            cross = x1 * y2 - x2 * y1
            area += cross / 2
            x += (x1 + x2) * cross / 6
            y += (y1 + y2) * cross / 6
    # The smallest cities are drawn as a line.
    longitude, latitude = (left + x / area, bottom + y / area) if area else (left, bottom)
    return Centre(longitude, latitude, abs(area) * SQUARE_KILOMETRES_OF_A_DEGREE * math.cos(math.radians(latitude)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
