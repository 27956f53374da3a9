"""Writes to channels: opening them, what they are called, their end."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from messaging.models import (
    Channel,
    ChannelKind,
)
from messaging.policy import CHANNELS
from messaging.posting import not_archived
from messaging.seats import admit, key_of, require_answerable, seat, still_known
from portal.kernel import memberships
from portal.kernel.errors import Invalid
from portal.kernel.models import Audience
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.models import Organization
from portal.people.models import User


@service
def create_channel(
    actor: Actor,
    audience: Audience,
    name: str,
    moderators: Audience | None = None,
    *,
    topic: str = "",
    announcement: bool = False,
) -> Channel:
    """A channel inside a group's audience; the caller's own write decides who may."""
    with writing(actor, audiences=[audience.pk]) as w:
        name_is_free(audience.pk, name)
        channel = Channel.objects.create(
            audience=audience, name=name, moderators=moderators, topic=topic, announcement=announcement
        )
        w.created(channel, audience.pk)
        w.audit("channel.create", channel)
        return channel


@service
def create_private_channel(
    actor: Actor,
    name: str,
    *,
    topic: str = "",
    announcement: bool = False,
    people: Collection[User] = (),
    organizations: Collection[Organization] = (),
) -> Channel:
    """A channel of invited people and organizations; whoever opens it is its first moderator."""
    through = [o.members_id for o in organizations]
    admitted = [person for audience in through for person in memberships.people_in(audience)]
    with writing(actor, audiences=through, people=[actor.person, *people, *admitted]) as w:
        CHANNELS.require_open(actor.person)
        still_known(w, people)
        require_answerable(people)
        channel = found_private(w, name=name, topic=topic, announcement=announcement)
        seat(w, people, channel.audience)
        for organization in organizations:
            admit(w, channel, organization)
        return channel


@service
def open_direct_conversation(actor: Actor, people: Collection[User]) -> Channel:
    """The conversation between the actor and these people: the one there is, or a new one."""
    if not people:
        raise Invalid("people", "nobody", "Name somebody other than yourself.")
    everybody = [actor.person, *people]
    with writing(actor, people=everybody) as w:
        CHANNELS.require_open(actor.person)
        still_known(w, people)
        key = key_of(everybody)
        channel = Channel.objects.filter(direct_key=key).select_related("audience").first()
        if channel is None:
            audience = w.new_audience(Audience.Kind.CHANNEL_MEMBERS)
            channel = Channel.objects.create(channel_kind=ChannelKind.DIRECT, direct_key=key, audience=audience)
            channel.people.set(everybody)
            w.created(channel, audience.pk)
            w.audit("channel.create", channel)
        # whoever had left the organization they were here by may be back with another
        seat(w, everybody, channel.audience)
        return channel


@service
def edit_channel(
    actor: Actor,
    channel: Channel,
    version: int,
    *,
    name: str | None = None,
    topic: str | None = None,
    announcement: bool | None = None,
) -> Channel:
    """Only what is given changes; `version` is the one the caller saw."""
    with writing(actor, objects=[channel]) as w:
        CHANNELS.require_locked(actor.person, "edit", channel)
        w.expect(channel, version)
        not_archived(channel)
        if name is not None:
            rename(channel, name)
        channel.topic = channel.topic if topic is None else topic
        channel.announcement = channel.announcement if announcement is None else announcement
        w.put(channel)
        w.audit("channel.edit", channel)
        return channel


@service
def rename_channel(actor: Actor, channel: Channel, name: str) -> Channel:
    """With the group whose channel it is; the caller's own write decides who may."""
    with writing(actor, objects=[channel]) as w:
        rename(channel, name)
        w.put(channel)
        w.audit("channel.rename", channel)
        return channel


@service
def archive_channel(actor: Actor, channel: Channel) -> Channel:
    """From now on it is only read."""
    with writing(actor, objects=[channel]) as w:
        CHANNELS.require_locked(actor.person, "archive", channel)
        not_archived(channel)
        channel.archived_at = w.at
        w.put(channel)
        w.audit("channel.archive", channel)
        return channel


@service
def archive_channels_of(actor: Actor, audience: Audience) -> None:
    """Of a group that ends: the caller's own write decides who may."""
    channels = list(audience.channels.filter(archived_at=None))
    with writing(actor, objects=channels) as w:
        for channel in channels:
            channel.archived_at = w.at
            w.put(channel)
            w.audit("channel.archive", channel)


@service
def reopen_channels_of(actor: Actor, audience: Audience, archived_at: datetime | None = None) -> None:
    """Of a group that goes on: those that ended with it. The caller's own write decides who may."""
    channels = list(audience.channels.filter(archived_at=archived_at))
    with writing(actor, objects=channels) as w:
        for channel in channels:
            channel.archived_at = None
            w.put(channel)
            w.audit("channel.reopen", channel)


@service
def reopen_channel(actor: Actor, channel: Channel) -> Channel:
    with writing(actor, objects=[channel]) as w:
        CHANNELS.require_locked(actor.person, "reopen", channel)
        w.demand(channel, "reopen")
        channel.archived_at = None
        w.put(channel)
        w.audit("channel.reopen", channel)
        return channel


def found_private(w: Writing, **fields: Any) -> Channel:
    """With audiences of its own, in which is whoever opens it, as its first moderator."""
    audience = w.new_audience(Audience.Kind.CHANNEL_MEMBERS)
    moderators = w.new_audience(Audience.Kind.CHANNEL_MODERATORS)
    channel = Channel.objects.create(
        channel_kind=ChannelKind.PRIVATE, audience=audience, moderators=moderators, **fields
    )
    seat(w, [w.actor.person], audience)
    memberships.join(w, w.actor.person, moderators, via=audience)
    w.created(channel, audience.pk)
    w.audit("channel.create", channel)
    return channel


def name_is_free(audience: int, name: str, besides: Channel | None = None) -> None:
    """Among the channels of one group, asked under the lock of its audience."""
    taken = Channel.objects.filter(audience=audience, channel_kind=ChannelKind.GROUP, name__iexact=name)
    if (taken.exclude(pk=besides.pk) if besides else taken).exists():
        raise Invalid("name", "already_used", "Another channel of this group has this name.")


def rename(channel: Channel, name: str) -> None:
    if channel.channel_kind == ChannelKind.GROUP:
        name_is_free(channel.audience_id, name, besides=channel)
    channel.name = name
