"""How the demo's requests are put, answered and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from coordination.requests import services as requests
from coordination.requests.models import Request
from coordination.stands_for import services as stands_for
from coordination.tasks import services as tasks
from coordination.tasks.models import Task
from messaging import services as messaging
from portal.config.demo.ask import Ask
from portal.config.demo.requests import REQUESTS
from portal.kernel import clock
from portal.kernel.writing import Actor

if TYPE_CHECKING:
    from portal.config.demo.play import Play


class Asked:
    """A request that is put when its moment comes."""

    request: Request

    def __init__(self, play: Play, ask: Ask) -> None:
        self.play, self.ask = play, ask

    def put(self) -> None:
        self.request = post(self.play, self.ask)

    def go_on(self, verb: str, key: str = "", *words: Any) -> None:
        STEPS[verb](self.play, self.request, key or self.ask.poster, *words)

    def expire(self) -> None:
        """Nobody took it and its time passed: at the moment at which the portal itself would have said so."""
        self.request.refresh_from_db()
        if self.request.state == Request.State.OPEN and self.request.expires_at < clock.now():
            with clock.at(self.request.expires_at):
                requests.expire_request(self.request)


def asking(play: Play) -> None:
    for ask in REQUESTS:
        posted, asked = play.hours.at(ask.when), Asked(play, ask)
        play.at(posted, asked.put)
        for minutes, *step in ask.steps:
            play.at(posted + timedelta(minutes=minutes), asked.go_on, *step)
        play.at(play.hours.now, asked.expire)


def post(play: Play, ask: Ask) -> Request:
    details = dict(ask.details)
    for moment in {"starts_at", "due_at"} & details.keys():
        at = clock.now() + timedelta(minutes=details[moment])
        details[moment] = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    actor = play.acting(ask.poster)
    put = (
        partial(stands_for.ask_for_need, actor, play.needs[ask.need])
        if ask.need
        else partial(requests.post_request, actor)
    )
    return put(
        request_kind=ask.kind,
        details={name: value for name, value in details.items() if value != []},
        organizations=[play.houses[house] for house in ask.houses.split()],
        working_groups=[play.groups[group] for group in ask.groups.split()],
        note=ask.note,
        places=ask.places,
        slots=ask.slots,
        pick=ask.pick,
        exercise=ask.exercise,
        backup=play.who[ask.backup].pk if ask.backup else None,
    )


def seen(play: Play, request: Request, key: str) -> None:
    requests.acknowledge_request(play.acting(key), request)


def answered(state: str) -> Callable[..., None]:
    def answer(play: Play, request: Request, key: str, words: str = "", takes: dict[str, int] | None = None) -> None:
        reason, note = (words, "") if state == "no" else ("", words)
        requests.answer_request(play.acting(key), request, state, reason, note, takes)

    return answer


def redirect(play: Play, request: Request, key: str, house: str, reason: str) -> None:
    requests.redirect_request(play.acting(key), request, play.houses[house], reason)


def aside(play: Play, request: Request, key: str) -> None:
    requests.stand_aside(play.acting(key), request)


def say(play: Play, request: Request, key: str, words: str) -> None:
    """In its own channel, which is opened when somebody first has something to say."""
    channel = messaging.channel_about(request) or requests.open_request_channel(play.acting(key), request)
    messaging.post_message(play.acting(key), channel, uuid4(), words)


def back(play: Play, request: Request, key: str) -> None:
    who = play.acting(key)
    requests.withdraw_answer(
        who, request.answers.select_related("request", "organization").get(organization=who.acting_for)
    )


def pick(play: Play, request: Request, key: str) -> None:
    answer = request.answers.select_related("request__owner", "organization").get(
        organization=play.acting(key).acting_for
    )
    requests.pick_answer(Actor(request.posted_by), answer)


def edit(play: Play, request: Request, key: str) -> None:
    request.refresh_from_db()
    requests.edit_request(play.acting(key), request, request.version, places=request.places + 1)


def task(play: Play, request: Request, key: str, words: str, whose: str = "", minutes: int = 0) -> None:
    """Somebody's, or nobody's yet; due so many minutes from then."""
    request.refresh_from_db()
    due_at = clock.now() + timedelta(minutes=minutes) if minutes else None
    tasks.add_task(play.acting(key), request, words, play.who[whose].pk if whose else None, due_at)


def finish(play: Play, request: Request, key: str, words: str) -> None:
    found = Task.objects.select_related("request__owner").get(request=request, what=words)
    tasks.finish_task(play.acting(key), found)


STEPS: dict[str, Callable[..., Any]] = {
    "seen": seen,
    "yes": answered("yes"),
    "maybe": answered("maybe"),
    "no": answered("no"),
    "redirect": redirect,
    "aside": aside,
    "say": say,
    "back": back,
    "pick": pick,
    "edit": edit,
    "task": task,
    "finish": finish,
    "note": lambda play, request, key, words: requests.note_on_request(play.acting(key), request, words),
    "start": lambda play, request, key: requests.start_request(play.acting(key), request),
    "close": lambda play, request, key, outcome, note="": requests.close_request(
        play.acting(key), request, outcome, note
    ),
    "withdraw": lambda play, request, key, reason="": requests.withdraw_request(play.acting(key), request, reason),
}
