"""Every write to requests and their answers: the one door."""

from coordination.requests.services.answers import (
    acknowledge_request,
    answer_request,
    pick_answer,
    redirect_request,
    withdraw_answer,
)
from coordination.requests.services.calls import (
    call_those_on_call,
    end_for_departed,
    end_with_shift,
    stand_aside,
)
from coordination.requests.services.conversation import open_request_channel
from coordination.requests.services.escalation import pass_on_with_shift, ring_clock
from coordination.requests.services.requests import (
    close_request,
    edit_request,
    expire_request,
    note_on_request,
    post_request,
    start_request,
    withdraw_request,
)
from coordination.requests.services.suspension import end_for_suspended

__all__ = [
    "acknowledge_request",
    "answer_request",
    "call_those_on_call",
    "close_request",
    "edit_request",
    "end_for_departed",
    "end_for_suspended",
    "end_with_shift",
    "expire_request",
    "note_on_request",
    "open_request_channel",
    "pass_on_with_shift",
    "pick_answer",
    "post_request",
    "redirect_request",
    "ring_clock",
    "stand_aside",
    "start_request",
    "withdraw_answer",
    "withdraw_request",
]
