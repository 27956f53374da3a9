"""Organizations, who works for them, who is invited, and who asks from outside."""

from datetime import timedelta

from django.utils import timezone

from messaging import services as messaging
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import Application, Invitation, Organization, OrganizationMember, Tier
from tests import outside, world
from tests.organizations.agreed import agreed


def suspend(s):
    """One that asks, is asked, sits in a group for two and in a channel, and has invited somebody."""
    s.post(s.agency, s.clinic, by=s.dana)
    s.answer(s.post(s.house, groups=[s.group]), s.dana)
    messaging.add_organization(Actor(s.mara), s.board, s.house)
    return lambda: s.suspend(s.house)


def reinstate(s):
    s.suspend(s.house)
    return lambda: organizations.reinstate(Actor(s.chief), s.house)


def member(person):
    return OrganizationMember.objects.get(user=person)


def invitation(s):
    return Invitation.objects.get(organization=s.agency)


def expire_invitation(s):
    Invitation.objects.filter(organization=s.agency).update(expires_at=timezone.now() - timedelta(minutes=1))
    organizations.expire_invitation(invitation(s))


def accept_invitation(s):
    invitation = organizations.invite(s.acting(s.mara), s.agency, s.dana.email, Tier.COORDINATOR)
    token = organizations.issue_token(invitation)
    return lambda: organizations.accept_invitation(s.dana, token)


def accept_invitation_as_new(s):
    token = organizations.issue_token(invitation(s))
    return lambda: organizations.accept_invitation_as_new(token, "Nia", world.PASSWORD, time_zone="UTC", locale="en")


def agency(s):
    return Organization.objects.get(pk=s.agency.pk)


def tell_of_agreement(s):
    agreement = agreed(Actor(s.chief), agency(s), 5)
    return lambda: organizations.tell_of_agreement(agreement)


def waiting():
    return Application.objects.get(state="waiting")


ORGANIZATIONS = {
    "portal.organizations.services.record_agreement": lambda s: agreed(Actor(s.chief), agency(s), 9),
    "portal.organizations.services.tell_of_agreement": tell_of_agreement,
    "portal.organizations.services.ask_for_agreements": lambda s: organizations.ask_for_agreements(
        Actor(s.chief), True
    ),
    "portal.organizations.services.apply": lambda s: organizations.apply(Actor(s.otto), "New", "hotline"),
    "portal.organizations.services.found": lambda s: organizations.found("New", "hotline"),
    "portal.organizations.services.verify": lambda s: organizations.verify(Actor(s.chief), s.waiting),
    "portal.organizations.services.suspend": suspend,
    "portal.organizations.services.reinstate": reinstate,
    "portal.organizations.services.edit": lambda s: organizations.edit(
        Actor(s.mara), agency(s), agency(s).version, description="x"
    ),
    "portal.organizations.services.leave_network": lambda s: organizations.leave_network(s.second, {}),
    "portal.organizations.services.seat": lambda s: world.seat(s.clinic, s.otto),
    "portal.organizations.services.change_tier": lambda s: organizations.change_tier(
        Actor(s.dana), member(s.second), Tier.MEMBER
    ),
    "portal.organizations.services.remove_person": lambda s: world.remove(Actor(s.mara), member(s.jonas)),
    "portal.organizations.services.invite": lambda s: organizations.invite(
        s.acting(s.mara), s.agency, "new@example.org", Tier.MEMBER
    ),
    "portal.organizations.services.revoke_invitation": lambda s: organizations.revoke_invitation(
        Actor(s.mara), invitation(s)
    ),
    "portal.organizations.services.expire_invitation": expire_invitation,
    "portal.organizations.services.issue_token": lambda s: organizations.issue_token(invitation(s)),
    "portal.organizations.services.accept_invitation": accept_invitation,
    "portal.organizations.services.accept_invitation_as_new": accept_invitation_as_new,
    "portal.organizations.services.apply_from_outside": lambda s: outside.apply(),
    "portal.organizations.services.accept_application": lambda s: organizations.accept_application(
        Actor(s.chief), waiting()
    ),
    "portal.organizations.services.decline_application": lambda s: organizations.decline_application(
        Actor(s.chief), waiting(), "Not now"
    ),
}
