"""The load generator: many plain websocket clients in one loop, doing as little as counting takes.

Every message carries a mark that occurs nowhere else; what arrives is counted by its marks, so a frame
may hold one message or many. A sender's next message goes out when its last has come back to itself:
stored, ordered, delivered.
"""

import asyncio
import base64
import json
import os
import random
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

MARK = b"@@"
BODY_BYTES = 200
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Door:
    """How to come in as one member, and how to say something."""

    port: int
    path: str
    cookie: str = ""
    hello: str = ""
    say: Callable[[str], str] = lambda body: json.dumps({"message": body})


@dataclass
class Tally:
    deliveries: int = 0
    latencies: list[float] = field(default_factory=list)
    listens_for_latency: bool = False


class Member(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, door: Door, tally: Tally) -> None:
        self.door = door
        self.tally = tally
        self.inside = asyncio.get_running_loop().create_future()
        self.tail = b""
        self.own = b""
        self.came_back = asyncio.Event()
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {self.door.path} HTTP/1.1",
            f"Host: localhost:{self.door.port}",
            f"Origin: http://localhost:{self.door.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {self.door.cookie}"] if self.door.cookie else []),
        ]
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        if not self.inside.done():
            self._enter(data)
            return
        text = self.tail + data
        self.tally.deliveries += text.count(MARK)
        self.tail = b"@" if text.endswith(b"@") and not text.endswith(MARK) else b""
        if self.own and self.own in text:
            self.came_back.set()
        if self.tally.listens_for_latency:
            self._time(text)

    def _enter(self, data: bytes) -> None:
        """Inside once the server has agreed and, where a greeting is due, answered it."""
        before = b"\r\n\r\n" in self.head
        self.head += data
        if not self.head.startswith(b"HTTP/1.1 101"[: len(self.head)]):
            self.inside.set_exception(ConnectionError(self.head[:200].decode(errors="replace")))
        elif b"\r\n\r\n" in self.head:
            if self.door.hello and not before:
                self.write(self.door.hello)
            if not self.door.hello or b'"welcome"' in self.head:
                self.inside.set_result(None)

    def _time(self, text: bytes) -> None:
        now = time.perf_counter()
        for piece in text.split(MARK)[1:]:
            stamp = piece.split(b"|")
            if len(stamp) > 2:
                self.tally.latencies.append(1000 * (now - float(stamp[1])))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.inside.done():
            self.inside.set_exception(ConnectionError("the server hung up"))

    def write(self, text: str) -> None:
        payload = text.encode()
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.transport.write(head + mask + masked)

    async def say(self) -> None:
        """One message; returns when it has come back, or after a while when it was lost."""
        name = uuid4().hex
        self.own = MARK + name.encode()
        self.came_back.clear()
        body = f"{MARK.decode()}{name}|{time.perf_counter()}|"
        self.write(self.door.say(body.ljust(BODY_BYTES, "x")))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.came_back.wait()
        except TimeoutError:
            return


@dataclass
class Crowd:
    members: list[Member]
    tally: Tally

    @classmethod
    async def gather(cls, doors: Sequence[Door]) -> "Crowd":
        tally = Tally()
        loop = asyncio.get_running_loop()
        members: list[Member] = []
        for start in range(0, len(doors), 50):
            arriving = [
                (await loop.create_connection(lambda door=door: Member(door, tally), "127.0.0.1", door.port))[1]  # type: ignore[misc]
                for door in doors[start : start + 50]
            ]
            await asyncio.gather(*(m.inside for m in arriving))
            members += arriving
        return cls(members, tally)

    async def talk(self, senders: int, seconds: float) -> float:
        """Everybody listens and `senders` of them talk as fast as they are heard; deliveries in a second."""
        ends = time.monotonic() + seconds

        async def chatter(member: Member) -> None:
            while time.monotonic() < ends:
                await member.say()

        before, began = self.tally.deliveries, time.monotonic()
        await asyncio.gather(*(chatter(m) for m in random.sample(self.members, senders)))
        return (self.tally.deliveries - before) / (time.monotonic() - began)

    async def talk_calmly(self, messages: int, per_second: float) -> list[float]:
        """One member talks now and then; milliseconds from its writing to each member's reading."""
        self.tally.latencies.clear()
        self.tally.listens_for_latency = True
        for _ in range(messages):
            await self.members[0].say()
            await asyncio.sleep(1 / per_second)
        self.tally.listens_for_latency = False
        return list(self.tally.latencies)

    def disperse(self) -> None:
        for member in self.members:
            member.transport.abort()
