"""The same over the wire: the embedded server with its own worker, cookies and Origin as browsers send them."""

import json
import re
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import Tier
from portal.people.models import Session
from tests import world
from tests.live.wire import Wire
from tests.people.browser import code
from tests.services.processes import wait_until


class Remote:
    def __init__(self, origin: str) -> None:
        self.origin, self.jar = origin, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        self.send("GET", "/api/v1/session")

    def send(self, method: str, path: str, body: Any = None, origin: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Origin": origin or self.origin}
        headers["X-CSRFToken"] = next((c.value or "" for c in self.jar if c.name == "csrftoken"), "")
        data = None if body is None else json.dumps(body).encode()
        try:
            request = Request(self.origin + path, data, headers, method=method)  # noqa: S310 - our own server
            answer = self.opener.open(request, timeout=20)
        except HTTPError as refused:
            answer = refused
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    @property
    def key(self) -> str:
        """Of the session: what the cookie holds."""
        return next(c.value or "" for c in self.jar if c.name == settings.SESSION_COOKIE_NAME)

    def account(self, method: str, path: str, body: Any = None, origin: str = "") -> tuple[int, Any]:
        return self.send(method, f"/_allauth/browser/v1/{path}", body, origin)


def mailed(folder: Path, server: Any, pattern: str) -> str:
    """What the next mail says."""

    def found() -> list[str]:
        texts = [f.read_text().replace("=\n", "").replace("=3D", "=") for f in (folder / "mail").glob("*")]
        return [m for text in texts for m in re.findall(pattern, text)]

    wait_until(lambda: bool(found()), server.process, seconds=30)
    return found()[-1]


@pytest.mark.django_db(transaction=True)
def test_invited_enrolled_forgotten_and_back(transactional_db, tmp_path, request):
    world.network(second_factor=True)
    house = world.organization()
    ada = world.person(house, "administrator", "Ada")
    services.invite(Actor(ada), house, "nia@example.org", Tier.MEMBER)
    server = request.getfixturevalue("server")

    nia = Remote(server.origin)
    token = mailed(tmp_path, server, rf"{server.origin}/join/(\S+)")
    new = {"name": "Nia", "password": world.PASSWORD, "time_zone": "America/Denver", "locale": "en"}
    assert nia.send("POST", f"/api/v1/invitations/{token}/accept", new)[0] == 200
    assert nia.send("GET", "/api/v1/organizations")[1]["code"] == "mfa_required"
    secret = nia.account("GET", "account/authenticators/totp")[1]["meta"]["secret"]
    assert nia.account("POST", "account/authenticators/totp", {"code": code(secret)})[0] == 200
    status, seen = nia.send("GET", "/api/v1/organizations")
    assert (status, [o["name"] for o in seen["results"]]) == (200, ["Harbor House"])

    forgetful = Remote(server.origin)
    assert forgetful.account("POST", "auth/password/request", {"email": "nia@example.org"})[0] == 200
    key = mailed(tmp_path, server, rf"{server.origin}/reset/(\S+)")
    chosen = {"key": key, "password": "another long passphrase"}
    assert forgetful.account("POST", "auth/password/reset", chosen)[0] == 401
    assert nia.send("GET", "/api/v1/session")[1]["person"] is None
    status, pending = forgetful.account(
        "POST", "auth/login", {"email": "nia@example.org", "password": "another long passphrase"}
    )
    assert (status, [f["id"] for f in pending["data"]["flows"] if f.get("is_pending")]) == (401, ["mfa_authenticate"])
    assert forgetful.account("POST", "auth/2fa/authenticate", {"code": code(secret)})[0] == 200
    assert forgetful.send("GET", "/api/v1/organizations")[0] == 200

    foreign = {"email": "nia@example.org", "password": "another long passphrase"}
    status, refused = Remote(server.origin).account("POST", "auth/login", foreign, origin="http://evil.example")
    assert (status, refused["code"]) == (403, "csrf_failed")


@pytest.mark.django_db(transaction=True)
def test_a_device_signed_out_from_another_loses_its_socket(transactional_db, request):
    world.network()
    ann = world.person(world.organization())
    ann.password = make_password(world.PASSWORD, hasher="pbkdf2_sha256")  # as the server knows it
    ann.save()
    server = request.getfixturevalue("server")
    laptop, phone = Remote(server.origin), Remote(server.origin)
    for one in (laptop, phone):
        who = {"email": ann.email, "password": world.PASSWORD}
        assert one.account("POST", "auth/login", who)[0] == 200
    here, there = (Wire(server, ann, session=one.key) for one in (laptop, phone))
    here.hello()
    there.hello()
    lost = Session.objects.get(pk=phone.key)
    assert laptop.send("DELETE", f"/api/v1/sessions/{lost.public_id}")[0] == 204
    assert there.closed() == 4401
    assert phone.send("GET", "/api/v1/organizations")[0] == 401
    here.say(type="ping")
    assert here.until(lambda f: f["type"] == "pong")
    here.close()
    assert "Traceback" not in server.log()
    for kept in ("127.0.0.1", "Python-urllib", "User-Agent"):
        assert kept not in server.log()


@pytest.mark.django_db(transaction=True)
def test_a_locked_session_has_no_socket(transactional_db, request):
    world.network()
    ann = world.person(world.organization())
    ann.password = make_password(world.PASSWORD, hasher="pbkdf2_sha256")  # as the server knows it
    ann.save()
    server = request.getfixturevalue("server")
    laptop = Remote(server.origin)
    assert laptop.account("POST", "auth/login", {"email": ann.email, "password": world.PASSWORD})[0] == 200
    line = Wire(server, ann, session=laptop.key)
    line.hello()
    assert laptop.send("POST", "/api/v1/session/lock", {})[0] == 204
    assert line.closed() == 4401
    line.socket = line.open()
    assert line.closed() == 4401
    status, refused = laptop.send("POST", "/api/v1/live", {"type": "hello", "cursors": {}})
    assert (status, refused["code"]) == (401, "session_locked")

    assert laptop.account("POST", "auth/reauthenticate", {"password": world.PASSWORD})[0] == 200
    line.socket = line.open()
    line.hello()
    line.close()
