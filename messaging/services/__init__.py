"""Every write to channels and messages: the one door."""

from messaging.services.channels import (
    archive_channel,
    archive_channels_of,
    create_channel,
    create_private_channel,
    edit_channel,
    open_direct_conversation,
    rename_channel,
    reopen_channel,
)
from messaging.services.messages import (
    acknowledge_message,
    delete_message,
    edit_message,
    pin_message,
    post_message,
    unpin_message,
)
from messaging.services.people import (
    add_organization,
    add_people,
    end_for_suspended,
    leave_channel,
    name_moderator,
    remove_from_channel,
    remove_organization,
    unname_moderator,
)
from messaging.services.reading import (
    mark_read,
    mute_channel,
    start_reading,
)
from messaging.services.subjects import (
    PURGES,
    bring_in,
    channel_about,
    end_channel,
    open_channel_about,
    purge_channel,
    take_out,
)

__all__ = [
    "PURGES",
    "acknowledge_message",
    "add_organization",
    "add_people",
    "archive_channel",
    "archive_channels_of",
    "bring_in",
    "channel_about",
    "create_channel",
    "create_private_channel",
    "delete_message",
    "edit_channel",
    "edit_message",
    "end_channel",
    "end_for_suspended",
    "leave_channel",
    "mark_read",
    "mute_channel",
    "name_moderator",
    "open_channel_about",
    "open_direct_conversation",
    "pin_message",
    "post_message",
    "purge_channel",
    "remove_from_channel",
    "remove_organization",
    "rename_channel",
    "reopen_channel",
    "start_reading",
    "take_out",
    "unname_moderator",
    "unpin_message",
]
