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

from portal.api.asgi import Head, answer, packed, spool
from portal.api.problems import http
from portal.kernel.errors import Problem

THREADS = 4


class PooledHandler(BaseHandler):
    """Runs Django's synchronous middleware and views in the pool."""

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await spool(scope, receive, settings.BODY_LIMIT)
        except ConnectionResetError:
            return
        except (Problem, TimeoutError) as refused:
            status, head, content = packed(http(refused if isinstance(refused, Problem) else Problem("malformed")))
            await answer(send, status, [*head, (b"connection", b"close")], content)
            return
        await answer(send, *await asyncio.get_running_loop().run_in_executor(self.pool, self.respond, scope, body))

    def respond(self, scope: Any, body: bytes) -> tuple[int, Head, bytes]:
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
