"""Security headers on every answer, files of the web app included."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.config.web import INDEX

LOCKED_DOWN = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
ADDED = "frame-ancestors 'none'; form-action 'self'; worker-src 'self'; manifest-src 'self'"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


@cache
def content_security_policy() -> str:
    """The policy the build wrote into the page (its start script's hash changes with each build), as a header."""
    if not INDEX.exists():
        return LOCKED_DOWN
    found = re.search(r'<meta http-equiv="content-security-policy" content="([^"]+)"', INDEX.read_text())
    return f"{found.group(1)}; {ADDED}" if found else LOCKED_DOWN


class SecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        if "Content-Security-Policy" not in response.headers:
            is_data = request.path.startswith(("/api/", "/_allauth/"))
            response["Content-Security-Policy"] = LOCKED_DOWN if is_data else content_security_policy()
        for name, value in transport_security():
            response[name] = value
        return response


def transport_security() -> list[tuple[str, str]]:
    age = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
    return [("Strict-Transport-Security", age)] if settings.SECURE else []


def with_security_headers(send: Any) -> Any:
    """For answers of data that pass Django by: the same headers."""
    headers = [*SECURITY.items(), ("Content-Security-Policy", LOCKED_DOWN), *transport_security()]
    added = [(name.lower().encode(), value.encode()) for name, value in headers]

    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return send_with_headers
