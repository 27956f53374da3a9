"""Background work of organizations. Every step is safe to run twice."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from portal.jobs.outbox import job, routine
from portal.kernel import clock
from portal.kernel.models import Network
from portal.organizations import services
from portal.organizations.models import Agreement, Application, Invitation, InvitationState
from portal.people import mail
from portal.people.models import User


@job("organizations.send_invitation")
def send_invitation(invitation: str) -> None:
    """The token is made now, so that it lies in no queue; a second run mails a new one."""
    found = Invitation.objects.select_related("organization").get(pk=UUID(invitation))
    token = services.issue_token(found)
    if token is not None:
        mail.send_invitation(found.email, f"{settings.ORIGIN}/join/{token}", network=Network.current().name)


@job("organizations.send_decline")
def send_decline(application: str) -> None:
    found = Application.objects.get(pk=UUID(application))
    mail.send_decline(found.contact_email, found.reason, language=found.language)


@job("organizations.send_agreement_notice")
def send_agreement_notice(person: str) -> None:
    if found := User.objects.filter(pk=UUID(person), is_active=True).first():
        mail.send_notice(found)


@routine("organizations.tell_of_agreements", every=timedelta(hours=1))
def tell_of_agreements() -> None:
    now = clock.now()
    ending = Agreement.objects.filter(until__gt=now, until__lte=now + timedelta(days=max(services.WARNINGS)))
    for agreement in ending.select_related("organization"):
        services.tell_of_agreement(agreement)


@routine("organizations.expire_invitations", every=timedelta(minutes=5))
def expire_invitations() -> None:
    over = Invitation.objects.filter(state=InvitationState.PENDING, expires_at__lte=clock.now())
    for invitation in over.select_related("organization"):
        services.expire_invitation(invitation)
