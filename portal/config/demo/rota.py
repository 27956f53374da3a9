"""Who is on call: at Harbor House through the night, and after a hole tomorrow; elsewhere while it is quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coordination.rota import services as rota

if TYPE_CHECKING:
    from portal.config.demo.play import Play

HOUR = timedelta(hours=1)
# who plans, who is on call, and from when to when: hours from now
SHIFTS = (
    *(("dana", "tess", -2, 5), ("dana", "lucia", 5, 13), ("dana", "dana", 13, 21), ("dana", "tess", 24, 32)),
    *(("bao", "fode", -3, 6), ("bao", "leila", 6, 14)),
    *(("noa", "cruz", -3, 5), ("noa", "noa", 5, 13)),
)
# of a day that is over: how many days ago, and the hours of that day
PAST = (("dana", "lucia", 3, 8, 18), ("rosa", "mina", 3, 8, 18))


def planning(play: Play) -> None:
    this_hour = play.hours.now.replace(minute=0, second=0, microsecond=0)
    for planner, key, begins, ends in SHIFTS:
        play.at(play.hours.ago(240), plan, play, planner, key, this_hour + begins * HOUR, this_hour + ends * HOUR)
    for planner, key, days, begins, ends in PAST:
        day = play.hours.on(days, "00:00")
        play.at(play.hours.on(days + 1, "11:30"), plan, play, planner, key, day + begins * HOUR, day + ends * HOUR)


def plan(play: Play, planner: str, key: str, begins: datetime, ends: datetime) -> None:
    rota.plan_shift(play.acting(planner), play.who[key].pk, begins, ends)
