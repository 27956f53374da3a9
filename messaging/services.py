"""Every write to channels and messages."""

from typing import Any
from uuid import UUID

from messaging.models import Channel, Message, ReadMark
from messaging.policy import CHANNELS, MESSAGES
from portal.kernel.errors import Conflict
from portal.kernel.models import Audience
from portal.kernel.writing import Actor, Writing, service, writing


@service
def create_channel(actor: Actor, audience: Audience, name: str, moderators: Audience | None = None) -> Channel:
    """A channel inside an audience; the caller's own write decides who may."""
    with writing(actor, audiences=[audience.pk]) as w:
        channel = Channel.objects.create(audience=audience, name=name, moderators=moderators)
        w.created(channel, audience.pk)
        w.audit("channel.create", channel)
        return channel


@service
def rename_channel(actor: Actor, channel: Channel, name: str) -> Channel:
    with writing(actor, objects=[channel]) as w:
        channel.name = name
        w.put(channel)
        w.audit("channel.rename", channel)
        return channel


@service
def post_message(actor: Actor, channel: Channel, client_id: UUID, body: str) -> Message:
    """Store a message at the channel's next position.

    The same `client_id` of the same author gives the message already stored; with another body it
    is refused (`message_id_reused`).
    """
    with writing(actor, objects=[channel]) as w:
        CHANNELS.require(actor.person, "post", channel)
        earlier = channel.messages.filter(author=actor.person, client_id=client_id).first()
        if earlier is not None:
            if earlier.body != body and not earlier.deleted:
                raise Conflict("message_id_reused")
            return earlier
        channel.last_position += 1
        channel.last_at = w.at
        channel.save(update_fields=["last_position", "last_at"])
        message = Message.objects.create(
            channel=channel,
            position=channel.last_position,
            author=actor.person,
            organization=actor.acting_for,
            client_id=client_id,
            body=body,
            posted_at=w.at,
        )
        w.created(message, channel.audience_id)
        ReadMark.objects.bulk_create(
            [ReadMark(person=actor.person, channel=channel, position=message.position)],
            update_conflicts=True,
            unique_fields=["person", "channel"],
            update_fields=["position"],
        )
        w.audit("message.post", message)
        return message


@service
def delete_message(actor: Actor, message: Message) -> Message:
    """Leave a tombstone: the position stays, the words go."""
    with writing(actor, objects=[message]) as w:
        MESSAGES.require(actor.person, "delete", message)
        w.demand(message, "delete")
        message.deleted = True
        message.body = ""
        w.put(message)
        w.audit("message.delete", message)
        return message


@service
def mark_read(actor: Actor, channel: Channel, position: int) -> ReadMark:
    """Move the person's mark forward, never back and never past the end.

    Tells the person's other devices. No audit record: when somebody reads is nobody's business.
    """
    with writing(actor, people=[actor.person]) as w:
        CHANNELS.require(actor.person, "post", channel)
        channel.refresh_from_db(fields=["last_position"])
        return move_mark(w, actor.person, channel, min(position, channel.last_position))


def start_reading(actor: Actor, person: Any, audience: Audience) -> None:
    """Somebody joined: what was said before them is not unread."""
    with writing(actor, audiences=[audience.pk]) as w:
        for channel in audience.channels.all():
            move_mark(w, person, channel, channel.last_position)


def move_mark(w: Writing, person: Any, channel: Channel, reached: int) -> ReadMark:
    mark, is_new = ReadMark.objects.get_or_create(person=person, channel=channel)
    if is_new or reached > mark.position:
        w.lock(objects=[mark])
        mark.position = max(mark.position, reached)
        w.put(mark)
    return mark
