"""The addresses of allauth that are used here. It has more: what a portal does not offer, it does not answer."""

from functools import cache, wraps
from importlib.resources import files
from typing import Any

import yaml
from allauth.headless.account import views as account
from allauth.headless.constants import Client
from allauth.headless.mfa import views as second_factor
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from portal.kernel.errors import CODES
from portal.people import passkeys
from portal.people.policy import is_locked
from portal.people.sign_in import Unlocks


class ProofByPasswordView(Unlocks, account.ReauthenticateView):
    pass


OFFERED: dict[str, Any] = {
    "auth/session": account.SessionView,
    "auth/login": account.LoginView,
    "auth/2fa/authenticate": second_factor.AuthenticateView,
    "auth/webauthn/login": passkeys.SignInView,
    "auth/webauthn/authenticate": passkeys.SecondStepView,
    "auth/reauthenticate": ProofByPasswordView,
    "auth/2fa/reauthenticate": second_factor.ReauthenticateView,
    "auth/webauthn/reauthenticate": passkeys.ProofView,
    "auth/password/request": account.RequestPasswordResetView,
    "auth/password/reset": account.ResetPasswordView,
    "account/password/change": account.ChangePasswordView,
    "account/authenticators": second_factor.AuthenticatorsView,
    "account/authenticators/totp": second_factor.ManageTOTPView,
    "account/authenticators/webauthn": passkeys.PasskeysView,
    "account/authenticators/recovery-codes": second_factor.ManageRecoveryCodesView,
}
# what is written there is written together with its audit record
IN_ONE_TRANSACTION = ("account/",)
# what a locked session still answers: who says who they are, and who leaves. A code alone is too little:
# it may lie beside the screen
WHILE_LOCKED = {
    ("POST", "auth/reauthenticate"),
    ("GET", "auth/webauthn/reauthenticate"),
    ("POST", "auth/webauthn/reauthenticate"),
    ("DELETE", "auth/session"),
}


def answering(address: str, view: Any) -> Any:
    answer = view.as_api_view(client=Client.BROWSER)
    if address.startswith(IN_ONE_TRANSACTION):
        answer = written_together(answer)
    return closed_while_locked(address, answer)


def closed_while_locked(address: str, answer: Any) -> Any:
    """A locked session is told nothing else, not even whose it is."""

    @wraps(answer)
    def unlocked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        locked = request.user.is_authenticated and is_locked(request.session)
        if locked and (request.method, address) not in WHILE_LOCKED:
            return session_locked()
        return answer(request, *args, **kwargs)

    return unlocked


def written_together(answer: Any) -> Any:
    @wraps(answer)
    def together(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET":
            return answer(request, *args, **kwargs)
        with transaction.atomic():
            return answer(request, *args, **kwargs)

    return together


def session_locked() -> JsonResponse:
    """In the shape of allauth's answers, with a code of ours."""
    code = "session_locked"
    status, title = CODES[code]
    body = {"status": status, "errors": [{"code": code, "message": title}], "meta": {"is_authenticated": False}}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


urlpatterns = [path(f"browser/v1/{address}", answering(address, view)) for address, view in OFFERED.items()]


@cache
def document() -> dict[str, Any]:
    """allauth's own OpenAPI document, of the addresses offered here."""
    whole: dict[str, Any] = yaml.safe_load(files("allauth.headless.spec").joinpath("doc/openapi.yaml").read_bytes())
    client = {"$ref": "#/components/parameters/Client"}
    paths = {}
    for address in OFFERED:
        operations = whole["paths"][f"/_allauth/{{client}}/v1/{address}"]
        for operation in operations.values():
            operation["parameters"] = [p for p in operation.get("parameters", []) if p != client]
        paths[f"/_allauth/browser/v1/{address}"] = operations
    info = {**whole["info"], "title": "Concord: signing in", "description": "Sessions, second factor, passwords."}
    return {"openapi": whole["openapi"], "info": info, "paths": paths, "components": whole["components"]}


def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document())
