"""A request from its posting to its end."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from coordination.requests.clocks import due
from coordination.requests.kinds import KINDS
from coordination.requests.models import Request
from coordination.requests.policy import REQUESTS, asking, may_ask
from coordination.requests.services.calls import ask_those_on_call, change_askers, require_those_on_call
from coordination.requests.services.conversation import end_conversation, gather
from coordination.requests.services.escalation import calm
from coordination.requests.services.places import Roles, name_roles, set_places
from coordination.requests.services.steps import ask, fill_or_reopen, record, settle
from coordination.working_groups.models import WorkingGroup
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import Audience
from portal.kernel.standing import is_member
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.acting import confirm, require_reachable
from portal.organizations.models import Organization


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
    slots: Roles | None = None,
    pick: bool = False,
    exercise: bool = False,
    answer_by: datetime | None = None,
    backup: UUID | None = None,
) -> Request:
    """Ask organizations and working groups. Each named organization gets its own answer to fill in.

    Where roles are named in `slots`, its places are theirs.
    """
    owner = actor.acting_for
    asked = {*(o.members_id for o in organizations), *(g.members_id for g in working_groups)}
    with writing(actor, audiences=asked) as w:
        confirm(w)
        require_addressees(actor, organizations, working_groups)
        require_backup(backup, owner, actor.id)
        kind = KINDS[request_kind]
        if kind.on_call:
            require_those_on_call(w, request_kind, organizations, working_groups)
        answer_by = answer_by or due(kind, w.at, kind.answer)
        acknowledge_by = min(due(kind, w.at, kind.acknowledge), answer_by)
        request = Request(
            owner=owner,
            posted_by=actor.person,
            posted_at=w.at,
            request_kind=request_kind,
            details=details,
            note=note,
            places=sum((slots or {}).values()) or places,
            pick=pick,
            exercise=exercise,
            acknowledge_by=acknowledge_by,
            answer_by=answer_by,
            backup_id=backup,
            rings_at=acknowledge_by,
            askers=w.new_audience(Audience.Kind.REQUEST_ASKERS) if kind.on_call else None,
        )
        request.expires_at = expiry(request)
        request.save(force_insert=True)
        name_roles(request, slots or {})
        record(w, request, "posted")
        if kind.on_call:
            ask_those_on_call(w, request, organizations)
        else:
            w.created(request, *asking(request), *asked)
            for organization in organizations:
                ask(w, request, organization)
        w.audit("request.post", request, request_kind=request_kind)
        return request


def require_addressees(
    actor: Actor, organizations: Collection[Organization], working_groups: Collection[WorkingGroup]
) -> None:
    if not organizations and not working_groups:
        raise Invalid("organizations", "nobody", "Say whom you ask: an organization or a working group.")
    for organization in organizations:
        require_reachable(organization, "organizations")
        if organization.pk == actor.organization_id:
            raise Invalid("organizations", "invalid", "Ask somebody other than your own organization.")
    for group in working_groups:
        if not may_ask(actor.person, group):
            raise Invalid("working_groups", "not_a_member", "You can ask the groups that you are in.")
        group.refresh_from_db(fields=["archived_at"])
        if group.is_archived:
            raise Conflict("archived")


def require_backup(backup: UUID | None, owner: Organization, poster: UUID | None) -> None:
    if backup is None:
        return
    if not is_member(backup, owner.members_id):
        raise Invalid("backup", "not_a_member", "Name somebody who works for your organization.")
    if backup == poster:
        raise Invalid("backup", "duplicate", "Name somebody other than who asks.")


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
        changed = sorted(fields)
        if fields.keys() & {"places", "slots"}:
            set_places(request, fields.pop("places", None), fields.pop("slots", None))
        if "backup" in fields:
            require_backup(fields["backup"], request.owner, request.posted_by_id)
            before, request.backup_id = request.backup, fields.pop("backup")
            change_askers(w, request, before)
            gather(w, request)
        for field, value in fields.items():
            setattr(request, field, value)
        request.expires_at = expiry(request)
        fill_or_reopen(w, request)
        record(w, request, "edited")
        w.put(request)
        w.audit("request.edit", request, fields=changed)
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
            settle(w, request, Request.State.EXPIRED)
            record(w, request, "expired")
            w.put(request)
            calm(w, request)
            end_conversation(w, request)
            w.audit("request.expire", request)
        return request


def move(w: Writing, request: Request, verb: str, state: str, what: str, note: str = "") -> None:
    REQUESTS.require(w.actor.person, verb, request)
    w.demand(request, verb)
    settle(w, request, state)
    record(w, request, what, note=note)
    w.put(request)
    calm(w, request)
    if request.state not in Request.LIVING:
        end_conversation(w, request)
    w.audit(f"request.{verb}", request)
