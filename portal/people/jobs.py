"""Background work about people. Every step is safe to run twice."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from portal.jobs.outbox import job, routine
from portal.kernel.models import Seat
from portal.people import links, mail, services
from portal.people.models import Session, User


@job("people.send_password_reset")
def send_password_reset(person: str) -> None:
    """The link is made now, so that it lies in no queue."""
    found = User.objects.filter(pk=UUID(person), is_active=True).first()
    if found:
        mail.send_password_reset(found, links.set_password(found))


@job("people.send_security_notice")
def send_security_notice(person: str) -> None:
    mail.send_security_notice(User.objects.get(pk=UUID(person)))


@routine("people.end_expired_seats", every=timedelta(minutes=1))
def end_expired_seats() -> None:
    expired = Seat.objects.filter(expires_at__lte=timezone.now())
    for seat in expired.select_related("via", "membership__user", "membership__group__audience"):
        services.end_expired_seat(seat)


@routine("people.forget_expired_sessions", every=timedelta(hours=1))
def forget_expired_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
