"""Every write to organizations, their people and invitations: the one door."""

from portal.organizations.services.agreements import WARNINGS, record_agreement, tell_of_agreement
from portal.organizations.services.applications import accept_application, apply_from_outside, decline_application
from portal.organizations.services.invitations import (
    accept_invitation,
    accept_invitation_as_new,
    expire_invitation,
    invitation_by,
    invite,
    issue_token,
    revoke_invitation,
)
from portal.organizations.services.leaving import leave_network
from portal.organizations.services.network import ask_for_agreements
from portal.organizations.services.organizations import apply, edit, found, verify
from portal.organizations.services.people import DEPARTURES, change_tier, remove_person, seat
from portal.organizations.services.suspension import ENDINGS, reinstate, suspend

__all__ = [
    "DEPARTURES",
    "ENDINGS",
    "WARNINGS",
    "accept_application",
    "accept_invitation",
    "accept_invitation_as_new",
    "apply",
    "apply_from_outside",
    "ask_for_agreements",
    "change_tier",
    "decline_application",
    "edit",
    "expire_invitation",
    "found",
    "invitation_by",
    "invite",
    "issue_token",
    "leave_network",
    "record_agreement",
    "reinstate",
    "remove_person",
    "revoke_invitation",
    "seat",
    "suspend",
    "tell_of_agreement",
    "verify",
]
