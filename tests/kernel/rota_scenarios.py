"""The services of the rota, each run once."""

from coordination.rota import services as rota
from coordination.rota.models import Shift, Swap
from portal.kernel.writing import Actor


def propose_swap(s):
    """What waits already was taken back, and the two are asked for again."""
    swap = rota.withdraw_swap(Actor(s.jonas), Swap.objects.get())
    his, hers = (swap.sides.get(person=person).shift for person in (s.jonas, s.mara))
    return lambda: rota.propose_swap(Actor(s.jonas), his, hers)


ROTA = {
    "coordination.rota.services.plan_shift": lambda s: s.shift(s.dana),
    "coordination.rota.services.hand_over_shift": lambda s: rota.hand_over_shift(
        Actor(s.jonas), Shift.objects.earliest("starts_at"), s.mara.pk
    ),
    "coordination.rota.services.remove_shift": lambda s: rota.remove_shift(
        Actor(s.mara), Shift.objects.earliest("starts_at")
    ),
    "coordination.rota.services.propose_swap": propose_swap,
    "coordination.rota.services.accept_swap": lambda s: rota.accept_swap(Actor(s.mara), Swap.objects.get()),
    "coordination.rota.services.decline_swap": lambda s: rota.decline_swap(Actor(s.mara), Swap.objects.get()),
    "coordination.rota.services.withdraw_swap": lambda s: rota.withdraw_swap(Actor(s.jonas), Swap.objects.get()),
}
