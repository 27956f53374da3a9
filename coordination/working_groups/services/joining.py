"""Writes to the ways into a working group, and to the acceptance of its rule."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from coordination.working_groups import queries
from coordination.working_groups.models import (
    GroupInvitation,
    JoinApplication,
    Letter,
    LetterState,
    RuleAcceptance,
    WorkingGroup,
)
from coordination.working_groups.policy import (
    GROUP_INVITATIONS,
    JOIN_APPLICATIONS,
    RULE_ACCEPTANCES,
    WORKING_GROUPS,
    tier_to_bring,
)
from coordination.working_groups.seats import (
    acceptance_of,
    admit,
    require_certified,
    require_current,
    require_in_parent,
    require_living,
    require_newcomers,
    require_own,
    require_still_verified,
    require_way,
    seat,
    settle,
)
from portal.kernel import standing
from portal.kernel.errors import Conflict
from portal.kernel.policy import SharedPolicy
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm, require_reachable
from portal.organizations.models import Organization, Tier
from portal.people.models import User


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
        require_in_parent(group, people)
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
        require_in_parent(group, people)
        require_newcomers(group, people, organization)
        require_certified(group, people)
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
        require_reachable(organization, "organization")
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
        if group.parent:
            own &= standing.members(group.parent.members_id)
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
        require_in_parent(group, people)
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
        require_in_parent(group, [actor.person])
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


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """A suspended organization neither asks to join nor is asked to. Whose decision it was is not said."""
    pending = {"organization": organization, "state": LetterState.PENDING}
    letters = [*JoinApplication.objects.filter(**pending), *GroupInvitation.objects.filter(**pending)]
    w.lock(objects=letters)
    for letter in letters:
        letter.state, letter.decided_at = LetterState.WITHDRAWN, w.at
        w.put(letter)
        w.audit(f"{letter.kind}.withdraw", letter)
    withdraw_asked(w, RuleAcceptance.objects.filter(organization=organization))


def end_for_departed(w: Writing, organization: Organization, person: User) -> None:
    """Whoever works there no more is not asked to come into a group for it."""
    withdraw_asked(w, RuleAcceptance.objects.filter(organization=organization, person=person))


def withdraw_asked(w: Writing, acceptances: QuerySet[RuleAcceptance]) -> None:
    for acceptance in acceptances.filter(state=RuleAcceptance.State.ASKED).select_related("working_group"):
        w.lock(objects=[acceptance])
        settle(w, acceptance, acceptance.working_group, RuleAcceptance.State.WITHDRAWN)
        w.audit("rule_acceptance.withdraw", acceptance)
