"""Signing somebody in who has just proved who they are otherwise than by the sign-in form."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from portal.people.models import User


def sign_in(request: HttpRequest, person: User) -> None:
    """By a password set this moment; a second factor they cannot have given."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, "password", email=person.email)
