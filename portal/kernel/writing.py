"""The only door for writes.

    with writing(actor, objects=[request]) as w:
        policy.require(actor.person, "close", request)
        …
        w.put(request)
        w.audit("request.close", request)

It opens the transaction, locks the objects by (table, id) and reads them anew, reads their grants
again, locks the audiences by id; then the policy is asked and the write made. Changes and audit
records are flushed at its end, in the same transaction; on commit the doorbell rings, once.
"""

import functools
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, models, transaction

from portal.kernel import clock
from portal.kernel.errors import Conflict, NotFound, VersionMismatch
from portal.kernel.grants import audiences_of, grant, ungrant
from portal.kernel.lean import fetch, insert, reread, update
from portal.kernel.models import Audience, AuditRecord, Change, Versioned, borrowed
from portal.kernel.standing import Person

P = ParamSpec("P")
R = TypeVar("R")

SERVICES: dict[str, Callable[..., Any]] = {}
TRIES = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: a person (None: the portal itself) and the organization they act for."""

    person: Any
    acting_for: Any = None

    @property
    def id(self) -> UUID | None:
        return self.person.pk if self.person else None

    @property
    def organization_id(self) -> UUID | None:
        return self.acting_for.pk if self.acting_for else None


THE_PORTAL = Actor(person=None)


def service(write: Callable[P, R]) -> Callable[P, R]:
    """Marks a write, and runs it again (three times) when the database says that it lost a race."""

    @functools.wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return retrying(lambda: write(*args, **kwargs))

    # a folder of services is one door: what stands in `services/messages.py` is `services.post_message`
    door, _, _ = write.__module__.partition(".services.")
    within = ".services" if door != write.__module__ else ""
    SERVICES[f"{door}{within}.{write.__qualname__}"] = run
    return run


def retrying(work: Callable[[], R]) -> R:
    if connection.in_atomic_block:
        return work()
    for attempt in range(1, TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            if attempt == TRIES or not lost_a_race(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - not a secret
    raise AssertionError("unreachable")


def lost_a_race(error: OperationalError) -> bool:
    """A deadlock (40P01) or a serialization failure (40001), or SQLite's lock."""
    return getattr(error.__cause__, "sqlstate", "") in ("40P01", "40001") or "locked" in str(error)


