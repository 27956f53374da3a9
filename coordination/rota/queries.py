"""Reads of the rota that are more than `visible()`."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from coordination.rota.models import Shift
from portal.kernel.standing import living_memberships


def on_call(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """The shifts that run at this moment, of those who still work there."""
    return staffed(ahead(rows, at)).filter(starts_at__lte=at)


def ahead(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """Those that run, or are to come."""
    return rows.filter(ends_at__gt=at)


def on_duty(rows: QuerySet[Shift], kind: str, at: datetime) -> Shift | None:
    """Who is asked for this kind now: a shift of its own comes before one for every kind."""
    return on_call(for_kind(rows, kind), at).order_by("-request_kind").first()


def next_on_duty(rows: QuerySet[Shift], kind: str, at: datetime) -> Shift | None:
    """Who is on call for this kind next."""
    coming = staffed(for_kind(rows, kind)).filter(starts_at__gt=at)
    return coming.order_by("starts_at", "-request_kind").first()


def for_kind(rows: QuerySet[Shift], kind: str) -> QuerySet[Shift]:
    return rows.filter(request_kind__in=("", kind))


def staffed(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    """Of those who still work there."""
    works_there = living_memberships().filter(user=OuterRef("person"), group=OuterRef("organization__members"))
    return rows.filter(Exists(works_there))
