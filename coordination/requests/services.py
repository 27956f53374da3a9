"""Every write to requests and their answers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F

from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Entry, Request
from coordination.requests.policy import ANSWERS, REQUESTS, asked, may_ask
from coordination.working_groups.models import WorkingGroup
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.grants import granted
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization, Tier

TAKING = (Answer.State.YES, Answer.State.MAYBE, Answer.State.NO)


@service
def post_request(
    actor: Actor,
    *,
    request_kind: str,
    details: dict[str, Any],
    organizations: Collection[Organization],
    working_groups: Collection[WorkingGroup],
    note: str = "",
    places: int = 1,
    pick: bool = False,
    answer_by: datetime | None = None,
) -> Request:
    """Ask organizations and working groups. Each named organization gets its own answer to fill in."""
    owner = actor.acting_for
    shared = {owner.members_id, *(o.members_id for o in organizations), *(g.members_id for g in working_groups)}
    with writing(actor, audiences=shared) as w:
        confirm(w)
        require_addressees(actor, organizations, working_groups)
        clock = KINDS[request_kind]
        answer_by = answer_by or w.at + clock.answer
        request = Request(
            owner=owner,
            posted_by=actor.person,
            posted_at=w.at,
            request_kind=request_kind,
            details=details,
            note=note,
            places=places,
            pick=pick,
            acknowledge_by=min(w.at + clock.acknowledge, answer_by),
            answer_by=answer_by,
        )
        request.expires_at = expiry(request)
        request.save(force_insert=True)
        w.created(request, *shared)
        record(w, request, "posted")
        for organization in organizations:
            ask(w, request, organization)
        w.audit("request.post", request, request_kind=request_kind)
        return request


def require_addressees(
    actor: Actor, organizations: Collection[Organization], working_groups: Collection[WorkingGroup]
) -> None:
    if not organizations and not working_groups:
        raise Invalid("organizations", "nobody", "Say whom you ask: an organization or a working group.")
    verified = Organization.objects.filter(status=Organization.Status.VERIFIED).in_bulk([o.pk for o in organizations])
    for organization in organizations:
        if organization.pk not in verified:
            raise Invalid("organizations", "not_verified", "Only verified organizations can be asked.")
        if organization.pk == actor.organization_id:
            raise Invalid("organizations", "invalid", "Ask somebody other than your own organization.")
    for group in working_groups:
        if not may_ask(actor.person, group):
            raise Invalid("working_groups", "not_a_member", "You can ask the groups that you are in.")
        group.refresh_from_db(fields=["archived_at"])
        if group.is_archived:
            raise Conflict("archived")


def expiry(request: Request) -> datetime:
    """Some time after it was to be answered and, where the kind says when it is needed, after that."""
    kind = KINDS[request.request_kind]
    moments = [datetime.fromisoformat(request.details[name]) for name in kind.moments]
    return max([request.answer_by, *moments]) + kind.lasts


@service
def edit_request(actor: Actor, request: Request, version: int, **fields: Any) -> Request:
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "edit", request)
        w.expect(request, version)
        w.demand(request, "edit")
        if fields.get("places", request.places) < request.places_taken:
            raise Invalid("places", "too_low", "More places than this are taken already.")
        for field, value in fields.items():
            setattr(request, field, value)
        request.expires_at = expiry(request)
        fill_or_reopen(w, request)
        record(w, request, "edited")
        w.put(request)
        w.audit("request.edit", request, fields=sorted(fields))
        return request


@service
def note_on_request(actor: Actor, request: Request, text: str) -> Request:
    """A line for everybody who sees the request."""
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "note", request)
        w.demand(request, "note")
        record(w, request, "noted", note=text)
        w.put(request)
        w.audit("request.note", request)
        return request


@service
def start_request(actor: Actor, request: Request) -> Request:
    """Help is on its way."""
    with writing(actor, objects=[request]) as w:
        move(w, request, "start", Request.State.IN_PROGRESS, "started")
        return request


@service
def close_request(actor: Actor, request: Request, outcome: str, note: str = "") -> Request:
    """What came of it: without an outcome nothing is closed."""
    with writing(actor, objects=[request]) as w:
        request.outcome, request.outcome_note = outcome, note
        move(w, request, "close", Request.State.DONE, "closed", note=note)
        return request


@service
def withdraw_request(actor: Actor, request: Request, reason: str = "") -> Request:
    with writing(actor, objects=[request]) as w:
        move(w, request, "withdraw", Request.State.WITHDRAWN, "withdrawn", note=reason)
        return request


@service
def expire_request(request: Request) -> Request:
    """Its moment passed and nobody took it: run by the portal."""
    with writing(THE_PORTAL, objects=[request]) as w:
        if request.permits("expire") and request.expires_at <= w.at:
            request.state = Request.State.EXPIRED
            record(w, request, "expired")
            w.put(request)
            w.audit("request.expire", request)
        return request


@service
def acknowledge_request(actor: Actor, request: Request) -> Answer:
    """Somebody at the organization has seen it."""
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "acknowledge", request)
        confirm(w)
        w.demand(request, "acknowledge")
        answer = own_answer(w, request)
        if answer.state == Answer.State.ASKED:
            settle(w, answer, Answer.State.ACKNOWLEDGED)
            w.put(answer)
        return answer


@service
def answer_request(actor: Actor, request: Request, state: str, reason: str = "", note: str = "") -> Answer:
    """Yes, maybe or no, for an organization. A yes takes a place, unless the owner picks.

    Raises `no_place_left` when another organization took the last place first.
    """
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "answer", request)
        confirm(w, Tier.COORDINATOR)
        w.demand(request, "answer")
        answer = own_answer(w, request)
        if state == Answer.State.YES and not answer.takes_place and not request.pick:
            take_place(w, answer)
        elif state != Answer.State.YES and answer.takes_place:
            release_place(w, answer)
        answer.reason = reason if state == Answer.State.NO else ""
        answer.note = note
        settle(w, answer, state, note)
        w.put(answer)
        return answer


@service
def withdraw_answer(actor: Actor, answer: Answer) -> Answer:
    """Take a yes or a maybe back; the place is free again."""
    with writing(actor, objects=[answer.request, answer]) as w:
        ANSWERS.require(actor.person, "withdraw", answer)
        w.demand(answer, "withdraw")
        if answer.takes_place:
            release_place(w, answer)
        settle(w, answer, Answer.State.WITHDRAWN)
        w.put(answer)
        return answer


@service
def pick_answer(actor: Actor, answer: Answer) -> Answer:
    """The owner chooses one of those who said yes."""
    with writing(actor, objects=[answer.request, answer]) as w:
        ANSWERS.require(actor.person, "pick", answer)
        w.demand(answer, "pick")
        take_place(w, answer)
        record(w, answer.request, "picked", answer=answer)
        w.put(answer)
        w.audit("answer.pick", answer)
        return answer


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """What a suspended organization asks for is withdrawn; what it was asked goes back to those who asked."""
    for request in organization.requests.filter(state__in=Request.LIVING):
        w.lock(objects=[request])
        request.state = Request.State.WITHDRAWN
        unsigned(w, request, "inactive")
        w.put(request)
        w.audit("request.withdraw", request)
    for answer in organization.answers.filter(request__state__in=Request.LIVING).select_related("request"):
        w.lock(objects=[answer.request, answer])
        take_back(w, answer)
        w.unshare(answer, organization.members_id)
    for request in granted(Request, [organization.members_id]).filter(state__in=Request.LIVING):
        w.lock(objects=[request])
        w.unshare(request, organization.members_id)


# the pieces of these sentences


def move(w: Writing, request: Request, verb: str, state: str, what: str, note: str = "") -> None:
    REQUESTS.require(w.actor.person, verb, request)
    w.demand(request, verb)
    request.state = state
    record(w, request, what, note=note)
    w.put(request)
    w.audit(f"request.{verb}", request)


def ask(w: Writing, request: Request, organization: Organization) -> Answer:
    """An organization's answer begins as "asked"."""
    answer = Answer.objects.create(request=request, organization=organization, at=w.at)
    w.created(answer, request.owner.members_id, organization.members_id)
    return answer


