"""What a connection writes to: a websocket, or an event stream where networks block websockets."""

from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode


class Line(Protocol):
    async def write(self, text: str) -> None: ...

    async def close(self, code: int) -> None: ...

    def write_now(self, packed: bytes) -> bool:
        """Write a frame packed for websockets without waiting. False: it has to go by `write`, in its turn."""
        ...


def pack(text: str) -> bytes:
    """A text as the bytes of one websocket frame: the same for every socket, so built once for all."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Socket:
    """A websocket. While its reader keeps up, packed frames go straight to the transport."""

    __slots__ = ("_protocol", "_send")

    def __init__(self, send: Any) -> None:
        self._send = send
        protocol = getattr(send, "__self__", None)
        plain = isinstance(protocol, WebSocketsSansIOProtocol) and not protocol.conn.extensions
        self._protocol = protocol if plain else None

    async def write(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    def write_now(self, packed: bytes) -> bool:
        protocol: Any = self._protocol
        if protocol is None or protocol.disconnected or protocol.close_sent or not protocol.writable.is_set():
            return False
        protocol.transport.write(packed)
        return True


class EventStream:
    """The body of an HTTP answer: one server-sent event a frame, and one that says why it ends."""

    __slots__ = ("_send",)

    def __init__(self, send: Any) -> None:
        self._send = send

    async def write(self, text: str) -> None:
        await self._body(f"data: {text}\n\n", more=True)

    async def close(self, code: int) -> None:
        await self._body(f"event: close\ndata: {code}\n\n", more=False)

    def write_now(self, packed: bytes) -> bool:
        return False

    async def _body(self, text: str, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})
