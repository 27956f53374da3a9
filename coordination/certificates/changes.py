"""The kinds of change that certificates announce, and the one shape of each."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from coordination.certificates import models
from coordination.certificates.policy import CERTIFICATES
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Certificate(Shape, kw_only=True):
    """That somebody was there. `code` is what others check it by; a day as `held_on` is by the clock of the place."""

    registration: UUID
    event: UUID
    person: PersonRef
    issuer: OrganizationRef
    event_kind: str
    title: str
    held_on: str
    minutes: int
    code: str
    issued_at: datetime
    revoked_at: datetime | None


def shape_certificates(rows: Iterable[models.Certificate]) -> list[Certificate]:
    certificates = list(rows)
    prefetch_related_objects(certificates, "registration__occurrence")
    organizations = organization_refs({c.issuer_id for c in certificates})
    people = person_refs({c.person_id for c in certificates})
    return [
        Certificate(
            id=c.pk,
            version=c.version,
            registration=c.registration_id,
            event=c.registration.occurrence.event_id,
            person=people[c.person_id],
            issuer=organizations[c.issuer_id],
            event_kind=c.event_kind,
            title=c.title,
            held_on=c.held_on.isoformat(),
            minutes=c.minutes,
            code=grouped(c.code),
            issued_at=c.issued_at,
            revoked_at=c.revoked_at,
        )
        for c in certificates
    ]


def grouped(code: str) -> str:
    """Three letters at a time."""
    return "-".join(code[at : at + 3] for at in range(0, len(code), 3))


CERTIFICATE = Kind("certificate", Certificate, CERTIFICATES, shape_certificates)
KINDS = [CERTIFICATE]
