"""Two colleagues swap shifts: one asks, the other says yes or no."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from coordination.rota.models import Shift, Swap, SwapSide, SwapState
from coordination.rota.policy import SHIFTS, SWAPS
from coordination.rota.services.rules import relieve, require_able, require_rest
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.writing import Actor, Writing, service, writing

# the fields of a proposal: the shift of whoever asks, and the one they ask for
OFFERED, WANTED = "offered", "wanted"


@service
def propose_swap(actor: Actor, offered: Shift, wanted: Shift) -> Swap:
    """Of a shift of one's own for a colleague's. What could not be accepted now is not asked."""
    organization = offered.organization
    with writing(actor, objects=[organization, offered, wanted]) as w:
        SHIFTS.require(actor.person, "swap", offered)
        w.demand(offered, "swap")
        require_anothers(offered, wanted)
        for shift in (offered, wanted):
            require_unasked(w, shift)
        require_swappable(offered, wanted)
        swap = Swap(
            organization=organization,
            asked_by=actor.person,
            asked_id=wanted.person_id,
            asked_at=w.at,
            until=min(offered.starts_at, wanted.starts_at),
        )
        swap.save(force_insert=True)
        SwapSide.objects.bulk_create(SwapSide.of(swap, shift) for shift in (offered, wanted))
        w.created(swap, organization.members_id)
        w.audit("swap.propose", swap, person=str(wanted.person_id))
        return swap


@service
def accept_swap(actor: Actor, swap: Swap) -> Swap:
    """Both shifts change hands in one write, if both may still be had by the other."""
    with deciding(actor, swap, "accept") as w:
        offered, wanted = locked_shifts(w, swap)
        require_swappable(offered, wanted)
        offered.person_id, wanted.person_id = wanted.person_id, offered.person_id
        for shift in (offered, wanted):
            w.put(shift)
        end(w, swap, SwapState.ACCEPTED)
        for shift in (offered, wanted):
            relieve(w, swap.organization, shift.person_id)
        return swap


@service
def decline_swap(actor: Actor, swap: Swap) -> Swap:
    """By the colleague, who owes no reason."""
    with deciding(actor, swap, "decline") as w:
        return end(w, swap, SwapState.DECLINED)


@service
def withdraw_swap(actor: Actor, swap: Swap) -> Swap:
    with deciding(actor, swap, "withdraw") as w:
        return end(w, swap, SwapState.WITHDRAWN)


def lapse_swap_of(w: Writing, shift: Shift) -> None:
    """A shift that changes otherwise is not swapped any more."""
    for swap in open_swaps_of(shift):
        lapse(w, swap)


# the pieces of these sentences


@contextmanager
def deciding(actor: Actor, swap: Swap, verb: str) -> Iterator[Writing]:
    """The organization's row is locked as for planning: its rota stands still till the end."""
    organization = swap.organization
    with writing(actor, objects=[organization, swap]) as w:
        swap.organization = organization
        SWAPS.require(actor.person, verb, swap)
        if swap.state == SwapState.LAPSED or (swap.state == SwapState.OPEN and swap.until <= w.at):
            raise Conflict("shifts_changed")
        w.demand(swap, verb)
        yield w
        w.audit(f"swap.{verb}", swap)


def end(w: Writing, swap: Swap, state: SwapState) -> Swap:
    swap.state, swap.ended_at = state, w.at
    swap.sides.update(is_open=False)
    w.put(swap)
    return swap


def lapse(w: Writing, swap: Swap) -> None:
    w.lock(objects=[swap])
    end(w, swap, SwapState.LAPSED)
    w.audit("swap.lapse", swap)


def locked_shifts(w: Writing, swap: Swap) -> tuple[Shift, Shift]:
    """The two as they are now, each still of whose it was."""
    sides = {side.person_id: side for side in swap.sides.select_related("shift__organization")}
    offered, wanted = (sides[person].shift for person in (swap.asked_by_id, swap.asked_id))
    if offered is None or wanted is None:
        raise Conflict("shifts_changed")
    w.lock(objects=[offered, wanted])
    if not all(side.is_unchanged for side in sides.values()):
        raise Conflict("shifts_changed")
    return offered, wanted


def open_swaps_of(shift: Shift) -> QuerySet[Swap]:
    return Swap.objects.filter(sides__shift=shift, sides__is_open=True).select_related("organization")


def require_anothers(offered: Shift, wanted: Shift) -> None:
    if wanted.organization_id != offered.organization_id:
        raise Invalid(WANTED, "does_not_exist", "This is no shift of your organization.")
    if wanted.person_id == offered.person_id:
        raise Invalid(WANTED, "duplicate", "This is a shift of your own.")
    if not wanted.permits("swap"):
        raise Invalid(WANTED, "in_the_past", "This shift has begun already.")


def require_unasked(w: Writing, shift: Shift) -> None:
    """A shift is in one proposal at a time. One that nobody answered in time waits no more."""
    for swap in open_swaps_of(shift):
        if swap.until > w.at:
            raise Conflict("swap_waits")
        lapse(w, swap)


def require_swappable(offered: Shift, wanted: Shift) -> None:
    """Each may be on call for the other's shift, and keeps their time to rest."""
    for field, shift, other in ((OFFERED, offered, wanted), (WANTED, wanted, offered)):
        require_able(shift.organization, other.person_id, shift.duty, field)
        taken = Shift(
            organization=shift.organization,
            person_id=other.person_id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        )
        require_rest(taken, field, besides=(offered.pk, wanted.pk))
