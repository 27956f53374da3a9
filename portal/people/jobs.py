"""Background work about people. Every step is safe to run twice."""

from datetime import datetime, timedelta
from uuid import UUID

from portal.jobs.outbox import job, routine
from portal.kernel import clock
from portal.kernel.models import Seat
from portal.people import links, mail, services
from portal.people.devices import Device
from portal.people.models import Method, Session, SignIn, User

SIGN_INS_KEPT = timedelta(days=90)


@job("people.send_password_reset")
def send_password_reset(person: str) -> None:
    """The link is made now, so that it lies in no queue."""
    found = User.objects.filter(pk=UUID(person), is_active=True).first()
    if found:
        mail.send_password_reset(found, links.set_password(found))


@job("people.send_security_notice")
def send_security_notice(person: str) -> None:
    if found := User.objects.filter(pk=UUID(person), is_active=True).first():
        mail.send_security_notice(found)


@job("people.send_new_device_notice")
def send_new_device_notice(person: str) -> None:
    if found := User.objects.filter(pk=UUID(person), is_active=True).first():
        mail.send_new_device_notice(found)


@job("people.record_wrong_password")
def record_wrong_password(email: str, at: str, device: list[str]) -> None:
    """For whoever has this address; nobody may."""
    found = User.objects.filter(email=email, is_active=True).first()
    when = datetime.fromisoformat(at)
    if found and not SignIn.objects.filter(person=found, at=when).exists():
        services.record_failed_sign_in(found, Method.PASSWORD, SignIn.Outcome.WRONG_PASSWORD, Device(*device), when)


@routine("people.end_expired_seats", every=timedelta(minutes=1))
def end_expired_seats() -> None:
    expired = Seat.objects.filter(expires_at__lte=clock.now())
    for seat in expired.select_related("via", "membership__user", "membership__group__audience"):
        services.end_expired_seat(seat)


@routine("people.forget_expired_sessions", every=timedelta(hours=1))
def forget_expired_sessions() -> None:
    Session.objects.filter(expire_date__lt=clock.now()).delete()


@routine("people.forget_old_sign_ins", every=timedelta(hours=6))
def forget_old_sign_ins() -> None:
    SignIn.objects.filter(at__lt=clock.now() - SIGN_INS_KEPT).delete()
