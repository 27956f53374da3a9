"""How the demo's people talk: what was written by hand, what every evening brings, and how far each has read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING
from uuid import UUID

from messaging import services as messaging
from messaging.models import Message
from portal.config.demo.people import PEOPLE
from portal.config.demo.talk import MORNING, ROTA, SHELTERS, TALK, THANKS
from portal.kernel import clock
from portal.kernel.ids import uuid7
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.people.models import User

if TYPE_CHECKING:
    from portal.config.demo.play import Play

LINE = re.compile(
    r"(?P<who>\w+)(?P<how>[:>]) (?P<words>.*?)(?: \[(?P<then>urgent|pin|delete|edit)(?: (?P<better>.*))?\])?"
)
GAPS = (2, 5, 3, 9, 4, 14, 6)  # minutes from one line to the next
EVENINGS = 30


@dataclass(frozen=True)
class Line:
    who: str
    words: str
    replies: bool
    then: str
    better: str


def talking(play: Play) -> None:
    for conversation in TALK.strip().split("\n\n"):
        head, *lines = conversation.splitlines()
        _, channel, days, time = head.split()
        said(play, channel, play.hours.said(int(days), time), [parsed(line) for line in lines])
    for ago in range(EVENINGS, 0, -1):
        evening(play, ago)


def parsed(line: str) -> Line:
    found = LINE.fullmatch(line)
    assert found, line
    how = found["how"] == ">"
    return Line(found["who"], found["words"], how, found["then"] or "", found["better"] or "")


class Saying:
    """A line that is said when its moment comes; `before` is the one that it may reply to."""

    message: Message

    def __init__(self, play: Play, channel: str, line: Line, before: Saying | None) -> None:
        self.play, self.channel, self.line, self.before = play, channel, line, before

    def post(self) -> None:
        words, mentions = addressed(self.play, self.line.words)
        self.message = messaging.post_message(
            self.play.acting(self.line.who),
            self.play.channels[self.channel],
            uuid7(),
            words,
            reply_to=self.before.message.pk if self.line.replies and self.before else None,
            mentions=mentions,
            urgent=self.line.then == "urgent",
        )

    def mend(self) -> None:
        self.message.refresh_from_db()
        author = self.play.acting(self.line.who)
        if self.line.then == "edit":
            words, mentions = addressed(self.play, self.line.better)
            messaging.edit_message(author, self.message, self.message.version, body=words, mentions=mentions)
        elif self.line.then == "delete":
            messaging.delete_message(author, self.message)
        else:
            messaging.pin_message(Actor(moderator(self.play, self.message)), self.message)


def said(play: Play, channel: str, began: datetime, lines: list[Line]) -> None:
    moment, before = began, None
    for line, gap in zip(lines, cycle(GAPS), strict=False):
        saying = Saying(play, channel, line, before)
        play.at(moment, saying.post)
        if line.then and line.then != "urgent":
            play.at(moment + timedelta(minutes=1), saying.mend)
        moment, before = moment + timedelta(minutes=gap), saying


def addressed(play: Play, words: str) -> tuple[str, list[UUID]]:
    """Who is addressed by key is addressed by name."""
    keys = re.findall(r"@(\w+)", words)
    for key in keys:
        words = words.replace(f"@{key}", f"@{PEOPLE[key].name}")
    return words, [play.who[key].pk for key in keys]


def moderator(play: Play, message: Message) -> User:
    moderators = message.channel.moderators
    assert moderators
    inside = members(moderators.pk)
    return next(person for person in play.who.values() if person.pk in inside)


def evening(play: Play, days: int) -> None:
    """The beds of the evening, who answers, and what the night was like."""
    shelters, rota, mornings, thanks = list(SHELTERS.items()), list(ROTA), list(MORNING), list(THANKS.items())
    lines = []
    for turn in range(2 + days % 3):
        who, words = shelters[(days + turn) % len(shelters)]
        lines.append((who, words.format(single=1 + (days * 3 + turn) % 4, family=(days + turn) % 3)))
    lines.append(rota[days % len(rota)])
    if days % 2:
        lines.append(thanks[days % len(thanks)])
    said(play, "beds", play.hours.on(days, f"17:{20 + days % 25}"), [Line(w, t, False, "", "") for w, t in lines])
    who, words = mornings[days % len(mornings)]
    handover = words.format(calls=9 + days * 5 % 11, beds=2 + days % 5)
    morning = play.hours.on(days - 1, "07:00")
    if morning < play.hours.now:
        said(play, "victim_services", morning, [Line(who, handover, False, "", "")])


# how far each has read, and what stays quiet


def reading(play: Play) -> None:
    play.at(play.hours.now, read, play)


def read(play: Play) -> None:
    now = clock.now()
    for person, key, channel, left in readers(play):
        with clock.at(now - timedelta(minutes=1 + left)):
            play.channels[channel].refresh_from_db()
            position = max(play.channels[channel].last_position - left, 0)
            messaging.mark_read(Actor(person), play.channels[channel], position)
            if key == "grace" or (channel, key) in QUIET:
                messaging.mute_channel(Actor(person), play.channels[channel], True)
    for channel in ("rota", "news", "desk"):
        acknowledge(play, channel)


QUIET = {("beds", "noor"), ("outreach", "luis")}
# so many messages the people of a channel have not read yet, by turns
UNREAD = (0, 2, 0, 5, 1, 0, 12, 3)


def readers(play: Play) -> Iterator[tuple[User, str, str, int]]:
    for number, (channel, place) in enumerate(play.channels.items()):
        inside = members(place.audience_id)
        for turn, (key, person) in enumerate((k, p) for k, p in play.who.items() if p.pk in inside):
            yield person, key, channel, UNREAD[(turn * 3 + number * 5) % len(UNREAD)]


def acknowledge(play: Play, channel: str) -> None:
    """Most confirm the older announcements, fewer the newest; what is urgent all but one."""
    place = play.channels[channel]
    newest = place.messages.select_related("channel").order_by("-position")
    announcements = [message for message in newest if message.asks]
    inside = members(place.audience_id)
    for age, message in enumerate(announcements):
        for turn, person in enumerate(p for p in play.who.values() if p.pk in inside and p.pk != message.author_id):
            if confirms(message, age, turn):
                at = min(message.posted_at + timedelta(minutes=20 + 37 * turn), clock.now())
                with clock.at(at):
                    messaging.acknowledge_message(Actor(person), message)


def confirms(message: Message, age: int, turn: int) -> bool:
    return turn != 1 if message.urgent else turn % (4 + 3 * age) != 1 and bool(age or turn % 2)
