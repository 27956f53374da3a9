from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

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
    date_joined = models.DateTimeField(auto_now_add=True)
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


class SessionManager(BaseSessionManager["Session"]):
    pass


class Session(AbstractBaseSession):
    """A signed-in browser. Lives in the database: a cached sign-out raises or revives when the cache is gone."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")

    objects: ClassVar[SessionManager] = SessionManager()

    @classmethod
    def get_session_store_class(cls) -> Any:
        from portal.people.sessions import SessionStore

        return SessionStore
