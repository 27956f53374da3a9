"""Every write to events: the one door."""

from coordination.events.services.attendance import ATTENDED
from coordination.events.services.dates import cancel_date, change_date
from coordination.events.services.endings import end_for_suspended, end_for_unseated
from coordination.events.services.events import (
    cancel_event,
    edit_event,
    post_event,
    publish_event,
    share_event,
    unpublish_event,
    unshare_event,
)
from coordination.events.services.following import change_following
from coordination.events.services.registrations import (
    acknowledge_news,
    cancel_registration,
    mark_attendance,
    register,
    register_people,
)
from coordination.events.services.whereabouts import edit_whereabouts, remove_whereabouts, say_where

__all__ = [
    "ATTENDED",
    "acknowledge_news",
    "cancel_date",
    "cancel_event",
    "cancel_registration",
    "change_date",
    "change_following",
    "edit_event",
    "edit_whereabouts",
    "end_for_suspended",
    "end_for_unseated",
    "mark_attendance",
    "post_event",
    "publish_event",
    "register",
    "register_people",
    "remove_whereabouts",
    "say_where",
    "share_event",
    "unpublish_event",
    "unshare_event",
]
