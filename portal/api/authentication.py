"""Who is calling: the session cookie, and whether its session may be used."""

from typing import Any

from django.utils.cache import patch_vary_headers
from rest_framework import authentication, permissions
from rest_framework.request import Request

from portal.kernel.errors import Problem
from portal.people.policy import proof_is_fresh, require_usable


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with CSRF; strangers get 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Any) -> None:
        from rest_framework.exceptions import PermissionDenied

        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise Problem("csrf_failed") from None


class SignedIn(permissions.BasePermission):
    """Somebody is signed in and their session is usable."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated):
            raise Problem("not_authenticated")
        require_usable(request.session)
        return True


def require_fresh_proof(request: Request) -> None:
    """For what opens or closes doors. Asked in an `api.py` once the object is fetched; the web app asks the
    person, and sends the same request again."""
    if not proof_is_fresh(request.session):
        raise Problem("proof_required")


class Anybody(permissions.BasePermission):
    """For the few addresses that strangers may use."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return True


def private(response: Any) -> Any:
    """Nothing that a person gets is stored by browsers or proxies."""
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Cookie",))
    return response
