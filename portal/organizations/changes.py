"""The kinds of change that organizations announce, and the one shape of each object."""

from collections.abc import Iterable
from datetime import datetime

from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import people_counts
from portal.organizations import models
from portal.organizations.models import InvitationState, OrganizationKind, OrganizationStatus, Tier
from portal.organizations.policy import INVITATIONS, ORGANIZATION_MEMBERS, ORGANIZATIONS
from portal.organizations.queries import by_members_audience, refs, tiers
from portal.people.queries import refs as person_refs


class Organization(Shape, kw_only=True):
    """An organization. `people` counts who works for it."""

    name: str
    kind: OrganizationKind
    status: OrganizationStatus
    description: str
    website: str
    people: int
    applied_at: datetime
    verified_at: datetime | None


class OrganizationMember(Shape, kw_only=True):
    """A person's place in an organization."""

    person: PersonRef
    organization: OrganizationRef
    tier: Tier
    since: datetime


class Invitation(Shape, kw_only=True):
    """An invitation to join an organization."""

    organization: OrganizationRef
    email: str
    tier: Tier
    state: InvitationState
    invited_by: PersonRef | None
    expires_at: datetime


def shape_organizations(rows: Iterable[models.Organization]) -> list[Organization]:
    organizations = list(rows)
    people = people_counts([o.members_id for o in organizations])
    return [
        Organization(
            id=o.pk,
            version=o.version,
            name=o.name,
            kind=OrganizationKind(o.organization_kind),
            status=OrganizationStatus(o.status),
            description=o.description,
            website=o.website,
            people=people[o.members_id],
            applied_at=o.applied_at,
            verified_at=o.verified_at,
        )
        for o in organizations
    ]


def shape_organization_members(rows: Iterable[models.OrganizationMember]) -> list[OrganizationMember]:
    members = list(rows)
    organizations = by_members_audience({m.group_id for m in members})
    people = person_refs({m.user_id for m in members})
    tier = tiers(members)
    return [
        OrganizationMember(
            id=m.pk,
            version=m.version,
            person=people[m.user_id],
            organization=organizations[m.group_id],
            tier=tier[m.pk],
            since=m.since,
        )
        for m in members
    ]


def shape_invitations(rows: Iterable[models.Invitation]) -> list[Invitation]:
    invitations = list(rows)
    organizations = refs({i.organization_id for i in invitations})
    people = person_refs({i.invited_by_id for i in invitations})
    return [
        Invitation(
            id=i.pk,
            version=i.version,
            organization=organizations[i.organization_id],
            email=i.email,
            tier=Tier(i.tier),
            state=InvitationState(i.state),
            invited_by=people.get(i.invited_by_id) if i.invited_by_id else None,
            expires_at=i.expires_at,
        )
        for i in invitations
    ]


ORGANIZATION = Kind("organization", Organization, ORGANIZATIONS, shape_organizations)
ORGANIZATION_MEMBER = Kind("organization_member", OrganizationMember, ORGANIZATION_MEMBERS, shape_organization_members)
INVITATION = Kind("invitation", Invitation, INVITATIONS, shape_invitations)
KINDS = (ORGANIZATION, ORGANIZATION_MEMBER, INVITATION)
