"""Every write to organizations, their people and invitations."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from portal.jobs.outbox import enqueue
from portal.kernel import clock, memberships
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.models import Audience, Network
from portal.kernel.standing import living_memberships
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations import queries, tokens
from portal.organizations.models import (
    Invitation,
    InvitationState,
    Organization,
    OrganizationKind,
    OrganizationMember,
    OrganizationStatus,
    Tier,
)
from portal.organizations.policy import INVITATIONS, ORGANIZATION_MEMBERS, ORGANIZATIONS
from portal.people import services as people
from portal.people.models import User

LASTS = timedelta(days=7)
RANK = list(Tier)


# organizations


@service
def apply(
    actor: Actor,
    name: str,
    kind: OrganizationKind,
    *,
    description: str = "",
    website: str = "",
    administrator_email: str = "",
) -> Organization:
    """An organization asks to be in the network. Who applies becomes its administrator, unless another is named."""
    with writing(actor, people=[actor.person]) as w:
        ORGANIZATIONS.require_apply(actor.person, for_somebody_else=bool(administrator_email))
        organization = _made(w, name, kind, description, website)
        if administrator_email:
            _invited(w, organization, administrator_email, Tier.ADMINISTRATOR)
        else:
            _seated(w, organization, actor.person, Tier.ADMINISTRATOR)
        return organization


@service
def found(name: str, kind: OrganizationKind, *, description: str = "", website: str = "") -> Organization:
    """An organization that the portal itself makes, verified: for a network's first start."""
    with writing(THE_PORTAL) as w:
        organization = _made(w, name, kind, description, website)
        _verified(w, organization)
        return organization


@service
def verify(actor: Actor, organization: Organization) -> Organization:
    """Its people enter the network, and the network sees it."""
    with writing(actor, objects=[organization], audiences=_tiers(organization)) as w:
        ORGANIZATIONS.require(actor.person, "verify", organization)
        if not organization.permits("verify"):
            raise Conflict("already_verified" if organization.is_verified else "wrong_state")
        _verified(w, organization)
        return organization


@service
def edit(
    actor: Actor,
    organization: Organization,
    version: int,
    *,
    name: str | None = None,
    kind: OrganizationKind | None = None,
    description: str | None = None,
    website: str | None = None,
) -> Organization:
    """Only what is given changes; `version` is the one the caller saw."""
    with writing(actor, objects=[organization]) as w:
        ORGANIZATIONS.require(actor.person, "edit", organization)
        w.expect(organization, version)
        organization.name = organization.name if name is None else _free_name(name, organization)
        organization.organization_kind = organization.organization_kind if kind is None else kind
        organization.description = organization.description if description is None else description
        organization.website = organization.website if website is None else website
        w.put(organization)
        w.audit("organization.edit", organization)
        return organization


# its people


@service
def seat(actor: Actor, organization: Organization, person: User, tier: Tier) -> OrganizationMember:
    """Give a person a place; the caller's own write decides who may."""
    with writing(actor, objects=[organization], audiences=_tiers(organization), people=[person]) as w:
        return _seated(w, organization, person, tier)


@service
def change_tier(actor: Actor, member: OrganizationMember, tier: Tier) -> OrganizationMember:
    organization, person = member.organization, member.user
    with writing(actor, objects=[organization, member], audiences=_tiers(organization), people=[person]) as w:
        ORGANIZATION_MEMBERS.require(actor.person, "change_tier", member)
        before = queries.tiers([member])[member.pk]
        if tier == before:
            return member
        _enter(w, organization, person, tier)
        for higher in _higher_than(organization, tier):
            memberships.leave(w, person, higher, via=organization.members)
        _keep_an_administrator(organization, before)
        w.put(member)
        w.audit("organization.change_tier", organization, person=str(person.pk), before=before, after=tier)
        return member