def own_answer(w: Writing, request: Request) -> Answer:
    """The acting organization's answer; one that was asked through a group gets it now."""
    organization = w.actor.acting_for
    answer = request.answers.filter(organization=organization).first()
    if answer is None:
        if organization.pk not in asked([request], [organization])[request.pk]:
            raise NotAllowed
        return ask(w, request, organization)
    answer.request = request
    w.lock(objects=[answer])
    if organization.members_id not in w.grants[answer.pk]:  # one that was suspended meanwhile had lost it
        w.share(answer, organization.members_id)
    return answer


def settle(w: Writing, answer: Answer, state: str, note: str = "") -> None:
    answer.state = state
    answer.by = w.actor.person
    answer.at = w.at
    record(w, answer.request, state, answer=answer, note=note)
    w.audit(f"answer.{state}", answer)


def take_back(w: Writing, answer: Answer) -> None:
    """Its organization is not active any more. Who decided that is no matter of the owner's."""
    if answer.state in (Answer.State.NO, Answer.State.WITHDRAWN):
        return
    if answer.takes_place:
        release_place(w, answer)
    answer.state, answer.by, answer.at = Answer.State.WITHDRAWN, None, w.at
    unsigned(w, answer.request, "inactive", answer=answer)
    w.audit("answer.withdrawn", answer)


def take_place(w: Writing, answer: Answer) -> None:
    """One conditional update decides who gets the last place."""
    request = answer.request
    free = Request.objects.filter(pk=request.pk, places_taken__lt=F("places"))
    if not free.update(places_taken=F("places_taken") + 1):
        raise Conflict("no_place_left")
    answer.takes_place = True
    request.refresh_from_db(fields=["places_taken"])
    fill_or_reopen(w, request)
    w.put(request)


def release_place(w: Writing, answer: Answer) -> None:
    request = answer.request
    Request.objects.filter(pk=request.pk).update(places_taken=F("places_taken") - 1)
    answer.takes_place = False
    request.refresh_from_db(fields=["places_taken"])
    fill_or_reopen(w, request)
    w.put(request)


def fill_or_reopen(w: Writing, request: Request) -> None:
    if request.state == Request.State.OPEN and request.places_taken == request.places:
        request.state = Request.State.FILLED
        unsigned(w, request, "filled")
    elif request.state == Request.State.FILLED and request.places_taken < request.places:
        request.state = Request.State.OPEN
        unsigned(w, request, "reopened")


def record(w: Writing, request: Request, what: str, *, answer: Answer | None = None, note: str = "") -> None:
    Entry.objects.create(
        request=request,
        answer=answer,
        what=what,
        organization=answer.organization if answer else w.actor.acting_for,
        person=w.actor.person,
        note=note,
        at=w.at,
    )


def unsigned(w: Writing, request: Request, what: str, *, answer: Answer | None = None) -> None:
    """A line that does not say who caused it: others read it too."""
    organization = answer.organization if answer else None
    Entry.objects.create(request=request, answer=answer, what=what, organization=organization, at=w.at)
