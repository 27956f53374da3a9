"""The live endpoint for networks that block websockets: `hello` by POST, answered by an event stream.

The frames are those of the socket, and the hub does not know the difference. What a socket's client
says later (send, seen) goes to the HTTP API, which calls the same services.
"""

import asyncio
from typing import Any

import msgspec

from portal.api.asgi import Head, answer, packed, spool
from portal.api.problems import as_problem, http
from portal.kernel.errors import Problem
from portal.live.connection import Connection
from portal.live.hub import hub
from portal.live.lines import EventStream
from portal.live.protocol import LARGEST_FRAME, Hello, Pong
from portal.live.visitor import Visitor, check_origin, visitor

parse = msgspec.json.Decoder(Hello).decode
# so often a quiet stream says that it lives
PULSE_SECONDS = 10
STREAM: Head = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    # reverse proxies would keep it back until it ends
    (b"x-accel-buffering", b"no"),
]


async def events(scope: Any, receive: Any, send: Any) -> None:
    """Answer a `hello` with what a socket would be sent, for as long as both ends want."""
    try:
        hello = await read(scope, receive)
        who = await hub.run(visitor, scope)
    except ConnectionResetError:
        return
    except Exception as error:
        await answer(send, *packed(http(as_problem(error))))
        return
    await stream(who, hello, receive, send)


async def read(scope: Any, receive: Any) -> Hello:
    if scope["method"] != "POST":
        raise Problem("method_not_allowed")
    check_origin(scope)
    try:
        return parse(await spool(scope, receive, LARGEST_FRAME))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Problem("unknown_frame") from None
    except TimeoutError:
        raise Problem("malformed") from None


async def stream(who: Visitor, hello: Hello, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": STREAM})
    connection = Connection(who.person, who.session, who.expires, EventStream(send))
    gone = asyncio.create_task(disconnected(receive))
    hub.enter(connection)
    try:
        await hub.greet(connection, hello.cursors)
        while not (gone.done() or connection.writer.done()):
            await asyncio.wait({gone, connection.writer}, timeout=PULSE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            connection.tell(Pong())
    finally:
        gone.cancel()
        hub.leave(connection)
        connection.finish()


async def disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
