from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from portal.kernel.models import Audience, Membership, Versioned
from portal.kernel.standing import living_seats

LONGEST = 8000
MOST_MENTIONS = 20
MOST_PINS = 50
# how often those who have not acknowledged an urgent message are woken again
MOST_ROUNDS = 12
# what stays possible in a channel that is archived: to read it, to leave it, to take people out of it
WHILE_ARCHIVED = frozenset({"mark", "mute", "leave", "remove_people", "remove", "see_acknowledgements"})


class ChannelKind(models.TextChoices):
    """Whose channel it is: a working group's, that of invited people, or a conversation of a few."""

    GROUP = "group"
    PRIVATE = "private"
    DIRECT = "direct"


class Channel(Versioned):
    """A place to talk. It lives inside one audience: a working group's, or one of its own."""

    kind = "channel"
    Kind = ChannelKind

    channel_kind = models.CharField(max_length=8, choices=ChannelKind.choices, default=ChannelKind.GROUP)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="channels")
    moderators = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    topic = models.CharField(max_length=500, blank=True, default="")
    # only its moderators write, and see who has acknowledged what they wrote
    announcement = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    # of a direct conversation: whom it is between, whoever of them is still there, and a digest of their ids
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    direct_key = models.CharField(max_length=64, null=True, unique=True)
    # what it is about, an object of another slice: it ends with that, and is purged on its date
    about_kind = models.CharField(max_length=32, blank=True, default="")
    about = models.UUIDField(null=True)
    # nobody is invited: who is in it follows from what it is about
    closed_circle = models.BooleanField(default=False)
    exercise = models.BooleanField(default=False)
    purge_at = models.DateTimeField(null=True, db_index=True)
    last_position = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="channel_once_about_an_object", fields=["about_kind", "about"]),
            models.CheckConstraint(
                name="channel_about_an_object_is_private",
                condition=Q(about_kind="", about__isnull=True) | Q(channel_kind="private", about__isnull=False),
            ),
            models.CheckConstraint(
                name="channel_closed_circle_is_about_an_object",
                condition=Q(closed_circle=False) | Q(about__isnull=False),
            ),
            models.CheckConstraint(
                name="channel_purged_when_archived", condition=Q(purge_at__isnull=True) | Q(archived_at__isnull=False)
            ),
            models.CheckConstraint(
                name="channel_direct_is_among_equals",
                condition=~Q(channel_kind="direct") | Q(moderators__isnull=True, announcement=False, name=""),
            ),
            models.CheckConstraint(
                name="channel_direct_has_key",
                condition=Q(channel_kind="direct", direct_key__isnull=False)
                | (~Q(channel_kind="direct") & Q(direct_key__isnull=True)),
            ),
            models.CheckConstraint(
                name="channel_private_has_moderators",
                condition=~Q(channel_kind="private") | Q(moderators__isnull=False),
            ),
            models.CheckConstraint(
                name="channel_announcement_has_moderators",
                condition=Q(announcement=False) | Q(moderators__isnull=False),
            ),
            models.UniqueConstraint(
                name="channel_of_its_own_audience", fields=["audience"], condition=~Q(channel_kind="group")
            ),
            models.UniqueConstraint(
                Lower("name"), "audience", name="channel_name_once_in_a_group", condition=Q(channel_kind="group")
            ),
        ]

    def __str__(self) -> str:
        return self.name or "direct conversation"

    @property
    def is_direct(self) -> bool:
        return self.channel_kind == ChannelKind.DIRECT

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def permits(self, verb: str) -> bool:
        if verb == "reopen":
            return self.is_archived and self.purge_at is None
        return verb in WHILE_ARCHIVED if self.is_archived else True


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
    reply_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    # when its author wrote it, if it could not be sent then
    written_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    deleted = models.BooleanField(default=False)
    # everybody who was there is asked to acknowledge it: how often they were woken again, and when next (null: no more)
    urgent = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(default=0)
    calls_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_calls_while_urgent",
                condition=Q(calls_at__isnull=True) | Q(urgent=True, deleted=False),
            ),
            models.CheckConstraint(
                name="message_calls_so_often", condition=Q(rounds=0) | Q(urgent=True, rounds__lte=MOST_ROUNDS)
            ),
            models.UniqueConstraint(name="message_position_once", fields=["channel", "position"]),
            models.UniqueConstraint(name="message_client_id_once", fields=["channel", "author", "client_id"]),
            models.CheckConstraint(
                name="message_has_body_unless_deleted",
                condition=Q(deleted=True, body="") | (Q(deleted=False) & ~Q(body="")),
            ),
            models.CheckConstraint(
                name="message_pinned_by_somebody_and_not_deleted",
                condition=Q(pinned_at__isnull=True, pinned_by__isnull=True)
                | Q(pinned_at__isnull=False, pinned_by__isnull=False, deleted=False),
            ),
        ]
        indexes = [
            # where somebody's membership began
            models.Index(name="message_by_time", fields=["channel", "posted_at"]),
            models.Index(name="message_calls", fields=["calls_at"], condition=Q(calls_at__isnull=False)),
            models.Index(name="message_pins", fields=["channel"], condition=Q(pinned_at__isnull=False)),
        ]

    @property
    def audience_id(self) -> int:
        return self.channel.audience_id

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def asks(self) -> bool:
        """Whether those who read it are asked to acknowledge it."""
        return self.urgent or self.channel.announcement

    @property
    def calls(self) -> bool:
        """Whether those who have not acknowledged it are woken again and again."""
        return self.calls_at is not None

    def permits(self, verb: str) -> bool:
        if verb == "see_acknowledgements":
            return self.asks
        if self.deleted or not self.channel.permits(verb):
            return False
        if verb in ("pin", "unpin"):
            return self.is_pinned == (verb == "unpin")
        return verb != "acknowledge" or self.asks