class Writing:
    """One write in progress."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.at = clock.now()
        self.locked: dict[int, Audience] = {}
        self.grants: dict[UUID, set[int]] = {}
        self.changes: list[Change] = []
        self.records: list[AuditRecord] = []
        self.moved: set[int] = set()
        self.shapes: dict[tuple[str, UUID, int], Any] = {}

    @contextmanager
    def by(self, actor: Actor) -> Iterator[None]:
        """What is appended and recorded in here was done by this actor: for writes of many at once."""
        before, self.actor = self.actor, actor
        yield
        self.actor = before

    # what is locked

    def lock(
        self,
        objects: Iterable[Versioned] = (),
        audiences: Iterable[int] = (),
        people: Iterable[Person] = (),
    ) -> None:
        """Objects by (table, id), read anew in place; then audiences by id, those granted to the objects too."""
        wanted = {*audiences, *(p.audience_id for p in people)}
        for obj in sorted(objects, key=lambda o: (o._meta.db_table, str(o.pk))):
            try:
                reread(obj, lock=True)
            except type(obj).DoesNotExist:
                raise NotFound from None
            wanted |= self._read_grants(obj)
        self._lock_audiences(wanted)

    def created(self, obj: Versioned, *audiences: int, shape: Any = None) -> None:
        """A new object, shared with these audiences from the start.

        A write that knows its shape gives it: whoever listens here need not read it again.
        """
        if shape is not None:
            self.shapes[Change.Op.PUT, obj.pk, obj.version] = shape
        self._lock_audiences(audiences)
        if has_grants(obj):
            grant(obj, *audiences)
        self.grants[obj.pk] = set(audiences)
        for audience in audiences:
            self.append(audience, Change.Op.PUT, obj.kind, obj.pk, obj.version)

    def new_audience(self, kind: str) -> Audience:
        audience = Audience.make(kind)
        self.locked[audience.pk] = audience
        return audience

    # what changes

    def expect(self, obj: Versioned, version: int) -> None:
        """The version the caller edited must be the current one."""
        if obj.version != version:
            raise VersionMismatch(obj)

    def demand(self, obj: Versioned, verb: str) -> None:
        """The object must be in a state in which this can be done."""
        if not obj.permits(verb):
            raise Conflict("wrong_state")

    def put(self, obj: Versioned) -> None:
        """Save the object under its next version and tell everybody it is shared with."""
        obj.version += 1
        obj.save()
        self.announce(obj)

    def announce(self, obj: Versioned) -> None:
        for audience in self.grants[obj.pk]:
            self.append(audience, Change.Op.PUT, obj.kind, obj.pk, obj.version)

    def share(self, obj: Versioned, audience: int) -> None:
        self._lock_audiences([audience])
        if grant(obj, audience):
            self.grants[obj.pk].add(audience)
            self.put(obj)

    def unshare(self, obj: Versioned, audience: int) -> None:
        if ungrant(obj, audience):
            self.grants[obj.pk].discard(audience)
            self.put(obj)
            self.append(audience, Change.Op.UNSHARED, obj.kind, obj.pk, obj.version)

    def append(self, audience: int, op: str, kind: str, subject: UUID, version: int = 0) -> None:
        if audience not in self.locked:
            raise RuntimeError(f"append to audience {audience}, which this write has not locked")
        self.changes.append(
            Change(
                audience_id=audience,
                op=op,
                kind=kind,
                subject=subject,
                version=version,
                actor=self.actor.id,
                at=self.at,
            )
        )

    def move_epoch(self, audience: int) -> None:
        """Somebody lost access: every cached right to this audience ends with this commit."""
        if audience not in self.locked:
            raise RuntimeError(f"epoch of audience {audience}, which this write has not locked")
        self.moved.add(audience)

    def audit(self, action: str, subject: Versioned | None = None, **detail: Any) -> None:
        self.records.append(
            AuditRecord(
                at=self.at,
                actor=self.actor.id,
                acting_for=self.actor.organization_id,
                action=action,
                subject_kind=subject.kind if subject else "",
                subject=subject.pk if subject else None,
                detail=detail,
            )
        )

    # the end

    def flush(self) -> None:
        changes: dict[int, list[Change]] = {pk: [] for pk in self.moved}
        for change in self.changes:
            changes.setdefault(change.audience_id, []).append(change)
        for pk, mine in sorted(changes.items()):
            audience = self.locked[pk]
            for change in mine:
                audience.head += 1
                change.seq = audience.head
            audience.epoch += pk in self.moved
            update(audience, "head", "epoch")
        insert(self.changes)
        insert(self.records)
        if changes:
            rung = [Rung(self.locked[pk], self._news(mine)) for pk, mine in changes.items()]
            transaction.on_commit(lambda: ring(rung))

    def _news(self, changes: list[Change]) -> "News | None":
        """All of them with their shapes, if this write knows them."""
        news = [(change, self.shapes.get((change.op, change.subject, change.version))) for change in changes]
        return news if all(shape is not None for _, shape in news) else None

    def _lock_audiences(self, wanted: Iterable[int]) -> None:
        missing = set(wanted) - self.locked.keys()
        if missing:
            self.locked.update({a.pk: a for a in fetch(Audience, lock=True, group_id=missing)})

    def _read_grants(self, obj: Versioned) -> set[int]:
        self.grants[obj.pk] = audiences_of([obj])[obj.pk] if has_grants(obj) else {borrowed(obj)}
        return self.grants[obj.pk]


def has_grants(obj: models.Model) -> bool:
    return any(f.name == "audience_grants" for f in obj._meta.get_fields())


_current: ContextVar[Writing | None] = ContextVar("writing", default=None)


@contextmanager
def writing(
    actor: Actor,
    *,
    objects: Iterable[Versioned] = (),
    audiences: Iterable[int] = (),
    people: Iterable[Person] = (),
) -> Iterator[Writing]:
    """Open a write, or join the one that is open. `audiences` are primary keys."""
    outer = _current.get()
    if outer is not None:
        outer.lock(objects, audiences, people)
        yield outer
        return
    with transaction.atomic():
        write = Writing(actor)
        token = _current.set(write)
        try:
            write.lock(objects, audiences, people)
            yield write
        finally:
            _current.reset(token)
        write.flush()


# The doorbell: the transport hangs its own here. The log is the truth; this only wakes, and saves a
# process from reading what it has just written.
News = list[tuple[Change, Any]]


@dataclass(frozen=True, slots=True)
class Rung:
    """That an audience's log has grown: the audience as it is committed, and the changes with the shapes
    of what they put (None: read them)."""

    audience: Audience
    news: News | None


Listener = Callable[[list[Rung]], object]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Callable[[], None]:
    """Call after each commit; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def ring(rung: list[Rung]) -> None:
    for listener in list(_listeners):
        listener(rung)
