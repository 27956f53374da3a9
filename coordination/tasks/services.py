"""Every write to tasks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from coordination.requests import services as requests
from coordination.requests.models import Request
from coordination.tasks.models import Task
from coordination.tasks.policy import TASKS
from messaging import services as messaging
from messaging.models import Channel
from messaging.policy import CHANNELS
from portal.kernel.errors import Invalid
from portal.kernel.models import Audience, Change
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor, Writing, service, writing
from portal.people.models import User


@service
def add_task(
    actor: Actor, request: Request, what: str, assigned_to: UUID | None = None, due_at: datetime | None = None
) -> Task:
    """By whoever is in the request's channel; others open it by that, where they may."""
    with writing(actor, objects=[request]) as w:
        channel = messaging.channel_about(request)
        if channel is None or not is_member(actor.person.pk, channel.audience_id):
            channel = requests.open_request_channel(actor, request)
        w.lock(objects=[channel])
        CHANNELS.require_locked(actor.person, "post", channel)
        task = Task(
            request=request,
            audience=channel.audience,
            what=what,
            added_by=actor.person,
            added_at=w.at,
            assigned_to_id=assigned_to,
            due_at=due_at,
        )
        w.demand(task, "add")
        require_inside(assigned_to, task)
        task.save(force_insert=True)
        w.created(task, channel.audience_id)
        w.audit("task.add", task)
        return task


@service
def edit_task(actor: Actor, task: Task, version: int, **fields: Any) -> Task:
    with changing(actor, task, "edit", version) as w:
        for field, value in fields.items():
            setattr(task, field, value)
        w.put(task)
        w.audit("task.edit", task, fields=sorted(fields))
        return task


@service
def assign_task(actor: Actor, task: Task, person: UUID | None) -> Task:
    """To somebody in the channel, or to nobody."""
    with changing(actor, task, "assign") as w:
        require_inside(person, task)
        task.assigned_to_id, task.freed_at = person, None
        w.put(task)
        w.audit("task.assign", task, person=str(person) if person else None)
        return task


@service
def finish_task(actor: Actor, task: Task) -> Task:
    with changing(actor, task, "finish") as w:
        task.done_at, task.done_by = w.at, actor.person
        w.put(task)
        w.audit("task.finish", task)
        return task


@service
def reopen_task(actor: Actor, task: Task) -> Task:
    """It is not done after all. Who had it may have left meanwhile."""
    with changing(actor, task, "reopen") as w:
        task.done_at = task.done_by = None
        if task.assigned_to_id and not is_member(task.assigned_to_id, task.audience_id):
            free(w, task)
        w.put(task)
        w.audit("task.reopen", task)
        return task


@service
def remove_task(actor: Actor, task: Task) -> None:
    with changing(actor, task, "remove") as w:
        w.append(task.audience_id, Change.Op.DELETED, task.kind, task.pk, task.version + 1)
        w.audit("task.remove", task)
        Task.objects.filter(pk=task.pk).delete()


def free_tasks(w: Writing, person: User, audience: Audience) -> None:
    """Whoever is not in the channel any more has nothing to do there: it is nobody's, and those inside see it."""
    if audience.kind != Audience.Kind.CHANNEL_MEMBERS:
        return
    for task in Task.objects.filter(audience=audience, assigned_to=person, done_at=None).order_by("pk"):
        w.lock(objects=[task])
        free(w, task)
        w.put(task)


def purge_tasks(w: Writing, channel: Channel) -> None:
    """With the channel's words go those of its tasks."""
    Task.objects.filter(audience=channel.audience_id).delete()


# the pieces of these sentences


@contextmanager
def changing(actor: Actor, task: Task, verb: str, version: int | None = None) -> Iterator[Writing]:
    """The task with its request, locked: who may, and in which state."""
    request = task.request
    with writing(actor, objects=[request, task]) as w:
        task.request = request
        TASKS.require(actor.person, verb, task)
        if version is not None:
            w.expect(task, version)
        w.demand(task, verb)
        yield w


def require_inside(person: UUID | None, task: Task) -> None:
    if person is not None and not is_member(person, task.audience_id):
        raise Invalid("assigned_to", "not_a_member", "Name somebody who is in the request's channel.")


def free(w: Writing, task: Task) -> None:
    task.assigned_to, task.freed_at = None, w.at
