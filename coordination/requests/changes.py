"""The kinds of change that requests announce, and the one shape of each object."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from coordination.requests import models
from coordination.requests.policy import ANSWERS, ESCALATIONS, REQUESTS
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.organizations.queries import refs_for
from portal.people.queries import refs as person_refs

Rows = Iterable[Any] | QuerySet[Any]


class Entry(msgspec.Struct, kw_only=True):
    """A line of what happened."""

    at: datetime
    what: str
    organization: OrganizationRef | None
    person: PersonRef | None
    note: str


class Slot(msgspec.Struct, kw_only=True):
    """How many of a request's places are for one role."""

    role: str
    places: int
    places_taken: int


class Take(msgspec.Struct, kw_only=True):
    """How many places of a role a yes fills."""

    role: str
    places: int


class Request(Shape, kw_only=True):
    """A request as everybody who sees it sees it. Whom else it was put to, and their answers, are not in it."""

    kind: str
    owner: OrganizationRef
    posted_by: PersonRef
    backup: PersonRef | None
    details: dict[str, Any]
    note: str
    places: int
    places_taken: int
    slots: list[Slot]
    pick: bool
    exercise: bool
    state: str
    acknowledge_by: datetime
    answer_by: datetime
    escalated_to: str
    outcome: str
    outcome_note: str
    posted_at: datetime
    history: list[Entry]


class Answer(Shape, kw_only=True):
    """One organization's answer, for it and for the request's owner."""

    request: UUID
    organization: OrganizationRef
    state: str
    takes_place: bool
    takes: list[Take]
    reason: str
    note: str
    by: PersonRef | None
    at: datetime
    reminders: int
    reminded_at: datetime | None
    redirected_to: OrganizationRef | None
    redirected_by: OrganizationRef | None
    history: list[Entry]


class Escalation(Shape, kw_only=True):
    """That an organization's request of this kind waits since then, and nobody answers."""

    request_kind: str
    owner: OrganizationRef
    exercise: bool
    posted_at: datetime
    at: datetime
    ended_at: datetime | None


def shape_requests(rows: Rows) -> list[Request]:
    requests: list[models.Request] = list(rows)
    entries = models.Entry.objects.filter(request__in=[r.pk for r in requests], answer__isnull=True)
    histories = shape_entries(entries, "request_id")
    slots = shape_slots(requests)
    organizations = organization_refs({r.owner_id for r in requests})
    people = person_refs({pk for r in requests for pk in (r.posted_by_id, r.backup_id) if pk})
    return [
        Request(
            id=r.pk,
            version=r.version,
            kind=r.request_kind,
            owner=organizations[r.owner_id],
            posted_by=people[r.posted_by_id],
            backup=people[r.backup_id] if r.backup_id else None,
            details=r.details,
            note=r.note,
            places=r.places,
            places_taken=r.places_taken,
            slots=slots.get(r.pk, []),
            pick=r.pick,
            exercise=r.exercise,
            state=r.state,
            acknowledge_by=r.acknowledge_by,
            answer_by=r.answer_by,
            escalated_to=r.escalated_to,
            outcome=r.outcome,
            outcome_note=r.outcome_note,
            posted_at=r.posted_at,
            history=histories.get(r.pk, []),
        )
        for r in requests
    ]


def shape_answers(rows: Rows) -> list[Answer]:
    answers: list[models.Answer] = list(rows)
    histories = shape_entries(models.Entry.objects.filter(answer__in=[a.pk for a in answers]), "answer_id")
    takes = shape_takes(answers)
    organizations = organization_refs(
        {pk for a in answers for pk in (a.organization_id, a.redirected_to_id, a.redirected_by_id)}
    )
    people = refs_for({(a.by_id, a.organization_id) for a in answers})
    return [
        Answer(
            id=a.pk,
            version=a.version,
            request=a.request_id,
            organization=organizations[a.organization_id],
            state=a.state,
            takes_place=a.takes_place,
            takes=takes.get(a.pk, []),
            reason=a.reason,
            note=a.note,
            by=people.get((a.by_id, a.organization_id)),
            at=a.at,
            reminders=a.reminders,
            reminded_at=a.reminded_at,
            redirected_to=organizations[a.redirected_to_id] if a.redirected_to_id else None,
            redirected_by=organizations[a.redirected_by_id] if a.redirected_by_id else None,
            history=histories.get(a.pk, []),
        )
        for a in answers
    ]


def shape_slots(requests: list[models.Request]) -> dict[UUID, list[Slot]]:
    found: dict[UUID, list[Slot]] = defaultdict(list)
    for s in models.Slot.objects.filter(request__in=[r.pk for r in requests]):
        found[s.request_id].append(Slot(role=s.role, places=s.places, places_taken=s.places_taken))
    return found


def shape_takes(answers: list[models.Answer]) -> dict[UUID, list[Take]]:
    found: dict[UUID, list[Take]] = defaultdict(list)
    rows = models.Take.objects.filter(answer__in=[a.pk for a in answers]).select_related("slot")
    for t in rows.order_by("slot__position"):
        found[t.answer_id].append(Take(role=t.slot.role, places=t.places))
    return found


def shape_escalations(rows: Rows) -> list[Escalation]:
    escalations: list[models.Escalation] = list(rows)
    requests = models.Request.objects.in_bulk([e.request_id for e in escalations])
    organizations = organization_refs({r.owner_id for r in requests.values()})
    return [
        Escalation(
            id=e.pk,
            version=e.version,
            request_kind=requests[e.request_id].request_kind,
            owner=organizations[requests[e.request_id].owner_id],
            exercise=requests[e.request_id].exercise,
            posted_at=requests[e.request_id].posted_at,
            at=e.at,
            ended_at=e.ended_at,
        )
        for e in escalations
    ]


def shape_entries(rows: QuerySet[models.Entry], by: str) -> dict[UUID, list[Entry]]:
    entries = list(rows.select_related("request").order_by("pk"))
    organizations = organization_refs({e.organization_id for e in entries})
    signed = {e.pk: (e.person_id, None if e.answer_id else e.request.owner_id) for e in entries}
    people = refs_for(set(signed.values()))
    histories: dict[UUID, list[Entry]] = {}
    for e in entries:
        entry = Entry(
            at=e.at,
            what=e.what,
            organization=organizations.get(e.organization_id) if e.organization_id else None,
            person=people.get(signed[e.pk]),
            note=e.note,
        )
        histories.setdefault(getattr(e, by), []).append(entry)
    return histories


REQUEST = Kind("request", Request, REQUESTS, shape_requests)
ANSWER = Kind("answer", Answer, ANSWERS, shape_answers)
ESCALATION = Kind("escalation", Escalation, ESCALATIONS, shape_escalations)
KINDS = (REQUEST, ANSWER, ESCALATION)
