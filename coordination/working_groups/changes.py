"""The kinds of change that working groups announce, and the one shape of each object."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet, prefetch_related_objects

from coordination.working_groups import models
from coordination.working_groups.policy import (
    GROUP_ENTRIES,
    GROUP_INVITATIONS,
    GROUP_MEMBERS,
    JOIN_APPLICATIONS,
    RULE_ACCEPTANCES,
    WORKING_GROUPS,
)
from coordination.working_groups.queries import lead_pairs, organizations_in, organizations_of_members
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import audiences_by_id, people_counts
from portal.organizations.queries import refs as organization_refs
from portal.organizations.queries import refs_for
from portal.people.queries import refs as person_refs

Rows = Iterable[Any] | QuerySet[Any]


class WorkingGroup(Shape, kw_only=True):
    """A working group as the whole network sees it: who is in it by organization, not by person.

    `parent` is the group that it is part of. Each change of `rule` has its `rule_version`; 0 where there never was one.
    `ends_on` is its last day, where the network is.
    """

    name: str
    kind: str
    purpose: str
    joining: str
    rule: str
    rule_version: int
    parent: UUID | None
    audience: UUID
    channel: UUID
    organizations: list[OrganizationRef]
    people: int
    created_at: datetime
    certificate: str
    ends_on: date | None
    archived_at: datetime | None


class GroupMember(Shape, kw_only=True):
    """A person in a group, with the organizations they sit there for."""

    working_group: UUID
    person: PersonRef
    organizations: list[OrganizationRef]
    lead: bool
    since: datetime


class WorkingGroupRef(msgspec.Struct):
    id: UUID
    name: str


class JoinApplication(Shape, kw_only=True):
    """An organization asks that these people join."""

    working_group: WorkingGroupRef
    organization: OrganizationRef
    people: list[PersonRef]
    note: str
    state: str
    reason: str
    asked_by: PersonRef
    asked_at: datetime
    decided_by: PersonRef | None
    decided_at: datetime | None


class GroupTold(msgspec.Struct, kw_only=True):
    """What somebody who may not see a group is told of it, as of the moment of asking or deciding."""

    id: UUID
    name: str
    kind: str
    purpose: str
    rule: str
    rule_version: int


class GroupInvitation(Shape, kw_only=True):
    """A group asks an organization to come. `people` are those it named when it accepted."""

    working_group: GroupTold
    organization: OrganizationRef
    people: list[PersonRef]
    note: str
    state: str
    reason: str
    asked_by: PersonRef
    asked_at: datetime
    decided_by: PersonRef | None
    decided_at: datetime | None


class RuleAcceptance(Shape, kw_only=True):
    """How somebody stands to a group's rule: asked to accept it, or having accepted this version of it."""

    working_group: GroupTold
    person: PersonRef
    organization: OrganizationRef
    state: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None


class GroupEntry(Shape, kw_only=True):
    """A line of what happened in a group; `before` and `after` say what an edit changed."""

    working_group: UUID
    what: str
    actor: PersonRef | None
    person: PersonRef | None
    organization: OrganizationRef | None
    before: str
    after: str
    at: datetime


def shape_working_groups(rows: Rows) -> list[WorkingGroup]:
    groups: list[models.WorkingGroup] = list(rows)
    members = [g.members_id for g in groups]
    audiences, people, organizations = audiences_by_id(members), people_counts(members), organizations_in(members)
    return [
        WorkingGroup(
            id=g.pk,
            version=g.version,
            name=g.name,
            kind=g.group_kind,
            purpose=g.purpose,
            joining=g.joining,
            rule=g.rule,
            rule_version=g.rule_version,
            parent=g.parent_id,
            audience=audiences[g.members_id].uuid,
            channel=g.channel_id,
            organizations=organizations[g.members_id],
            people=people[g.members_id],
            created_at=g.created_at,
            certificate=g.certificate,
            ends_on=g.ends_on,
            archived_at=g.archived_at,
        )
        for g in groups
    ]


def shape_group_members(rows: Rows) -> list[GroupMember]:
    members: list[models.GroupMember] = list(rows)
    prefetch_related_objects(members, "group__audience__working_group")
    people = person_refs({m.user_id for m in members})
    organizations = organizations_of_members([m.pk for m in members])
    leads = lead_pairs({m.working_group.leads_id for m in members})
    return [
        GroupMember(
            id=m.pk,
            version=m.version,
            working_group=m.working_group.pk,
            person=people[m.user_id],
            organizations=organizations[m.pk],
            lead=(m.working_group.leads_id, m.user_id) in leads,
            since=m.since,
        )
        for m in members
    ]


