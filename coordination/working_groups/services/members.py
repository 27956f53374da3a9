"""Writes to who is in a working group and who leads it."""

from typing import Any

from coordination.working_groups.feed import What, record
from coordination.working_groups.models import (
    GroupMember,
    WorkingGroup,
)
from coordination.working_groups.policy import (
    GROUP_MEMBERS,
    WORKING_GROUPS,
)
from portal.kernel import memberships, standing
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.models import Audience, Change
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.responsibilities import Account, Successors, account_within, hand_over
from portal.people.models import User


@service
def leave_working_group(actor: Actor, group: WorkingGroup, successors: Successors | None = None) -> None:
    """Leave by oneself. What somebody has to see to there passes to their `successors` first, all of it or nothing."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[actor.person]) as w:
        WORKING_GROUPS.require(actor.person, "leave", group)
        lock_with_parts(w, group)
        hand_over(w, [account_in(actor.person, group, fresh=True)], successors or {})
        unseat(w, group, actor.person)
        record(w, group, What.LEFT, person=actor.person)
        w.audit("working_group.leave", group)


@service
def remove_member(actor: Actor, group: WorkingGroup, member: GroupMember) -> None:
    """A lead removes somebody: their row, their seats, and what they saw through them, at once."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "remove", member)
        unseat(w, group, member.user)
        record(w, group, What.REMOVED, person=member.user)
        w.audit("working_group.remove_member", group, person=str(member.user_id))


def account_in(person: User, group: WorkingGroup, *, fresh: bool = False) -> Account:
    """What somebody sees to in a group and in its parts."""
    return account_within(person, [each.members_id for each in with_parts(group)], fresh=fresh)


def with_parts(group: WorkingGroup) -> list[WorkingGroup]:
    return [group, *group.subgroups.order_by("pk")]


def lock_with_parts(w: Writing, group: WorkingGroup) -> None:
    for each in with_parts(group):
        w.lock(audiences=[each.members_id, each.leads_id])


def unseat(w: Writing, group: WorkingGroup, person: Any) -> None:
    lock_with_parts(w, group)
    for each in with_parts(group):
        keep_a_lead(each, without=person)
    if not memberships.leave(w, person, group.members):
        raise NotFound
    w.put(group)


@service
def name_lead(actor: Actor, group: WorkingGroup, member: GroupMember) -> GroupMember:
    with writing(actor, audiences=[group.members_id, group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "name_lead", member)
        made_lead(w, group, member)
        return member


def made_lead(w: Writing, group: WorkingGroup, member: GroupMember) -> None:
    if not standing.is_member(member.user_id, group.leads_id):
        record(w, group, What.LEAD_NAMED, person=member.user)
    memberships.join(w, member.user, group.leads, via=group.members)
    show(w, member)
    w.audit("working_group.name_lead", group, person=str(member.user_id))


@service
def unname_lead(actor: Actor, group: WorkingGroup, member: GroupMember) -> GroupMember:
    with writing(actor, audiences=[group.members_id, group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "unname_lead", member)
        keep_a_lead(group, without=member.user)
        if memberships.leave(w, member.user, group.leads):
            record(w, group, What.LEAD_UNNAMED, person=member.user)
        show(w, member)
        w.audit("working_group.unname_lead", group, person=str(member.user_id))
        return member


def end_in_subgroups(w: Writing, person: Any, audience: Audience) -> None:
    """Whoever is out of a group is out of those that are part of it."""
    if audience.kind != Audience.Kind.GROUP_MEMBERS:
        return
    inside = WorkingGroup.objects.filter(parent__members=audience, members__group__memberships__user=person)
    for part in inside.select_related("members").order_by("pk"):
        w.lock(objects=[part])
        if memberships.leave(w, person, part.members):
            w.put(part)


def show(w: Writing, member: GroupMember) -> None:
    """A member's row looks different now."""
    member.version += 1
    member.save(update_fields=["version"])
    memberships.tell_members(w, member.group.audience, Change.Op.PUT, member)


def keep_a_lead(group: WorkingGroup, without: Any) -> None:
    if standing.members(group.leads_id) == {without.pk}:
        raise Conflict("last_lead")
