"""Reads beyond `visible()`. To fetch is to authorize."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from coordination.working_groups.models import (
    GroupInvitation,
    GroupMember,
    JoinApplication,
    RuleAcceptance,
    WorkingGroup,
)
from coordination.working_groups.policy import (
    GROUP_INVITATIONS,
    GROUP_MEMBERS,
    JOIN_APPLICATIONS,
    RULE_ACCEPTANCES,
    WORKING_GROUPS,
)
from portal.kernel.errors import NotFound
from portal.kernel.grants import granted
from portal.kernel.kinds import OrganizationRef
from portal.kernel.standing import living_memberships, living_seats, standing
from portal.organizations.models import Organization
from portal.organizations.queries import by_members_audience


def working_group(person: Any, pk: UUID) -> WorkingGroup:
    found = WORKING_GROUPS.visible(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def group_member(person: Any, group: WorkingGroup, member: UUID) -> GroupMember:
    """`member` is the person's id."""
    rows = GROUP_MEMBERS.visible(person).filter(group=group.members_id, user=member)
    found = rows.select_related("user", "group__audience__working_group").first()
    if found is None:
        raise NotFound
    return found


def join_application(person: Any, pk: UUID) -> JoinApplication:
    rows = JOIN_APPLICATIONS.visible(person).filter(pk=pk)
    found = rows.select_related("working_group", "organization").first()
    if found is None:
        raise NotFound
    return found


def group_invitation(person: Any, pk: UUID) -> GroupInvitation:
    rows = GROUP_INVITATIONS.visible(person).filter(pk=pk)
    found = rows.select_related("working_group", "organization").first()
    if found is None:
        raise NotFound
    return found


def rule_acceptance(person: Any, pk: UUID) -> RuleAcceptance:
    rows = RULE_ACCEPTANCES.visible(person).filter(pk=pk)
    found = rows.select_related("working_group", "organization").first()
    if found is None:
        raise NotFound
    return found


def shared_with(rows: QuerySet[Any], group: UUID, person: Any) -> QuerySet[Any]:
    """Of these, what is shared with a group that this person is in. Of any other it is not told, nor that it exists."""
    inside = WorkingGroup.objects.filter(pk=group, members__in=standing(person).audiences)
    return rows.filter(pk__in=granted(rows.model, inside.values_list("members", flat=True)).values("pk"))


def rules_accepted(person: Any, groups: Collection[UUID]) -> dict[UUID, int]:
    """The newest version of each group's rule that this person has accepted."""
    rows = RuleAcceptance.objects.filter(person=person, working_group__in=groups, state=RuleAcceptance.State.ACCEPTED)
    return dict(rows.values_list("working_group").annotate(Max("rule_version")))


def sits(person: Any, group: WorkingGroup, organization: Organization) -> bool:
    """Whether this person is in the group for this organization."""
    seats = living_seats().filter(via=organization.members_id, membership__group=group.members_id)
    return seats.filter(membership__user=person.pk).exists()


def sits_for(person: Any, group: WorkingGroup) -> list[Organization]:
    """The organizations for which this person is in the group."""
    seats = living_seats().filter(membership__group=group.members_id, membership__user=person.pk)
    return list(Organization.objects.filter(members__in=seats.values("via")).order_by("pk"))


def organizations_in(audiences: Collection[int]) -> dict[int, list[OrganizationRef]]:
    """The organizations whose people sit in each of these audiences, by name."""
    seats = set(
        living_seats()
        .filter(membership__group__in=audiences, via__isnull=False)
        .values_list("membership__group_id", "via_id")
    )
    names = by_members_audience({via for _, via in seats})
    found: dict[int, list[OrganizationRef]] = {a: [] for a in audiences}
    for audience, via in seats:
        if via in names:
            found[audience].append(names[via])
    return {a: sorted(refs, key=lambda r: r.name.casefold()) for a, refs in found.items()}


def organizations_of_members(members: Collection[UUID]) -> dict[UUID, list[OrganizationRef]]:
    """Through which organizations each of these memberships is held."""
    seats = list(
        living_seats().filter(membership__in=members, via__isnull=False).values_list("membership_id", "via_id")
    )
    names = by_members_audience({via for _, via in seats})
    found: dict[UUID, list[OrganizationRef]] = {m: [] for m in members}
    for member, via in seats:
        if via in names:
            found[member].append(names[via])
    return found


def lead_pairs(audiences: Collection[int]) -> set[tuple[int, UUID]]:
    """(leads audience, person) for each lead of these groups."""
    return set(living_memberships().filter(group__in=audiences).values_list("group_id", "user_id"))


def names_of_audiences(audiences: Collection[int]) -> dict[int, str]:
    rows = WorkingGroup.objects.filter(members__in=audiences) | WorkingGroup.objects.filter(leads__in=audiences)
    found: dict[int, str] = {}
    for name, members, leads in rows.values_list("name", "members", "leads"):
        found |= {members: name, leads: name}
    return found
