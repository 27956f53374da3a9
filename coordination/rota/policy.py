from collections.abc import Iterable

from coordination.rota.models import Shift, Swap
from portal.kernel.policy import BorrowedPolicy
from portal.kernel.standing import Standing


class ShiftPolicy(BorrowedPolicy[Shift]):
    """An organization's people see its rota; its coordinators plan it. Whoever is on call may hand over, too."""

    model = Shift
    audience_path = "organization__members"
    needs = ("organization",)
    still_open = ("remove", "hand_over")

    def verbs(self, who: Standing, shift: Shift) -> Iterable[str]:
        if who.within(shift.organization.coordinators_id):
            yield "remove"
        if who.person == shift.person_id or who.within(shift.organization.coordinators_id):
            yield "hand_over"
        if who.person == shift.person_id:
            yield "swap"


class SwapPolicy(BorrowedPolicy[Swap]):
    """Who is asked says yes or no; who asks may take it back."""

    model = Swap
    audience_path = "organization__members"
    needs = ("organization",)
    still_open = ("decline", "withdraw")

    def verbs(self, who: Standing, swap: Swap) -> Iterable[str]:
        if who.person == swap.asked_id:
            yield from ("accept", "decline")
        if who.person == swap.asked_by_id:
            yield "withdraw"


SHIFTS = ShiftPolicy()
SWAPS = SwapPolicy()
