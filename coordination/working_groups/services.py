"""Every write to working groups, to who is in them, and to how one comes into them."""

from collections.abc import Collection
from typing import Any

from coordination.working_groups import queries
from coordination.working_groups.feed import What, record, record_edits
from coordination.working_groups.models import (
    GroupInvitation,
    GroupMember,
    JoinApplication,
    Joining,
    Letter,
    RuleAcceptance,
    WorkingGroup,
)
from coordination.working_groups.policy import (
    GROUP_INVITATIONS,
    GROUP_MEMBERS,
    JOIN_APPLICATIONS,
    RULE_ACCEPTANCES,
    WORKING_GROUPS,
    tier_to_bring,
)
from coordination.working_groups.seats import (
    acceptance_of,
    admit,
    require_current,
    require_living,
    require_newcomers,
    require_own,
    require_still_verified,
    require_way,
    retell,
    seat,
    settle,
)
from messaging.models import Channel
from messaging.services import archive_channel, create_channel, rename_channel, reopen_channel
from portal.kernel import memberships, standing
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.models import Audience, Change, Network
from portal.kernel.policy import SharedPolicy
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization, Tier

# the group itself


@service
def create_working_group(
    actor: Actor,
    *,
    name: str,
    group_kind: str,
    purpose: str = "",
    joining: str = Joining.REQUEST,
    rule: str = "",
) -> WorkingGroup:
    """Found a group; whoever does so is its first lead, and its channel is there at once."""
    everyone = Network.current().everyone_id
    with writing(actor, audiences=[everyone], people=[actor.person]) as w:
        confirm(w, Tier.COORDINATOR)
        members = w.new_audience(Audience.Kind.GROUP_MEMBERS)
        leads = w.new_audience(Audience.Kind.GROUP_LEADS)
        group = WorkingGroup(
            owner=actor.acting_for,
            name=name,
            group_kind=group_kind,
            purpose=purpose,
            joining=joining,
            rule=rule,
            rule_version=1 if rule else 0,
            members=members,
            leads=leads,
            created_at=w.at,
        )
        require_free_name(group)
        group.channel = create_channel(actor, members, name, moderators=leads)
        group.save(force_insert=True)
        memberships.join(w, actor.person, members, via=actor.acting_for.members)
        memberships.join(w, actor.person, leads, via=members)
        w.created(group, *([everyone] if group.is_listed else []), members.pk)
        record(w, group, What.FOUNDED, organization=actor.acting_for)
        w.audit("working_group.create", group)
        return group


@service
def edit_working_group(actor: Actor, group: WorkingGroup, version: int, **fields: str) -> WorkingGroup:
    """Change what a group is called, is for, how it is joined or what its rule says."""
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
        if "name" in before:
            rename_channel(actor, group.channel, group.name)
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


@service
def archive_working_group(actor: Actor, group: WorkingGroup) -> WorkingGroup:
    """From here on it and its channels are only read."""
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "archive", group)
        require_living(group)
        group.archived_at = w.at
        for channel in group.members.channels.filter(archived_at=None):
            archive_channel(actor, channel)
        w.put(group)
        retell(w, group)
        record(w, group, What.ARCHIVED)
        w.audit("working_group.archive", group)
        return group


@service
def reopen_working_group(actor: Actor, group: WorkingGroup) -> WorkingGroup:
    """With the channels that were archived in the same moment; those that were so before stay so."""
    with writing(actor, objects=[group]) as w:
        WORKING_GROUPS.require(actor.person, "reopen", group)
        w.demand(group, "reopen")
        for channel in group.members.channels.filter(archived_at=group.archived_at):
            reopen_channel(actor, channel)
        group.archived_at = None
        w.put(group)
        retell(w, group)
        record(w, group, What.REOPENED)
        w.audit("working_group.reopen", group)
        return group


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


# ways in


@service
def join_open_group(actor: Actor, group: WorkingGroup, people: Collection[Any]) -> WorkingGroup:
    """Come into an open group, or bring people of one's organization."""
    organization = actor.acting_for
    audiences = [group.leads_id, organization.members_id, organization.coordinators_id]
    with writing(actor, objects=[group], audiences=audiences, people=people) as w:
        WORKING_GROUPS.require(actor.person, "join", group)
        confirm(w, tier_to_bring(people, actor.person))
        require_way(group, "join")
        require_own(organization, people)
        require_newcomers(group, people, organization)
        admit(w, group, organization, people)
        w.audit("working_group.join", group, people=sorted(str(p.pk) for p in people))
        return group


