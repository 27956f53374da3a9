"""What somebody sees to in requests: those they ask, those they stand behind, and what they promised."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from coordination.requests.models import Answer, Request
from coordination.requests.policy import ANSWERS, REQUESTS
from coordination.requests.services.calls import change_askers
from coordination.requests.services.conversation import follow, gather
from coordination.requests.services.steps import record
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind, needed
from portal.people.models import User


class Steering(ResponsibilityKind[Request]):
    """Who takes it over steers it from then on. The timeline says who posted it."""

    name = "request"
    policy = REQUESTS

    def held(self, leaving: Leaving) -> list[Request]:
        return living_of(leaving, posted_by=leaving.person)

    def about(self, obj: Request) -> About:
        return About(word=obj.request_kind, ends_at=obj.expires_at)

    def pass_on(self, w: Writing, leaving: Leaving, obj: Request, successor: User | None) -> None:
        w.lock(objects=[obj])
        before, obj.posted_by = obj.posted_by, needed(successor)
        if obj.backup_id == obj.posted_by_id:
            obj.backup = None
        handed_over(w, obj, before)


class Backing(ResponsibilityKind[Request]):
    """A request may be without a backup. Whoever steers it is none."""

    name = "request_backup"
    policy = REQUESTS

    def held(self, leaving: Leaving) -> list[Request]:
        return living_of(leaving, backup=leaving.person)

    def about(self, obj: Request) -> About:
        return About(word=obj.request_kind, ends_at=obj.expires_at)

    def prospects(self, leaving: Leaving, objects: Sequence[Request]) -> dict[UUID, Prospect]:
        return {
            obj.pk: Prospect([pk for pk in leaving.colleagues if pk != obj.posted_by_id], required=False)
            for obj in objects
        }

    def pass_on(self, w: Writing, leaving: Leaving, obj: Request, successor: User | None) -> None:
        w.lock(objects=[obj])
        before, obj.backup = obj.backup, successor
        handed_over(w, obj, before)


class Promise(ResponsibilityKind[Answer]):
    """Who said yes is whom the other side talks to. After whoever was on call the rota says who follows."""

    name = "answer"
    policy = ANSWERS

    def held(self, leaving: Leaving) -> list[Answer]:
        given = leaving.organization.answers.filter(by=leaving.person, state=Answer.State.YES, on_call=None)
        rows = given.filter(request__state__in=Request.LIVING).select_related("request__owner", "organization")
        return list(rows.order_by("pk"))

    def about(self, obj: Answer) -> About:
        return About(name=obj.request.owner.name, word=obj.request.request_kind, ends_at=obj.request.expires_at)

    def prospects(self, leaving: Leaving, objects: Sequence[Answer]) -> dict[UUID, Prospect]:
        return {obj.pk: Prospect(leaving.coordinators) for obj in objects}

    def pass_on(self, w: Writing, leaving: Leaving, obj: Answer, successor: User | None) -> None:
        request = obj.request
        w.lock(objects=[request, obj])
        obj.request, obj.by = request, successor
        record(w, request, "handed_over", answer=obj)
        w.put(obj)
        w.audit("answer.hand_over", obj, before=str(leaving.person), person=str(obj.by_id))
        follow(w, obj)


def living_of(leaving: Leaving, **whose: Any) -> list[Request]:
    rows = leaving.organization.requests.filter(state__in=Request.LIVING, **whose)
    return list(rows.select_related("owner").order_by("pk"))


def handed_over(w: Writing, request: Request, before: User | None) -> None:
    """Whoever steers it now is in on it and in its channel; who did is so no more."""
    change_askers(w, request, before)
    gather(w, request)
    record(w, request, "handed_over")
    w.put(request)
    w.audit("request.hand_over", request, person=str(request.posted_by_id), backup=str(request.backup_id))


RESPONSIBILITIES = (Steering(), Backing(), Promise())
