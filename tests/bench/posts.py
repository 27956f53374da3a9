"""What a POST costs the server: processor time for each, against a lean view on the same road."""

import http.client
import json
from collections import defaultdict
from typing import Any
from uuid import uuid4

from tests.bench.fan_out import Contender
from tests.bench.figures import against, cpu_seconds, median
from tests.bench.worlds import Room

LEAN_SESSION = "leanleanleanleanleanleanleanlean"
ROUNDS = 3
WARM, COUNTED = 30, 200


class Line:
    """One kept connection. The portal wants its cookie and a token against forgery."""

    def __init__(self, contender: Contender, cookie: str = "") -> None:
        self.http = http.client.HTTPConnection("localhost", contender.port, timeout=60)
        self.headers = {"Content-Type": "application/json", "Origin": f"http://localhost:{contender.port}"}
        if cookie:
            token = uuid4().hex
            self.headers |= {"Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.http.request(method, path, json.dumps(body) if body is not None else None, self.headers | headers)
        answer = self.http.getresponse()
        content = answer.read()
        assert answer.status < 300, (answer.status, content[:500])
        return json.loads(content)


def run(portal: Contender, lean: Contender, room: Room) -> None:
    organization = str(room.organizations[0].pk)
    messages = f"/api/v1/channels/{room.channel}/messages"

    def message() -> tuple[str, Any]:
        return messages, {"id": str(uuid4()), "body": "x" * 200, "acting_for": organization}

    def request() -> tuple[str, Any]:
        return "/api/v1/requests", request_form(room, organization)

    def plain() -> tuple[str, Any]:
        return "/messages", {"body": "x" * 200}

    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        spent["lean"].append(cost(lean, Line(lean, f"sessionid={LEAN_SESSION}"), plain))
        spent["message"].append(cost(portal, Line(portal, room.cookies[0]), message))
        spent["request"].append(cost(portal, Line(portal, room.cookies[0]), request))
    for what in ("message", "request"):
        against(f"POST of a {what}, processor time", median(spent[what]), "ms", median(spent["lean"]), "<= 2.5")


def cost(contender: Contender, line: Line, make: Any) -> float:
    """Milliseconds of processor time for one."""
    for _ in range(WARM):
        line.ask("POST", *make())
    before = cpu_seconds(contender.pid)
    for _ in range(COUNTED):
        line.ask("POST", *make())
    return 1000 * (cpu_seconds(contender.pid) - before) / COUNTED


def request_form(room: Room, organization: str) -> dict[str, Any]:
    """To one other organization, as most are."""
    return {
        "acting_for": organization,
        "kind": "information_request",
        "details": {"topic": "services", "question": "Who has a van on Friday?"},
        "organizations": [str(room.organizations[1].pk)],
    }