@service
def apply_to_join(actor: Actor, group: WorkingGroup, people: Collection[Any], note: str = "") -> JoinApplication:
    """Ask, for an organization, that these of its people join."""
    organization = actor.acting_for
    with writing(actor, objects=[group], audiences=[group.leads_id, organization.coordinators_id]) as w:
        WORKING_GROUPS.require(actor.person, "apply", group)
        confirm(w, Tier.COORDINATOR)
        require_way(group, "apply")
        require_own(organization, people)
        require_newcomers(group, people, organization)
        if group.applications.filter(organization=organization, state=JoinApplication.State.PENDING).exists():
            raise Conflict("already_asked")
        application = JoinApplication(
            working_group=group, organization=organization, note=note, asked_by=actor.person, asked_at=w.at
        )
        send(w, application, group)
        application.people.set(people)
        return application


@service
def invite_organization(
    actor: Actor, group: WorkingGroup, organization: Organization, note: str = ""
) -> GroupInvitation:
    """The group's leads ask an organization to come; it says itself who."""
    audiences = [group.leads_id, organization.members_id, organization.coordinators_id]
    with writing(actor, objects=[group], audiences=audiences) as w:
        WORKING_GROUPS.require(actor.person, "invite", group)
        require_living(group)
        organization.refresh_from_db(fields=["status"])
        if not organization.is_verified:
            raise Invalid("organization", "not_verified", "Only verified organizations can be invited.")
        if group.invitations.filter(organization=organization, state=GroupInvitation.State.PENDING).exists():
            raise Conflict("invitation_waits")
        invitation = GroupInvitation(
            working_group=group, organization=organization, note=note, asked_by=actor.person, asked_at=w.at
        )
        send(w, invitation, group)
        return invitation


def send(w: Writing, letter: JoinApplication | GroupInvitation, group: WorkingGroup) -> None:
    """Both sides see it: the group's leads and the organization's coordinators."""
    letter.tell(group)
    letter.save(force_insert=True)
    w.created(letter, group.leads_id, letter.organization.coordinators_id)
    w.audit(f"{letter.kind}.ask", letter)


@service
def accept_application(actor: Actor, application: JoinApplication) -> JoinApplication:
    """Admit the named people, as far as they still work for the asking organization."""
    group, organization, people = application.working_group, application.organization, list(application.people.all())
    audiences = [group.leads_id, organization.members_id]
    with writing(actor, objects=[group], audiences=audiences, people=people) as w:
        w.lock(objects=[application])
        decide(w, JOIN_APPLICATIONS, application, "accept", JoinApplication.State.ACCEPTED)
        require_living(group)
        require_still_verified(organization)
        own = standing.members(organization.members_id)
        admit(w, group, organization, [p for p in people if p.pk in own])
        return application


@service
def decline_application(actor: Actor, application: JoinApplication, reason: str) -> JoinApplication:
    with writing(actor, objects=[application]) as w:
        decide(w, JOIN_APPLICATIONS, application, "decline", JoinApplication.State.DECLINED, reason)
        return application


@service
def withdraw_application(actor: Actor, application: JoinApplication) -> JoinApplication:
    with writing(actor, objects=[application]) as w:
        decide(w, JOIN_APPLICATIONS, application, "withdraw", JoinApplication.State.WITHDRAWN)
        return application


@service
def accept_invitation_to_group(actor: Actor, invitation: GroupInvitation, people: Collection[Any]) -> GroupInvitation:
    """The invited organization says who comes. `actor` acts for it."""
    group, organization = invitation.working_group, invitation.organization
    audiences = [group.leads_id, organization.members_id, organization.coordinators_id]
    with writing(actor, objects=[group], audiences=audiences, people=people) as w:
        w.lock(objects=[invitation])
        decide(w, GROUP_INVITATIONS, invitation, "accept", GroupInvitation.State.ACCEPTED)
        confirm(w, Tier.COORDINATOR)
        require_living(group)
        require_own(organization, people)
        require_newcomers(group, people, organization)
        invitation.people.set(people)
        admit(w, group, organization, people)
        return invitation


@service
def decline_invitation_to_group(actor: Actor, invitation: GroupInvitation, reason: str = "") -> GroupInvitation:
    with writing(actor, objects=[invitation]) as w:
        decide(w, GROUP_INVITATIONS, invitation, "decline", GroupInvitation.State.DECLINED, reason)
        return invitation


@service
def withdraw_invitation_to_group(actor: Actor, invitation: GroupInvitation) -> GroupInvitation:
    with writing(actor, objects=[invitation]) as w:
        decide(w, GROUP_INVITATIONS, invitation, "withdraw", GroupInvitation.State.WITHDRAWN)
        return invitation


