"""The kinds of change that organizations announce, and the one shape of each object."""

from collections.abc import Iterable
from datetime import date, datetime

from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.kernel.standing import people_counts
from portal.organizations import models
from portal.organizations.models import ApplicationState, InvitationState, OrganizationKind, OrganizationStatus, Tier
from portal.organizations.policy import (
    AGREEMENTS,
    APPLICATIONS,
    INVITATIONS,
    ORGANIZATION_MEMBERS,
    ORGANIZATIONS,
    SUSPENSIONS,
)
from portal.organizations.queries import by_members_audience, refs, tiers
from portal.people.queries import refs as person_refs


class Organization(Shape, kw_only=True):
    """An organization. `people` counts who works for it, `coordinators` those of them who coordinate."""

    name: str
    kind: OrganizationKind
    status: OrganizationStatus
    description: str
    website: str
    people: int
    coordinators: int
    applied_at: datetime
    verified_at: datetime | None
    agreed_until: datetime | None


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


class Suspension(Shape, kw_only=True):
    """Why an organization was suspended, and until when."""

    organization: OrganizationRef
    reason: str
    suspended_by: PersonRef
    suspended_at: datetime
    ended_by: PersonRef | None
    ended_at: datetime | None


class Agreement(Shape, kw_only=True):
    """What an organization and the network agreed on; who recorded it is in the audit record. `told_before`: how many
    days before its end that was said."""

    organization: OrganizationRef
    signed_on: date
    review_on: date
    until: datetime
    countersigned_by: str
    reference: str
    recorded_at: datetime
    told_before: int | None


class Application(Shape, kw_only=True):
    """That a stranger asks for an organization to be let into the network. Once accepted, which one it became."""

    name: str
    kind: OrganizationKind
    description: str
    website: str
    contact_role: str
    contact_email: str
    why: str
    applied_at: datetime
    state: ApplicationState
    reason: str
    decided_by: PersonRef | None
    decided_at: datetime | None
    organization: OrganizationRef | None


def shape_organizations(rows: Iterable[models.Organization]) -> list[Organization]:
    organizations = list(rows)
    people = people_counts([tier for o in organizations for tier in (o.members_id, o.coordinators_id)])
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
            coordinators=people[o.coordinators_id],
            applied_at=o.applied_at,
            verified_at=o.verified_at,
            agreed_until=o.agreed_until,
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


def shape_suspensions(rows: Iterable[models.Suspension]) -> list[Suspension]:
    suspensions = list(rows)
    organizations = refs({s.organization_id for s in suspensions})
    people = person_refs({pk for s in suspensions for pk in (s.suspended_by_id, s.ended_by_id) if pk})
    return [
        Suspension(
            id=s.pk,
            version=s.version,
            organization=organizations[s.organization_id],
            reason=s.reason,
            suspended_by=people[s.suspended_by_id],
            suspended_at=s.suspended_at,
            ended_by=people[s.ended_by_id] if s.ended_by_id else None,
            ended_at=s.ended_at,
        )
        for s in suspensions
    ]


def shape_applications(rows: Iterable[models.Application]) -> list[Application]:
    applications = list(rows)
    organizations = refs({a.organization_id for a in applications})
    people = person_refs({a.decided_by_id for a in applications})
    return [
        Application(
            id=a.pk,
            version=a.version,
            name=a.name,
            kind=OrganizationKind(a.organization_kind),
            description=a.description,
            website=a.website,
            contact_role=a.contact_role,
            contact_email=a.contact_email,
            why=a.why,
            applied_at=a.applied_at,
            state=ApplicationState(a.state),
            reason=a.reason,
            decided_by=people[a.decided_by_id] if a.decided_by_id else None,
            decided_at=a.decided_at,
            organization=organizations[a.organization_id] if a.organization_id else None,
        )
        for a in applications
    ]


def shape_agreements(rows: Iterable[models.Agreement]) -> list[Agreement]:
    agreements = list(rows)
    organizations = refs({a.organization_id for a in agreements})
    return [
        Agreement(
            id=a.pk,
            version=a.version,
            organization=organizations[a.organization_id],
            signed_on=a.signed_on,
            review_on=a.review_on,
            until=a.until,
            countersigned_by=a.countersigned_by,
            reference=a.reference,
            recorded_at=a.recorded_at,
            told_before=a.told_before,
        )
        for a in agreements
    ]


ORGANIZATION = Kind("organization", Organization, ORGANIZATIONS, shape_organizations)
ORGANIZATION_MEMBER = Kind("organization_member", OrganizationMember, ORGANIZATION_MEMBERS, shape_organization_members)
INVITATION = Kind("invitation", Invitation, INVITATIONS, shape_invitations)
SUSPENSION = Kind("suspension", Suspension, SUSPENSIONS, shape_suspensions)
APPLICATION = Kind("application", Application, APPLICATIONS, shape_applications)
AGREEMENT = Kind("agreement", Agreement, AGREEMENTS, shape_agreements)
KINDS = (ORGANIZATION, ORGANIZATION_MEMBER, INVITATION, SUSPENSION, APPLICATION, AGREEMENT)
