"""The hub: one a process. It turns the change log into frames, each built once, for every local socket.

The log is the truth. A doorbell (this process's commits, or the channel layer's word from others)
only wakes it; a look at the heads every two seconds finds what a lost doorbell did not say.

Who may have a frame is decided by the epoch guard: content is read first, then the audience's epoch,
and a socket gets the frame only if its right was checked at that very epoch. Otherwise one query
asks again for all such sockets. A lost eviction thus fails closed.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections

from portal.kernel.writing import News, Rung, on_change
from portal.live import log
from portal.live.connection import Connection, Standpoint
from portal.live.lines import pack
from portal.live.log import Batch, Subscription
from portal.live.protocol import Closing, Granted, Resync, Revoked, Welcome

R = TypeVar("R")
logger = logging.getLogger(__name__)
THREADS = 4
# what it finds is done within two
SWEEP_SECONDS = 1.8
LAYER_GROUP = "live"
# a head that is not known is beyond every change
UNKNOWN = sys.maxsize


@dataclass(slots=True)
class Topic:
    """An audience with sockets here: `seq` is the last change that was sent round."""

    audience: int
    uuid: UUID
    seq: int
    connections: set[Connection] = field(default_factory=set)


class Hub:
    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.topics: dict[int, Topic] = {}
        # of each audience the highest head that was heard of, and what this process itself has to tell
        self.dirty: dict[int, int] = {}
        self.told: dict[int, list[Rung]] = {}
        self.tasks: set[asyncio.Task[Any]] = set()

    # life

    async def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self.woken = asyncio.Event()
        self.layer = get_channel_layer() if settings.CHANNEL_LAYERS else None
        self.untold: dict[int, int] = {}
        self.stop_listening = on_change(lambda rung: loop.call_soon_threadsafe(self.written, rung))
        for work in (self.drain, self.sweep, *((self.listen,) if self.layer else ())):
            self.spawn(self.supervise(work))

    async def stop(self) -> None:
        self.stop_listening()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.send_away()
        self.pool.shutdown(wait=False)

    def send_away(self) -> None:
        """The process ends: every client is told, and comes back."""
        for connection in list(self.connections):
            connection.close(Closing.GOING_AWAY)

    def spawn(self, work: Any) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def supervise(self, work: Callable[[], Any]) -> None:
        """What fails is logged and begun again, later each time; then everything is looked at anew."""
        pause = 0.1
        while True:
            try:
                await work()
                pause = 0.1
            except Exception:
                logger.exception("%s failed and goes on", work.__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
                self.rung(dict.fromkeys(self.topics, UNKNOWN))

    async def run(self, work: Callable[..., R], *args: Any) -> R:
        """Database work, in the live pool: its threads keep their connections."""
        return await self.loop.run_in_executor(self.pool, in_thread, work, *args)

    # doorbells

    def written(self, rung: list[Rung]) -> None:
        """By this process: what it told of need not be read, and the others are rung."""
        for one in rung:
            if one.news is not None and one.audience.pk in self.topics:
                self.told.setdefault(one.audience.pk, []).append(one)
        heads = {one.audience.pk: one.audience.head for one in rung}
        self.rung(heads)
        if self.layer:
            if not self.untold:
                self.spawn(self.tell_others())
            self.untold.update(heads)

    def rung(self, heads: dict[int, int]) -> None:
        for audience, head in heads.items():
            if self.is_behind(audience, head):
                self.dirty[audience] = max(head, self.dirty.get(audience, 0))
        if self.dirty:
            self.woken.set()

    async def tell_others(self) -> None:
        """One message for all that was committed since the last one. If it is lost, the sweep finds it."""
        heads, self.untold = dict(self.untold), {}
        try:
            message = {"type": "rung", "heads": [[a, h] for a, h in heads.items()]}
            await self.layer.group_send(LAYER_GROUP, message)  # type: ignore[union-attr]
        except Exception:
            logger.warning("the doorbell to other processes failed; they look every %s s", SWEEP_SECONDS)

    async def listen(self) -> None:
        assert self.layer is not None
        channel = await self.layer.new_channel()
        await self.layer.group_add(LAYER_GROUP, channel)
        while True:
            message = await self.layer.receive(channel)
            self.rung(dict(message["heads"]))

    # sockets

    def enter(self, connection: Connection) -> None:
        self.connections.add(connection)

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        for audience in list(connection.stands):
            self.drop(connection, audience)

    async def greet(self, connection: Connection, cursors: dict[UUID, int]) -> None:
        """A `hello`: subscribe to all of the person's audiences and catch up with each from its cursor."""
        found = await self.run(log.subscriptions, connection.person.pk)
        connection.tell(
            Welcome(heads={str(s.uuid): s.head for s in found}, session_expires=connection.expires.isoformat())
        )
        for audience in set(connection.stands) - {s.audience for s in found}:
            self.drop(connection, audience)
        for one in found:
            cursor = cursors.get(one.uuid, one.head)
            if not 0 <= cursor <= one.head:
                connection.tell(Resync(audience=one.uuid, head=one.head))
                cursor = one.head
            self.add(connection, one, cursor)

    def add(self, connection: Connection, one: Subscription, cursor: int) -> None:
        if connection.closing is not None or connection not in self.connections:
            return
        topic = self.topics.setdefault(one.audience, Topic(one.audience, one.uuid, one.head))
        topic.connections.add(connection)
        stand = connection.stands.setdefault(one.audience, Standpoint(cursor, one.epoch))
        stand.cursor, stand.epoch = cursor, one.epoch
        if cursor < max(topic.seq, one.head):
            self.catch_up(connection, topic)

    def drop(self, connection: Connection, audience: int) -> None:
        connection.stands.pop(audience, None)
        if topic := self.topics.get(audience):
            topic.connections.discard(connection)
            if not topic.connections:
                del self.topics[audience]

    # what is new

    async def drain(self) -> None:
        """Send round what is new in the audiences that were rung for, then wait to be woken."""
        while self.dirty:
            rung, self.dirty = self.dirty, {}
            told, self.told = self.told, {}
            for audience, news in told.items():
                await self.pass_on(audience, news)
            behind = {a: self.topics[a].seq for a, head in rung.items() if self.is_behind(a, head)}
            if behind:
                try:
                    batches = await self.run(log.read, behind)
                except Exception:
                    self.dirty |= dict.fromkeys(behind, UNKNOWN)
                    raise
                for batch in batches:
                    await self.send_round(batch)
        self.woken.clear()
        await self.woken.wait()

    def is_behind(self, audience: int, head: int) -> bool:
        topic = self.topics.get(audience)
        return topic is not None and head > topic.seq

    async def pass_on(self, audience: int, told: list[Rung]) -> None:
        """What follows on the last change that was sent round goes out as it was told; the rest is in the log."""
        topic = self.topics.get(audience)
        if topic is None:
            return
        reached, last = topic.seq, None
        news: News = []
        for one in sorted(told, key=lambda one: one.audience.head):
            follows = one.news and one.news[0][0].seq == reached + 1
            if follows and (last is None or last.epoch == one.audience.epoch):
                reached, last = one.audience.head, one.audience
                news += one.news or []
        if last:
            await self.send_round(log.told(last, news))

    async def send_round(self, batch: Batch) -> None:
        topic = self.topics.get(batch.audience)
        if topic is None or topic.seq != batch.after:
            return
        topic.seq = batch.seq if batch.reaches else batch.head
        if batch.seq < batch.head:
            self.dirty[batch.audience] = batch.head
        unsure = [c for c in topic.connections if c.stands[batch.audience].epoch != batch.epoch]
        if unsure:
            await self.ask_again((c, batch.audience) for c in unsure)
        packed = pack(batch.text) if batch.text else b""
        for connection in list(topic.connections):
            stand = connection.stands[batch.audience]
            if stand.epoch == batch.epoch and stand.cursor == batch.after and batch.reaches:
                if batch.text:
                    connection.write(batch.text, packed)
                stand.cursor = batch.seq
            elif stand.cursor < batch.seq:
                self.catch_up(connection, topic)
        if batch.moves_memberships:
            for person in {c.person.pk for c in topic.connections}:
                await self.resubscribe(person)

    async def ask_again(self, pairs: Iterable[tuple[Connection, int]]) -> None:
        """Which of these sockets still belong where they are? Those that do not are told and dropped."""
        asked = [(c, a) for c, a in pairs if a in c.stands]
        if not asked:
            return
        epochs, held = await self.run(log.check, {(c.person.pk, a) for c, a in asked})
        for connection, audience in asked:
            if audience not in connection.stands:
                continue
            if (connection.person.pk, audience) in held:
                connection.stands[audience].epoch = epochs[audience]
            else:
                self.revoke(connection, audience)

    def revoke(self, connection: Connection, audience: int) -> None:
        topic = self.topics.get(audience)
        self.drop(connection, audience)
        if topic:
            connection.tell(Revoked(audience=topic.uuid))

    async def resubscribe(self, person: UUID) -> None:
        """The person's memberships moved: join their sockets to what is new, take them from what is gone."""
        found = await self.run(log.subscriptions, person)
        fresh = await self.run(reload, person)
        current = {s.audience for s in found}
        for connection in [c for c in self.connections if c.person.pk == person and c.stands]:
            connection.person = fresh
            for audience in set(connection.stands) - current:
                self.revoke(connection, audience)
            for one in found:
                if one.audience not in connection.stands:
                    connection.tell(Granted(audience=one.uuid, head=one.head))
                    self.add(connection, one, one.head)

    # what was missed

    def catch_up(self, connection: Connection, topic: Topic) -> None:
        stand = connection.stands[topic.audience]
        if not stand.catching_up:
            stand.catching_up = True
            self.spawn(self.replay(connection, topic.audience, stand))

    async def replay(self, connection: Connection, audience: int, stand: Standpoint) -> None:
        """Page through the log from the socket's cursor until it has caught up."""
        try:
            while connection.closing is None and connection.stands.get(audience) is stand:
                await connection.drained()
                (batch,) = await self.run(log.read, {audience: stand.cursor})
                if stand.epoch != batch.epoch:
                    await self.ask_again([(connection, audience)])
                    continue
                if stand.cursor != batch.after:
                    continue
                if not batch.reaches:
                    connection.tell(Resync(audience=self.topics[audience].uuid, head=batch.head))
                    stand.cursor = batch.head
                elif batch.text:
                    connection.write(batch.text)
                    stand.cursor = batch.seq
                if stand.cursor >= max(batch.head, self.topics[audience].seq):
                    return
        except Exception:
            logger.exception("replay failed; the client resumes")
            connection.close(Closing.GOING_AWAY)
        finally:
            stand.catching_up = False

    # the safety net

    async def sweep(self) -> None:
        """Every two seconds: heads, epochs and ended seats of the local audiences, and the local sessions."""
        await asyncio.sleep(SWEEP_SECONDS)
        found = await self.run(log.heads, list(self.topics))
        self.rung({audience: head for audience, (head, _) in found.items()})
        over = await self.run(log.ended, list(self.topics))
        await self.ask_again(
            [
                (connection, audience)
                for audience, (_, epoch) in found.items()
                if audience in self.topics
                for connection in self.topics[audience].connections
                if connection.stands[audience].epoch != epoch or (connection.person.pk, audience) in over
            ]
        )
        asked = list(self.connections)
        living = await self.run(log.living_sessions, {c.session for c in asked})
        # Only those that were asked about: a socket that came meanwhile has a living session too.
        for connection in asked:
            if connection.session not in living:
                connection.close(Closing.SESSION_ENDED)
            if connection.closing is not None:
                self.leave(connection)


def in_thread(work: Callable[..., R], *args: Any) -> R:
    try:
        return work(*args)
    finally:
        close_old_connections()


def reload(person: UUID) -> Any:
    from portal.people.models import User

    return User.objects.get(pk=person)


hub = Hub()
