"""What allauth leaves open about the second factor: when a session counts, and when it no longer does."""

from typing import Any, Literal

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed

from portal.people import services
from portal.people.models import User
from portal.people.policy import METHODS, SECOND_FACTOR
from portal.people.sign_in import record_wrong_code

Kind = Literal["code", "passkey"]
# recovery codes stand in for a factor; they are none
KINDS: dict[str, Kind] = {Authenticator.Type.TOTP: "code", Authenticator.Type.WEBAUTHN: "passkey"}


def listen() -> None:
    authenticator_added.connect(enrolled)
    authenticator_removed.connect(removed)
    authentication_failed.connect(record_wrong_code)


def kinds_of(person: User) -> list[Kind]:
    """The kinds of factor that the person has set up."""
    found = Authenticator.objects.filter(user=person, type__in=KINDS).values_list("type", flat=True)
    return sorted({KINDS[kind] for kind in found})


def enrolled(request: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    """To enrol takes the factor itself, so this session has given one; sessions from before the first have not."""
    if authenticator.type not in KINDS:
        return
    record_authentication(request, user, SECOND_FACTOR, id=authenticator.pk, type=authenticator.type)
    first = not Authenticator.objects.filter(user=user, type__in=KINDS).exclude(pk=authenticator.pk).exists()
    services.note_factor(user, "added", KINDS[authenticator.type])
    if first:
        services.end_sessions(user, keep=request.session.session_key)


def removed(request: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A lost key signs nobody in: all other sessions end. Without any factor this one has given none either."""
    if authenticator.type not in KINDS:
        return
    if not kinds_of(user):
        request.session[METHODS] = [m for m in request.session.get(METHODS, []) if m["method"] != SECOND_FACTOR]
    services.note_factor(user, "removed", KINDS[authenticator.type])
    services.end_sessions(user, keep=request.session.session_key)
