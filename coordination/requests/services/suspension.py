"""What a suspension ends."""

from coordination.requests.models import Answer, Request
from coordination.requests.policy import asked_in
from coordination.requests.services.conversation import end_conversation, follow
from coordination.requests.services.escalation import calm
from coordination.requests.services.places import release_places
from coordination.requests.services.steps import settle, unsigned
from portal.kernel.writing import Writing
from portal.organizations.models import Organization


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """What a suspended organization asks for is withdrawn; what it was asked goes back to those who asked."""
    for request in organization.requests.filter(state__in=Request.LIVING):
        w.lock(objects=[request])
        settle(w, request, Request.State.WITHDRAWN)
        unsigned(w, request, "inactive")
        w.put(request)
        calm(w, request)
        end_conversation(w, request)
        w.audit("request.withdraw", request)
    asked = organization.answers.filter(request__state__in=Request.LIVING)
    for answer in asked.select_related("request__owner", "organization"):
        w.lock(objects=[answer.request, answer])
        take_back(w, answer)
        follow(w, answer)
        for known in (answer, answer.request):
            w.unshare(known, asked_in(answer))


def take_back(w: Writing, answer: Answer) -> None:
    """Its organization is not active any more. Who decided that is no matter of the owner's."""
    if answer.state in (Answer.State.NO, Answer.State.WITHDRAWN, Answer.State.REDIRECTED):
        return
    release_places(w, answer)
    answer.state, answer.by, answer.at = Answer.State.WITHDRAWN, None, w.at
    unsigned(w, answer.request, "inactive", answer=answer)
    w.audit("answer.withdrawn", answer)
