"""The websocket at /api/v1/live: greets, passes frames on to the slices' commands, and leaves the rest to the hub."""

from typing import Any
from uuid import UUID

import msgspec
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from portal.api.problems import as_problem
from portal.kernel.errors import Problem
from portal.live.commands import obey
from portal.live.connection import Connection
from portal.live.hub import hub
from portal.live.lines import Socket
from portal.live.protocol import LARGEST_FRAME, Closing, Error, Hello, Ping, Pong, decode
from portal.live.visitor import check_origin, visitor

REFUSED = {
    "not_authenticated": Closing.SESSION_ENDED,
    "session_locked": Closing.SESSION_ENDED,
    "mfa_required": Closing.REFUSED,
}


class LiveConsumer(AsyncConsumer):
    connection: Connection | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """No channel layer here: the hub alone touches it, once for all sockets."""
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            if self.connection:
                hub.leave(self.connection)
                self.connection.finish()

    async def dispatch(self, message: Any) -> None:
        match message["type"]:
            case "websocket.connect":
                await self.connect()
            case "websocket.receive":
                await self.receive(message.get("text"))
            case "websocket.disconnect":
                raise StopConsumer

    async def connect(self) -> None:
        try:
            check_origin(self.scope)
        except Problem:
            await self.base_send({"type": "websocket.close", "code": Closing.REFUSED})
            raise StopConsumer from None
        await self.base_send({"type": "websocket.accept"})
        try:
            who = await hub.run(visitor, self.scope)
        except Problem as problem:
            await self.base_send({"type": "websocket.close", "code": REFUSED[problem.code]})
            raise StopConsumer from None
        self.connection = Connection(who.person, who.session, who.expires, Socket(self.base_send))
        hub.enter(self.connection)

    async def receive(self, text: str | None) -> None:
        assert self.connection is not None
        if self.connection.closing is not None:
            return
        if text is None or len(text) > LARGEST_FRAME:
            self.connection.close(Closing.PROTOCOL)
            return
        try:
            frame = decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            self.connection.tell(Error(id=frame_id(text), problem=Problem("unknown_frame").as_dict()))
            return
        match frame:
            case Ping():
                self.connection.tell(Pong())
            case Hello():
                await hub.greet(self.connection, frame.cursors)
            case _:
                await self.command(frame)

    async def command(self, frame: Any) -> None:
        assert self.connection is not None
        try:
            answer = await obey(hub.run, self.connection.person, frame)
        except Exception as error:
            self.connection.tell(Error(id=getattr(frame, "id", None), problem=as_problem(error).as_dict()))
        else:
            if answer is not None:
                self.connection.tell(answer)


def frame_id(text: str) -> Any:
    """The id of a frame that is otherwise wrong, so that its sender knows which one."""
    try:
        return msgspec.json.decode(text, type=_Identified).id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


class _Identified(msgspec.Struct):
    id: UUID | None = None
