"""Writes to invitations: sent, taken back, accepted."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from portal.jobs.outbox import enqueue
from portal.kernel import clock
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.standing import living_memberships
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations import queries, tokens
from portal.organizations.models import Invitation, InvitationState, Organization, OrganizationMember, Tier
from portal.organizations.policy import INVITATIONS, ORGANIZATIONS
from portal.organizations.services.people import seated, tiers_of
from portal.people import services as people
from portal.people.models import User

LASTS = timedelta(days=7)


@service
def invite(actor: Actor, organization: Organization, email: str, tier: Tier) -> Invitation:
    """The mail with the link is sent in the background."""
    with writing(actor, objects=[organization], audiences=tiers_of(organization)) as w:
        ORGANIZATIONS.require(actor.person, "invite", organization)
        return invited(w, organization, email, tier)


@service
def revoke_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    with writing(actor, objects=[invitation]) as w:
        INVITATIONS.require(actor.person, "revoke", invitation)
        if not invitation.permits("revoke"):
            raise Conflict("invitation_used")
        settle(w, invitation, InvitationState.REVOKED)
        return invitation


@service
def expire_invitation(invitation: Invitation) -> None:
    """Safe to run twice."""
    with writing(THE_PORTAL, objects=[invitation]) as w:
        if invitation.state == InvitationState.PENDING and not invitation.is_open(w.at):
            settle(w, invitation, InvitationState.EXPIRED)


@service
def issue_token(invitation: Invitation) -> str | None:
    """A new token for an open invitation, of which only the digest is kept; earlier ones end. None when it is over."""
    with writing(THE_PORTAL, objects=[invitation]) as w:
        if not invitation.is_open(w.at) or not invitation.organization.permits("invite"):
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
        Actor(person), objects=[organization, invitation], audiences=tiers_of(organization), people=[person]
    ) as w:
        require_open(invitation, w.at)
        if person.email.lower() != invitation.email:
            raise Conflict("wrong_account")
        return accepted(w, invitation, person)


@service
def accept_invitation_as_new(token: str, name: str, password: str, *, time_zone: str, locale: str) -> User:
    """By somebody without an account: makes it."""
    invitation = invitation_by(token)
    organization = invitation.organization
    require_open(invitation, clock.now())
    people.require_good_password(password, invitation.email, name)
    password_hash = make_password(password)
    with writing(THE_PORTAL, objects=[organization, invitation], audiences=tiers_of(organization)) as w:
        require_open(invitation, w.at)
        person = people.create_person(
            THE_PORTAL, invitation.email, name, password_hash=password_hash, time_zone=time_zone, locale=locale
        )
        accepted(w, invitation, person)
        return person


# steps of these


def invited(w: Writing, organization: Organization, email: str, tier: Tier) -> Invitation:
    if organization.has_lapsed(w.at):
        raise Conflict("agreement_lapsed")
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


def require_open(invitation: Invitation, at: datetime) -> None:
    if not invitation.is_open(at) or not invitation.organization.permits("invite"):
        raise Conflict("invitation_used")


def accepted(w: Writing, invitation: Invitation, person: User) -> OrganizationMember:
    member = seated(w, invitation.organization, person, Tier(invitation.tier))
    settle(w, invitation, InvitationState.ACCEPTED)
    return member


def settle(w: Writing, invitation: Invitation, state: InvitationState) -> None:
    invitation.state = state
    w.put(invitation)
    w.audit(f"invitation.{state}", invitation)
