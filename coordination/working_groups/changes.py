"""The kinds of change that working groups announce, and the one shape of each object."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet, prefetch_related_objects

from coordination.working_groups import models
from coordination.working_groups.policy import GROUP_MEMBERS, JOIN_APPLICATIONS, WORKING_GROUPS
from coordination.working_groups.queries import lead_pairs, organizations_in, organizations_of_members
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import audiences_by_id, people_counts
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs

Rows = Iterable[Any] | QuerySet[Any]


class WorkingGroup(Shape, kw_only=True):
    """A working group as the whole network sees it: who is in it by organization, not by person."""

    name: str
    kind: str
    purpose: str
    audience: UUID
    channel: UUID
    organizations: list[OrganizationRef]
    people: int
    created_at: datetime


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
            audience=audiences[g.members_id].uuid,
            channel=g.channel_id,
            organizations=organizations[g.members_id],
            people=people[g.members_id],
            created_at=g.created_at,
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
    applications: list[models.JoinApplication] = list(rows)
    prefetch_related_objects(applications, "working_group", "people")
    named = {p.pk for a in applications for p in a.people.all()}
    people = person_refs(named | {i for a in applications for i in (a.asked_by_id, a.decided_by_id) if i})
    organizations = organization_refs({a.organization_id for a in applications})
    return [
        JoinApplication(
            id=a.pk,
            version=a.version,
            working_group=WorkingGroupRef(id=a.working_group.pk, name=a.working_group.name),
            organization=organizations[a.organization_id],
            people=sorted((people[p.pk] for p in a.people.all()), key=lambda p: (p.name.casefold(), p.id)),
            note=a.note,
            state=a.state,
            reason=a.reason,
            asked_by=people[a.asked_by_id],
            asked_at=a.asked_at,
            decided_by=people[a.decided_by_id] if a.decided_by_id else None,
            decided_at=a.decided_at,
        )
        for a in applications
    ]


WORKING_GROUP = Kind("working_group", WorkingGroup, WORKING_GROUPS, shape_working_groups)
GROUP_MEMBER = Kind("group_member", GroupMember, GROUP_MEMBERS, shape_group_members)
JOIN_APPLICATION = Kind("join_application", JoinApplication, JOIN_APPLICATIONS, shape_join_applications)
KINDS = (WORKING_GROUP, GROUP_MEMBER, JOIN_APPLICATION)
