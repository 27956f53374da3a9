"""Shifts, and who asks to swap them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from coordination.rota import services as rota
from coordination.rota.models import Shift, Swap, SwapSide
from portal.kernel import clock
from portal.kernel.writing import Actor


def swap(scene: Any) -> Swap:
    """Jonas asks Mara for hers, the day after his."""
    his, day = scene.shift(scene.mara, 20, 28), timedelta(days=1)
    hers = rota.plan_shift(scene.acting(scene.mara), scene.mara.pk, his.starts_at + day, his.ends_at + day)
    return rota.propose_swap(Actor(scene.jonas), his, hers)


def rota_of_many(organization: Any, people: Iterable[Any], asked: Any) -> None:
    """A shift for each, and each asks this person to swap it."""
    at = clock.now()
    hours = {"starts_at": at, "ends_at": at + timedelta(hours=8)}
    Shift.objects.bulk_create(Shift(organization=organization, person=p, **hours) for p in people)
    swaps = Swap.objects.bulk_create(
        Swap(organization=organization, asked_by=p, asked=asked, asked_at=at, until=at + timedelta(days=1))
        for p in people
    )
    SwapSide.objects.bulk_create(SwapSide(swap=s, person=p, **hours) for s in swaps for p in (s.asked_by, s.asked))
