"""Settings. Addresses and secrets come from the environment; what a network may choose is its row."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key

BASE = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CONCORD_DATA", BASE / "var"))
PORT = int(os.environ.get("PORT", "8000"))
ORIGIN = os.environ.get("CONCORD_ORIGIN", f"http://localhost:{PORT}")
FRONTEND = BASE / "frontend" / "build"


def secret_key() -> str:
    """The environment's, else one made at the first start and kept with the data."""
    if given := os.environ.get("CONCORD_SECRET_KEY"):
        return given
    kept = DATA / "secret_key"
    if not kept.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = secret_key()
DEBUG = False
SECURE = urlsplit(ORIGIN).scheme == "https"
ALLOWED_HOSTS = [
    urlsplit(ORIGIN).hostname or "localhost",
    *filter(None, os.environ.get("CONCORD_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
ROOT_URLCONF = "portal.config.urls"
ASGI_APPLICATION = "portal.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE / "portal" / "locale"]
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "guardian",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "portal.kernel",
    "portal.jobs",
    "portal.people",
    "portal.organizations",
    "portal.notify",
    "portal.api",
    "portal.live",
    "messaging",
    "coordination.working_groups",
    "coordination.requests",
    "coordination.resources",
    "coordination.rota",
    "coordination.events",
    "coordination.calendars",
    "coordination.certificates",
    "coordination.tasks",
    "coordination.stands_for",
    "coordination.public_pages",
    "portal.config",
]
MIDDLEWARE = [
    "portal.config.headers.SecurityHeaders",
    "portal.config.hosts.OurHosts",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# The database: SQLite in the data directory, or whatever the address says.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864;PRAGMA temp_store=MEMORY",
}
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'concord.sqlite3'}", conn_max_age=None
    )
}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"] |= {"ENGINE": "portal.kernel.sqlite", "OPTIONS": SQLITE_OPTIONS}

# Redis: the doorbell between processes and shared rate limits. Without it this process is alone.
REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {}

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # permission is asked of the policy, not of a backend
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SESSION_ENGINE = "portal.people.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.api.problems.csrf_failed"
# after so long without a person doing anything a session locks, for those who administer sooner
IDLE_LIMIT = timedelta(minutes=float(os.environ.get("CONCORD_IDLE_MINUTES", "30")))
IDLE_LIMIT_OF_ADMINISTRATORS = timedelta(minutes=float(os.environ.get("CONCORD_IDLE_MINUTES_ADMINISTRATORS", "15")))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{ORIGIN}/sign-in",
    "account_reset_password": f"{ORIGIN}/sign-in/forgotten",
    "account_reset_password_from_key": f"{ORIGIN}/reset/{{key}}",
    "account_signup": f"{ORIGIN}/sign-in",
}
ACCOUNT_ADAPTER = "portal.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=5).total_seconds())
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("CONCORD_BEHIND_PROXY") else 0
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
MFA_ADAPTER = "portal.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# the name passkeys belong to: the host, or a domain above it that is to keep when the host moves
PASSKEY_DOMAIN = os.environ.get("CONCORD_PASSKEY_DOMAIN") or urlsplit(ORIGIN).hostname or "localhost"
MFA_TOTP_ISSUER = "Concord"
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Mail: to the terminal unless an address is given.
EMAIL_URL = urlsplit(os.environ.get("CONCORD_EMAIL_URL", ""))
if EMAIL_URL.scheme in ("smtp", "smtps"):
    EMAIL_HOST, EMAIL_PORT = EMAIL_URL.hostname, EMAIL_URL.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_URL.username or "", EMAIL_URL.password or ""
    EMAIL_USE_SSL = EMAIL_URL.scheme == "smtps"
    EMAIL_USE_TLS = EMAIL_URL.scheme == "smtp" and "tls" in EMAIL_URL.query
elif EMAIL_URL.scheme == "file":
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", EMAIL_URL.path
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("CONCORD_EMAIL_FROM", "Concord <no-reply@localhost>")

# Waking: the push services of browsers. Nothing is sent anywhere else, whatever a browser says.
PUSH_SERVICES = list(filter(None, os.environ.get("CONCORD_PUSH_SERVICES", "").split(","))) or [
    "https://fcm.googleapis.com",
    "https://*.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
]

# The web app: built files, served by the portal itself.
STATIC_URL = "/static/"
WHITENOISE_ROOT = FRONTEND if FRONTEND.exists() else None
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}


def immutable_file_test(path: str, url: str) -> bool:
    return url.startswith("/_app/immutable/")


def ask_again(headers: dict[str, str], path: str, url: str) -> None:
    """All other files keep their names from build to build."""
    if not immutable_file_test(path, url):
        headers["Cache-Control"] = "no-cache"


WHITENOISE_IMMUTABLE_FILE_TEST = immutable_file_test
WHITENOISE_ADD_HEADERS_FUNCTION = ask_again
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("CONCORD_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0

# The API
BODY_LIMIT = 1_048_576
# for what strangers may ask: each of them, or all together where they name the same
RATE_LIMITS = {
    "apply_from_outside": "5/h/ip,200/d/key",
    "calendar_feed": "60/h/key",
    "check_certificate": "30/h/ip",
}
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.SignedIn"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.json.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.json.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Schema",
    "EXCEPTION_HANDLER": "portal.api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Concord",
    "DESCRIPTION": "Coordination for anti-trafficking task forces. Everything a person does is here.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["portal.api.schema.finish"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # refusals are answers, not events, and their paths may hold a token
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CONCORD_LOG_LEVEL", "WARNING")},
}
