"""Certificates follow from who was marked as having been there: nobody writes one by hand."""

import secrets

from coordination.certificates.models import Certificate
from coordination.events.models import Registration
from portal.kernel.grants import audiences_of
from portal.kernel.writing import Writing

# without I, L, O, U, 0 and 1: read out on a phone, none is taken for another
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTH = 27


def follow_attendance(w: Writing, registration: Registration) -> None:
    """Who was there holds a certificate, if the event gives any; who was not, holds none that stands."""
    event = registration.occurrence.event
    earned = event.certificate and registration.attended is True
    held = Certificate.objects.filter(registration=registration).first()
    if held is None and earned:
        issue(w, registration)
    elif held is not None and held.stands != earned:
        w.lock(objects=[held])
        held.revoked_at = None if earned else w.at
        w.put(held)
        w.audit("certificate.renew" if earned else "certificate.revoke", held)


def issue(w: Writing, registration: Registration) -> None:
    date, event = registration.occurrence, registration.occurrence.event
    made = Certificate(
        registration=registration,
        person=registration.person,
        issuer=event.owner,
        event_kind=event.event_kind,
        title=event.title,
        held_on=date.local_start.date(),
        minutes=date.minutes,
        code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
        issued_at=w.at,
    )
    made.save(force_insert=True)
    w.created(made, *audiences_of([registration])[registration.pk])
    w.audit("certificate.issue", made)
