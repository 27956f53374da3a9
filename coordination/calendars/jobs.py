"""Background work of calendars. Every step is safe to run twice."""

from datetime import timedelta
from uuid import UUID

from coordination.calendars import mail, queries, services
from coordination.calendars.services.invitations import REVISE, SEND
from coordination.events.models import Occurrence
from portal.jobs.outbox import job, routine


@job(REVISE)
def revise_invitations(occurrence: str) -> None:
    found = Occurrence.objects.filter(pk=UUID(occurrence)).select_related("event").first()
    if found:
        services.revise_invitations(found)


@job(SEND)
def send_invitation(invitation: str, sequence: int) -> None:
    letter = queries.letter(UUID(invitation), sequence)
    if letter:
        mail.send(letter)


@routine("calendars.remind", every=timedelta(minutes=1))
def remind() -> None:
    services.remind()


@routine("calendars.forget_reminders", every=timedelta(hours=1))
def forget_reminders() -> None:
    services.forget_reminders()
