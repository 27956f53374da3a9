"""Writes to a working group: founding it, what it is, its channels, its end."""

from datetime import date
from typing import Any

from coordination.working_groups.feed import What, record, record_edits
from coordination.working_groups.models import (
    JoinApplication,
    Joining,
    WorkingGroup,
)
from coordination.working_groups.policy import (
    WORKING_GROUPS,
)
from coordination.working_groups.seats import (
    require_living,
    retell,
)
from messaging.models import Channel
from messaging.services import archive_channels_of, create_channel, rename_channel, reopen_channels_of
from portal.kernel import memberships
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import Audience, Network
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Tier


@service
def create_working_group(
    actor: Actor,
    *,
    name: str,
    group_kind: str,
    purpose: str = "",
    joining: str = Joining.REQUEST,
    rule: str = "",
    certificate: str = "",
    ends_on: date | None = None,
    parent: WorkingGroup | None = None,
) -> WorkingGroup:
    """Found a group; whoever does so is its first lead, and its channel is there at once.

    One that is part of another is founded by a lead of that.
    """
    everyone = Network.current().everyone_id
    with writing(actor, objects=[parent] if parent else [], audiences=[everyone], people=[actor.person]) as w:
        confirm(w, Tier.COORDINATOR)
        if parent:
            WORKING_GROUPS.require(actor.person, "open_subgroup", parent)
            require_living(parent)
            w.demand(parent, "open_subgroup")
        members = w.new_audience(Audience.Kind.GROUP_MEMBERS)
        leads = w.new_audience(Audience.Kind.GROUP_LEADS)
        group = WorkingGroup(
            owner=actor.acting_for,
            parent=parent,
            name=name,
            group_kind=group_kind,
            purpose=purpose,
            joining=joining,
            rule=rule,
            rule_version=1 if rule else 0,
            members=members,
            leads=leads,
            created_at=w.at,
            certificate=certificate,
            ends_on=ends_on,
        )
        require_days_left(w, group)
        require_free_name(group)
        require_as_hidden_as_its_parent(group)
        group.channel = create_channel(actor, members, name, moderators=leads)
        group.save(force_insert=True)
        memberships.join(w, actor.person, members, via=actor.acting_for.members)
        memberships.join(w, actor.person, leads, via=members)
        w.created(group, *([everyone] if group.is_listed else []), members.pk)
        record(w, group, What.FOUNDED, organization=actor.acting_for)
        if parent and group.is_listed:
            record(w, parent, What.SUBGROUP_OPENED, after=name)
        w.audit("working_group.create", group)
        return group


@service
def edit_working_group(actor: Actor, group: WorkingGroup, version: int, **fields: Any) -> WorkingGroup:
    """Change what a group is called, is for, how it is joined, what its rule says or when it ends."""
    with writing(actor, objects=[group], audiences=[Network.current().everyone_id]) as w:
        WORKING_GROUPS.require(actor.person, "edit", group)
        w.expect(group, version)
        require_living(group)
        before = {field: getattr(group, field) for field, value in fields.items() if getattr(group, field) != value}
        was_listed = group.is_listed
        for field in before:
            setattr(group, field, fields[field])
        if {"name", "joining"} & before.keys():
            require_free_name(group)
            require_as_hidden_as_its_parent(group)
        if "name" in before:
            rename_channel(actor, group.channel, group.name)
        if "ends_on" in before:
            require_days_left(w, group)
        if "rule" in before:
            group.rule_version += 1
        put_listed(w, group, was_listed)
        if before:
            retell(w, group)
        record_edits(w, group, before)
        w.audit("working_group.edit", group, fields=sorted(fields))
        return group


def put_listed(w: Writing, group: WorkingGroup, was_listed: bool) -> None:
    """Save it, and show it to the whole network or take it from its sight."""
    everyone = Network.current().everyone_id
    if group.is_listed == was_listed:
        w.put(group)
    elif group.is_listed:
        w.share(group, everyone)
    else:
        if group.applications.filter(state=JoinApplication.State.PENDING).exists():
            raise Conflict("applications_wait")
        w.unshare(group, everyone)


def require_free_name(group: WorkingGroup) -> None:
    """Only names that the whole network can read are told apart: `everyone` is locked meanwhile."""
    others = WorkingGroup.objects.exclude(pk=group.pk).exclude(joining=Joining.UNLISTED)
    if group.is_listed and others.filter(name__iexact=group.name).exists():
        raise Invalid("name", "already_used", "Another group has this name.")


def require_as_hidden_as_its_parent(group: WorkingGroup) -> None:
    """What is listed says what it is part of, which therefore cannot be unlisted."""
    if group.is_listed and group.parent and not group.parent.is_listed:
        raise Invalid("joining", "parent_unlisted", "It is part of an unlisted group, so it is unlisted too.")
    if not group.is_listed and group.subgroups.exclude(joining=Joining.UNLISTED).exists():
        raise Invalid("joining", "subgroups_listed", "It has sub-groups that are listed. Make those unlisted first.")


def require_days_left(w: Writing, group: WorkingGroup) -> None:
    """Its last day is not over yet."""
    if group.is_over(Network.current().day(w.at)):
        raise Invalid("ends_on", "in_the_past", "This day is over.")


@service
def archive_working_group(actor: Actor, group: WorkingGroup) -> WorkingGroup:
    """From here on it and its channels are only read."""
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "archive", group)
        require_living(group)
        archive(w, group, What.ARCHIVED)
        w.audit("working_group.archive", group)
        return group


@service
def end_working_group(group: WorkingGroup) -> WorkingGroup:
    """Its last day is over: run by the portal."""
    with writing(THE_PORTAL, objects=[group]) as w:
        if not group.is_archived and group.is_over(Network.current().day(w.at)):
            archive(w, group, What.ENDED)
            w.audit("working_group.end", group)
        return group


def archive(w: Writing, group: WorkingGroup, what: What) -> None:
    """With the groups that are part of it."""
    for part in group.subgroups.filter(archived_at=None).order_by("pk"):
        w.lock(objects=[part])
        archive(w, part, what)
        w.audit("working_group.archive", part)
    group.archived_at = w.at
    archive_channels_of(w.actor, group.members)
    w.put(group)
    retell(w, group)
    record(w, group, what)


@service
def reopen_working_group(actor: Actor, group: WorkingGroup) -> WorkingGroup:
    """With the channels and the sub-groups that were archived in the same moment; others stay so.

    A last day that is over is forgotten.
    """
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "reopen", group)
        w.demand(group, "reopen")
        if group.parent:
            require_living(group.parent)
        parts = list(group.subgroups.filter(archived_at=group.archived_at).order_by("pk"))
        w.lock(objects=parts)
        for each in (group, *parts):
            revive(w, each)
        return group


def revive(w: Writing, group: WorkingGroup) -> None:
    reopen_channels_of(w.actor, group.members, group.archived_at)
    group.archived_at = None
    if group.is_over(Network.current().day(w.at)):
        group.ends_on = None
    w.put(group)
    retell(w, group)
    record(w, group, What.REOPENED)
    w.audit("working_group.reopen", group)


@service
def open_group_channel(
    actor: Actor, group: WorkingGroup, name: str, *, topic: str = "", announcement: bool = False
) -> Channel:
    """Another channel for all who are in the group; its leads look after it."""
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "open_channel", group)
        require_living(group)
        channel = create_channel(
            actor, group.members, name, moderators=group.leads, topic=topic, announcement=announcement
        )
        record(w, group, What.CHANNEL_OPENED, after=name)
        w.audit("working_group.open_channel", group)
        return channel