@service
def remove_person(actor: Actor, member: OrganizationMember) -> None:
    """The person leaves the organization, and with it every audience they were in because of it."""
    organization, person = member.organization, member.user
    with writing(actor, objects=[organization, member], audiences=_tiers(organization), people=[person]) as w:
        ORGANIZATION_MEMBERS.require(actor.person, "remove", member)
        before = queries.tiers([member])[member.pk]
        memberships.leave(w, person, organization.members)
        _keep_an_administrator(organization, before)
        w.put(organization)
        w.audit("organization.remove_person", organization, person=str(person.pk))


# invitations


@service
def invite(actor: Actor, organization: Organization, email: str, tier: Tier) -> Invitation:
    """The mail with the link is sent in the background."""
    with writing(actor, objects=[organization], audiences=_tiers(organization)) as w:
        ORGANIZATIONS.require(actor.person, "invite", organization)
        return _invited(w, organization, email, tier)


@service
def revoke_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    with writing(actor, objects=[invitation]) as w:
        INVITATIONS.require(actor.person, "revoke", invitation)
        if not invitation.permits("revoke"):
            raise Conflict("invitation_used")
        _settle(w, invitation, InvitationState.REVOKED)
        return invitation


@service
def expire_invitation(invitation: Invitation) -> None:
    """Safe to run twice."""
    with writing(THE_PORTAL, objects=[invitation]) as w:
        if invitation.state == InvitationState.PENDING and not invitation.is_open(w.at):
            _settle(w, invitation, InvitationState.EXPIRED)


@service
def issue_token(invitation: Invitation) -> str | None:
    """A new token for an open invitation, of which only the digest is kept; earlier ones end. None when it is over."""
    with writing(THE_PORTAL, objects=[invitation]) as w:
        if not invitation.is_open(w.at):
            return None
        token = tokens.new()
        invitation.token_digest = tokens.digest(token)
        invitation.save(update_fields=["token_digest"])
        w.audit("invitation.send", invitation)
        return token


def invitation_by(token: str) -> Invitation:
    """The invitation that was mailed with this token, open or not."""
    found = queries.invitation_by(tokens.digest(token))
    if found is None:
        raise NotFound
    return found


@service
def accept_invitation(person: User, token: str) -> OrganizationMember:
    """By somebody who is signed in under the invited address."""
    invitation = invitation_by(token)
    organization = invitation.organization
    with writing(
        Actor(person), objects=[organization, invitation], audiences=_tiers(organization), people=[person]
    ) as w:
        _require_open(invitation, w.at)
        if person.email.lower() != invitation.email:
            raise Conflict("wrong_account")
        return _accepted(w, invitation, person)


@service
def accept_invitation_as_new(token: str, name: str, password: str, *, time_zone: str, locale: str) -> User:
    """By somebody without an account: makes it."""
    invitation = invitation_by(token)
    organization = invitation.organization
    _require_open(invitation, clock.now())
    people.require_good_password(password, invitation.email, name)
    password_hash = make_password(password)
    with writing(THE_PORTAL, objects=[organization, invitation], audiences=_tiers(organization)) as w:
        _require_open(invitation, w.at)
        person = people.create_person(
            THE_PORTAL, invitation.email, name, password_hash=password_hash, time_zone=time_zone, locale=locale
        )
        _accepted(w, invitation, person)
        return person


# steps of these


def _made(w: Writing, name: str, kind: OrganizationKind, description: str, website: str) -> Organization:
    organization = Organization(
        name=_free_name(name),
        organization_kind=kind,
        description=description,
        website=website,
        applied_at=w.at,
        members=w.new_audience(Audience.Kind.ORGANIZATION_MEMBERS),
        coordinators=w.new_audience(Audience.Kind.ORGANIZATION_COORDINATORS),
        administrators=w.new_audience(Audience.Kind.ORGANIZATION_ADMINISTRATORS),
    )
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError:
        raise _name_taken() from None
    w.created(organization, organization.members_id, Network.current().administrators_id)
    w.audit("organization.apply", organization)
    return organization


