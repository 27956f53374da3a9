"""When somebody is on call: each shift passes to a colleague, or is left open for all to see."""

from collections.abc import Sequence
from uuid import UUID

from coordination.rota import queries
from coordination.rota.models import COORDINATION, Shift
from coordination.rota.policy import SHIFTS
from coordination.rota.services.shifts import pass_to
from portal.kernel import clock
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind
from portal.people.models import User


class OnCall(ResponsibilityKind[Shift]):
    """What is left open is taken off when they leave."""

    name = "shift"
    policy = SHIFTS

    def held(self, leaving: Leaving) -> list[Shift]:
        theirs = leaving.organization.shifts.filter(person=leaving.person)
        return list(queries.ahead(theirs, clock.now()).order_by("starts_at", "pk"))

    def about(self, obj: Shift) -> About:
        return About(word=obj.duty, starts_at=obj.starts_at, ends_at=obj.ends_at)

    def prospects(self, leaving: Leaving, objects: Sequence[Shift]) -> dict[UUID, Prospect]:
        return {
            obj.pk: Prospect(leaving.coordinators if obj.duty == COORDINATION else leaving.colleagues, required=False)
            for obj in objects
        }

    def pass_on(self, w: Writing, leaving: Leaving, obj: Shift, successor: User | None) -> None:
        if successor:
            w.lock(objects=[obj])
            obj.organization = leaving.organization
            pass_to(w, obj, successor.pk)


RESPONSIBILITIES = (OnCall(),)
