from collections.abc import Iterable

from messaging.models import Acknowledgement, Channel, ChannelKind, ChannelMember, Message, ReadMark
from portal.kernel.models import Audience
from portal.kernel.policy import BorrowedPolicy, SharedPolicy, require_within_any
from portal.kernel.standing import Person, Standing


class ChannelPolicy(BorrowedPolicy[Channel]):
    """Whoever is in the channel's audience reads, and writes where it is not for announcements.

    Its moderators look after it. In a direct conversation all are equal. Nobody else knows of a channel.
    """

    model = Channel
    still_open = ("mark", "mute", "leave", "remove_people", "name_moderators", "delete_any")

    def verbs(self, who: Standing, channel: Channel) -> Iterable[str]:
        moderates = who.within(channel.moderators_id)
        yield from ("mark", "mute")
        if moderates or not channel.announcement:
            yield "post"
        if moderates or channel.is_direct:
            yield "pin"
        if moderates:
            yield "post_urgent"
            yield from ("edit", "archive", "reopen", "delete_any")
        if channel.channel_kind == ChannelKind.PRIVATE:
            yield "leave"
            if moderates:
                yield from ("remove_people", "name_moderators")
                if not channel.closed_circle:
                    yield "invite"

    def require_open(self, person: Person) -> None:
        """Whoever is in the network may open a channel; whom they may bring is a matter of whom they know."""
        require_within_any(person, Audience.Kind.EVERYONE)


class MessagePolicy(BorrowedPolicy[Message]):
    """The author edits and deletes; moderators delete, pin and see who has acknowledged; the others acknowledge."""

    model = Message
    needs = ("channel",)
    still_open = ("acknowledge", "see_acknowledgements", "delete", "unpin")
    audience_path = "channel__audience"

    def verbs(self, who: Standing, message: Message) -> Iterable[str]:
        channel = message.channel
        moderates, wrote = who.within(channel.moderators_id), message.author_id == who.person
        if moderates or wrote:
            yield "delete"
        if moderates:
            yield "see_acknowledgements"
        if moderates or channel.is_direct:
            yield from ("pin", "unpin")
        if wrote and (moderates or not channel.announcement):
            yield "edit"
        if not wrote:
            yield "acknowledge"


class AcknowledgementPolicy(SharedPolicy[Acknowledgement]):
    model = Acknowledgement

    def verbs(self, who: Standing, acknowledgement: Acknowledgement) -> Iterable[str]:
        return ()


class ChannelMemberPolicy(BorrowedPolicy[ChannelMember]):
    """Those in a channel see who else is; its moderators manage them."""

    model = ChannelMember
    still_open = ("remove", "name_moderator", "unname_moderator")
    audience_path = "group_id"

    def verbs(self, who: Standing, member: ChannelMember) -> Iterable[str]:
        if who.within(member.moderators_id):  # type: ignore[attr-defined]  # annotated by its manager
            yield from ("remove", "name_moderator", "unname_moderator")


class ReadMarkPolicy(BorrowedPolicy[ReadMark]):
    model = ReadMark
    audience_path = "person__audience"

    def verbs(self, who: Standing, mark: ReadMark) -> Iterable[str]:
        return ()


CHANNELS = ChannelPolicy()
MESSAGES = MessagePolicy()
ACKNOWLEDGEMENTS = AcknowledgementPolicy()
CHANNEL_MEMBERS = ChannelMemberPolicy()
READ_MARKS = ReadMarkPolicy()
