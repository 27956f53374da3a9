"""One frame by the socket, as the matrix calls an operation: the real application, on the stage's own transaction."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connections
from django.test import override_settings

from portal.config.asgi import LIVE_PATH, application
from portal.live.hub import hub

PATIENCE = 30
Frame = dict[str, Any]


@dataclass
class Heard:
    """All that came by the socket, with the face of an HTTP answer."""

    texts: list[str]
    closed_with: int | None = None

    @property
    def code(self) -> str:
        if self.closed_with:
            return str(self.closed_with)
        problem = self.json()
        return str(problem["errors"][0]["code"] if problem["errors"] else problem["code"]) if problem else "ok"

    @property
    def status_code(self) -> int:
        return self.closed_with or self.json().get("status", 200)

    @property
    def content(self) -> bytes:
        return "\n".join(self.texts).encode()

    def json(self) -> Any:
        """The problem, if one was told."""
        return next((frame["problem"] for frame in map(json.loads, self.texts) if frame["type"] == "error"), {})

    def items(self) -> tuple[()]:
        """No headers."""
        return ()


def say(frame: Frame, session: str) -> Heard:
    """What a socket of this session hears when it says this, and nothing else, until all was answered."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    # the connection stays open, as with Django's own test client; nothing is committed, so no doorbell rings
    with (
        patch("portal.live.hub.close_old_connections"),
        override_settings(CHANNEL_LAYERS={}),
        ThreadPoolExecutor(1, initializer=connections.__setitem__, initargs=("default", shared)) as pool,
    ):
        heard = asyncio.run(converse(frame, session, pool))
    shared.dec_thread_sharing()
    return heard


async def converse(frame: Frame, session: str, pool: ThreadPoolExecutor) -> Heard:
    """The hub works in one thread, which sees what the test has not committed."""
    await hub.start(asyncio.get_running_loop())
    hub.pool.shutdown()
    hub.pool = pool
    socket = Socket(session)
    try:
        return await socket.hear(frame)
    finally:
        await socket.leave()
        await hub.stop()


class Socket:
    def __init__(self, session: str) -> None:
        head = [(b"origin", settings.CSRF_TRUSTED_ORIGINS[0].encode())]
        if session:
            head.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
        scope = {"type": "websocket", "path": LIVE_PATH, "headers": head}
        self.line = ApplicationCommunicator(application, scope)
        self.heard = Heard([])

    async def hear(self, frame: Frame) -> Heard:
        await self.line.send_input({"type": "websocket.connect"})
        assert (await self.line.receive_output(PATIENCE))["type"] == "websocket.accept"
        await self.line.send_input({"type": "websocket.receive", "text": json.dumps(frame)})
        # frames are answered in turn: after this one's answer there is nothing more of the first
        await self.line.send_input({"type": "websocket.receive", "text": '{"type": "ping"}'})
        owed: dict[str, int] = {}
        # of a ping, also its own
        pongs, counted = (2, ("pong", "error")) if frame["type"] == "ping" else (1, ("pong",))
        while (pongs or owed) and (told := await self.next()):
            pongs -= told["type"] in counted
            if told["type"] == "welcome":
                asked = frame["cursors"]
                owed = {audience: head for audience, head in told["heads"].items() if asked.get(audience, head) < head}
            elif told["type"] in ("changes", "resync") and told.get("seq", told.get("head")) >= owed[told["audience"]]:
                del owed[told["audience"]]
        return self.heard

    async def next(self) -> Frame | None:
        """None: closed."""
        message = await self.line.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            self.heard.closed_with = message["code"]
            return None
        self.heard.texts.append(message["text"])
        frame: Frame = json.loads(message["text"])
        return frame

    async def leave(self) -> None:
        if not self.line.future.done():
            await self.line.send_input({"type": "websocket.disconnect"})
        await self.line.wait(PATIENCE)
