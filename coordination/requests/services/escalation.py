"""Nobody is left waiting: who has not seen a request is reminded, and where nobody answers more people are told."""

from collections.abc import Callable
from uuid import UUID

from coordination.requests import queries
from coordination.requests.clocks import due, following_ring
from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Escalation, Request, Step
from coordination.requests.services.steps import unsigned
from coordination.requests.waking import ASKED, ESCALATED
from coordination.rota import queries as rota
from coordination.rota.models import COORDINATION
from coordination.working_groups.models import WorkingGroup
from portal.kernel.models import Network
from portal.kernel.standing import is_member, still_members
from portal.kernel.writing import THE_PORTAL, Writing, service, writing
from portal.notify.reasons import call
from portal.organizations.models import Organization


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


def pass_on_with_shift(w: Writing, organization: Organization, person: UUID) -> None:
    """What waits for somebody on call for coordination waits, with their shift, for who takes over."""
    theirs = Request.objects.filter(owner=organization, duty_coordinator=person)
    for request in queries.unanswered(theirs, w.at).select_related("owner").order_by("pk"):
        w.lock(objects=[request])
        request.duty_coordinator_id = on_call_for_coordination(w, request)
        if request.duty_coordinator_id != person:
            call(ESCALATED, request.pk)
            w.put(request)
            w.audit("request.pass_on", request)


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
            call(ASKED, answer.pk)


def climb(w: Writing, request: Request) -> None:
    """To the next step on which there is somebody; the network's administrators hear once more of what waits again."""
    for step in request.steps_left or [step for step in request.steps if step == Step.NETWORK]:
        if TELL[step](w, request):
            request.escalated_to = step
            unsigned(w, request, "escalated_duty_coordinator" if is_for_one(request) else f"escalated_{step}")
            call(ESCALATED, request.pk)
            return


def has_backup(w: Writing, request: Request) -> bool:
    return request.backup_id is not None and is_member(request.backup_id, request.owner.members_id)


def has_leads(w: Writing, request: Request) -> bool:
    """Those of the groups that were asked: they see it as members."""
    return WorkingGroup.objects.filter(members__in=w.grants[request.pk]).exists()


def tell_coordinators(w: Writing, request: Request) -> bool:
    """The owner's own, who see it as its people: the one on call for that or, where nobody is, all of them."""
    request.duty_coordinator_id = on_call_for_coordination(w, request)
    return True


def on_call_for_coordination(w: Writing, request: Request) -> UUID | None:
    """Now, and not told before: nobody is asked twice while others could be."""
    shift = rota.on_duty(request.owner.shifts.all(), COORDINATION, w.at)
    return shift.person_id if shift and not was_told(w, request, shift.person_id) else None


def was_told(w: Writing, request: Request, person: UUID) -> bool:
    leads = WorkingGroup.objects.filter(members__in=w.grants[request.pk]).values_list("leads", flat=True)
    return person in (request.posted_by_id, request.backup_id) or bool(still_members((person, a) for a in leads))


def is_for_one(request: Request) -> bool:
    return request.escalated_to == Step.COORDINATOR and request.duty_coordinator_id is not None


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
    Step.COORDINATOR: tell_coordinators,
    Step.NETWORK: tell_network,
}
