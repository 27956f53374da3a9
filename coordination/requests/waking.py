"""Who is woken about a request: whoever is asked first, until they have seen it, and whoever it was escalated to."""

from collections.abc import Collection, Iterable
from uuid import UUID

from coordination.requests import queries
from coordination.requests.kinds import KINDS
from coordination.requests.models import Answer, Request, Step
from coordination.requests.policy import ANSWERS, REQUESTS, deciding
from coordination.rota import queries as rota
from coordination.working_groups.models import WorkingGroup
from portal.kernel import clock
from portal.kernel.grants import audiences_of
from portal.kernel.models import Network
from portal.kernel.policy import Policy
from portal.kernel.standing import members
from portal.notify.reasons import NOBODY, Call, reason
from portal.people.models import User

ASKED = "requests.asked"
ESCALATED = "requests.escalated"


@reason(ASKED)
def asked(subject: UUID) -> Call:
    """Whoever is on call where it was asked or, where nobody is, who answers there: while nobody has seen it."""
    answer = Answer.objects.filter(pk=subject).select_related("request__owner", "organization").first()
    if answer is None or answer.state != Answer.State.ASKED or answer.request.state != Request.State.OPEN:
        return NOBODY
    return Call(seeing(ANSWERS, answer, asked_first(answer)), for_safety(answer.request))


@reason(ESCALATED)
def escalated(subject: UUID) -> Call:
    """Whoever stands on the step that was reached, while nobody answers."""
    request = Request.objects.filter(pk=subject).select_related("owner").first()
    if request is None or not queries.unanswered(Request.objects.filter(pk=subject), clock.now()).exists():
        return NOBODY
    return Call(ON[Step(request.escalated_to)](request), for_safety(request)) if request.escalated_to else NOBODY


def for_safety(request: Request) -> bool:
    """A drill is for nobody's."""
    return KINDS[request.request_kind].for_safety and not request.exercise


def asked_first(answer: Answer) -> Collection[UUID]:
    shift = rota.on_duty(answer.organization.shifts.all(), answer.request.request_kind, clock.now())
    if shift is None or answer.on_call_id:
        return members(deciding(answer))
    return {shift.person_id}


# who stands on each step


def backup(request: Request) -> set[UUID]:
    return seeing(REQUESTS, request, {request.backup_id} if request.backup_id else ())


def leads(request: Request) -> set[UUID]:
    groups = WorkingGroup.objects.filter(members__in=audiences_of([request])[request.pk])
    found = [members(audience) for audience in groups.values_list("leads", flat=True)]
    return seeing(REQUESTS, request, set().union(*found))


def coordinators(request: Request) -> set[UUID]:
    """The one on call for that, or all."""
    found = members(request.owner.coordinators_id)
    return found & {request.duty_coordinator_id} or found


def administrators(request: Request) -> set[UUID]:
    return members(Network.current().administrators_id)


ON = {Step.BACKUP: backup, Step.LEADS: leads, Step.COORDINATOR: coordinators, Step.NETWORK: administrators}


def seeing(policy: Policy, subject: Answer | Request, people: Iterable[UUID]) -> set[UUID]:
    """Those of these people who see it now."""
    found = User.objects.filter(pk__in=people)
    return {person.pk for person in found if policy.visible(person).filter(pk=subject.pk).exists()}
