from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from coordination.requests.models import Answer, Escalation, Request, RequestGroupPermission
from coordination.rota import queries as rota
from coordination.working_groups.models import WorkingGroup
from portal.kernel.grants import audiences_of
from portal.kernel.policy import BorrowedPolicy, SharedPolicy
from portal.kernel.standing import Person, Standing, is_member, living_seats, members
from portal.organizations.models import Organization, Tier


class RequestPolicy(SharedPolicy[Request]):
    """The owner's people and whoever was asked see a request; one to those on call, of them those alone.

    Its poster, its backup and the owner's coordinators steer it. Whoever works for an organization that was
    asked says that it was seen; that organization's coordinators answer, or whoever is on call where those are
    asked. One that was asked by name may pass it on; from a group, and from those on call, nothing is passed on.
    """

    model = Request
    needs = ("owner",)
    still_open = ("withdraw", "stand_aside")

    def verbs(self, who: Standing, request: Request) -> Iterable[str]:
        if who.within(*asking(request)):
            yield "note"
            if steers(who, request):
                yield from ("edit", "start", "close", "withdraw", "pick", "open_channel")

    def open_to(self, who: Standing, requests: Collection[Request]) -> dict[UUID, set[str]]:
        found = super().open_to(who, requests)
        mine = Organization.objects.filter(members__in=who.audiences, status=Organization.Status.VERIFIED).in_bulk()
        shared = audiences_of(requests)
        for pk, organizations in asked(requests, mine.values()).items():
            if pk in found and organizations:
                coordinated = [mine[o] for o in organizations if who.within(mine[o].coordinators_id)]
                found[pk] |= {"acknowledge"}
                found[pk] |= {"answer"} if coordinated else set()
                found[pk] |= {"redirect"} if any(asked_by_name(o, shared[pk]) for o in coordinated) else set()
        for pk in found.keys() & called(who, requests).keys():
            found[pk] |= {"acknowledge", "answer", "stand_aside"}
        return found


class AnswerPolicy(SharedPolicy[Answer]):
    """Who asks and the answering organization see an answer; nobody else who was asked does."""

    model = Answer
    needs = ("organization", "request__owner")
    still_open = ("withdraw",)

    def verbs(self, who: Standing, answer: Answer) -> Iterable[str]:
        if who.within(asked_in(answer)):
            yield "acknowledge"
        if who.within(deciding(answer)):
            yield from ("answer", "withdraw")
        if steers(who, answer.request):
            yield "pick"


class EscalationPolicy(BorrowedPolicy[Escalation]):
    """The network's administrators see that something waits, and nothing of what it is."""

    model = Escalation

    def verbs(self, who: Standing, escalation: Escalation) -> Iterable[str]:
        return ()


REQUESTS = RequestPolicy()
ANSWERS = AnswerPolicy()
ESCALATIONS = EscalationPolicy()


def steers(who: Standing, request: Request) -> bool:
    own = who.person in (request.posted_by_id, request.backup_id) and who.within(request.owner.members_id)
    return own or who.within(request.owner.coordinators_id)


def concerned(request: Request) -> set[UUID]:
    """Whom its channel is for: who asked, their backup, and who said yes for each organization that takes a place,
    while they work there."""
    helping = request.answers.filter(takes_place=True).select_related("organization")
    return askers(request) | {answer.by_id for answer in helping if answer.by_id in members(asked_in(answer))}


def askers(request: Request) -> set[UUID]:
    """Who posted it and their backup, while they work for its owner."""
    return members(request.owner.members_id) & {request.posted_by_id, request.backup_id}


def asking(request: Request) -> list[int]:
    """Who sees it, and every answer to it, where it comes from: all of the owner's people, or those who steer it."""
    return [request.owner.coordinators_id, request.askers_id] if request.askers_id else [request.owner.members_id]


def asked_in(answer: Answer) -> int:
    """Who sees it where it was asked: all of the organization's people, or those on call."""
    audience: int = answer.on_call_id or answer.organization.members_id
    return audience


def deciding(answer: Answer) -> int:
    """Who gives it: coordinators; being on call is authority enough."""
    audience: int = answer.on_call_id or answer.organization.coordinators_id
    return audience


def tier_to_answer(request: Request) -> Tier:
    return Tier.MEMBER if request.on_call_only else Tier.COORDINATOR


def speaks_for(person: Person, answer: Answer) -> bool:
    """Where those on call are asked, one of them acts for their organization."""
    return not answer.on_call_id or is_member(person.pk, answer.on_call_id)


def in_on_it(answer: Answer, at: datetime) -> dict[UUID, datetime | None]:
    """Who of the organization knows of a request to those on call, and until when (None: to the end).

    Who is on call, while it can be answered; who was, while their shift runs; who said yes, to the end.
    """
    shifts = answer.organization.shifts.exclude(person__in=answer.stood_aside.all())
    kind, request = answer.request.request_kind, answer.request
    inside = members(asked_in(answer))
    running = rota.on_call(rota.for_duty(shifts, kind), at).order_by("ends_at")
    found: dict[UUID, datetime | None] = {s.person_id: s.ends_at for s in running if s.person_id in inside}
    bound = bound_by(answer)
    if bound:
        found[bound] = None
    elif answer.state == Answer.State.YES or (answer.state in Answer.UNDECIDED and request.permits("answer")):
        shift = rota.on_duty(shifts, kind, at)
        if shift is None and answer.stood_aside.exists():
            shift = rota.next_on_duty(shifts.filter(starts_at__lt=request.expires_at), kind, at)
        if shift:
            found.setdefault(shift.person_id, shift.ends_at)
    return found


def bound_by(answer: Answer) -> UUID | None:
    """Who said yes for their organization, and still works there."""
    working = members(answer.organization.members_id)
    return answer.by_id if answer.state == Answer.State.YES and answer.by_id in working else None


def asked_by_name(organization: Organization, shared: Collection[int]) -> bool:
    """And not through a group alone; `shared` are the audiences of the request."""
    return organization.members_id in shared


def may_ask(person: Person, group: WorkingGroup) -> bool:
    """A working group is asked from within."""
    return is_member(person.pk, group.members_id)


def called(who: Standing, requests: Collection[Request]) -> dict[UUID, set[UUID]]:
    """For which organizations somebody who stands there, being on call, answers each of these requests."""
    rows = Answer.objects.filter(request__in=[r.pk for r in requests], on_call__in=who.audiences)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for request, organization in rows.values_list("request", "organization"):
        found[request].add(organization)
    return found


def asked(requests: Collection[Request], organizations: Collection[Organization]) -> dict[UUID, set[UUID]]:
    """Which of these organizations each request was put to: by name, or through a group they sit in.

    None for what is asked of those on call: they are no whole organization.
    """
    by_members = {o.members_id: o.pk for o in organizations}
    whole = [r.pk for r in requests if not r.on_call_only]
    rows = RequestGroupPermission.objects.filter(content_object__in=whole)
    granted = set(rows.values_list("content_object", "group"))
    seats = living_seats().filter(membership__group__in={g for _, g in granted}, via__in=by_members)
    reached: dict[int, set[UUID]] = defaultdict(set)
    for group, via in seats.values_list("membership__group_id", "via_id").distinct():
        reached[group].add(by_members[via])
    for audience, organization in by_members.items():
        reached[audience].add(organization)
    owners = {r.pk: r.owner_id for r in requests}
    found: dict[UUID, set[UUID]] = {r.pk: set() for r in requests}
    for request, group in granted:
        found[request] |= reached[group] - {owners[request]}
    return found
