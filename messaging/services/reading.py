"""Writes to what is one's own in a channel: how far one has read, and whether it stays quiet."""

from typing import Any

from messaging.models import (
    Channel,
    ReadMark,
)
from messaging.policy import CHANNELS
from portal.kernel.models import Audience
from portal.kernel.writing import Actor, Writing, service, writing


@service
def mark_read(actor: Actor, channel: Channel, position: int) -> ReadMark:
    """Move the person's mark forward, never back and never past the end.

    Tells the person's other devices. No audit record: when somebody reads is nobody's business.
    """
    with writing(actor, people=[actor.person]) as w:
        CHANNELS.require(actor.person, "mark", channel)
        channel.refresh_from_db(fields=["last_position"])
        return move_mark(w, actor.person, channel, min(position, channel.last_position))


@service
def mute_channel(actor: Actor, channel: Channel, muted: bool) -> ReadMark:
    """Whether it stays quiet on all of the person's devices. No audit record: it is nobody else's business."""
    with writing(actor, people=[actor.person]) as w:
        CHANNELS.require(actor.person, "mute", channel)
        mark, is_new = ReadMark.objects.get_or_create(person=actor.person, channel=channel)
        if is_new or mark.muted != muted:
            w.lock(objects=[mark])
            mark.muted = muted
            w.put(mark)
        return mark


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
