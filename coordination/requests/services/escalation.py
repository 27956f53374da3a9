"""Nobody is left waiting: who has not seen a request is reminded, and where nobody answers more people are told."""

from collections.abc import Callable

from coordination.requests import queries
from coordination.requests.clocks import due, following_ring
from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Escalation, Request, Step
from coordination.requests.services.steps import unsigned
from coordination.working_groups.models import WorkingGroup
from portal.kernel.models import Network
from portal.kernel.standing import is_member
from portal.kernel.writing import THE_PORTAL, Writing, service, writing


@service
def ring_clock(request: Request) -> Request:
    """Its clock has run out: run by the portal, by as many workers as like to.

    One step is taken for one ring, and the next ring counts from now: after hours in which nothing ran, each
    step still gets its time.
    """
    with writing(THE_PORTAL, objects=[request]) as w:
        if request.rings_at and request.rings_at <= w.at:
            remind(w, request)
            if waits(w, request):
                climb(w, request)
            request.rings_at = following_ring(KINDS[request.request_kind], request, w.at)
            w.put(request)
            w.audit("request.ring", request, escalated_to=request.escalated_to)
        return request


def calm(w: Writing, request: Request) -> None:
    """Somebody has answered, or it is over: the network's administrators need not look."""
    if request.is_fully_escalated and not waits(w, request):
        for escalation in Escalation.objects.filter(request=request, ended_at=None):
            w.lock(objects=[escalation])
            escalation.ended_at = w.at
            w.put(escalation)


def tell(w: Writing, answer: Answer) -> None:
    """Whether a request waits for those it was escalated to hangs on its answers, which not all of them see."""
    w.put(answer)
    if answer.request.escalated_to:
        w.put(answer.request)
        calm(w, answer.request)


# the pieces of these sentences


def waits(w: Writing, request: Request) -> bool:
    return queries.unanswered(Request.objects.filter(pk=request.pk), w.at).exists()


def remind(w: Writing, request: Request) -> None:
    """Each organization where nobody has acknowledged in the time that it had since it was asked."""
    kind = KINDS[request.request_kind]
    for answer in request.answers.filter(state=Answer.State.ASKED).order_by("pk"):
        if due(kind, answer.at, kind.acknowledge) <= w.at:
            w.lock(objects=[answer])
            answer.reminders += 1
            answer.reminded_at = w.at
            w.put(answer)


def climb(w: Writing, request: Request) -> None:
    """To the next step on which there is somebody; the network's administrators hear once more of what waits again."""
    for step in request.steps_left or [step for step in request.steps if step == Step.NETWORK]:
        if TELL[step](w, request):
            request.escalated_to = step
            unsigned(w, request, f"escalated_{step}")
            return


def has_backup(w: Writing, request: Request) -> bool:
    return request.backup_id is not None and is_member(request.backup_id, request.owner.members_id)


def has_leads(w: Writing, request: Request) -> bool:
    """Those of the groups that were asked: they see it as members."""
    return WorkingGroup.objects.filter(members__in=w.grants[request.pk]).exists()


def has_coordinator(w: Writing, request: Request) -> bool:
    """The owner's own: they see it as its people."""
    return True


def tell_network(w: Writing, request: Request) -> bool:
    """The fact alone: an administrator who is in no group sees nothing of what goes on in one."""
    escalation = Escalation.objects.filter(request=request).first()
    if escalation is None:
        administrators = Network.current().administrators_id
        escalation = Escalation(request=request, audience_id=administrators, at=w.at)
        escalation.save(force_insert=True)
        w.created(escalation, administrators)
        return True
    w.lock(objects=[escalation])
    if escalation.ended_at is None:
        return False
    escalation.at, escalation.ended_at = w.at, None
    w.put(escalation)
    return True


TELL: dict[Step, Callable[[Writing, Request], bool]] = {
    Step.BACKUP: has_backup,
    Step.LEADS: has_leads,
    Step.COORDINATOR: has_coordinator,
    Step.NETWORK: tell_network,
}
