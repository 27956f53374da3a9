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
from django.db.models import F

from portal.kernel import clock
from portal.kernel.errors import Conflict, NotFound, VersionMismatch
from portal.kernel.grants import audiences_of, grant, ungrant
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
                obj.refresh_from_db(from_queryset=type(obj)._base_manager.select_for_update())
            except type(obj).DoesNotExist:
                raise NotFound from None
            wanted |= self._read_grants(obj)
        self._lock_audiences(wanted)

    def created(self, obj: Versioned, *audiences: int) -> None:
        """A new object, shared with these audiences from the start."""
        self._lock_audiences(audiences)
        if has_grants(obj):
            for audience in audiences:
                grant(obj, audience)
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
        heads: dict[int, int] = {}
        for pk in sorted({c.audience_id for c in self.changes} | self.moved):
            audience = self.locked[pk]
            mine = [c for c in self.changes if c.audience_id == pk]
            for seq, change in enumerate(mine, start=audience.head + 1):
                change.seq = seq
            heads[pk] = audience.head + len(mine)
            Audience.objects.filter(pk=pk).update(
                head=F("head") + len(mine), epoch=F("epoch") + (1 if pk in self.moved else 0)
            )
        Change.objects.bulk_create(self.changes)
        AuditRecord.objects.bulk_create(self.records)
        if heads:
            transaction.on_commit(lambda: ring(heads))

    def _lock_audiences(self, wanted: Iterable[int]) -> None:
        missing = set(wanted) - self.locked.keys()
        if missing:
            rows = Audience.objects.select_for_update().filter(pk__in=missing).order_by("pk")
            self.locked.update({a.pk: a for a in rows})

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


# The doorbell: the transport hangs its own here. The log is the truth; this only wakes.
Listener = Callable[[dict[int, int]], object]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Callable[[], None]:
    """Call with {audience: head} after each commit; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def ring(heads: dict[int, int]) -> None:
    for listener in list(_listeners):
        listener(heads)
