"""What allauth leaves open about the second factor: when a session counts, and when it no longer does."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed

from portal.people import services
from portal.people.models import User
from portal.people.policy import METHODS, SECOND_FACTOR


def listen() -> None:
    authenticator_added.connect(enrolled)
    authenticator_removed.connect(removed)


def is_enrolled(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def enrolled(request: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    """To enrol takes a right code, so this session has given its second factor; older ones have not."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, SECOND_FACTOR, id=authenticator.pk, type=authenticator.type)
        services.end_sessions(user, keep=request.session.session_key)


def removed(request: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Without a second factor no session has given one."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[METHODS] = [m for m in request.session.get(METHODS, []) if m["method"] != SECOND_FACTOR]
        services.end_sessions(user, keep=request.session.session_key)
