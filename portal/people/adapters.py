"""Where allauth asks the house: sign-up is closed, mails say little, limits answer 429, secrets are encrypted."""

import base64
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from portal.jobs.outbox import enqueue
from portal.people import services, sign_in
from portal.people.devices import device_of
from portal.people.policy import proof_is_fresh


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come by invitation alone."""
        return False

    def validation_error(self, code: str, *args: Any) -> Any:
        """Whoever tries too often gets a 429, by password and by code alike."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(respond_429(context.request))
        return super().validation_error(code, *args)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has signed in a moment ago need not do so again."""
        return not proof_is_fresh(context.request.session)

    def set_password(self, user: Any, password: str) -> None:
        """A change or a reset."""
        services.change_password(user, make_password(password), keep=context.request.session.session_key)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        sign_in.record(request, user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in.record_wrong_password(request, credentials.get("email", ""))

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and request.session.session_key:
            services.sign_out(request.user, request.session.session_key)
        super().logout(request)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Sent in the background, so that the answer takes as long for an address that nobody has."""
        enqueue("people.send_password_reset", person=str(user.pk))

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        enqueue("people.send_security_notice", person=str(user.pk))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        raise NotImplementedError(f"no mail is sent for {template_prefix}")


class MFAAdapter(DefaultMFAAdapter):
    """Second-factor secrets lie encrypted in the database, under a key made from the secret key."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name that passkeys belong to: they work nowhere else, and end when it changes."""
        return {"id": settings.PASSKEY_DOMAIN, "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {"id": user_pk_to_url_str(user).encode(), "name": user.email, "display_name": user.name}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """Until its owner calls it otherwise, a passkey is called as the device it was made on."""
        return str(device_of(context.request)) or "Passkey"


def cipher() -> MultiFernet:
    """Encrypts with the key of today; reads what earlier secret keys wrote (SECRET_KEY_FALLBACKS)."""
    return MultiFernet([Fernet(derived(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def derived(secret: str | bytes) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(force_bytes(secret))
    return base64.urlsafe_b64encode(key)
