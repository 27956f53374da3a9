"""The same over the wire, where bodies come in pieces: the server itself reads them before any thread does."""

import json
import socket
from contextlib import closing

import pytest
from django.conf import settings

from coordination.requests.models import Request
from tests import world
from tests.scene import Scene, body

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "t" * 32


@pytest.fixture
def scene(transactional_db):
    return Scene()


def send(server, person, chunks, *, declared=None, path="/api/v1/requests"):
    """(status, code or None, whole answer) of a POST in chunks, or with a declared length."""
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: localhost:{server.port}",
        f"Origin: {server.origin}",
        "Content-Type: application/json",
        f"Cookie: {settings.SESSION_COOKIE_NAME}={world.session(person)}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        "Connection: close",
        "Transfer-Encoding: chunked" if declared is None else f"Content-Length: {declared}",
    ]
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=20)) as wire:
        wire.sendall("\r\n".join([*head, "", ""]).encode())
        try:
            for chunk in chunks:
                wire.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk) if declared is None else chunk)
            if declared is None:
                wire.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # it was refused before all was said
        answer = b""
        try:
            while piece := wire.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    assert answer, "no answer"
    first, _, rest = answer.partition(b"\r\n\r\n")
    status = int(first.split()[1])
    return status, json.loads(rest[rest.index(b"{") : rest.rindex(b"}") + 1]), first.decode().lower()


def test_bodies_over_the_wire(scene, server):
    form = json.dumps(body(scene, scene.house)).encode()
    pieces = [form[n : n + 50] for n in range(0, len(form), 50)]
    status, answer, _ = send(server, scene.mara, pieces)
    assert (status, answer["result"]["state"]) == (201, "open"), "in chunks, without a declared length"

    status, answer, head = send(server, scene.mara, [b"x" * 65536] * (settings.BODY_LIMIT // 65536 + 2))
    assert (status, answer["code"]) == (413, "too_large")
    assert "cache-control: no-store" in head

    status, answer, _ = send(server, scene.mara, [], declared=settings.BODY_LIMIT + 1)
    assert (status, answer["code"]) == (413, "too_large"), "refused before it is sent"

    status, answer, _ = send(server, scene.mara, [b'{"a": "\xff'], declared=8)
    assert (status, answer["code"]) == (400, "malformed")
    status, answer, _ = send(server, scene.mara, [b'"\xff"'])
    assert (status, answer["code"]) == (400, "malformed")
    assert Request.objects.count() == 1
