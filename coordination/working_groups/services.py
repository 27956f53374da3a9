"""Every write to working groups, their members and the applications to join."""

from collections.abc import Collection
from typing import Any

from coordination.working_groups.models import GroupMember, JoinApplication, WorkingGroup
from coordination.working_groups.policy import (
    GROUP_MEMBERS,
    JOIN_APPLICATIONS,
    WORKING_GROUPS,
)
from messaging.services import create_channel, rename_channel, start_reading
from portal.kernel import memberships, standing
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.models import Audience, Change, Network
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Tier


@service
def create_working_group(actor: Actor, *, name: str, group_kind: str, purpose: str = "") -> WorkingGroup:
    """Found a group; whoever does so is its first lead, and its channel is there at once."""
    with writing(actor, audiences=[Network.current().everyone_id], people=[actor.person]) as w:
        confirm(w, Tier.COORDINATOR)
        name_is_free(name)
        members = w.new_audience(Audience.Kind.GROUP_MEMBERS)
        leads = w.new_audience(Audience.Kind.GROUP_LEADS)
        group = WorkingGroup.objects.create(
            owner=actor.acting_for,
            name=name,
            group_kind=group_kind,
            purpose=purpose,
            members=members,
            leads=leads,
            channel=create_channel(actor, members, name, moderators=leads),
            created_at=w.at,
        )
        memberships.join(w, actor.person, members, via=actor.acting_for.members)
        memberships.join(w, actor.person, leads, via=members)
        w.created(group, Network.current().everyone_id, members.pk)
        w.audit("working_group.create", group)
        return group


@service
def edit_working_group(
    actor: Actor, group: WorkingGroup, version: int, *, name: str | None = None, **fields: str
) -> WorkingGroup:
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "edit", group)
        w.expect(group, version)
        if name is not None and name != group.name:
            name_is_free(name, besides=group)
            group.name = name
            rename_channel(actor, group.channel, name)
        for field, value in fields.items():
            setattr(group, field, value)
        w.put(group)
        w.audit("working_group.edit", group, fields=sorted([*fields, *(["name"] if name else [])]))
        return group


@service
def apply_to_join(actor: Actor, group: WorkingGroup, people: Collection[Any], note: str = "") -> JoinApplication:
    """Ask, for an organization, that these of its people join."""
    organization = actor.acting_for
    with writing(actor, audiences=[group.leads_id, organization.coordinators_id]) as w:
        WORKING_GROUPS.require(actor.person, "apply", group)
        confirm(w, Tier.COORDINATOR)
        own = standing.members(organization.members_id)
        if not people or any(p.pk not in own for p in people):
            raise not_of_the_organization()
        inside = standing.members(group.members_id)
        if all(p.pk in inside for p in people):
            raise Conflict("already_member")
        if group.applications.filter(organization=organization, state=JoinApplication.State.PENDING).exists():
            raise Conflict("already_asked")
        application = JoinApplication.objects.create(
            working_group=group, organization=organization, note=note, asked_by=actor.person, asked_at=w.at
        )
        application.people.set(people)
        w.created(application, group.leads_id, organization.coordinators_id)
        w.audit("join_application.ask", application)
        return application


def not_of_the_organization() -> Invalid:
    """Somebody from elsewhere and nobody at all are refused alike."""
    return Invalid("people", "not_a_member", "Name people who work for your organization.")


@service
def accept_application(actor: Actor, application: JoinApplication) -> JoinApplication:
    """Seat the named people, as far as they still work for the asking organization."""
    group, organization = application.working_group, application.organization
    people = list(application.people.all())
    with writing(actor, objects=[application, group], audiences=[group.leads_id], people=people) as w:
        decide(w, application, "accept", JoinApplication.State.ACCEPTED)
        own = standing.members(organization.members_id)
        for person in people:
            if person.pk in own:
                memberships.join(w, person, group.members, via=organization.members)
                start_reading(actor, person, group.members)
        w.put(group)
        return application


@service
def decline_application(actor: Actor, application: JoinApplication, reason: str) -> JoinApplication:
    with writing(actor, objects=[application]) as w:
        decide(w, application, "decline", JoinApplication.State.DECLINED, reason)
        return application


@service
def withdraw_application(actor: Actor, application: JoinApplication) -> JoinApplication:
    with writing(actor, objects=[application]) as w:
        decide(w, application, "withdraw", JoinApplication.State.WITHDRAWN)
        return application


def decide(w: Writing, application: JoinApplication, verb: str, state: str, reason: str = "") -> None:
    JOIN_APPLICATIONS.require(w.actor.person, verb, application)
    if not application.permits(verb):
        raise Conflict("already_decided")
    application.state = state
    application.reason = reason
    application.decided_by = w.actor.person
    application.decided_at = w.at
    w.put(application)
    w.audit(f"join_application.{verb}", application)


@service
def leave_working_group(actor: Actor, group: WorkingGroup) -> None:
    """Leave by oneself."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[actor.person]) as w:
        WORKING_GROUPS.require(actor.person, "leave", group)
        unseat(w, group, actor.person)
        w.audit("working_group.leave", group)


@service
def remove_member(actor: Actor, group: WorkingGroup, member: GroupMember) -> None:
    """A lead removes somebody: their row, their seats, and what they saw through them, at once."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "remove", member)
        unseat(w, group, member.user)
        w.audit("working_group.remove_member", group, person=str(member.user_id))


def unseat(w: Writing, group: WorkingGroup, person: Any) -> None:
    keep_a_lead(group, without=person)
    if not memberships.leave(w, person, group.members):
        raise NotFound
    w.put(group)


@service
def name_lead(actor: Actor, group: WorkingGroup, member: GroupMember) -> GroupMember:
    with writing(actor, audiences=[group.members_id, group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "name_lead", member)
        memberships.join(w, member.user, group.leads, via=group.members)
        show(w, member)
        w.audit("working_group.name_lead", group, person=str(member.user_id))
        return member


@service
def unname_lead(actor: Actor, group: WorkingGroup, member: GroupMember) -> GroupMember:
    with writing(actor, audiences=[group.members_id, group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "unname_lead", member)
        keep_a_lead(group, without=member.user)
        memberships.leave(w, member.user, group.leads)
        show(w, member)
        w.audit("working_group.unname_lead", group, person=str(member.user_id))
        return member


def show(w: Writing, member: GroupMember) -> None:
    """A member's row looks different now."""
    member.version += 1
    member.save(update_fields=["version"])
    memberships.tell_members(w, member.group.audience, Change.Op.PUT, member)


def keep_a_lead(group: WorkingGroup, without: Any) -> None:
    if standing.members(group.leads_id) == {without.pk}:
        raise Conflict("last_lead")


def name_is_free(name: str, besides: WorkingGroup | None = None) -> None:
    taken = WorkingGroup.objects.filter(name__iexact=name)
    if (taken.exclude(pk=besides.pk) if besides else taken).exists():
        raise Invalid("name", "already_used", "Another group has this name.")
