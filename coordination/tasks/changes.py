"""The kind of change that tasks announce, and its one shape."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from coordination.requests.models import Request
from coordination.tasks import models
from coordination.tasks.policy import TASKS
from portal.kernel.kinds import Kind, PersonRef, Shape
from portal.people.queries import refs as person_refs


class Task(Shape, kw_only=True):
    """Something to be done for a request. `freed_at`: whose it was is not in the channel any more."""

    request: UUID
    request_kind: str
    exercise: bool
    what: str
    added_by: PersonRef
    added_at: datetime
    assigned_to: PersonRef | None
    freed_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: PersonRef | None


def shape_tasks(rows: Iterable[models.Task]) -> list[Task]:
    tasks = list(rows)
    requests = Request.objects.in_bulk({t.request_id for t in tasks})
    people = person_refs({pk for t in tasks for pk in (t.added_by_id, t.assigned_to_id, t.done_by_id) if pk})
    return [
        Task(
            id=t.pk,
            version=t.version,
            request=t.request_id,
            request_kind=requests[t.request_id].request_kind,
            exercise=requests[t.request_id].exercise,
            what=t.what,
            added_by=people[t.added_by_id],
            added_at=t.added_at,
            assigned_to=people[t.assigned_to_id] if t.assigned_to_id else None,
            freed_at=t.freed_at,
            due_at=t.due_at,
            done_at=t.done_at,
            done_by=people[t.done_by_id] if t.done_by_id else None,
        )
        for t in tasks
    ]


TASK = Kind("task", Task, TASKS, shape_tasks)
KINDS = (TASK,)
