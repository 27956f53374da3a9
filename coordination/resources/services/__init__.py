"""Every write to needs, offers and pledges: the one door."""

from coordination.resources.services.exports import record_export
from coordination.resources.services.listings import (
    close_need,
    close_offer,
    edit_need,
    edit_offer,
    expire_need,
    expire_offer,
    post_need,
    post_offer,
    post_offers,
    remind_of_capacity,
    set_capacity,
    share_listing,
    unshare_listing,
)
from coordination.resources.services.pledges import (
    accept_pledge,
    confirm_pledge,
    decline_pledge,
    deliver_pledge,
    fail_pledge,
    propose_pledge,
    withdraw_pledge,
)
from coordination.resources.services.suggestions import (
    dismiss_suggestion,
    match_for_newcomer,
    record_suggestion,
    record_suggestions,
)
from coordination.resources.services.suspension import end_for_suspended

__all__ = [
    "accept_pledge",
    "close_need",
    "close_offer",
    "confirm_pledge",
    "decline_pledge",
    "deliver_pledge",
    "dismiss_suggestion",
    "edit_need",
    "edit_offer",
    "end_for_suspended",
    "expire_need",
    "expire_offer",
    "fail_pledge",
    "match_for_newcomer",
    "post_need",
    "post_offer",
    "post_offers",
    "propose_pledge",
    "record_export",
    "record_suggestion",
    "record_suggestions",
    "remind_of_capacity",
    "set_capacity",
    "share_listing",
    "unshare_listing",
    "withdraw_pledge",
]
