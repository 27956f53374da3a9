"""Who is on call at Harbor House: now, through the night, and after a hole tomorrow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coordination.rota import services as rota

if TYPE_CHECKING:
    from portal.config.demo.play import Play

# who, and from when to when: hours from now
SHIFTS = (("tess", -2, 5), ("lucia", 5, 13), ("dana", 13, 21), ("tess", 24, 32))


def planning(play: Play) -> None:
    for key, begins, ends in SHIFTS:
        play.at(play.hours.now, plan, play, key, begins, ends)


def plan(play: Play, key: str, begins: int, ends: int) -> None:
    start = play.hours.now.replace(minute=0, second=0, microsecond=0)
    hour = timedelta(hours=1)
    rota.plan_shift(play.acting("dana"), play.who[key].pk, start + begins * hour, start + ends * hour)
