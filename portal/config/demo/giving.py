"""How the demo's needs and offers are posted, and what is promised."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from coordination.resources import services as resources
from coordination.resources.models import Offer, Pledge
from coordination.resources.taxonomy import CATEGORIES
from portal.config.demo.resources import NEEDS, OFFERS, PLEDGES, Needed, Offered, Promised
from portal.kernel import clock
from portal.kernel.writing import Actor

if TYPE_CHECKING:
    from portal.config.demo.play import Play


class Shelf:
    """What was posted and promised so far."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.needs = play.needs
        self.offers: dict[str, Offer] = {}

    def offer(self, key: str, one: Offered) -> None:
        self.offers[key] = resources.post_offer(
            self.play.acting(one.by), maximum=one.maximum, **self.shared(one), **said(one, 120)
        )

    def say(self, key: str, one: Offered, left: int) -> None:
        resources.set_capacity(self.play.acting(one.by), self.offers[key], left)

    def need(self, key: str, one: Needed) -> None:
        self.needs[key] = resources.post_need(
            self.play.acting(one.by),
            quantity=one.quantity,
            urgency=one.urgency,
            **self.shared(one),
            **said(one, one.lasts),
        )

    def shared(self, one: Needed | Offered) -> dict[str, Any]:
        return {"working_groups": [self.play.groups[one.group]]} if one.group else {"everyone": True}

    def expire(self, key: str) -> None:
        resources.expire_need(self.needs[key])

    def remind(self, key: str) -> None:
        resources.remind_of_capacity(self.offers[key])

    def promise(self, one: Promised) -> None:
        need, offer = self.needs[one.need], self.offers[one.offer]
        resources.propose_pledge(self.play.acting(one.by), need, offer, one.quantity, one.note)

    def go_on(self, one: Promised, verb: str, key: str, *why: str) -> None:
        pledge = Pledge.objects.select_related("need", "offer").get(
            need=self.needs[one.need], offer=self.offers[one.offer]
        )
        STEPS[verb](Actor(self.play.who[key]), pledge, *why)


STEPS: dict[str, Any] = {
    "accept": resources.accept_pledge,
    "decline": resources.decline_pledge,
    "withdraw": resources.withdraw_pledge,
    "deliver": resources.deliver_pledge,
    "confirm": resources.confirm_pledge,
    "fail": resources.fail_pledge,
}


def said(one: Offered | Needed, lasts: int) -> dict[str, Any]:
    at = clock.now()
    unit = CATEGORIES[one.category].unit or "item"
    times = {"valid_from": at, "valid_until": at + timedelta(days=lasts)}
    return {"category": one.category, "unit": unit, "area": one.area, "note": one.note, **times, **one.more}


def giving(play: Play) -> None:
    shelf, hours = Shelf(play), play.hours
    for number, (key, offer) in enumerate(OFFERS.items()):
        play.at(hours.on(offer.days, "10:30") + timedelta(minutes=number), shelf.offer, key, offer)
        if offer.said:
            ago, left = offer.said
            play.at(hours.ago(60 * ago), shelf.say, key, offer, left)
        play.at(hours.now, shelf.remind, key)
    for key, need in NEEDS.items():
        play.at(hours.ago(60 * need.hours), shelf.need, key, need)
        if need.lasts * 24 < need.hours:
            play.at(hours.ago(60 * (need.hours - 24 * need.lasts)), shelf.expire, key)
    for promised in PLEDGES:
        minutes = 60 * NEEDS[promised.need].hours
        step = minutes // (len(promised.steps) + 2)
        play.at(hours.ago(minutes - step), shelf.promise, promised)
        for number, (verb, key, *why) in enumerate(promised.steps, start=2):
            play.at(hours.ago(minutes - number * step), shelf.go_on, promised, verb, key, *why)
