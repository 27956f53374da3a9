"""A client of the live endpoint: a real websocket, and the rules a client keeps about what comes."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from portal.people.models import User
from tests import world
from tests.services.server import Server

PATIENCE = 30.0


class Wire:
    """One socket of one person. `items` holds every item that came, in order; `cursors` the client's own."""

    def __init__(self, server: Server, person: User, *, session: str = "", **options: Any) -> None:
        self.session = session or world.session(person)
        self.server = server
        self.cursors: dict[str, int] = {}
        self.items: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.resyncs = 0
        self.socket = self.open(**options)

    def open(self, **options: Any) -> ClientConnection:
        return connect(
            self.server.live,
            legacy=True,
            origin=self.server.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"},
            max_size=2**22,
            **options,
        )

    def hello(self, cursors: dict[str, int] | None = None) -> dict[str, Any]:
        """Greet; the answer says the heads, from which unknown audiences begin."""
        self.cursors = dict(self.cursors if cursors is None else cursors)
        self.say(type="hello", cursors=self.cursors)
        welcome = self.until(lambda f: f["type"] == "welcome")
        for audience, head in welcome["heads"].items():
            self.cursors.setdefault(audience, head)
        return welcome

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def post(self, channel: Any, body: str, acting_for: Any = None, client_id: str = "") -> str:
        client_id = client_id or str(uuid4())
        organization = {"acting_for": str(acting_for.pk)} if acting_for else {}
        self.say(type="send", id=client_id, channel=str(channel.pk), body=body, **organization)
        return client_id

    def next(self, timeout: float = PATIENCE) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout))
        self.frames.append(frame)
        if frame["type"] == "changes":
            assert frame["after"] == self.cursors[frame["audience"]], f"a gap: {frame} at {self.cursors}"
            assert frame["seq"] >= frame["after"]
            self.cursors[frame["audience"]] = frame["seq"]
            self.items += frame["items"]
        elif frame["type"] == "granted":
            self.cursors[frame["audience"]] = frame["head"]
        elif frame["type"] == "resync":
            self.resyncs += 1
            self.cursors[frame["audience"]] = frame["head"]
        elif frame["type"] == "revoked":
            self.cursors.pop(frame["audience"], None)
        return frame

    def until(self, wanted: Callable[[dict[str, Any]], bool], patience: float = PATIENCE) -> dict[str, Any]:
        ends = time.monotonic() + patience
        while True:
            frame = self.next(max(0.01, ends - time.monotonic()))
            if wanted(frame):
                return frame

    def item(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first item, of those that came and those to come, that is wanted."""
        seen = 0
        while True:
            for item in self.items[seen:]:
                if wanted(item):
                    return item
            seen = len(self.items)
            self.next()

    def message(self, body: str) -> dict[str, Any]:
        return self.item(lambda i: i["kind"] == "message" and i.get("data", {}).get("body") == body)

    def quiet(self, seconds: float = 2.5) -> None:
        """Take in what comes until nothing has come for so long: longer than the hub's sweep."""
        while True:
            try:
                self.next(seconds)
            except TimeoutError:
                return

    def bodies(self) -> list[str]:
        return [i["data"]["body"] for i in self.items if i["kind"] == "message" and "data" in i]

    def closed(self) -> int:
        """Read to the end; the close code."""
        try:
            while True:
                self.next()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    def close(self) -> None:
        self.socket.close()
