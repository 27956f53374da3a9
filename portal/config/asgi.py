"""The server: HTTP, the live endpoint, and what starts and stops with the process."""

import asyncio
import os
import threading
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
django.setup()

from portal.config.headers import with_security_headers  # noqa: E402
from portal.config.http import PooledHandler  # noqa: E402
from portal.jobs import worker  # noqa: E402
from portal.live.consumer import LiveConsumer  # noqa: E402
from portal.live.hub import hub  # noqa: E402
from portal.live.stream import events  # noqa: E402

LIVE_PATH = "/api/v1/live"
http = PooledHandler()
live = LiveConsumer.as_asgi()


async def application(scope: Any, receive: Any, send: Any) -> None:
    is_live = scope["type"] != "lifespan" and scope["path"] == LIVE_PATH
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and is_live:
        await events(scope, receive, with_security_headers(send))
    elif scope["type"] == "http":
        await http(scope, receive, send)
    elif is_live:
        await live(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close"})


async def lifespan(receive: Any, send: Any) -> None:
    """The hub lives with the process; background work too, unless `portal worker` runs it elsewhere."""
    stop = threading.Event()
    await receive()
    await hub.start(asyncio.get_running_loop())
    thread = threading.Thread(target=worker.run, args=(stop,), name="jobs", daemon=True)
    if os.environ.get("CONCORD_WORKER", "embedded") == "embedded":
        thread.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    stop.set()
    await hub.stop()
    if thread.is_alive():
        await asyncio.to_thread(thread.join, 5)
    await send({"type": "lifespan.shutdown.complete"})
