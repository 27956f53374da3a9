"""A push service of the tests' own, and the browsers that subscribe there: what they get they open as browsers do."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.notify.web_push import CURVE, derived, packed, point, public_key_of
from portal.people.models import User


class PushService:
    """`answers` with a status by the name of the device, and remembers all that came."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.path.strip("/")
                service.came.append((name, dict(self.headers), body))
                self.send_response(service.answers.get(name, 201))
                self.send_header("Location", f"{service.origin}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def woken(self) -> list[str]:
        return [name for name, _, _ in self.came]


@contextmanager
def running() -> Iterator[PushService]:
    service = PushService()
    thread = threading.Thread(target=service.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()


class Browser:
    """Of one person, with the keys that the portal seals for."""

    def __init__(self, service: PushService, person: User) -> None:
        self.service = service
        self.name = person.name
        self.endpoint = f"{service.origin}/{person.name}"
        self.key = ec.generate_private_key(CURVE)
        self.secret = os.urandom(16)

    @property
    def form(self) -> dict[str, Any]:
        return {"endpoint": self.endpoint, "public_key": packed(point(self.key)), "secret": packed(self.secret)}

    @property
    def came(self) -> list[Any]:
        """What it was told, opened."""
        return [self.opened(body) for name, _, body in self.service.came if name == self.name]

    def opened(self, body: bytes) -> Any:
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        agreed = self.key.exchange(ec.ECDH(), public_key_of(theirs))
        shared = derived(agreed, self.secret, b"WebPush: info\x00" + point(self.key) + theirs, 32)
        key = derived(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derived(shared, salt, b"Content-Encoding: nonce\x00", 12)
        message = AESGCM(key).decrypt(nonce, sealed, None)
        assert message[-1:] == b"\x02"
        return json.loads(message[:-1])
