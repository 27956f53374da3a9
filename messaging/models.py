from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.kernel.models import Audience, Versioned

LONGEST = 8000


class Channel(Versioned):
    """A place to talk. It lives inside one audience, which may be borrowed from a working group."""

    kind = "channel"

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="channels")
    moderators = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    last_position = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Message(Versioned):
    """What somebody said. Deleted, it keeps its position and loses its body."""

    kind = "message"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="messages")
    position = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.UUIDField()
    body = models.TextField(max_length=LONGEST, blank=True)
    posted_at = models.DateTimeField()
    deleted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="message_position_once", fields=["channel", "position"]),
            models.UniqueConstraint(name="message_client_id_once", fields=["channel", "author", "client_id"]),
            models.CheckConstraint(
                name="message_has_body_unless_deleted",
                condition=Q(deleted=True, body="") | (Q(deleted=False) & ~Q(body="")),
            ),
        ]

    @property
    def audience_id(self) -> int:
        return self.channel.audience_id

    def permits(self, verb: str) -> bool:
        return not self.deleted


class ReadMark(Versioned):
    """How far somebody has read a channel. Theirs alone: it lives in their own audience."""

    kind = "read_mark"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="read_marks")
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="read_mark_once", fields=["person", "channel"])]

    @property
    def audience_id(self) -> int:
        return self.person.audience_id
