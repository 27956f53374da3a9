from collections.abc import Iterable

from messaging.models import Channel, Message, ReadMark
from portal.kernel.policy import BorrowedPolicy
from portal.kernel.standing import Standing


class ChannelPolicy(BorrowedPolicy[Channel]):
    """Whoever is in the channel's audience reads and posts; its moderators delete anybody's message."""

    model = Channel

    def verbs(self, who: Standing, channel: Channel) -> Iterable[str]:
        yield "post"
        if who.within(channel.moderators_id):
            yield "delete_any"


class MessagePolicy(BorrowedPolicy[Message]):
    model = Message
    needs = ("channel",)
    audience_path = "channel__audience"

    def verbs(self, who: Standing, message: Message) -> Iterable[str]:
        if message.author_id == who.person or who.within(message.channel.moderators_id):
            yield "delete"


class ReadMarkPolicy(BorrowedPolicy[ReadMark]):
    model = ReadMark
    audience_path = "person__audience"

    def verbs(self, who: Standing, mark: ReadMark) -> Iterable[str]:
        return ()


CHANNELS = ChannelPolicy()
MESSAGES = MessagePolicy()
READ_MARKS = ReadMarkPolicy()
