"""The kinds of change that messaging announces, and the one shape of each object."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from messaging import models
from messaging.policy import CHANNELS, MESSAGES, READ_MARKS
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import audiences_by_id
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Channel(Shape, kw_only=True):
    """A channel. Unread is arithmetic: `last_position` less my read position."""

    audience: UUID
    name: str
    last_position: int
    last_at: datetime | None


class Message(Shape, kw_only=True):
    """A message. `client_id` is the sender's own id; a deleted message keeps its position."""

    client_id: UUID
    channel: UUID
    position: int
    author: PersonRef
    organization: OrganizationRef | None
    body: str
    posted_at: datetime
    deleted: bool


class ReadMark(Shape, kw_only=True):
    """How far I have read a channel, on all of my devices."""

    channel: UUID
    position: int


def shape_channels(rows: Iterable[models.Channel] | QuerySet[models.Channel]) -> list[Channel]:
    channels = list(rows)
    audiences = audiences_by_id({c.audience_id for c in channels})
    return [
        Channel(
            id=c.pk,
            version=c.version,
            audience=audiences[c.audience_id].uuid,
            name=c.name,
            last_position=c.last_position,
            last_at=c.last_at,
        )
        for c in channels
    ]


def shape_messages(rows: Iterable[models.Message] | QuerySet[models.Message]) -> list[Message]:
    messages = list(rows)
    people = person_refs({m.author_id for m in messages})
    organizations = organization_refs({m.organization_id for m in messages if m.organization_id})
    return [
        Message(
            id=m.pk,
            version=m.version,
            client_id=m.client_id,
            channel=m.channel_id,
            position=m.position,
            author=people[m.author_id],
            organization=organizations.get(m.organization_id) if m.organization_id else None,
            body=m.body,
            posted_at=m.posted_at,
            deleted=m.deleted,
        )
        for m in messages
    ]


def shape_read_marks(rows: Iterable[models.ReadMark] | QuerySet[models.ReadMark]) -> list[ReadMark]:
    return [ReadMark(id=m.pk, version=m.version, channel=m.channel_id, position=m.position) for m in rows]


CHANNEL = Kind("channel", Channel, CHANNELS, shape_channels)
MESSAGE = Kind("message", Message, MESSAGES, shape_messages)
READ_MARK = Kind("read_mark", ReadMark, READ_MARKS, shape_read_marks)
KINDS = (CHANNEL, MESSAGE, READ_MARK)
