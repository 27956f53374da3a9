"""Who opens a socket: the same session and host rules as for HTTP, and a strict Origin."""

from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user

from portal.kernel.errors import Problem
from portal.people.policy import require_usable
from portal.people.sessions import SessionStore


@dataclass(frozen=True, slots=True)
class Visitor:
    person: Any
    session: str
    expires: datetime


def check_origin(scope: Any) -> None:
    """A socket is opened only from our own pages: browsers send Origin, and nothing else guards it."""
    origins = [value.decode("latin1") for name, value in scope["headers"] if name == b"origin"]
    if len(origins) != 1 or origins[0] not in settings.CSRF_TRUSTED_ORIGINS:
        raise Problem("foreign_origin")


def visitor(scope: Any) -> Visitor:
    """Raises not_authenticated, session_locked or mfa_required."""
    session = SessionStore(session_key(scope))
    person = get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
    if not person.is_authenticated or session.session_key is None or session.expires is None:
        raise Problem("not_authenticated")
    require_usable(session)
    return Visitor(person=person, session=session.session_key, expires=session.expires)


def session_key(scope: Any) -> str | None:
    header = "; ".join(v.decode("latin1") for n, v in scope["headers"] if n == b"cookie")
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None
