"""How a request of the demo is written down."""

from typing import Any, NamedTuple

from portal.config.demo.people import AREAS

A, B, C = AREAS


class Ask(NamedTuple):
    """`when`: (days ago, time of day), or minutes ago. Steps: minutes after it was posted, what, who, words.

    `slots`, and what follows the words of a yes, are places by role. `need`: what it stands for.
    """

    kind: str
    poster: str
    when: tuple[int, str] | int
    details: dict[str, Any]
    houses: str
    steps: list[tuple[Any, ...]]
    groups: str = ""
    note: str = ""
    places: int = 1
    slots: dict[str, int] | None = None
    pick: bool = False
    exercise: bool = False
    backup: str = ""
    need: str = ""


def bed(adults: int, children: int, nights: int, languages: str, area: str, after: int = 120) -> dict[str, Any]:
    return {
        "adults": adults,
        "children": children,
        "starts_at": after,
        "nights": nights,
        "languages": languages.split(),
        "area": area,
    }


def interpreter(language: str, mode: str, minutes: int, area: str, after: int = 60, **more: str) -> dict[str, Any]:
    return {
        "language": language,
        "mode": mode,
        "purpose": more.get("purpose", "service"),
        "gender_preference": more.get("gender", "none"),
        "starts_at": after,
        "duration_minutes": minutes,
        "area": area,
    }


def planned(window: str, people: str, minors: str, support: str, languages: str, area: str) -> dict[str, Any]:
    return {
        "window": window,
        "people_expected": people,
        "minors_possible": minors,
        "support": support.split(),
        "languages": languages.split(),
        "area": area,
    }


def question(topic: str, words: str) -> dict[str, Any]:
    return {"topic": topic, "question": words}


BED, INTERPRETER, INFORMATION = "emergency_shelter", "interpreter_now", "information_request"
