"""The tasks that somebody has to do still."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from coordination.requests.models import Request
from coordination.tasks.models import Task
from coordination.tasks.policy import TASKS
from portal.kernel.standing import living_memberships
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind
from portal.people.models import User


class Doing(ResponsibilityKind[Task]):
    """Whoever is in the request's channel may take it over. What nobody takes over is free when they leave."""

    name = "task"
    policy = TASKS
    by_audience = True

    def held(self, leaving: Leaving) -> list[Task]:
        rows = Task.objects.filter(assigned_to=leaving.person, done_at=None, audience__in=leaving.lost)
        return list(rows.filter(request__state__in=Request.LIVING).select_related("request__owner").order_by("pk"))

    def about(self, obj: Task) -> About:
        return About(name=obj.what, ends_at=obj.due_at)

    def prospects(self, leaving: Leaving, objects: Sequence[Task]) -> dict[UUID, Prospect]:
        there: dict[int, list[UUID]] = defaultdict(list)
        rows = living_memberships().filter(group__in={task.audience_id for task in objects}, user__is_active=True)
        for audience, person in rows.exclude(user=leaving.person).order_by("pk").values_list("group", "user"):
            there[audience].append(person)
        return {task.pk: Prospect(there[task.audience_id], required=False) for task in objects}

    def pass_on(self, w: Writing, leaving: Leaving, obj: Task, successor: User | None) -> None:
        if successor:
            w.lock(objects=[obj])
            obj.assigned_to, obj.freed_at = successor, None
            w.put(obj)
            w.audit("task.assign", obj, person=str(successor.pk))


RESPONSIBILITIES = (Doing(),)
