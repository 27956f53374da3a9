"""One-time links to the web app."""

from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from portal.people.models import User


def set_password(person: User) -> str:
    """Ends with its first use, with any other change of the password, and after settings.PASSWORD_RESET_TIMEOUT."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    key = quote(f"{user_pk_to_url_str(person)}-{token}")
    return str(settings.HEADLESS_FRONTEND_URLS["account_reset_password_from_key"].format(key=key))
