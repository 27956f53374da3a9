"""Plays the demo: every event at its moment, in the order of time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from django.contrib.auth.hashers import make_password

from coordination.resources.models import Need
from coordination.working_groups.models import WorkingGroup
from messaging.models import Channel
from portal.config.demo.asking import asking
from portal.config.demo.events import calendar
from portal.config.demo.gathering import gather, wait
from portal.config.demo.giving import giving
from portal.config.demo.hours import Hours
from portal.config.demo.people import (
    ADMINISTRATOR,
    APPLICANT,
    AREAS,
    DOMAIN,
    HOUSES,
    LEFT,
    NETWORK,
    OTHERS,
    OUTSIDE,
    PEOPLE,
    SHOWN,
    SUSPENDED,
    WAITING,
    WHY_SUSPENDED,
    ZONE,
    House,
)
from portal.config.demo.rota import planning
from portal.config.demo.talking import reading, talking
from portal.kernel import clock
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL, Actor
from portal.organizations import services as organizations
from portal.organizations.models import Organization, OrganizationMember
from portal.organizations.responsibilities import account, tell
from portal.people import services as people
from portal.people.models import User

PASSWORD = "lantern-meadow-harbor"  # noqa: S105 - printed for everybody who starts the demo
FOUNDED = 36  # days ago
# so many days before the network was founded its organizations signed
SIGNED_BEFORE = 20
# in how many days agreements end, where it is not in a year; one ended yesterday
ENDS_SOON = {"hotels": 20, "fund": -1}


class Play:
    """Who and what there is so far, and what is still to happen."""

    def __init__(self) -> None:
        self.hours = Hours()
        self.who: dict[str, User] = {}
        self.houses: dict[str, Organization] = {}
        self.groups: dict[str, WorkingGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.needs: dict[str, Need] = {}
        self.events: list[tuple[datetime, Callable[[], Any]]] = []

    def at(self, moment: datetime, event: Callable[..., Any], *args: Any) -> None:
        self.events.append((self.hours.passed(moment), partial(event, *args)))

    def acting(self, key: str) -> Actor:
        return Actor(self.who[key], self.houses[PEOPLE[key].house])

    def named(self, keys: str) -> list[User]:
        return [self.who[key] for key in keys.split()]

    def play(self) -> Iterator[tuple[int, int]]:
        """How many events of how many have happened. What happens at one moment keeps its order."""
        events = sorted(self.events, key=lambda event: event[0])
        for number, (moment, event) in enumerate(events, start=1):
            with clock.at(moment):
                event()
            yield number, len(events)


def seed() -> Iterator[tuple[int, int]]:
    """Make it, event by event; yields how many of how many are done."""
    play = Play()
    begin(play)
    arrive(play)
    gather(play)
    wait(play)
    asking(play)
    giving(play)
    planning(play)
    calendar(play)
    talking(play)
    part(play)
    reading(play)
    yield from play.play()


# the network, its organizations and people


def begin(play: Play) -> None:
    def network() -> None:
        people.create_network(
            NETWORK,
            time_zone=ZONE,
            languages=["en", "es"],
            areas=AREAS,
            second_factor_required=False,
            agreement_required=True,
            demo=True,
        )
        for key, name in OTHERS.items():
            play.who[key] = person(key, name, "en")
        people.appoint_administrator(play.who[ADMINISTRATOR])

    play.at(play.hours.on(FOUNDED, "09:00"), network)


def arrive(play: Play) -> None:
    for number, (key, house) in enumerate(HOUSES.items()):
        moment = play.hours.on(FOUNDED, "09:30") + timedelta(minutes=7 * number)
        play.at(moment, found, play, key, house)
        staff = [(k, s) for k, s in PEOPLE.items() if s.house == key]
        for minute, (name, one) in enumerate(staff, start=1):
            play.at(moment + timedelta(minutes=minute), seat, play, name, one)


def found(play: Play, key: str, house: Any) -> None:
    play.houses[key] = organizations.found(house.name, house.kind, description=house.about)
    organizations.record_agreement(
        Actor(play.who[ADMINISTRATOR]),
        play.houses[key],
        countersigned_by="Chair of the steering committee",
        reference=f"Memorandum of understanding, folder {len(play.houses)}",
        signed_on=play.hours.on(FOUNDED + SIGNED_BEFORE, "09:00").date(),
        review_on=play.hours.on(-ENDS_SOON.get(key, 300 + len(play.houses)), "09:00").date(),
    )


def seat(play: Play, key: str, one: Any) -> None:
    play.who[key] = person(key, one.name, one.locale)
    organizations.seat(Actor(play.who[ADMINISTRATOR]), play.houses[one.house], play.who[key], one.tier)


# who leaves, who waits to be verified, who is suspended


def part(play: Play) -> None:
    hours = play.hours
    play.at(hours.on(6, "08:30"), leave, play, LEFT)
    play.at(hours.on(5, "10:15"), apply, play)
    play.at(hours.on(4, "14:40"), suspend, play)
    for days, asked in enumerate(OUTSIDE, start=1):
        play.at(hours.on(days, "11:25"), ask_from_outside, *asked)


def leave(play: Play, key: str) -> None:
    """What they see to goes to the likeliest of those who stay."""
    place, dana = OrganizationMember.objects.get(user=play.who[key]), Actor(play.who["dana"])
    found = tell(account(dana.person, place.organization, place.user))
    organizations.remove_person(dana, place, {(i.kind, i.id): next(iter(i.successors), None) for i in found.items})


def apply(play: Play) -> None:
    """The administrator enters it for somebody who is not in the network yet."""
    administrator, pia = Actor(play.who[ADMINISTRATOR]), play.who[APPLICANT]
    house = organizations.apply(
        administrator, WAITING.name, WAITING.kind, description=WAITING.about, administrator_email=pia.email
    )
    token = organizations.issue_token(house.invitations.get())
    assert token
    organizations.accept_invitation(pia, token)


def ask_from_outside(house: House, role: str, email: str, why: str, language: str) -> None:
    organizations.apply_from_outside(
        house.name,
        house.kind,
        description=house.about,
        contact_role=role,
        contact_email=email,
        why=why,
        language=language,
    )


def suspend(play: Play) -> None:
    organizations.suspend(Actor(play.who[ADMINISTRATOR]), play.houses[SUSPENDED], WHY_SUSPENDED)


def person(key: str, name: str, locale: str) -> User:
    return people.create_person(
        THE_PORTAL, f"{key}@{DOMAIN}", name, password_hash=hashed(), time_zone=ZONE, locale=locale
    )


@cache
def hashed() -> str:
    """The one password of all demo people is hashed once: hashing is slow on purpose."""
    return make_password(PASSWORD)


def sign_ins() -> list[str]:
    """What to sign in with, for a demo network; nothing for any other."""
    if not Network.objects.filter(demo=True).exists():
        return []
    width = max(len(key) for key in SHOWN) + len(DOMAIN) + 1
    people_shown = [f"{f'{key}@{DOMAIN}':<{width}}  {what}" for key, what in SHOWN.items()]
    return [f"Demo sign-ins (no second factor here), password {PASSWORD}:", *people_shown]