class MessageEdit(models.Model):
    """What a message said before it was edited; seen by whoever sees the message, gone when it is deleted."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="edits")
    body = models.TextField(max_length=LONGEST)
    # when it began to say this
    written_at = models.DateTimeField()


class Mention(models.Model):
    """That a message is addressed to somebody in its channel."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="mention_once", fields=["message", "person"])]


class Acknowledgement(Versioned):
    """That somebody has taken note of an announcement: for those who moderate the channel, and for them."""

    kind = "acknowledgement"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="acknowledgement_once", fields=["message", "person"])]


class AcknowledgementGroupPermission(GroupObjectPermissionBase):
    """That an acknowledgement is shared with an audience."""

    content_object = models.ForeignKey(Acknowledgement, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="acknowledgement_grants", fields=["content_object", "permission", "group"])]


class AcknowledgementUserPermission(UserObjectPermissionBase):
    """That an acknowledgement is shown to a single person."""

    content_object = models.ForeignKey(Acknowledgement, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="acknowledgement_reveals", fields=["content_object", "permission", "user"])]


class ChannelMemberManager(models.Manager["ChannelMember"]):
    def get_queryset(self) -> models.QuerySet["ChannelMember"]:
        own_audiences = Audience.objects.filter(kind=Audience.Kind.CHANNEL_MEMBERS)
        channel = Channel.objects.filter(audience=OuterRef("group_id"))
        return (
            super()
            .get_queryset()
            .filter(
                Exists(living_seats().filter(membership=OuterRef("pk"))),
                group__in=own_audiences.values("pk"),
            )
            # whose audience may take the place away: a proxy has no column for it
            .annotate(moderators_id=Subquery(channel.values("moderators")[:1]))
        )


class ChannelMember(Membership):
    """A person's place in a private channel or a direct conversation: their row in its own audience."""

    kind = "channel_member"

    objects: ClassVar[ChannelMemberManager] = ChannelMemberManager()

    class Meta:
        proxy = True

    @property
    def audience_id(self) -> int:
        return self.group_id


class ReadMark(Versioned):
    """How far somebody has read a channel, and whether it is mute to them. Theirs alone: in their own audience."""

    kind = "read_mark"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="read_marks")
    position = models.BigIntegerField(default=0)
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="read_mark_once", fields=["person", "channel"])]

    @property
    def audience_id(self) -> int:
        return self.person.audience_id
