"""Whoever reads an event stream of a hub in the test's own process."""

import asyncio
import json
from datetime import timedelta

from django.utils import timezone

from portal.live.connection import Connection
from portal.live.hub import in_thread
from portal.live.lines import EventStream
from tests import world


async def in_database(work, *args):
    return await asyncio.to_thread(in_thread, work, *args)


class Listener:
    """What came, and with which code it ended."""

    def __init__(self, hub, person, session):
        self.frames, self.came, self.ended = [], asyncio.Event(), None
        self.connection = Connection(person, session, timezone.now() + timedelta(hours=1), EventStream(self.take))
        hub.enter(self.connection)

    @classmethod
    async def of(cls, hub, person):
        return cls(hub, person, await in_database(world.session, person))

    async def take(self, event):
        name, _, said = event["body"].decode().partition("data: ")
        if name:
            self.ended = int(said)
        else:
            self.frames.append(json.loads(said))
        self.came.set()

    async def until(self, come):
        """Wait until this holds."""
        async with asyncio.timeout(10):
            while not come():
                self.came.clear()
                await self.came.wait()

    @property
    def bodies(self):
        items = [item for frame in self.frames if frame["type"] == "changes" for item in frame["items"]]
        return [item["data"]["body"] for item in items if item["kind"] == "message"]

    @property
    def revoked(self):
        return {frame["audience"] for frame in self.frames if frame["type"] == "revoked"}
