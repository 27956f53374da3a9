"""The pieces that the writes of requests and answers are made of."""

from coordination.requests.clocks import following_ring
from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Entry, Request
from portal.kernel.writing import Writing
from portal.organizations.models import Organization


def ask(w: Writing, request: Request, organization: Organization, redirected_by: Organization | None = None) -> Answer:
    """An organization's answer begins as "asked"."""
    answer = Answer.objects.create(request=request, organization=organization, at=w.at, redirected_by=redirected_by)
    w.created(answer, request.owner.members_id, organization.members_id)
    return answer


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