def decide(w: Writing, policy: SharedPolicy[Any], letter: Letter, verb: str, state: str, reason: str = "") -> None:
    policy.require(w.actor.person, verb, letter)
    if not letter.waits:
        raise Conflict("already_decided")
    letter.state = state
    letter.reason = reason
    letter.decided_by = w.actor.person
    letter.decided_at = w.at
    w.put(letter)
    w.audit(f"{letter.kind}.{verb}", letter)


# the rule


@service
def accept_rule(actor: Actor, acceptance: RuleAcceptance, rule_version: int) -> RuleAcceptance:
    """Say that one has read the rule and accepts it, and come in."""
    group, organization = acceptance.working_group, acceptance.organization
    audiences = [group.leads_id, organization.members_id]
    with writing(actor, objects=[group], audiences=audiences, people=[actor.person]) as w:
        w.lock(objects=[acceptance])
        answer_rule(w, acceptance, "accept")
        require_living(group)
        require_current(group, rule_version)
        require_still_verified(organization)
        if not standing.is_member(actor.person.pk, organization.members_id):
            raise Conflict("wrong_state")
        settle(w, acceptance, group, RuleAcceptance.State.ACCEPTED)
        seat(w, group, organization, actor.person)
        w.put(group)
        return acceptance


@service
def decline_rule(actor: Actor, acceptance: RuleAcceptance, reason: str = "") -> RuleAcceptance:
    with writing(actor, objects=[acceptance]) as w:
        group = acceptance.working_group
        answer_rule(w, acceptance, "decline")
        settle(w, acceptance, group, RuleAcceptance.State.DECLINED, reason)
        return acceptance


@service
def withdraw_rule_acceptance(actor: Actor, acceptance: RuleAcceptance) -> RuleAcceptance:
    """A lead no longer asks this person."""
    with writing(actor, objects=[acceptance]) as w:
        group = acceptance.working_group
        answer_rule(w, acceptance, "withdraw")
        settle(w, acceptance, group, RuleAcceptance.State.WITHDRAWN)
        return acceptance


def answer_rule(w: Writing, acceptance: RuleAcceptance, verb: str) -> None:
    RULE_ACCEPTANCES.require(w.actor.person, verb, acceptance)
    if not acceptance.waits:
        raise Conflict("already_decided")
    w.audit(f"rule_acceptance.{verb}", acceptance)


@service
def accept_rule_anew(actor: Actor, group: WorkingGroup, rule_version: int) -> WorkingGroup:
    """Somebody who is in the group accepts its rule as it is now."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[actor.person]) as w:
        WORKING_GROUPS.require(actor.person, "accept_rule", group)
        require_living(group)
        w.demand(group, "accept_rule")
        require_current(group, rule_version)
        for organization in queries.sits_for(actor.person, group):
            acceptance = acceptance_of(w, group, organization, actor.person)
            settle(w, acceptance, group, RuleAcceptance.State.ACCEPTED)
        w.audit("working_group.accept_rule", group, rule_version=rule_version)
        return group


# who is in it


@service
def leave_working_group(actor: Actor, group: WorkingGroup) -> None:
    """Leave by oneself."""
    with writing(actor, objects=[group], audiences=[group.leads_id], people=[actor.person]) as w:
        WORKING_GROUPS.require(actor.person, "leave", group)
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


def unseat(w: Writing, group: WorkingGroup, person: Any) -> None:
    keep_a_lead(group, without=person)
    if not memberships.leave(w, person, group.members):
        raise NotFound
    w.put(group)


@service
def name_lead(actor: Actor, group: WorkingGroup, member: GroupMember) -> GroupMember:
    with writing(actor, audiences=[group.members_id, group.leads_id], people=[member.user]) as w:
        GROUP_MEMBERS.require(actor.person, "name_lead", member)
        if not standing.is_member(member.user_id, group.leads_id):
            record(w, group, What.LEAD_NAMED, person=member.user)
        memberships.join(w, member.user, group.leads, via=group.members)
        show(w, member)
        w.audit("working_group.name_lead", group, person=str(member.user_id))
        return member


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


def show(w: Writing, member: GroupMember) -> None:
    """A member's row looks different now."""
    member.version += 1
    member.save(update_fields=["version"])
    memberships.tell_members(w, member.group.audience, Change.Op.PUT, member)


def keep_a_lead(group: WorkingGroup, without: Any) -> None:
    if standing.members(group.leads_id) == {without.pk}:
        raise Conflict("last_lead")
