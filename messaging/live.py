"""What may be said by the socket: the same services as the HTTP API."""

from typing import Any

from messaging import queries, services
from messaging.models import LONGEST, MOST_MENTIONS
from messaging.posting import Post, post_messages
from portal.kernel.errors import Invalid, Problem
from portal.kernel.writing import Actor
from portal.live.commands import Together
from portal.live.protocol import Ack, Frame, Seen, Send


def send(said: list[tuple[Any, Send]]) -> list[Frame | Exception]:
    """What was said in one channel while the last words were being stored: in one write."""
    answers: dict[int, Frame | Exception] = {}
    posts: dict[int, Post] = {}
    for number, (person, frame) in enumerate(said):
        try:
            posts[number] = post(person, frame)
        except Problem as refusal:
            answers[number] = refusal
    stored = post_messages(said[0][1].channel, list(posts.values())) if posts else []
    for (number, one), result in zip(posts.items(), stored, strict=True):
        answers[number] = result if isinstance(result, Problem) else Ack(id=one.client_id, position=result.position)
    return [answers[number] for number in range(len(said))]


def post(person: Any, frame: Send) -> Post:
    if len(frame.mentions) > MOST_MENTIONS:
        raise Invalid("mentions", "too_long", f"At most {MOST_MENTIONS} people.")
    return Post(
        person=person,
        acting_for=frame.acting_for,
        client_id=frame.id,
        body=words(frame.body),
        reply_to=frame.reply_to,
        mentions=frame.mentions,
        waited=frame.waited,
        urgent=frame.urgent,
    )


def seen(person: Any, frame: Seen) -> None:
    services.mark_read(Actor(person), queries.channel(person, frame.channel), frame.position)


def words(body: str) -> str:
    """A message's text: 1 to 8,000 characters once the space around it is gone."""
    body = body.strip()
    if not body:
        raise Invalid("body", "blank", "Write something first.")
    if len(body) > LONGEST:
        raise Invalid("body", "too_long", f"At most {LONGEST} characters.")
    if "\x00" in body:
        raise Invalid("body", "invalid", "This holds characters that are not text.")
    return body


COMMANDS: dict[type[Frame], Any] = {Send: Together(place=lambda frame: frame.channel, write=send), Seen: seen}
