"""A request to those on call alone: who knows of it, until when, and who comes after them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from coordination.requests import queries
from coordination.requests.models import Answer, Request
from coordination.requests.policy import REQUESTS, asked_in, askers, asking, in_on_it
from coordination.requests.services.conversation import follow, put_out
from coordination.requests.services.escalation import tell
from coordination.requests.services.places import release_places
from coordination.requests.services.steps import ask, own_answer, unsigned
from coordination.requests.waking import ASKED
from coordination.rota import queries as rota
from coordination.working_groups.models import WorkingGroup
from portal.kernel import memberships
from portal.kernel.errors import FieldError, Invalid, Problem
from portal.kernel.models import Audience
from portal.kernel.standing import living_seats, members
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.notify.reasons import call
from portal.organizations.acting import confirm
from portal.organizations.models import Organization
from portal.people.models import User


@service
def stand_aside(actor: Actor, request: Request) -> None:
    """Not me: it may be about somebody they represent. They are out at once, and the next on the rota is asked.

    Where nobody is next, the organization's answer is no. Nobody reads who it was that stood aside.
    """
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "stand_aside", request)
        confirm(w, takes_back=True)
        w.demand(request, "stand_aside")
        answer = own_answer(w, request)
        answer.stood_aside.add(actor.person)
        unsigned(w, request, "stood_aside", answer=answer)
        binds = answer.state in (*Answer.UNDECIDED, Answer.State.YES)
        if binds and (answer.by_id == actor.id or not members(asked_in(answer)) - {actor.id}):
            hand_over(w, answer)
        seat_those_on_call(w, answer)
        put_out(w, request, actor.person)
        tell(w, answer)
        follow(w, answer)
        w.audit("request.stand_aside", request)


@service
def call_those_on_call(answer: Answer) -> Answer:
    """Whose turn it has become: run by the portal, as often as it likes."""
    with writing(THE_PORTAL, objects=[answer.request, answer]) as w:
        call_next(w, answer)
        return answer


def end_with_shift(w: Writing, organization: Organization, person: UUID) -> None:
    """Somebody is on call no longer: what they knew for being so they know no more. Whose turn it is hears of it."""
    for answer in Answer.objects.filter(organization=organization, on_call__group__memberships__user=person):
        w.lock(objects=[answer.request, answer])
        call_next(w, answer)


def end_for_departed(w: Writing, organization: Organization, person: User) -> None:
    """Whoever leaves an organization is out of the channels that they were in for it."""
    for request in queries.spoken_of_with(organization, person):
        put_out(w, request, person)


# the pieces of these sentences


def require_those_on_call(
    w: Writing, request_kind: str, organizations: Collection[Organization], working_groups: Collection[WorkingGroup]
) -> None:
    """Each of these has somebody on call now. Their rows are locked: till the end their rotas stand still."""
    if working_groups:
        raise Invalid("working_groups", "invalid", "For this, organizations are asked and not whole groups.")
    w.lock(objects=organizations)
    unmanned = [o for o in organizations if rota.on_duty(o.shifts.all(), request_kind, w.at) is None]
    if unmanned:
        raise Problem("invalid", errors=[nobody_on_call(organization) for organization in unmanned])


def nobody_on_call(organization: Organization) -> FieldError:
    message = f"Nobody at {organization.name} is on call for this now."
    return FieldError(f"organizations.{organization.pk}", "nobody_on_call", message)


def ask_those_on_call(w: Writing, request: Request, organizations: Collection[Organization]) -> None:
    """Of each organization whoever is on call, who have an audience of their own: none knows of another."""
    on_call = {o: w.new_audience(Audience.Kind.REQUEST_ON_CALL) for o in organizations}
    w.created(request, *asking(request), *(audience.pk for audience in on_call.values()))
    seat_askers(w, request)
    for organization, audience in on_call.items():
        seat_those_on_call(w, ask(w, request, organization, on_call=audience))


def change_askers(w: Writing, request: Request, before: User | None) -> None:
    """Its backup was this person, and is another now."""
    if request.on_call_only:
        seat_askers(w, request)
        if before:
            put_out(w, request, before)


def seat_askers(w: Writing, request: Request) -> None:
    assert request.askers is not None
    seat(w, request.askers, request.owner, dict.fromkeys(askers(request)))


def call_next(w: Writing, answer: Answer) -> None:
    if seat_those_on_call(w, answer):
        if answer.state == Answer.State.ASKED:
            answer.at = w.at  # they have their own time to acknowledge
            call(ASKED, answer.pk)
        unsigned(w, answer.request, "next_called", answer=answer)
        w.put(answer)
        w.audit("answer.call_next", answer)


def seat_those_on_call(w: Writing, answer: Answer) -> bool:
    """As the rota stands now; whether somebody has come in."""
    assert answer.on_call is not None
    w.lock(objects=[answer.organization])
    return seat(w, answer.on_call, answer.organization, in_on_it(answer, w.at))


def hand_over(w: Writing, answer: Answer) -> None:
    """As if it had not been asked yet; where nobody is left to ask, it says no."""
    release_places(w, answer)
    answer.state, answer.reason, answer.note, answer.by, answer.at = Answer.State.ASKED, "", "", None, w.at
    if not answer.request.permits("answer") or not in_on_it(answer, w.at):
        answer.state, answer.reason = Answer.State.NO, "conflict_of_interest"
        w.audit("answer.no", answer)


def seat(w: Writing, audience: Audience, organization: Organization, wanted: dict[UUID, datetime | None]) -> bool:
    """These people of an organization, each until then, and nobody else; whether somebody has come in."""
    seats = living_seats().filter(membership__group=audience.pk, via=organization.members_id)
    inside = dict(seats.values_list("membership__user", "expires_at"))
    people = User.objects.in_bulk([*inside, *wanted])
    if w.actor.person:  # its standing moves too
        people[w.actor.id] = w.actor.person
    for pk in sorted(inside.keys() - wanted.keys()):
        memberships.leave(w, people[pk], audience)
    for pk, until in sorted(wanted.items()):
        if pk not in inside or inside[pk] != until:
            memberships.join(w, people[pk], audience, via=organization.members, expires_at=until)
    return bool(wanted.keys() - inside.keys())
