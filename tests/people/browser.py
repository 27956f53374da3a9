"""A browser without screen: keeps cookies, repeats the CSRF token, speaks with the accounts' own addresses."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from django.conf import settings
from django.test import Client

ACCOUNTS = "/_allauth/browser/v1/"
# seconds
PERIOD, ON_THE_WAY = 30, 5


class Browser(Client):
    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)
        self.get("/api/v1/session")

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers["X-CSRFToken"] = self.cookies[settings.CSRF_COOKIE_NAME].value
        call = getattr(self, method.lower())
        if method == "GET":
            return call(path, headers=headers)
        return call(path, {} if body is None else body, content_type="application/json", headers=headers)

    def account(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.send(method, ACCOUNTS + path, body, **headers)

    def session(self) -> Any:
        return self.get("/api/v1/session").json()

    def sign_in(self, email: str, password: str) -> Any:
        return self.account("POST", "auth/login", {"email": email, "password": password})

    def enrol(self) -> str:
        """A second factor for who is signed in; returns its secret."""
        secret = self.account("GET", "account/authenticators/totp").json()["meta"]["secret"]
        answer = self.account("POST", "account/authenticators/totp", {"code": code(secret)})
        assert answer.status_code == 200, answer.content
        return str(secret)


def code(secret: str) -> str:
    """The one-time code of this moment (RFC 6238), with time left to send it before it changes."""
    left = PERIOD - time.time() % PERIOD
    if left < ON_THE_WAY:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"
