"""What people are woken for. Each reason says who it is now: asked when somebody is called, and again as it is sent."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from portal.jobs.outbox import enqueue
from portal.kernel import clock
from portal.people.models import Session

CALL = "notify.call"
# whoever did something in this time sees what waits by themselves
AT_A_SCREEN = timedelta(minutes=2)


@dataclass(frozen=True)
class Call:
    """These people are to be woken; through their quiet hours too, and at once, where it is for safety."""

    people: Collection[UUID] = field(default_factory=frozenset)
    for_safety: bool = False


NOBODY = Call()
Reason = Callable[[UUID], Call]
REASONS: dict[str, Reason] = {}


def reason(name: str) -> Callable[[Reason], Reason]:
    """Register who is woken about a subject for this reason: those who may see it now, and have not dealt with it."""

    def register(who: Reason) -> Reason:
        REASONS[name] = who
        return who

    return register


def call(name: str, subject: UUID) -> None:
    """Wake, once this write is committed, whoever it is then."""
    enqueue(CALL, reason=name, subject=str(subject))


def away(people: Collection[UUID]) -> set[UUID]:
    """Those of these people who are at no screen."""
    since = clock.now() - AT_A_SCREEN
    present = Session.objects.filter(user__in=people, active_at__gt=since, locks_at__gt=clock.now())
    return set(people) - set(present.values_list("user", flat=True))
