"""Reads beyond `visible()`."""

from collections.abc import Collection
from uuid import UUID

from coordination.certificates.models import Certificate


def holders(event_kind: str, people: Collection[UUID]) -> set[UUID]:
    """Who of these holds a certificate of this kind that stands."""
    standing = Certificate.objects.filter(event_kind=event_kind, person__in=people, revoked_at=None)
    return set(standing.values_list("person", flat=True))


def with_code(code: str) -> Certificate | None:
    """Asked by whoever was given the code, in groups or in one piece."""
    written = "".join(sign for sign in code.upper() if sign.isalnum())
    return Certificate.objects.select_related("person", "issuer").filter(code=written).first()
