"""The kinds of change that messaging announces, and the one shape of each object."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from messaging import models
from messaging.models import ChannelKind
from messaging.policy import ACKNOWLEDGEMENTS, CHANNEL_MEMBERS, CHANNELS, MESSAGES, READ_MARKS
from messaging.queries import admitted, between, by_name, moderator_pairs, seated_through
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import audiences_by_id
from portal.organizations.queries import refs as organization_refs
from portal.organizations.queries import refs_for
from portal.people.queries import refs as person_refs

Rows = Iterable[Any] | QuerySet[Any]


class Subject(msgspec.Struct, kw_only=True):
    """The object that a channel is about; whether the reader sees that object is another matter."""

    kind: str
    id: UUID


class Channel(Shape, kw_only=True):
    """A channel. Unread is arithmetic: `last_position` less my read position.

    `people` are whom a direct conversation is between (I among them; it has no name), `organizations`
    those whose people are all in a private channel. In an announcement channel only moderators write.
    One that is `about` an object ends with it, and nothing is left of it from `purge_at` on.
    """

    audience: UUID
    channel_kind: ChannelKind
    name: str
    topic: str
    announcement: bool
    archived: bool
    people: list[PersonRef]
    organizations: list[OrganizationRef]
    about: Subject | None
    exercise: bool
    purge_at: datetime | None
    last_position: int
    last_at: datetime | None


class Message(Shape, kw_only=True):
    """A message. `client_id` is the sender's own id; a deleted message keeps its position.

    What it replies to is named, never repeated: words that are deleted live on nowhere.
    `written_at` says when it was written, if it could not be sent then. An `urgent` one asks everybody who was
    there to acknowledge it: those who have not were woken again in so many `rounds`, and are still while it `calls`.
    """

    client_id: UUID
    channel: UUID
    position: int
    author: PersonRef
    organization: OrganizationRef | None
    body: str
    reply_to: UUID | None
    reply_position: int | None
    mentions: list[PersonRef]
    posted_at: datetime
    written_at: datetime | None
    edited_at: datetime | None
    pinned: bool
    pinned_at: datetime | None
    pinned_by: PersonRef | None
    deleted: bool
    urgent: bool
    rounds: int
    calls: bool


class MessageEdit(msgspec.Struct, kw_only=True):
    """What a message said from `written_at` until it was edited."""

    body: str
    written_at: datetime


class Acknowledgement(Shape, kw_only=True):
    """That somebody has taken note of an announcement."""

    message: UUID
    channel: UUID
    person: PersonRef
    at: datetime


class ChannelMember(Shape, kw_only=True):
    """A person's place in a private channel or a direct conversation, with the organizations they are there for."""

    channel: UUID
    person: PersonRef
    organizations: list[OrganizationRef]
    moderator: bool
    since: datetime


class ReadMark(Shape, kw_only=True):
    """How far I have read a channel, and whether it is mute, on all of my devices."""

    channel: UUID
    position: int
    muted: bool


def shape_channels(rows: Rows) -> list[Channel]:
    channels: list[models.Channel] = list(rows)
    audiences = audiences_by_id({c.audience_id for c in channels})
    people, organizations = between(channels), admitted(channels)
    return [
        Channel(
            id=c.pk,
            version=c.version,
            audience=audiences[c.audience_id].uuid,
            channel_kind=ChannelKind(c.channel_kind),
            name=c.name,
            topic=c.topic,
            announcement=c.announcement,
            archived=c.is_archived,
            people=people[c.pk],
            organizations=organizations[c.pk],
            about=Subject(kind=c.about_kind, id=c.about) if c.about else None,
            exercise=c.exercise,
            purge_at=c.purge_at,
            last_position=c.last_position,
            last_at=c.last_at,
        )
        for c in channels
    ]


def shape_messages(rows: Rows) -> list[Message]:
    messages: list[models.Message] = list(rows)
    mentions = mentioned(messages)
    named = {person for everybody in mentions.values() for person in everybody}
    people = person_refs(named | {m.pinned_by_id for m in messages if m.pinned_by_id})
    authors = refs_for({(m.author_id, m.organization_id) for m in messages})
    organizations = organization_refs({m.organization_id for m in messages if m.organization_id})
    positions = reply_positions(messages)
    return [
        message_shape(
            m,
            author=authors[m.author_id, m.organization_id],
            organization=organizations.get(m.organization_id) if m.organization_id else None,
            reply_position=positions[m.reply_to_id] if m.reply_to_id else None,
            mentions=sorted((people[person] for person in mentions[m.pk]), key=by_name),
            pinned_by=people[m.pinned_by_id] if m.pinned_by_id else None,
        )
        for m in messages
    ]


