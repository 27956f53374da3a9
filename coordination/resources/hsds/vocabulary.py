"""Our words and those of HSDS, each way."""

from typing import Any
from uuid import UUID, uuid5

from coordination.resources.taxonomy import BARRIERS, CATEGORIES, POPULATIONS, UNITS

# every id that we make up for HSDS comes from this one, so that it is the same each time
OURS = UUID("5c0f7a3e-4d0b-5a53-9b1e-6a1d1d1f0c01")
TAXONOMY = "Concord"
# what an attribute says of a service: what it is, whom it is for, what it does away with,
# or a field of an offer for which HSDS has no place
CATEGORY, POPULATION, BARRIER, UNIT, FIELD = "service", "eligibility", "barrier_removed", "unit", "offer"
TERMS = {CATEGORY: tuple(CATEGORIES), POPULATION: POPULATIONS, BARRIER: BARRIERS, UNIT: UNITS}
FEES = {"free": "Free of charge.", "sliding_scale": "By what one can pay.", "paid": "To be paid for."}
DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
END_OF_DAY = "24:00"
# Open Eligibility 2.0: those of its codes that mean what one of our leaves means
OPEN_ELIGIBILITY = {"1102": "food", "1121": "emergency_bed", "1381": "immigration_relief", "1390": "interpreter"}


def identifier(*parts: Any) -> str:
    return str(uuid5(OURS, " ".join(map(str, parts))))


def title(word: str) -> str:
    """`emergency_bed` as people write it."""
    return word.replace("_", " ").capitalize()
