"""Every write about what leaves the portal of events: the one door."""

from coordination.calendars.services.feeds import end_for_unseated, make_feed, note_fetch, revoke_feed
from coordination.calendars.services.invitations import follow_dates, revise_invitations
from coordination.calendars.services.preferences import choose, forget_person
from coordination.calendars.services.reminders import forget_reminders, remind

__all__ = [
    "choose",
    "end_for_unseated",
    "follow_dates",
    "forget_person",
    "forget_reminders",
    "make_feed",
    "note_fetch",
    "remind",
    "revise_invitations",
    "revoke_feed",
]