def message_shape(
    message: models.Message,
    *,
    author: PersonRef,
    organization: OrganizationRef | None = None,
    reply_position: int | None = None,
    mentions: Sequence[PersonRef] = (),
    pinned_by: PersonRef | None = None,
) -> Message:
    return Message(
        id=message.pk,
        version=message.version,
        client_id=message.client_id,
        channel=message.channel_id,
        position=message.position,
        author=author,
        organization=organization,
        body=message.body,
        reply_to=message.reply_to_id,
        reply_position=reply_position,
        mentions=list(mentions),
        posted_at=message.posted_at,
        written_at=message.written_at,
        edited_at=message.edited_at,
        pinned=message.is_pinned,
        pinned_at=message.pinned_at,
        pinned_by=pinned_by,
        deleted=message.deleted,
        urgent=message.urgent,
        rounds=message.rounds,
        calls=message.calls,
    )


def mentioned(messages: Iterable[models.Message]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {m.pk: [] for m in messages}
    for message, person in models.Mention.objects.filter(message__in=list(found)).values_list("message", "person"):
        found[message].append(person)
    return found


def reply_positions(messages: Iterable[models.Message]) -> dict[UUID, int]:
    replied = {m.reply_to_id for m in messages if m.reply_to_id}
    return dict(models.Message.objects.filter(pk__in=replied).values_list("pk", "position")) if replied else {}


def shape_edits(message: models.Message) -> list[MessageEdit]:
    """Oldest first, without what it says now."""
    return [MessageEdit(body=e.body, written_at=e.written_at) for e in message.edits.order_by("pk")]


def shape_acknowledgements(rows: Rows) -> list[Acknowledgement]:
    acknowledgements: list[models.Acknowledgement] = list(rows)
    people = person_refs({a.person_id for a in acknowledgements})
    of = dict(
        models.Message.objects.filter(pk__in={a.message_id for a in acknowledgements}).values_list("pk", "channel")
    )
    return [
        Acknowledgement(
            id=a.pk,
            version=a.version,
            message=a.message_id,
            channel=of[a.message_id],
            person=people[a.person_id],
            at=a.at,
        )
        for a in acknowledgements
    ]


def shape_channel_members(rows: Rows) -> list[ChannelMember]:
    members: list[models.ChannelMember] = list(rows)
    channels = {c.audience_id: c for c in models.Channel.objects.filter(audience__in={m.group_id for m in members})}
    people = person_refs({m.user_id for m in members})
    organizations = seated_through([m.pk for m in members])
    moderators = moderator_pairs({c.moderators_id for c in channels.values() if c.moderators_id})
    return [
        ChannelMember(
            id=m.pk,
            version=m.version,
            channel=channels[m.group_id].pk,
            person=people[m.user_id],
            organizations=organizations[m.pk],
            moderator=(channels[m.group_id].moderators_id, m.user_id) in moderators,
            since=m.since,
        )
        for m in members
    ]


def shape_read_marks(rows: Rows) -> list[ReadMark]:
    marks: list[models.ReadMark] = list(rows)
    return [
        ReadMark(id=m.pk, version=m.version, channel=m.channel_id, position=m.position, muted=m.muted) for m in marks
    ]


CHANNEL = Kind("channel", Channel, CHANNELS, shape_channels)
CHANNEL_MEMBER = Kind("channel_member", ChannelMember, CHANNEL_MEMBERS, shape_channel_members)
MESSAGE = Kind("message", Message, MESSAGES, shape_messages)
ACKNOWLEDGEMENT = Kind("acknowledgement", Acknowledgement, ACKNOWLEDGEMENTS, shape_acknowledgements)
READ_MARK = Kind("read_mark", ReadMark, READ_MARKS, shape_read_marks)
KINDS = (CHANNEL, CHANNEL_MEMBER, MESSAGE, ACKNOWLEDGEMENT, READ_MARK)