def _verified(w: Writing, organization: Organization) -> None:
    everyone = Network.current().everyone
    staff = list(User.objects.filter(pk__in=living_memberships().filter(group=organization.members_id).values("user")))
    w.lock(audiences=[everyone.pk], people=staff)
    organization.status = OrganizationStatus.VERIFIED
    organization.verified_at = w.at
    w.share(organization, everyone.pk)
    for person in staff:
        memberships.join(w, person, everyone, via=organization.members)
    w.audit("organization.verify", organization)


def _tiers(organization: Organization) -> list[int]:
    return [organization.members_id, organization.coordinators_id, organization.administrators_id]


def _above_members(organization: Organization) -> list[tuple[Tier, Audience]]:
    return [(Tier.COORDINATOR, organization.coordinators), (Tier.ADMINISTRATOR, organization.administrators)]


def _higher_than(organization: Organization, tier: Tier) -> list[Audience]:
    return [audience for rank, audience in _above_members(organization) if RANK.index(rank) > RANK.index(tier)]


def _enter(w: Writing, organization: Organization, person: User, tier: Tier) -> None:
    for rank, audience in _above_members(organization):
        if RANK.index(rank) <= RANK.index(tier):
            memberships.join(w, person, audience, via=organization.members)


def _seated(w: Writing, organization: Organization, person: User, tier: Tier) -> OrganizationMember:
    """A place in this tier at least; who has one already keeps the higher tier."""
    w.lock(objects=[organization])
    place = memberships.join(w, person, organization.members)
    _enter(w, organization, person, tier)
    if organization.is_verified:
        memberships.join(w, person, Network.current().everyone, via=organization.members)
    w.put(organization)
    w.audit("organization.seat", organization, person=str(person.pk), tier=tier)
    return OrganizationMember.objects.get(pk=place.pk)


def _keep_an_administrator(organization: Organization, before: Tier) -> None:
    if before == Tier.ADMINISTRATOR and not queries.administrators(organization):
        raise Conflict("last_administrator")


def _free_name(name: str, of: Organization | None = None) -> str:
    same = Organization.objects.filter(name__iexact=name)
    if (same.exclude(pk=of.pk) if of else same).exists():
        raise _name_taken()
    return name


def _name_taken() -> Invalid:
    return Invalid("name", "duplicate", "An organization has this name already.")


def _invited(w: Writing, organization: Organization, email: str, tier: Tier) -> Invitation:
    if not organization.permits("invite"):
        raise Conflict("wrong_state")
    email = email.lower()
    if living_memberships().filter(group=organization.members_id, user__email__iexact=email).exists():
        raise Conflict("already_member")
    for earlier in organization.invitations.filter(email=email, state=InvitationState.PENDING):
        if earlier.is_open(w.at):
            raise Conflict("already_invited")
        expire_invitation(earlier)
    invitation = Invitation.objects.create(
        organization=organization, email=email, tier=tier, invited_by=w.actor.person, expires_at=w.at + LASTS
    )
    w.created(invitation, organization.administrators_id)
    w.audit("invitation.create", invitation, tier=tier)
    enqueue("organizations.send_invitation", invitation=str(invitation.pk))
    return invitation


def _require_open(invitation: Invitation, at: datetime) -> None:
    if not invitation.is_open(at) or not invitation.organization.permits("invite"):
        raise Conflict("invitation_used")


def _accepted(w: Writing, invitation: Invitation, person: User) -> OrganizationMember:
    member = _seated(w, invitation.organization, person, Tier(invitation.tier))
    _settle(w, invitation, InvitationState.ACCEPTED)
    return member


def _settle(w: Writing, invitation: Invitation, state: InvitationState) -> None:
    invitation.state = state
    w.put(invitation)
    w.audit(f"invitation.{state}", invitation)
