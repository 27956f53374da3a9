"""Reads beyond `visible()`."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coordination.events.models import Event, Occurrence, Planned, Registration, RegistrationState
from coordination.events.policy import EVENTS, OCCURRENCES, owning
from coordination.requests import queries as requests
from coordination.rota.policy import SHIFTS
from portal.kernel.audiences import SeenBy
from portal.kernel.errors import NotFound
from portal.organizations.queries import of_person

LIVING = Registration.LIVING


class MyRegistration(msgspec.Struct, kw_only=True):
    """That I come, or wait: `place` is how many are to move up until it is my turn."""

    id: UUID
    state: RegistrationState
    place: int | None


class Clash(msgspec.Struct, kw_only=True):
    """What I have to do at the same time: another date that I come to, or a shift."""

    kind: str
    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime


def event(person: Any, pk: UUID) -> Event:
    found = EVENTS.visible(person).filter(pk=pk).select_related("owner").first()
    if found is None:
        raise NotFound
    return found


def seen_by(person: Any, events: Collection[Event]) -> dict[UUID, SeenBy]:
    """As of requests: all of it for the owner, for others the audiences they belong to "and others"."""
    return requests.seen_by(person, events, owning)


def of_mine(rows: QuerySet[Event], person: Any) -> QuerySet[Event]:
    return rows.filter(owner__in=[place.organization.pk for place in of_person(person)])


def between(rows: QuerySet[Occurrence], first: datetime | None, last: datetime | None) -> QuerySet[Occurrence]:
    """Those that run at some time from the first moment until the last."""
    if first:
        rows = rows.filter(ends_at__gt=first)
    return rows.filter(starts_at__lt=last) if last else rows


def attended_by(rows: QuerySet[Occurrence], person: Any) -> QuerySet[Occurrence]:
    """Those that this person comes to, or waits for a seat of."""
    mine = Registration.objects.filter(person=person.pk, state__in=LIVING)
    return rows.filter(pk__in=mine.values("occurrence"))


def to_come(rows: QuerySet[Registration], at: datetime) -> QuerySet[Registration]:
    """Of dates that are not over, those that hold, and those of which their person does not know what became."""
    return rows.filter(Q(state__in=LIVING) | ~Q(news=""), occurrence__ends_at__gt=at)


def my_registrations(person: Any, occurrences: Collection[Occurrence]) -> dict[UUID, MyRegistration]:
    """By date. One query."""
    before_me = (
        Registration.objects.filter(
            occurrence=OuterRef("occurrence"), state=RegistrationState.WAITING, ticket__lte=OuterRef("ticket")
        )
        .values("occurrence")
        .annotate(number=Count("pk"))
        .values("number")
    )
    mine = Registration.objects.filter(
        person=person.pk, occurrence__in=[o.pk for o in occurrences], state__in=LIVING
    ).annotate(place=Coalesce(Subquery(before_me), 0))
    return {
        r.occurrence_id: MyRegistration(
            id=r.pk,
            state=RegistrationState(r.state),
            place=r.place if r.state == RegistrationState.WAITING else None,
        )
        for r in mine
    }


def clashes(person: Any, occurrences: Collection[Occurrence]) -> dict[UUID, list[Clash]]:
    """What this person has to do at the same time as each of these takes place. Two queries."""
    found: dict[UUID, list[Clash]] = defaultdict(list)
    planned = [o for o in occurrences if o.state == Planned.PLANNED]
    if not planned:
        return found
    bounds = {
        "starts_at__lt": max(o.ends_at for o in planned),
        "ends_at__gt": min(o.starts_at for o in planned),
    }
    dates = attended_by(OCCURRENCES.visible(person), person).filter(state=Planned.PLANNED, **bounds)
    shifts = SHIFTS.visible(person).filter(person=person.pk, **bounds)
    busy = [
        *(clash("occurrence", *row) for row in dates.values_list("pk", "event__title", "starts_at", "ends_at")),
        *(clash("shift", pk, "", *times) for pk, *times in shifts.values_list("pk", "starts_at", "ends_at")),
    ]
    for o in planned:
        found[o.pk] = sorted(
            (c for c in busy if c.id != o.pk and c.starts_at < o.ends_at and c.ends_at > o.starts_at),
            key=lambda c: (c.starts_at, c.id),
        )
    return found


def clash(kind: str, pk: UUID, title: str, starts_at: datetime, ends_at: datetime) -> Clash:
    return Clash(kind=kind, id=pk, title=title, starts_at=starts_at, ends_at=ends_at)


def published_dates(at: datetime) -> QuerySet[Occurrence]:
    """Of public events, the dates that are not over, in their order: for anybody."""
    dates = Occurrence.objects.filter(event__in=EVENTS.published(), state=Planned.PLANNED, ends_at__gt=at)
    return dates.select_related("event__owner").order_by("starts_at", "pk")
