"""The same over the wire: the embedded server with its own worker, cookies and Origin as browsers send them."""

import json
import re
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import Tier
from tests import world
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
