"""What both HTTP entrances share: the body read by the loop within a size and a time, and an answer in one piece."""

import asyncio
from typing import Any

from django.http import HttpResponse

from portal.kernel.errors import Problem

BODY_SECONDS = 30

Head = list[tuple[bytes, bytes]]


async def spool(scope: Any, receive: Any, most: int) -> bytes:
    """The whole body. Refuses one of more than `most` bytes as soon as that is known.

    Raises Problem, TimeoutError, and ConnectionResetError when the sender went away.
    """
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > most:
        raise Problem("too_large")
    body = bytearray()
    async with asyncio.timeout(BODY_SECONDS):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            body += message.get("body", b"")
            if len(body) > most:
                raise Problem("too_large")
            if not message.get("more_body"):
                return bytes(body)


def packed(response: HttpResponse) -> tuple[int, Head, bytes]:
    content = b"".join(response)
    head = [(k.lower().encode("ascii"), v.encode("latin1")) for k, v in response.items()]
    head += [(b"set-cookie", c.OutputString().encode("ascii")) for c in response.cookies.values()]
    if not response.has_header("Content-Length"):
        head.append((b"content-length", str(len(content)).encode()))
    return response.status_code, head, content


async def answer(send: Any, status: int, head: Head, content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})
