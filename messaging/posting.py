"""Posting: the one write that many make at once. What comes for a channel together is stored together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from messaging.changes import message_shape
from messaging.models import Channel, Mention, Message, ReadMark
from messaging.policy import CHANNELS
from messaging.waking import ADDRESSED, URGENT
from portal.kernel.errors import Conflict, Invalid, NotFound, Problem
from portal.kernel.kinds import Shape
from portal.kernel.lean import fetch, insert, update
from portal.kernel.standing import standings, still_members
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.notify.reasons import call
from portal.organizations.acting import actors
from portal.organizations.queries import ref as organization_ref
from portal.people.queries import ref as person_ref

# what took less time on its way was written when it came
NOTICEABLE = 60
CALLED_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What somebody says. `client_id` is their own: the same one again gives the message already stored."""

    person: Any
    acting_for: UUID | None
    client_id: UUID
    body: str
    reply_to: UUID | None = None
    mentions: Collection[UUID] = ()
    # seconds for which it could not be sent
    waited: int = 0
    urgent: bool = False


@service
def post_messages(channel: UUID, posts: Sequence[Post]) -> list[Message | Problem]:
    """Store messages at the channel's next positions, in this order; the refusal of one is no other's matter.

    The same `client_id` of the same author with other words is refused (`message_id_reused`).
    """
    place = Channel(pk=channel)
    try:
        with writing(THE_PORTAL, objects=[place]) as w:
            return Batch(w, place, posts).store()
    except NotFound as absent:
        return [absent] * len(posts)


class Batch:
    """Posts to one locked channel."""

    def __init__(self, w: Writing, channel: Channel, posts: Sequence[Post]) -> None:
        self.w = w
        self.channel = channel
        self.posts = posts
        authors = {p.person.pk for p in posts}
        self.people = standings(authors)
        self.actors = actors([(*self.people[p.person.pk], p.acting_for) for p in posts])
        rows = fetch(Message, channel_id=channel.pk, author_id=authors, client_id=[p.client_id for p in posts])
        self.known = {(m.author_id, m.client_id): m for m in rows}
        self.new: list[tuple[Actor, Message, Post]] = []

    def store(self) -> list[Message | Problem]:
        results = [self.place(post, who) for post, who in zip(self.posts, self.actors, strict=True)]
        if self.new:
            self.channel.last_at = self.w.at
            update(self.channel, "last_position", "last_at")
            insert([message for _, message, _ in self.new])
            mention({message: post.mentions for _, message, post in self.new})
            self.move_marks()
            for actor, message, post in self.new:
                with self.w.by(actor):
                    self.w.created(message, self.channel.audience_id, shape=first_shape(message, post))
                    self.w.audit("message.post", message)
                    wake_for(message, post.mentions)
        return results

    def place(self, post: Post, actor: Actor | Problem) -> Message | Problem:
        """The post's message at its position, or what speaks against it."""
        try:
            person, who = self.people[post.person.pk]
            CHANNELS.require_standing(who, "post_urgent" if post.urgent else "post", self.channel)
            if isinstance(actor, Problem):
                raise actor
            earlier = self.known.get((post.person.pk, post.client_id))
            if earlier is not None:
                return same(earlier, post)
            not_archived(self.channel)
            require_inside(self.channel, post.reply_to, post.mentions)
        except Problem as refusal:
            return refusal
        self.channel.last_position += 1
        message = Message(
            channel=self.channel,
            position=self.channel.last_position,
            author=person,
            organization=actor.acting_for,
            client_id=post.client_id,
            body=post.body,
            reply_to_id=post.reply_to,
            posted_at=self.w.at,
            written_at=self.w.at - timedelta(seconds=post.waited) if post.waited >= NOTICEABLE else None,
            urgent=post.urgent,
            calls_at=self.w.at + CALLED_AGAIN_AFTER if post.urgent else None,
        )
        self.known[post.person.pk, post.client_id] = message
        self.new.append((actor, message, post))
        return message

    def move_marks(self) -> None:
        """Whoever writes has read so far."""
        reached = {message.author_id: message for _, message, _ in self.new}
        insert(
            [ReadMark(person_id=pk, channel=self.channel, position=m.position) for pk, m in sorted(reached.items())],
            "ON CONFLICT (person_id, channel_id) DO UPDATE SET position = EXCLUDED.position",
        )


def first_shape(message: Message, post: Post) -> Shape | None:
    """What a message looks like when it is new; of one that points at others, what they look like must be read."""
    if post.reply_to or post.mentions:
        return None
    organization = organization_ref(message.organization) if message.organization else None
    return message_shape(message, author=person_ref(message.author), organization=organization)


def same(earlier: Message, post: Post) -> Message:
    """What was stored before under this id, if it is what is said now."""
    if not earlier.deleted and said(earlier) != (post.body, post.reply_to, post.urgent):
        raise Conflict("message_id_reused")
    return earlier


def said(message: Message) -> tuple[str, UUID | None, bool]:
    return first_words(message), message.reply_to_id, message.urgent


def first_words(message: Message) -> str:
    """What it said when it was sent."""
    if message.edited_at is None:
        return message.body
    return message.edits.earliest("pk").body


def not_archived(channel: Channel) -> None:
    if channel.is_archived:
        raise Conflict("archived")


def require_inside(channel: Channel, reply_to: UUID | None, mentions: Collection[UUID]) -> None:
    """What is replied to and who is mentioned lie within the channel: what is elsewhere is as if it were not."""
    if reply_to and not channel.messages.filter(pk=reply_to).exists():
        raise Invalid("reply_to", "does_not_exist", "There is no such message in this channel.")
    if mentions:
        inside = still_members((person, channel.audience_id) for person in mentions)
        if len(inside) < len(set(mentions)):
            raise Invalid("mentions", "not_a_member", "Mention people who are in this channel.")


def wake_for(message: Message, mentions: Collection[UUID]) -> None:
    if message.urgent:
        call(URGENT, message.pk)
    elif mentions or message.channel.is_direct:
        call(ADDRESSED, message.pk)


def mention(mentioned: dict[Message, Collection[UUID]]) -> None:
    rows = [Mention(message=m, person_id=person) for m, people in mentioned.items() for person in sorted(set(people))]
    if rows:
        Mention.objects.bulk_create(rows)