def shape_join_applications(rows: Rows) -> list[JoinApplication]:
    return [
        JoinApplication(working_group=WorkingGroupRef(id=a.working_group_id, name=a.group_name), **said)
        for a, said in shape_letters(rows)
    ]


def shape_group_invitations(rows: Rows) -> list[GroupInvitation]:
    return [GroupInvitation(working_group=told(i), **said) for i, said in shape_letters(rows)]


def shape_letters(rows: Rows) -> list[tuple[Any, dict[str, Any]]]:
    """What applications and invitations have in common."""
    letters: list[models.Letter] = list(rows)
    prefetch_related_objects(letters, "people")
    named = {p.pk for a in letters for p in a.people.all()}
    people = person_refs(named | {i for a in letters for i in (a.asked_by_id, a.decided_by_id) if i})
    organizations = organization_refs({a.organization_id for a in letters})
    return [
        (
            a,
            {
                "id": a.pk,
                "version": a.version,
                "organization": organizations[a.organization_id],
                "people": sorted((people[p.pk] for p in a.people.all()), key=lambda p: (p.name.casefold(), p.id)),
                "note": a.note,
                "state": a.state,
                "reason": a.reason,
                "asked_by": people[a.asked_by_id],
                "asked_at": a.asked_at,
                "decided_by": people[a.decided_by_id] if a.decided_by_id else None,
                "decided_at": a.decided_at,
            },
        )
        for a in letters
    ]


def told(letter: models.GroupInvitation | models.RuleAcceptance) -> GroupTold:
    return GroupTold(
        id=letter.working_group_id,
        name=letter.group_name,
        kind=letter.group_kind,
        purpose=letter.purpose,
        rule=letter.rule,
        rule_version=letter.rule_version,
    )


def shape_rule_acceptances(rows: Rows) -> list[RuleAcceptance]:
    acceptances: list[models.RuleAcceptance] = list(rows)
    people = person_refs({a.person_id for a in acceptances})
    organizations = organization_refs({a.organization_id for a in acceptances})
    return [
        RuleAcceptance(
            id=a.pk,
            version=a.version,
            working_group=told(a),
            person=people[a.person_id],
            organization=organizations[a.organization_id],
            state=a.state,
            reason=a.reason,
            asked_at=a.asked_at,
            decided_at=a.decided_at,
        )
        for a in acceptances
    ]


def shape_group_entries(rows: Rows) -> list[GroupEntry]:
    entries: list[models.GroupEntry] = list(rows)
    people = person_refs({e.actor_id for e in entries if e.actor_id})
    came = refs_for({(e.person_id, e.organization_id) for e in entries})
    organizations = organization_refs({e.organization_id for e in entries})
    return [
        GroupEntry(
            id=e.pk,
            version=e.version,
            working_group=e.working_group_id,
            what=e.what,
            actor=people[e.actor_id] if e.actor_id else None,
            person=came.get((e.person_id, e.organization_id)),
            organization=organizations[e.organization_id] if e.organization_id else None,
            before=e.before,
            after=e.after,
            at=e.at,
        )
        for e in entries
    ]


WORKING_GROUP = Kind("working_group", WorkingGroup, WORKING_GROUPS, shape_working_groups)
GROUP_MEMBER = Kind("group_member", GroupMember, GROUP_MEMBERS, shape_group_members)
JOIN_APPLICATION = Kind("join_application", JoinApplication, JOIN_APPLICATIONS, shape_join_applications)
GROUP_INVITATION = Kind("group_invitation", GroupInvitation, GROUP_INVITATIONS, shape_group_invitations)
RULE_ACCEPTANCE = Kind("rule_acceptance", RuleAcceptance, RULE_ACCEPTANCES, shape_rule_acceptances)
GROUP_ENTRY = Kind("group_entry", GroupEntry, GROUP_ENTRIES, shape_group_entries)
KINDS = (WORKING_GROUP, GROUP_MEMBER, JOIN_APPLICATION, GROUP_INVITATION, RULE_ACCEPTANCE, GROUP_ENTRY)
