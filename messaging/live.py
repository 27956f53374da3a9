"""What may be said by the socket: the same services as the HTTP API."""

from typing import Any

from messaging import queries, services
from messaging.models import LONGEST, MOST_MENTIONS
from portal.kernel.errors import Invalid
from portal.kernel.writing import Actor
from portal.live.protocol import Ack, Frame, Seen, Send
from portal.organizations.acting import actor


def send(person: Any, frame: Send) -> Ack:
    body = words(frame.body)
    if len(frame.mentions) > MOST_MENTIONS:
        raise Invalid("mentions", "too_long", f"At most {MOST_MENTIONS} people.")
    message = services.post_message(
        actor(person, frame.acting_for),
        queries.channel(person, frame.channel),
        frame.id,
        body,
        reply_to=frame.reply_to,
        mentions=frame.mentions,
    )
    return Ack(id=frame.id, position=message.position)


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


COMMANDS: dict[type[Frame], Any] = {Send: send, Seen: seen}
