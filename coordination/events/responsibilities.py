"""The events to come that somebody posted and steers."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Min, Q

from coordination.events.kinds import KINDS
from coordination.events.models import Event, Planned
from coordination.events.policy import EVENTS
from coordination.events.services.dates import dates_of, put_dates
from portal.kernel import clock
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind, needed
from portal.people.models import User


class Organizing(ResponsibilityKind[Event]):
    """Who takes it over steers it. What is hidden passes to those who know of it."""

    name = "event"
    policy = EVENTS

    def held(self, leaving: Leaving) -> list[Event]:
        ahead = Q(occurrences__ends_at__gt=clock.now(), occurrences__state=Planned.PLANNED)
        rows = leaving.organization.events.filter(posted_by=leaving.person, state=Planned.PLANNED)
        coming = rows.annotate(next_start=Min("occurrences__starts_at", filter=ahead))
        return list(coming.filter(next_start__isnull=False).order_by("next_start", "pk"))

    def about(self, obj: Event) -> About:
        return About(name=obj.title, word=obj.event_kind, starts_at=obj.next_start)  # type: ignore[attr-defined]

    def prospects(self, leaving: Leaving, objects: Sequence[Event]) -> dict[UUID, Prospect]:
        return {
            obj.pk: Prospect(leaving.coordinators if KINDS[obj.event_kind].hidden else leaving.colleagues)
            for obj in objects
        }

    def pass_on(self, w: Writing, leaving: Leaving, obj: Event, successor: User | None) -> None:
        w.lock(objects=[obj])
        obj.posted_by = needed(successor)
        w.put(obj)
        put_dates(w, dates_of(w, obj))
        w.audit("event.hand_over", obj, before=str(leaving.person), person=str(obj.posted_by_id))


RESPONSIBILITIES = (Organizing(),)
