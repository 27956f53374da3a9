"""Reads beyond `visible()`. To fetch is to authorize."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.requests.models import Answer, Request, RequestGroupPermission, Step
from coordination.requests.policy import ANSWERS, REQUESTS, asked, asking, called
from coordination.working_groups.models import WorkingGroup
from messaging.models import Channel
from portal.kernel import clock
from portal.kernel.audiences import AudienceRef, SeenBy, describe
from portal.kernel.errors import NotFound
from portal.kernel.grants import audiences_of
from portal.kernel.standing import living_memberships, standing
from portal.organizations.models import Organization, Tier
from portal.organizations.queries import of_person
from portal.people.models import User

DECIDED = (Answer.State.YES, Answer.State.NO, Answer.State.WITHDRAWN, Answer.State.REDIRECTED)
# what leaves the one who asks without a word
SILENT = (Answer.State.ASKED, Answer.State.WITHDRAWN, Answer.State.REDIRECTED)


def request(person: Any, pk: UUID) -> Request:
    found = REQUESTS.visible(person).filter(pk=pk).select_related("owner").first()
    if found is None:
        raise NotFound
    return found


def answer(person: Any, pk: UUID) -> Answer:
    found = ANSWERS.visible(person).filter(pk=pk).select_related("request__owner", "organization").first()
    if found is None:
        raise NotFound
    return found


def answer_of(person: Any, asked_in: Request, organization: Organization) -> Answer:
    """An organization's answer to a request."""
    found = ANSWERS.visible(person).filter(request=asked_in, organization=organization).first()
    if found is None:
        raise NotFound
    return found


def of_mine(rows: QuerySet[Request], person: Any, *, sent: bool) -> QuerySet[Request]:
    """Those that my organizations sent, or those that others did."""
    mine = [place.organization.pk for place in of_person(person)]
    return rows.filter(owner__in=mine) if sent else rows.exclude(owner__in=mine)


def waiting(rows: QuerySet[Request], person: Any) -> QuerySet[Request]:
    """Open requests of others that my organizations have not decided about."""
    mine = [place.organization.pk for place in of_person(person)]
    decided = Answer.objects.filter(request=OuterRef("pk"), organization__in=mine, state__in=DECIDED)
    return of_mine(rows, person, sent=False).filter(~Exists(decided), state=Request.State.OPEN)


def unanswered(rows: QuerySet[Request], at: datetime) -> QuerySet[Request]:
    """Open requests that nobody has acknowledged or, once they were to be answered, nobody said yes to."""
    answers = Answer.objects.filter(request=OuterRef("pk"))
    nobody = ~Exists(answers.exclude(state__in=SILENT))
    too_late = Q(answer_by__lte=at) & ~Exists(answers.filter(state=Answer.State.YES))
    return rows.filter(nobody | too_late, state=Request.State.OPEN)


def escalated(rows: QuerySet[Request], person: Any) -> QuerySet[Request]:
    """Unanswered requests that have been escalated as far as this person: backup, a group's lead, coordinator."""
    mine = standing(person).audiences
    led = WorkingGroup.objects.filter(leads__in=mine).values("members")
    asked_of_led = RequestGroupPermission.objects.filter(content_object=OuterRef("pk"), group__in=led)
    reached = (
        Q(backup=person.pk, owner__members__in=mine) & ~Q(escalated_to="")
        | Q(escalated_to__in=Step.from_(Step.LEADS)) & Exists(asked_of_led)
        | Q(escalated_to__in=Step.from_(Step.COORDINATOR), owner__coordinators__in=mine)
        & (Q(duty_coordinator=person.pk) | ~has_duty_coordinator())
    )
    return unanswered(rows.filter(reached), clock.now())


def has_duty_coordinator() -> Exists:
    """Whether it was escalated to one of the owner's coordinators alone, who still is one."""
    coordinates = living_memberships().filter(group=OuterRef("owner__coordinators"))
    return Exists(coordinates.filter(user=OuterRef("duty_coordinator")))


def escalated_among(person: Any, requests: Collection[Request]) -> set[UUID]:
    """Which of these it waits for."""
    rows = Request.objects.filter(pk__in=[r.pk for r in requests])
    return set(escalated(rows, person).values_list("pk", flat=True))


def answering(person: Any, requests: Collection[Request]) -> dict[UUID, list[UUID]]:
    """For each request, the organizations that this person may answer it for."""
    places = [p for p in of_person(person) if p.tier != Tier.MEMBER]
    found = asked(requests, [p.organization for p in places if p.organization.is_active])
    on_call = called(standing(person).doing(), requests)
    return {pk: sorted(organizations | on_call.get(pk, set()), key=str) for pk, organizations in found.items()}


def seen_by(person: Any, shared: Collection[Any], of: Callable[[Any], Collection[int]] = asking) -> dict[UUID, SeenBy]:
    """Who sees each: all of it for those it is `of`, for others the audiences they belong to "and others"."""
    who = standing(person)
    owned = {each.pk for each in shared if who.within(*of(each))}
    granted = audiences_of(shared)
    told = {
        pk: audiences if pk in owned else {a for a in audiences if who.within(a)} for pk, audiences in granted.items()
    }
    named = describe({a for audiences in told.values() for a in audiences})
    return {
        pk: SeenBy(audiences=in_order(named[a] for a in audiences), others=audiences != granted[pk])
        for pk, audiences in told.items()
    }


def in_order(audiences: Any) -> list[AudienceRef]:
    return sorted(audiences, key=lambda a: (a.kind, a.name.casefold()))


def names_of_audiences(audiences: Collection[int]) -> dict[int, str]:
    """The organization's name for each of these audiences that is of those on call there, or of those who ask."""
    on_call = Answer.objects.filter(on_call__in=audiences).values_list("on_call", "organization__name")
    askers = Request.objects.filter(askers__in=audiences).values_list("askers", "owner__name")
    return dict([*on_call, *askers])


def put_to_those_on_call() -> QuerySet[Answer]:
    """Answers of which somebody on call has to know: those that may still be given, and those that bind."""
    still = (*Answer.UNDECIDED, Answer.State.YES)
    rows = Answer.objects.filter(on_call__isnull=False, state__in=still, request__state__in=Request.LIVING)
    return rows.select_related("request__owner", "organization", "on_call").order_by("pk")


def spoken_of_with(organization: Organization, person: User) -> QuerySet[Request]:
    """Requests of an organization, or put to it, in whose channel this person is."""
    channels = Channel.objects.filter(about_kind=Request.kind, audience__group__memberships__user=person)
    answers = Answer.objects.filter(request=OuterRef("pk"), organization=organization)
    concerning = Request.objects.filter(Q(owner=organization) | Exists(answers))
    return concerning.filter(pk__in=channels.values("about")).select_related("owner")
