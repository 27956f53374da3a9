from collections.abc import Iterable

from coordination.rota.models import Shift
from portal.kernel.policy import BorrowedPolicy
from portal.kernel.standing import Standing


class ShiftPolicy(BorrowedPolicy[Shift]):
    """An organization's people see its rota; its coordinators plan it. Whoever is on call may hand over, too."""

    model = Shift
    audience_path = "organization__members"
    needs = ("organization",)

    def verbs(self, who: Standing, shift: Shift) -> Iterable[str]:
        if who.within(shift.organization.coordinators_id):
            yield "remove"
        if who.person == shift.person_id or who.within(shift.organization.coordinators_id):
            yield "hand_over"


SHIFTS = ShiftPolicy()
