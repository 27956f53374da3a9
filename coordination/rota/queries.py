"""Reads of the rota that are more than `visible()`."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.rota.models import COORDINATION, Shift, Swap, SwapState
from portal.kernel.standing import living_memberships


def on_call(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """The shifts that run at this moment, of those who still work there."""
    return staffed(ahead(rows, at)).filter(starts_at__lte=at)


def ahead(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """Those that run, or are to come."""
    return rows.filter(ends_at__gt=at)


def on_duty(rows: QuerySet[Shift], duty: str, at: datetime) -> Shift | None:
    """Who is asked now: a shift for this kind of request comes before one for every kind."""
    return on_call(for_duty(rows, duty), at).order_by("-duty").first()


def next_on_duty(rows: QuerySet[Shift], duty: str, at: datetime) -> Shift | None:
    """Who is on call for this next."""
    coming = staffed(for_duty(rows, duty)).filter(starts_at__gt=at)
    return coming.order_by("starts_at", "-duty").first()


def for_duty(rows: QuerySet[Shift], duty: str) -> QuerySet[Shift]:
    """Coordination is no kind of request: who is on call for every kind is not on call for it."""
    return rows.filter(duty__in=(duty,) if duty == COORDINATION else ("", duty))


def staffed(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    """Of those who still work there or, on call for coordination, still coordinate it."""
    theirs = living_memberships().filter(user=OuterRef("person"))
    works_there = Exists(theirs.filter(group=OuterRef("organization__members")))
    coordinates_it = Exists(theirs.filter(group=OuterRef("organization__coordinators")))
    return rows.filter(works_there, ~Q(duty=COORDINATION) | coordinates_it)


def concerning(rows: QuerySet[Swap], person: Any, at: datetime) -> QuerySet[Swap]:
    """Those that this person asks for or is asked for, until the shifts begin."""
    return rows.filter(Q(asked_by=person.pk) | Q(asked=person.pk), until__gt=at)


def undecided(rows: QuerySet[Swap], at: datetime) -> QuerySet[Swap]:
    return rows.filter(state=SwapState.OPEN, until__gt=at)
