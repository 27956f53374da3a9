"""The pieces that the writes of requests and answers are made of."""

from coordination.requests.clocks import following_ring
from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Entry, Request
from coordination.requests.policy import asked, asked_in, asking, speaks_for
from coordination.requests.waking import ASKED
from portal.kernel.errors import NotAllowed
from portal.kernel.models import Audience, Network
from portal.kernel.writing import Writing
from portal.notify.reasons import call
from portal.organizations.models import Organization


def ask(
    w: Writing,
    request: Request,
    organization: Organization,
    *,
    redirected_by: Organization | None = None,
    on_call: Audience | None = None,
) -> Answer:
    """An organization's answer begins as "asked". Where those on call alone are asked they have an audience for it."""
    answer = Answer.objects.create(
        request=request, organization=organization, at=w.at, redirected_by=redirected_by, on_call=on_call
    )
    w.created(answer, *asking(request), asked_in(answer))
    call(ASKED, answer.pk)
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
    if not speaks_for(w.actor.person, answer):
        raise NotAllowed
    if asked_in(answer) not in w.grants[answer.pk]:  # one that was suspended meanwhile had lost it
        w.share(answer, asked_in(answer))
    return answer


def settle(w: Writing, request: Request, state: str) -> None:
    """Nobody is waited for any more; where it is over it says since when."""
    request.state, request.rings_at = state, None
    if state not in Request.LIVING:
        request.ended_on = Network.current().day(w.at)


def fill_or_reopen(w: Writing, request: Request) -> None:
    if request.state == Request.State.OPEN and request.places_taken == request.places:
        request.state, request.rings_at = Request.State.FILLED, None
        unsigned(w, request, "filled")
    elif request.state == Request.State.FILLED and request.places_taken < request.places:
        request.state = Request.State.OPEN
        request.rings_at = following_ring(KINDS[request.request_kind], request, w.at)
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
