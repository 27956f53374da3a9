"""HTTP on a fixed pool of threads with lasting database connections, inside the same event loop.

Django's own ASGI handler opens a database connection for each request; here a thread keeps its own.
The loop reads the whole body first, within a size and a time, so no slow sender holds a thread.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.urls import set_script_prefix

from portal.api.problems import http
from portal.kernel.errors import Problem

THREADS = 4
BODY_SECONDS = 30


class PooledHandler(BaseHandler):
    """Runs Django's synchronous middleware and views in the pool."""

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await spool(scope, receive)
        except ConnectionResetError:
            return
        except (Problem, TimeoutError) as refused:
            answer = packed(http(refused if isinstance(refused, Problem) else Problem("malformed")))
            await self.send(send, *answer, headers=[(b"connection", b"close")])
            return
        answer = await asyncio.get_running_loop().run_in_executor(self.pool, self.respond, scope, body)
        await self.send(send, *answer)

    def respond(self, scope: Any, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        set_script_prefix("/")
        signals.request_started.send(sender=type(self), scope=scope)
        request = ASGIRequest(scope, BytesIO(body))
        # a body sent in chunks declares no length, and would be taken for none
        request.META["CONTENT_LENGTH"] = str(len(body))
        response = cast(HttpResponse, self.get_response(request))
        try:
            return packed(response)
        finally:
            response.close()

    async def send(self, send: Any, status: int, head: list[Any], content: bytes, headers: Any = ()) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [*head, *headers]})
        await send({"type": "http.response.body", "body": content})


def packed(response: HttpResponse) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    content = b"".join(response)
    head = [(k.lower().encode("ascii"), v.encode("latin1")) for k, v in response.items()]
    head += [(b"set-cookie", c.OutputString().encode("ascii")) for c in response.cookies.values()]
    if not response.has_header("Content-Length"):
        head.append((b"content-length", str(len(content)).encode()))
    return response.status_code, head, content


async def spool(scope: Any, receive: Any) -> bytes:
    """The whole body; refuses one larger than the limit as soon as that is known."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > settings.BODY_LIMIT:
        raise Problem("too_large")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message.get("body", b"")
        if len(body) > settings.BODY_LIMIT:
            raise Problem("too_large")
        if not message.get("more_body"):
            return bytes(body)
