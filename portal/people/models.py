from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from portal.kernel import clock
from portal.kernel.ids import uuid7
from portal.kernel.models import Audience


class UserManager(BaseUserManager["User"]):
    """Accounts are made by `people.services.create_person` alone."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do follows from their audiences; there is no role column."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    locale = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    # the audience of this person alone, and the number under which their standing is cached
    audience = models.OneToOneField(Audience, on_delete=models.PROTECT, related_name="person")
    access_version = models.BigIntegerField(default=1)
    groups = models.ManyToManyField(  # type: ignore[assignment]  # Django's own field, over our rows
        Group, through="kernel.Membership", related_name="user_set", blank=True
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_once"),
            models.CheckConstraint(name="nobody_is_superuser", condition=Q(is_superuser=False)),
        ]

    def __str__(self) -> str:
        return self.name


def in_idle_limit() -> datetime:
    """When a session locks in which nobody does anything from now on."""
    return clock.now() + settings.IDLE_LIMIT


class SessionManager(BaseSessionManager["Session"]):
    pass


class Method(models.TextChoices):
    """How somebody signed in, or tried to."""

    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    PASSWORD_AND_CODE = "password_and_code"  # noqa: S105
    PASSWORD_AND_PASSKEY = "password_and_passkey"  # noqa: S105
    PASSWORD_AND_RECOVERY_CODE = "password_and_recovery_code"  # noqa: S105


class Session(AbstractBaseSession):
    """A signed-in browser. Lives in the database: a cached sign-out raises or revives when the cache is gone.

    Its key opens it and is told to nobody: its owner knows it by `public_id`.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    public_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    began_at = models.DateTimeField(default=clock.now)
    # when a person last did something, which what the app does by itself is not
    active_at = models.DateTimeField(default=clock.now)
    # from then on it is locked: everything but a proof of who is there is refused
    locks_at = models.DateTimeField(default=in_idle_limit)
    method = models.CharField(max_length=32, choices=Method.choices, default="", blank=True)
    browser = models.CharField(max_length=20, default="", blank=True)
    system = models.CharField(max_length=20, default="", blank=True)

    objects: ClassVar[SessionManager] = SessionManager()

    def save(self, *args: Any, force_update: bool = False, **kwargs: Any) -> None:
        """Django's store writes whole rows; what this one says of itself may have moved meanwhile."""
        if force_update:
            kwargs["update_fields"] = ["session_data", "user"]
        super().save(*args, force_update=force_update, **kwargs)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from portal.people.sessions import SessionStore

        return SessionStore


class SignIn(models.Model):
    """One sign-in, or a try that failed, for the person's own eyes. Kept for 90 days.

    The network is a range of addresses (/24, or /48 of IPv6), and the device is coarse: enough to
    recognize oneself, too little to follow somebody by.
    """

    class Outcome(models.TextChoices):
        SUCCESS = "success"
        WRONG_PASSWORD = "wrong_password"  # noqa: S105
        WRONG_CODE = "wrong_code"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=32, choices=Method.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    network = models.CharField(max_length=43, blank=True)

    class Meta:
        indexes = [models.Index(name="sign_ins_of_person", fields=["person", "-id"])]
