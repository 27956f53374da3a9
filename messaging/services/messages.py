"""Writes to messages; `posting.py` holds the one that many make at once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from messaging.models import (
    MOST_PINS,
    MOST_ROUNDS,
    Acknowledgement,
    Channel,
    Message,
    MessageEdit,
)
from messaging.policy import MESSAGES
from messaging.posting import CALLED_AGAIN_AFTER, Post, mention, not_archived, post_messages, require_inside
from messaging.queries import waiting_for
from messaging.waking import URGENT
from portal.kernel.errors import Conflict, Problem
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.notify.reasons import call


@service
def post_message(
    actor: Actor,
    channel: Channel,
    client_id: UUID,
    body: str,
    *,
    reply_to: UUID | None = None,
    mentions: Collection[UUID] = (),
    waited: int = 0,
    urgent: bool = False,
) -> Message:
    """Store a message at the channel's next position (see `post_messages`)."""
    post = Post(
        person=actor.person,
        acting_for=actor.organization_id,
        client_id=client_id,
        body=body,
        reply_to=reply_to,
        mentions=mentions,
        waited=waited,
        urgent=urgent,
    )
    (posted,) = post_messages(channel.pk, [post])
    if isinstance(posted, Problem):
        raise posted
    return posted


@service
def edit_message(
    actor: Actor, message: Message, version: int, *, body: str, mentions: Collection[UUID] | None = None
) -> Message:
    """Say it better; what it said before stays to be read."""
    with changing(actor, message) as w:
        MESSAGES.require_locked(actor.person, "edit", message)
        w.expect(message, version)
        not_archived(message.channel)
        w.demand(message, "edit")
        if body == message.body and mentions is None:
            return message
        if body != message.body:
            MessageEdit.objects.create(
                message=message, body=message.body, written_at=message.edited_at or message.posted_at
            )
            message.body = body
            message.edited_at = w.at
        if mentions is not None:
            require_inside(message.channel, None, mentions)
            message.mentions.all().delete()
            mention({message: mentions})
        w.put(message)
        w.audit("message.edit", message)
        return message


@service
def delete_message(actor: Actor, message: Message) -> Message:
    """Leave a tombstone: the position stays; the words, all that they were before, and whom they named go."""
    with changing(actor, message) as w:
        MESSAGES.require_locked(actor.person, "delete", message)
        not_archived(message.channel)
        w.demand(message, "delete")
        message.edits.all().delete()
        message.mentions.all().delete()
        message.deleted = True
        message.body = ""
        message.pinned_at = message.pinned_by = message.calls_at = None
        w.put(message)
        w.audit("message.delete", message)
        return message


@service
def pin_message(actor: Actor, message: Message) -> Message:
    with changing(actor, message) as w:
        MESSAGES.require_locked(actor.person, "pin", message)
        not_archived(message.channel)
        if message.is_pinned:
            return message
        w.demand(message, "pin")
        if message.channel.messages.filter(pinned_at__isnull=False).count() >= MOST_PINS:
            raise Conflict("too_many_pins")
        message.pinned_at, message.pinned_by = w.at, actor.person
        w.put(message)
        w.audit("message.pin", message)
        return message


@service
def unpin_message(actor: Actor, message: Message) -> Message:
    with changing(actor, message) as w:
        MESSAGES.require_locked(actor.person, "unpin", message)
        not_archived(message.channel)
        if message.is_pinned:
            message.pinned_at = message.pinned_by = None
            w.put(message)
            w.audit("message.unpin", message)
        return message


@service
def acknowledge_message(actor: Actor, message: Message) -> Acknowledgement:
    """Once; asked again, it is the one there is."""
    told = [a for a in [message.channel.moderators_id] if a]
    with changing(actor, message, audiences=told, people=[actor.person]) as w:
        MESSAGES.require_locked(actor.person, "acknowledge", message)
        earlier = message.acknowledgements.filter(person=actor.person).first()
        if earlier is not None:
            return earlier
        not_archived(message.channel)
        w.demand(message, "acknowledge")
        acknowledgement = Acknowledgement.objects.create(message=message, person=actor.person, at=w.at)
        w.created(acknowledgement, *told, actor.person.audience_id)
        if message.calls and not waiting_for(message):
            message.calls_at = None
            w.put(message)
        w.audit("message.acknowledge", message)
        return acknowledgement


@service
def call_again(message: Message) -> Message:
    """Wake those who have not acknowledged it: run by the portal every five minutes, and not for ever."""
    with changing(THE_PORTAL, message) as w:
        if message.calls_at and message.calls_at <= w.at:
            goes_on = message.rounds < MOST_ROUNDS and not message.channel.is_archived and bool(waiting_for(message))
            message.rounds += goes_on
            message.calls_at = w.at + CALLED_AGAIN_AFTER if goes_on else None
            if goes_on:
                call(URGENT, message.pk)
            w.put(message)
            w.audit("message.call_again", message)
        return message


@contextmanager
def changing(actor: Actor, message: Message, **also: Any) -> Iterator[Writing]:
    """A write to a message: its channel is locked with it, so that neither is archived nor filled meanwhile."""
    channel = message.channel
    with writing(actor, objects=[channel, message], **also) as w:
        message.channel = channel
        yield w
