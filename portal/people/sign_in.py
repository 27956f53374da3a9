"""Signing in, as the portal remembers it; and signing somebody in otherwise than by the sign-in form."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from portal.jobs.outbox import enqueue
from portal.kernel import clock
from portal.people import services
from portal.people.devices import device_of
from portal.people.models import Method, SignIn, User
from portal.people.policy import METHODS

AFTER_PASSWORD = {
    Authenticator.Type.TOTP: Method.PASSWORD_AND_CODE,
    Authenticator.Type.WEBAUTHN: Method.PASSWORD_AND_PASSKEY,
    Authenticator.Type.RECOVERY_CODES: Method.PASSWORD_AND_RECOVERY_CODE,
}


def sign_in(request: HttpRequest, person: User) -> None:
    """By a password set this moment; a second factor they cannot have given."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, "password", email=person.email)
    record(request, person)


def record(request: HttpRequest, person: User) -> None:
    """Who has just been signed in, in the session that was made for it."""
    assert request.session.session_key is not None  # login() has made it
    method = method_of(request.session.get(METHODS, []))
    services.record_sign_in(person, request.session.session_key, method, device_of(request))


def method_of(proofs: list[dict[str, Any]]) -> Method:
    """How a session with these proofs was opened."""
    if any(proof.get("passwordless") for proof in proofs):
        return Method.PASSKEY
    given = [AFTER_PASSWORD[proof["type"]] for proof in proofs if proof.get("type") in AFTER_PASSWORD]
    return given[-1] if given else Method.PASSWORD


def record_wrong_password(request: HttpRequest, email: str) -> None:
    """Recorded in the background, so that the answer takes as long for an address that nobody has."""
    device = device_of(request)
    enqueue("people.record_wrong_password", email=email.lower(), at=clock.now().isoformat(), device=list(device))


def record_wrong_code(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    method = AFTER_PASSWORD[authenticator.type]
    device = device_of(request)
    services.record_failed_sign_in(user, method, SignIn.Outcome.WRONG_CODE, device, clock.now())


class Unlocks:
    """A view that takes a proof of who is there: the session opens again by it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # of allauth's views
        if answer.status_code == 200:
            assert isinstance(request.user, User)
            assert request.session.session_key is not None
            services.unlock_session(request.user, request.session.session_key)
        return answer
