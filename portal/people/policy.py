"""Who may use a session: neither locked nor without a demanded second factor. One place for HTTP and sockets."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings

from portal.kernel import clock
from portal.kernel.errors import Problem
from portal.kernel.models import Audience, Network
from portal.kernel.standing import Person, standing

# where allauth records how a session was opened, and its word for a second factor
METHODS = "account_authentication_methods"
SECOND_FACTOR = "mfa"


def require_usable(session: Any) -> None:
    """Of a session in which somebody is signed in."""
    if is_locked(session):
        raise Problem("session_locked")
    if second_factor_missing(session):
        raise Problem("mfa_required")


def is_locked(session: Any) -> bool:
    return session.locks_at is not None and session.locks_at <= clock.now()


def idle_limit(person: Person) -> timedelta:
    """How long nobody need touch a session before it locks: less for those who administer."""
    who = standing(person)
    administers = who.within_any(Audience.Kind.NETWORK_ADMINISTRATORS) or who.within_any(
        Audience.Kind.ORGANIZATION_ADMINISTRATORS
    )
    return settings.IDLE_LIMIT_OF_ADMINISTRATORS if administers else settings.IDLE_LIMIT


def second_factor_satisfied(session: Any) -> bool:
    """Whether this session was opened with a second factor (allauth records `mfa`)."""
    return any(m.get("method") == SECOND_FACTOR for m in session.get(METHODS, []))


def second_factor_missing(session: Any) -> bool:
    return not second_factor_satisfied(session) and Network.current().second_factor_required


def proof_is_fresh(session: Any) -> bool:
    """Whether the person said a moment ago who they are: what opens or closes doors asks for it."""
    return any(time.time() - m["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for m in session.get(METHODS, []))
