"""Who is on call: at Harbor House through the night, and after a hole tomorrow; elsewhere while it is quiet.

Two who work there have swapped shifts, two others may; there and at the county one is on call for coordination.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coordination.rota import services as rota
from coordination.rota.models import COORDINATION, Shift, Swap
from portal.kernel.writing import Actor

if TYPE_CHECKING:
    from portal.config.demo.play import Play

HOUR = timedelta(hours=1)
# who plans, who is on call, and from when to when: hours from now
SHIFTS = (
    *(("dana", "tess", -2, 5), ("dana", "lucia", 5, 13), ("dana", "dana", 13, 21), ("dana", "tess", 24, 32)),
    *(("bao", "fode", -3, 6), ("bao", "leila", 6, 14)),
    *(("noa", "cruz", -3, 5), ("noa", "noa", 5, 13)),
    *(("dana", "lucia", 32, 42), ("dana", "dana", 42, 52), ("dana", "tess", 52, 60)),
    *(("dana", "lucia", 70, 78), ("dana", "tess", 84, 92)),
)
ON_CALL_FOR_COORDINATION = (("dana", "dana", 13, 21), ("mara", "yara", -2, 14))
# who asked whom, for shifts that begin so many hours from now; and how many minutes ago
SWAPPED = ("tess", 84, "lucia", 70, 200)
ASKED = ("tess", 52, "dana", 42, 40)
# of a day that is over: how many days ago, and the hours of that day
PAST = (("dana", "lucia", 3, 8, 18), ("rosa", "mina", 3, 8, 18))


def planning(play: Play) -> None:
    for planner, key, begins, ends in SHIFTS:
        play.at(play.hours.ago(240), plan, play, planner, key, from_now(play, begins), from_now(play, ends))
    for planner, key, begins, ends in ON_CALL_FOR_COORDINATION:
        hours = from_now(play, begins), from_now(play, ends)
        play.at(play.hours.ago(240), plan, play, planner, key, *hours, COORDINATION)
    for planner, key, days, begins, ends in PAST:
        day = play.hours.on(days, "00:00")
        play.at(play.hours.on(days + 1, "11:30"), plan, play, planner, key, day + begins * HOUR, day + ends * HOUR)
    for asking, offered, asked, wanted, ago in (SWAPPED, ASKED):
        play.at(play.hours.ago(ago), propose, play, asking, from_now(play, offered), asked, from_now(play, wanted))
    play.at(play.hours.ago(150), accept, play, "lucia")


def from_now(play: Play, hours: int) -> datetime:
    return play.hours.now.replace(minute=0, second=0, microsecond=0) + hours * HOUR


def plan(play: Play, planner: str, key: str, begins: datetime, ends: datetime, duty: str = "") -> None:
    rota.plan_shift(play.acting(planner), play.who[key].pk, begins, ends, duty)


def propose(play: Play, asking: str, offered: datetime, asked: str, wanted: datetime) -> None:
    mine = Shift.objects.get(person=play.who[asking], starts_at=offered)
    theirs = Shift.objects.get(person=play.who[asked], starts_at=wanted)
    rota.propose_swap(Actor(play.who[asking]), mine, theirs)


def accept(play: Play, asked: str) -> None:
    rota.accept_swap(Actor(play.who[asked]), Swap.objects.get(asked=play.who[asked]))
