"""The addresses of allauth that are used here. It has more: what a portal does not offer, it does not answer."""

from typing import Any

from allauth.headless.account import views as account
from allauth.headless.constants import Client
from allauth.headless.mfa import views as second_factor
from django.urls import path

OFFERED: dict[str, Any] = {
    "auth/session": account.SessionView,
    "auth/login": account.LoginView,
    "auth/2fa/authenticate": second_factor.AuthenticateView,
    "auth/reauthenticate": account.ReauthenticateView,
    "auth/2fa/reauthenticate": second_factor.ReauthenticateView,
    "auth/password/request": account.RequestPasswordResetView,
    "auth/password/reset": account.ResetPasswordView,
    "account/password/change": account.ChangePasswordView,
    "account/authenticators": second_factor.AuthenticatorsView,
    "account/authenticators/totp": second_factor.ManageTOTPView,
    "account/authenticators/recovery-codes": second_factor.ManageRecoveryCodesView,
}
urlpatterns = [
    path(f"browser/v1/{address}", view.as_api_view(client=Client.BROWSER)) for address, view in OFFERED.items()
]
