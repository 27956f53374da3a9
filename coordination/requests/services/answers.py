"""What the organizations that were asked say."""

from coordination.requests.models import Answer, Request
from coordination.requests.policy import ANSWERS, REQUESTS, asked_by_name, tier_to_answer
from coordination.requests.services.calls import seat_those_on_call
from coordination.requests.services.conversation import follow
from coordination.requests.services.escalation import tell
from coordination.requests.services.places import Roles, fill, release_places, take_places
from coordination.requests.services.steps import ask, own_answer, record
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm, require_reachable
from portal.organizations.models import Organization, Tier


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
            tell(w, answer)
        return answer


@service
def answer_request(
    actor: Actor, request: Request, state: str, reason: str = "", note: str = "", takes: Roles | None = None
) -> Answer:
    """Yes, maybe or no, for an organization. A yes takes a place, or those of the roles it names, unless the
    owner picks.

    It is given by a coordinator or, of a request to those on call, by whoever is.

    Raises `no_place_left` when another organization took one of them first; then none of them is taken.
    """
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "answer", request)
        confirm(w, tier_to_answer(request))
        w.demand(request, "answer")
        answer = own_answer(w, request)
        if state == Answer.State.YES:
            fill(w, answer, takes or {})
        else:
            release_places(w, answer)
        answer.reason = reason if state == Answer.State.NO else ""
        answer.redirected_to = None
        answer.note = note
        settle(w, answer, state, note)
        tell(w, answer)
        stay_or_go(w, answer)
        return answer


@service
def redirect_request(actor: Actor, request: Request, organization: Organization, reason: str, note: str = "") -> Answer:
    """Pass it on to an organization that can rather help. The owner sees it.

    One that was asked already is not asked again, and nobody is told that it was: so no request goes round.
    """
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "redirect", request)
        confirm(w, Tier.COORDINATOR)
        w.demand(request, "redirect")
        if not asked_by_name(actor.acting_for, w.grants[request.pk]):
            raise NotAllowed
        answer = own_answer(w, request)
        request = answer.request
        require_redirectable(answer, organization)
        release_places(w, answer)
        if organization.members_id not in w.grants[request.pk]:
            w.share(request, organization.members_id)
        if not request.answers.filter(organization=organization).exists():
            ask(w, request, organization, redirected_by=actor.acting_for)
        answer.reason, answer.note, answer.redirected_to = reason, note, organization
        settle(w, answer, Answer.State.REDIRECTED, note)
        tell(w, answer)
        follow(w, answer)
        return answer


@service
def withdraw_answer(actor: Actor, answer: Answer) -> Answer:
    """Take a yes or a maybe back; its places are free again."""
    with writing(actor, objects=[answer.request, answer]) as w:
        ANSWERS.require(actor.person, "withdraw", answer)
        w.demand(answer, "withdraw")
        release_places(w, answer)
        settle(w, answer, Answer.State.WITHDRAWN)
        tell(w, answer)
        stay_or_go(w, answer)
        return answer


@service
def pick_answer(actor: Actor, answer: Answer) -> Answer:
    """The owner chooses one of those who said yes: what it would fill is taken."""
    with writing(actor, objects=[answer.request, answer]) as w:
        ANSWERS.require(actor.person, "pick", answer)
        w.demand(answer, "pick")
        take_places(w, answer)
        record(w, answer.request, "picked", answer=answer)
        w.put(answer)
        w.audit("answer.pick", answer)
        follow(w, answer)
        return answer


def require_redirectable(answer: Answer, organization: Organization) -> None:
    if organization.pk in (answer.organization_id, answer.request.owner_id, answer.redirected_by_id):
        raise Invalid("organization", "invalid", "It comes from there. Pass it on to somebody else.")
    require_reachable(organization, "organization")


def stay_or_go(w: Writing, answer: Answer) -> None:
    """Who said yes stays in on it, past their shift too, and is in its channel."""
    if answer.on_call_id:
        seat_those_on_call(w, answer)
    follow(w, answer)


def settle(w: Writing, answer: Answer, state: str, note: str = "") -> None:
    answer.state = state
    answer.by = w.actor.person
    answer.at = w.at
    record(w, answer.request, state, answer=answer, note=note)
    w.audit(f"answer.{state}", answer)
