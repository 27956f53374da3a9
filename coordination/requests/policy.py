from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from coordination.requests.models import Answer, Escalation, Request, RequestGroupPermission
from coordination.working_groups.models import WorkingGroup
from portal.kernel.grants import audiences_of
from portal.kernel.policy import BorrowedPolicy, SharedPolicy
from portal.kernel.standing import Person, Standing, is_member, living_seats, members, standing
from portal.organizations.models import Organization


class RequestPolicy(SharedPolicy[Request]):
    """The owner's people and whoever was asked see a request; one to those on call, of them those alone.

    Its poster, its backup and the owner's coordinators steer it. Whoever works for an organization that was
    asked says that it was seen; that organization's coordinators answer, or whoever is on call where those are
    asked. One that was asked by name may pass it on; from a group, and from those on call, nothing is passed on.
    """

    model = Request
    needs = ("owner",)

    def verbs(self, who: Standing, request: Request) -> Iterable[str]:
        if who.within(*request.asking_audiences):
            yield "note"
            if steers(who, request):
                yield from ("edit", "start", "close", "withdraw", "pick", "open_channel")

    def allowed(self, person: Person, objects: Iterable[Request], *, fresh: bool = False) -> dict[UUID, list[str]]:
        requests = list(objects)
        found = super().allowed(person, requests, fresh=fresh)
        who = standing(person, fresh=fresh)
        mine = Organization.objects.filter(members__in=who.audiences, status=Organization.Status.VERIFIED).in_bulk()
        shared = audiences_of(requests)
        for pk, organizations in asked(requests, mine.values()).items():
            if pk in found and organizations:
                coordinated = [mine[o] for o in organizations if who.within(mine[o].coordinators_id)]
                found[pk] += ["acknowledge"]
                found[pk] += ["answer"] if coordinated else []
                found[pk] += ["redirect"] if any(asked_by_name(o, shared[pk]) for o in coordinated) else []
        for pk in found.keys() & called(who, requests).keys():
            found[pk] += ["acknowledge", "answer", "stand_aside"]
        return {pk: sorted(verbs) for pk, verbs in found.items()}


class AnswerPolicy(SharedPolicy[Answer]):
    """Who asks and the answering organization see an answer; nobody else who was asked does."""

    model = Answer
    needs = ("organization", "request__owner")

    def verbs(self, who: Standing, answer: Answer) -> Iterable[str]:
        if who.within(answer.asked_audience):
            yield "acknowledge"
        if who.within(answer.deciding_audience):
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
    owners = members(request.owner.members_id) & {request.posted_by_id, request.backup_id}
    helping = request.answers.filter(takes_place=True).select_related("organization")
    return owners | {answer.by_id for answer in helping if answer.by_id in members(answer.asked_audience)}


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
