"""Writes to who is in a private channel, and who moderates it."""

from collections.abc import Collection
from typing import Any

from messaging.models import (
    Channel,
    ChannelMember,
)
from messaging.policy import CHANNEL_MEMBERS, CHANNELS
from messaging.posting import not_archived
from messaging.seats import admit, keep_a_moderator, require_answerable, seat, still_known
from portal.kernel import memberships
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.models import Change
from portal.kernel.standing import members
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.models import Organization
from portal.people.models import User


@service
def add_people(actor: Actor, channel: Channel, people: Collection[User]) -> Channel:
    """Those who are in it already stay as they are."""
    with writing(actor, objects=[channel], people=people) as w:
        CHANNELS.require_locked(actor.person, "invite", channel)
        not_archived(channel)
        still_known(w, people)
        require_answerable(people)
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
        made_moderator(w, channel, member)
        return member


def made_moderator(w: Writing, channel: Channel, member: ChannelMember) -> None:
    assert channel.moderators is not None
    memberships.join(w, member.user, channel.moderators, via=channel.audience)
    show(w, member)
    w.audit("channel.name_moderator", channel, person=str(member.user_id))


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


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """Channels that a suspended organization was invited to say so no more."""
    for channel in Channel.objects.filter(audience__admissions__via=organization.members):
        w.lock(objects=[channel])
        memberships.dismiss(w, channel.audience, organization.members)
        w.put(channel)


def end_for_departed(w: Writing, organization: Organization, person: User) -> None:
    """Whoever is back, by whatever organization, talks in a new conversation, and reads nothing of the former one."""
    left = Channel.objects.filter(channel_kind=Channel.Kind.DIRECT, people=person)
    for channel in left.exclude(audience__group__memberships__user=person).order_by("pk"):
        w.lock(objects=[channel])
        channel.direct_key = channel.pk.hex
        w.put(channel)


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
