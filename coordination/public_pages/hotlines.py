"""The hotlines that are shipped, by country: one file, each line with where and when it was read."""

import csv
import gettext
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pycountry import LOCALES_DIR, countries

FILE = Path(__file__).parent / "data" / "hotlines.csv"


@dataclass(frozen=True)
class Hotline:
    """`emergency`: the country's number where life is in danger. `always`: day and night."""

    country: str
    emergency: str
    name: str
    phone: str
    text: str
    website: str
    always: bool
    many_languages: bool
    read_on: date

    @property
    def dialled(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit())


@cache
def hotlines() -> list[Hotline]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [
            Hotline(
                country=line["country"],
                emergency=line["emergency"],
                name=line["name"],
                phone=line["phone"],
                text=line["text"],
                website=line["website"],
                always=line["hours"] == "always",
                many_languages=line["languages"] == "200+",
                read_on=date.fromisoformat(line["read_on"]),
            )
            for line in csv.DictReader(lines)
        ]


def nearest_first(areas: list[str]) -> list[Hotline]:
    """Those of the countries that the network works in come first."""
    ours = {area.partition("-")[0] for area in areas}
    return sorted(hotlines(), key=lambda line: line.country not in ours)


@cache
def country_name(country: str, language: str) -> str:
    found = countries.get(alpha_2=country)
    if found is None:
        raise ValueError(f"{FILE.name}: {country} is no country")
    words = gettext.translation("iso3166-1", LOCALES_DIR, languages=[language], fallback=True)
    return words.gettext(getattr(found, "common_name", found.name))
