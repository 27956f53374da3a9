"""Every write to channels and messages."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from messaging.models import (
    MOST_PINS,
    Acknowledgement,
    Channel,
    ChannelKind,
    ChannelMember,
    Message,
    MessageEdit,
    ReadMark,
)
from messaging.policy import CHANNEL_MEMBERS, CHANNELS, MESSAGES
from messaging.posting import Post, mention, not_archived, post_messages, require_inside
from messaging.seats import admit, keep_a_moderator, key_of, seat, still_known
from portal.kernel import memberships
from portal.kernel.errors import Conflict, Invalid, NotFound, Problem
from portal.kernel.models import Audience, Change
from portal.kernel.standing import members
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.models import Organization
from portal.people.models import User

# channels


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
        audience = w.new_audience(Audience.Kind.CHANNEL_MEMBERS)
        moderators = w.new_audience(Audience.Kind.CHANNEL_MODERATORS)
        channel = Channel.objects.create(
            channel_kind=ChannelKind.PRIVATE,
            audience=audience,
            moderators=moderators,
            name=name,
            topic=topic,
            announcement=announcement,
        )
        seat(w, [actor.person], audience)
        memberships.join(w, actor.person, moderators, via=audience)
        seat(w, people, audience)
        for organization in organizations:
            admit(w, channel, organization)
        w.created(channel, audience.pk)
        w.audit("channel.create", channel)
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
def reopen_channel(actor: Actor, channel: Channel) -> Channel:
    with writing(actor, objects=[channel]) as w:
        CHANNELS.require_locked(actor.person, "reopen", channel)
        w.demand(channel, "reopen")
        channel.archived_at = None
        w.put(channel)
        w.audit("channel.reopen", channel)
        return channel


# who is in a private channel


@service
def add_people(actor: Actor, channel: Channel, people: Collection[User]) -> Channel:
    """Those who are in it already stay as they are."""
    with writing(actor, objects=[channel], people=people) as w:
        CHANNELS.require_locked(actor.person, "invite", channel)
        not_archived(channel)
        still_known(w, people)
        seat(w, people, channel.audience)
        w.audit("channel.add_people", channel, people=sorted(str(p.pk) for p in people))
        return channel


@service
def add_organization(actor: Actor, channel: Channel, organization: Organization) -> Channel:
    people = memberships.people_in(organization.members_id)
    with writing(actor, objects=[channel], audiences=[organization.members_id], people=people) as w:
        CHANNELS.require_locked(actor.person, "invite", channel)
        not_archived(channel)
        if admit(w, channel, organization):
            w.put(channel)
            w.audit("channel.add_organization", channel, organization=str(organization.pk))
        return channel


@service
def remove_organization(actor: Actor, channel: Channel, organization: Organization) -> None:
    """All who are here by virtue of working for it are out at once."""
    people = memberships.people_in(channel.audience_id)
    with writing(actor, objects=[channel], audiences=moderated(channel, organization.members_id), people=people) as w:
        CHANNELS.require_locked(actor.person, "remove_people", channel)
        if memberships.dismiss(w, channel.audience, organization.members) is None:
            raise NotFound
        keep_a_moderator(channel)
        w.put(channel)
        w.audit("channel.remove_organization", channel, organization=str(organization.pk))


@service
def remove_from_channel(actor: Actor, channel: Channel, member: ChannelMember) -> None:
    with writing(actor, objects=[channel], audiences=moderated(channel), people=[member.user]) as w:
        CHANNEL_MEMBERS.require(actor.person, "remove", member)
        unseat(w, channel, member.user)
        w.audit("channel.remove_person", channel, person=str(member.user_id))


@service
def leave_channel(actor: Actor, channel: Channel) -> None:
    with writing(actor, objects=[channel], audiences=moderated(channel), people=[actor.person]) as w:
        CHANNELS.require_locked(actor.person, "leave", channel)
        unseat(w, channel, actor.person)
        w.audit("channel.leave", channel)


@service
def name_moderator(actor: Actor, channel: Channel, member: ChannelMember) -> ChannelMember:
    with writing(actor, objects=[channel, member], audiences=moderated(channel), people=[member.user]) as w:
        CHANNEL_MEMBERS.require(actor.person, "name_moderator", member)
        not_archived(channel)
        assert channel.moderators is not None
        memberships.join(w, member.user, channel.moderators, via=channel.audience)
        show(w, member)
        w.audit("channel.name_moderator", channel, person=str(member.user_id))
        return member


@service
def unname_moderator(actor: Actor, channel: Channel, member: ChannelMember) -> ChannelMember:
    with writing(actor, objects=[channel, member], audiences=moderated(channel), people=[member.user]) as w:
        CHANNEL_MEMBERS.require(actor.person, "unname_moderator", member)
        not_archived(channel)
        assert channel.moderators is not None
        if members(channel.moderators.pk) == {member.user_id}:
            raise Conflict("last_moderator")
        memberships.leave(w, member.user, channel.moderators)
        show(w, member)
        w.audit("channel.unname_moderator", channel, person=str(member.user_id))
        return member


# messages


@service
def post_message(
    actor: Actor,
    channel: Channel,
    client_id: UUID,
    body: str,
    *,
    reply_to: UUID | None = None,
    mentions: Collection[UUID] = (),
) -> Message:
    """Store a message at the channel's next position (see `post_messages`)."""
    post = Post(
        person=actor.person,
        acting_for=actor.organization_id,
        client_id=client_id,
        body=body,
        reply_to=reply_to,
        mentions=mentions,
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
        message.pinned_at = message.pinned_by = None
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
        w.audit("message.acknowledge", message)
        return acknowledgement


# what is one's own in a channel


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


# steps of these


def name_is_free(audience: int, name: str, besides: Channel | None = None) -> None:
    """Among the channels of one group, asked under the lock of its audience."""
    taken = Channel.objects.filter(audience=audience, channel_kind=ChannelKind.GROUP, name__iexact=name)
    if (taken.exclude(pk=besides.pk) if besides else taken).exists():
        raise Invalid("name", "already_used", "Another channel of this group has this name.")


def rename(channel: Channel, name: str) -> None:
    if channel.channel_kind == ChannelKind.GROUP:
        name_is_free(channel.audience_id, name, besides=channel)
    channel.name = name


def moderated(channel: Channel, *audiences: int) -> list[int]:
    return [a for a in (channel.moderators_id, *audiences) if a is not None]


def unseat(w: Writing, channel: Channel, person: Any) -> None:
    keep_a_moderator(channel, without=person.pk)
    if not memberships.leave(w, person, channel.audience):
        raise NotFound


def show(w: Writing, member: ChannelMember) -> None:
    """A member's row looks different now."""
    member.version += 1
    member.save(update_fields=["version"])
    memberships.tell_members(w, member.group.audience, Change.Op.PUT, member)


@contextmanager
def changing(actor: Actor, message: Message, **also: Any) -> Iterator[Writing]:
    """A write to a message: its channel is locked with it, so that neither is archived nor filled meanwhile."""
    channel = message.channel
    with writing(actor, objects=[channel, message], **also) as w:
        message.channel = channel
        yield w


def move_mark(w: Writing, person: Any, channel: Channel, reached: int) -> ReadMark:
    mark, is_new = ReadMark.objects.get_or_create(person=person, channel=channel)
    if is_new or reached > mark.position:
        w.lock(objects=[mark])
        mark.position = max(mark.position, reached)
        w.put(mark)
    return mark
