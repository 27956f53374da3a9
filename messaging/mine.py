"""What is mine about a channel and about a message: the same, whichever operation answers with one."""

from collections.abc import Iterable
from uuid import UUID

from messaging import changes, queries
from messaging.models import Channel, Message
from portal.api.viewsets import Mine, ScopedViewSet


class ChannelMine(Mine, kw_only=True):
    """How far I have read, how many came since, how many of those mention me, and whether it is mute to me."""

    read_position: int
    unread: int
    unread_mentions: int
    muted: bool


class AboutChannels(ScopedViewSet):
    kind = changes.CHANNEL
    mine_struct = ChannelMine

    def mine(self, objects: Iterable[Channel]) -> dict[UUID, Mine]:
        channels = {c.pk: c for c in objects}
        readings = queries.readings(self.me, channels)
        return {
            pk: ChannelMine(
                allowed=verbs,
                read_position=readings[pk].position,
                unread=max(0, channels[pk].last_position - readings[pk].position),
                unread_mentions=readings[pk].mentions,
                muted=readings[pk].muted,
            )
            for pk, verbs in self.allowed(channels.values()).items()
        }


class MessageMine(Mine, kw_only=True):
    """Whether I have acknowledged it, where it asks for that."""

    acknowledged: bool


class AboutMessages(ScopedViewSet):
    kind = changes.MESSAGE
    mine_struct = MessageMine

    def mine(self, objects: Iterable[Message]) -> dict[UUID, Mine]:
        messages = {m.pk: m for m in objects}
        acknowledged = queries.acknowledged(self.me, messages.values())
        return {
            pk: MessageMine(allowed=verbs, acknowledged=pk in acknowledged)
            for pk, verbs in self.allowed(messages.values()).items()
        }
