"""One open line to a client as the hub sees it."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.live.lines import Line
from portal.live.protocol import Closing, Frame, encode

MOST_FRAMES = 512
MOST_BYTES = 1_048_576


@dataclass(slots=True)
class Standpoint:
    """Where a client stands in one audience: the last change it has, and the epoch its right was checked at."""

    cursor: int
    epoch: int
    catching_up: bool = False


class Connection:
    """A line, a bounded outbox and a writer: one slow reader never holds memory or others."""

    __slots__ = (
        "_emptied",
        "_line",
        "_size",
        "_waiting",
        "_writing",
        "closing",
        "expires",
        "outbox",
        "person",
        "session",
        "stands",
        "writer",
    )

    def __init__(self, person: Any, session: str, expires: datetime, line: Line) -> None:
        self.person = person
        self.session = session
        self.expires = expires
        self.stands: dict[int, Standpoint] = {}
        self.outbox: deque[str] = deque()
        self.closing: int | None = None
        self._line = line
        self._size = 0
        self._writing = False
        self._waiting = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self.writer = asyncio.create_task(self._write())

    def tell(self, frame: Frame) -> None:
        self.write(encode(frame).decode())

    def write(self, text: str, packed: bytes = b"") -> None:
        """Queue a frame; one that came packed goes out at once when nothing waits before it."""
        if self.closing is not None:
            return
        if packed and not self._writing and not self.outbox and self._line.write_now(packed):
            return
        self.outbox.append(text)
        self._size += len(text)
        self._emptied.clear()
        if len(self.outbox) > MOST_FRAMES or (self._size > MOST_BYTES and len(self.outbox) > 1):
            self.close(Closing.TOO_SLOW)
        self._waiting.set()

    async def drained(self) -> None:
        """Wait until the other end has taken what waits for it."""
        await self._emptied.wait()

    def close(self, code: int) -> None:
        """What waits in the outbox is dropped: a client that resumes gets it from the log."""
        if self.closing is None:
            self.closing = code
            self.outbox.clear()
            self._emptied.set()
            self._waiting.set()

    def finish(self) -> None:
        """The line is gone."""
        self.closing = self.closing or 1000
        self._emptied.set()
        self.writer.cancel()

    async def _write(self) -> None:
        try:
            await self._empty_outbox()
        except Exception:
            # the other end is gone: whoever listens to it hears of it by its own
            self.close(Closing.GOING_AWAY)

    async def _empty_outbox(self) -> None:
        while self.closing is None:
            self._writing = True
            while self.outbox:
                text = self.outbox.popleft()
                self._size -= len(text)
                await self._line.write(text)
            self._writing = False
            self._emptied.set()
            if self.closing is None:
                await self._waiting.wait()
                self._waiting.clear()
        await self._line.close(self.closing)
