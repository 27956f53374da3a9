"""Every write to the rota: the one door."""

from coordination.rota.services.rules import RELIEFS
from coordination.rota.services.shifts import (
    end_for_departed,
    end_for_resigned,
    end_for_suspended,
    hand_over_shift,
    plan_shift,
    remove_shift,
)
from coordination.rota.services.swaps import accept_swap, decline_swap, propose_swap, withdraw_swap

__all__ = [
    "RELIEFS",
    "accept_swap",
    "decline_swap",
    "end_for_departed",
    "end_for_resigned",
    "end_for_suspended",
    "hand_over_shift",
    "plan_shift",
    "propose_swap",
    "remove_shift",
    "withdraw_swap",
]
