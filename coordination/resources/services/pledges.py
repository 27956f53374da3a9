"""Pledges: proposed by one side, decided by the other, delivered, confirmed; or not."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import F

from coordination.resources.models import Need, Offer, Pledge
from coordination.resources.policy import NEEDS, OFFERS, PLEDGES
from coordination.resources.services.listings import is_over, match, meet_or_reopen, put
from portal.kernel.errors import Conflict, FieldError, Invalid
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Tier

State = Pledge.State


@service
def propose_pledge(actor: Actor, need: Need, offer: Offer, quantity: int, note: str = "") -> Pledge:
    """Part of this offer for part of this need; nothing is taken before the other side accepts."""
    with writing(actor, objects=[need, offer]) as w:
        NEEDS.require(actor.person, "pledge", need)
        OFFERS.require(actor.person, "pledge", offer)
        confirm(w, Tier.COORDINATOR)
        require_two_sides(actor, need, offer)
        require_open(w, need, offer)
        require_left(need, offer, quantity)
        if need.pledges.filter(offer=offer, state__in=Pledge.LIVING).exists():
            raise Conflict("already_pledged")
        pledge = Pledge.objects.create(
            need=need,
            offer=offer,
            quantity=quantity,
            proposed_for=actor.acting_for,
            proposed_by=actor.person,
            proposed_at=w.at,
            note=note,
            by=actor.person,
            at=w.at,
        )
        match(need)
        w.created(pledge, need.owner.members_id, offer.owner.members_id)
        w.audit("pledge.propose", pledge, quantity=quantity)
        return pledge


@service
def accept_pledge(actor: Actor, pledge: Pledge) -> Pledge:
    """The other side agrees: from now on the quantity is taken.

    Raises `not_enough_left` when others took it first.
    """
    with deciding(actor, pledge, "accept") as w:
        require_open(w, pledge.need, pledge.offer)
        take(w, pledge)
        settle(w, pledge, State.ACCEPTED)
        return pledge


@service
def decline_pledge(actor: Actor, pledge: Pledge, reason: str, note: str = "") -> Pledge:
    with deciding(actor, pledge, "decline") as w:
        settle(w, pledge, State.DECLINED, reason, note)
        return pledge


@service
def withdraw_pledge(actor: Actor, pledge: Pledge, note: str = "") -> Pledge:
    """Who proposed it takes it back; what was taken is free again."""
    with deciding(actor, pledge, "withdraw") as w:
        release(w, pledge)
        settle(w, pledge, State.WITHDRAWN, note=note)
        return pledge


@service
def deliver_pledge(actor: Actor, pledge: Pledge) -> Pledge:
    """Given, says the offer's owner: it is in use now, and no longer held."""
    with deciding(actor, pledge, "deliver") as w:
        pledge.offer.held -= pledge.quantity
        put(w, pledge.offer)
        settle(w, pledge, State.DELIVERED)
        return pledge


@service
def confirm_pledge(actor: Actor, pledge: Pledge) -> Pledge:
    """It came, says the need's owner."""
    with deciding(actor, pledge, "confirm") as w:
        settle(w, pledge, State.CONFIRMED)
        return pledge


@service
def fail_pledge(actor: Actor, pledge: Pledge, reason: str, note: str = "") -> Pledge:
    """It came to nothing: what was taken is free again."""
    with deciding(actor, pledge, "fail") as w:
        release(w, pledge)
        settle(w, pledge, State.FAILED, reason, note)
        return pledge


# the pieces of these sentences


@contextmanager
def deciding(actor: Actor, pledge: Pledge, verb: str) -> Iterator[Writing]:
    """The pledge with both its sides, locked: who may, and in which state."""
    need, offer = pledge.need, pledge.offer
    with writing(actor, objects=[need, offer, pledge]) as w:
        pledge.need, pledge.offer = need, offer
        PLEDGES.require(actor.person, verb, pledge)
        w.demand(pledge, verb)
        yield w


def require_two_sides(actor: Actor, need: Need, offer: Offer) -> None:
    if actor.organization_id not in (need.owner_id, offer.owner_id):
        raise Invalid(
            "acting_for", "not_yours", "Act for the organization that needs it or for the one that offers it."
        )
    if need.owner_id == offer.owner_id:
        raise Invalid("offer", "invalid", "This is your own. Nothing is promised to oneself.")
    if need.exercise != offer.exercise:
        raise Invalid("offer", "invalid", "One of the two is an exercise, and the other is not.")


def require_open(w: Writing, need: Need, offer: Offer) -> None:
    for listing in (need, offer):
        if not listing.permits("pledge") or is_over(w, listing):
            raise Conflict("no_longer_open")


def require_left(need: Need, offer: Offer, quantity: int) -> None:
    left, wanted = offer.available, need.quantity - need.quantity_met
    if quantity > min(left, wanted):
        said = f"At most {min(left, wanted)}: {left} are left, and {wanted} are still needed."
        raise Invalid("quantity", "too_high", said)


def take(w: Writing, pledge: Pledge) -> None:
    """Two conditional updates decide who gets the last of it."""
    need, offer, n = pledge.need, pledge.offer, pledge.quantity
    left = Offer.objects.filter(pk=offer.pk, available__gte=n)
    wanted = Need.objects.filter(pk=need.pk, quantity_met__lte=F("quantity") - n)
    if not (
        left.update(available=F("available") - n, held=F("held") + n)
        and wanted.update(quantity_met=F("quantity_met") + n)
    ):
        raise not_enough_left(need, offer)
    offer.refresh_from_db(fields=["available", "held"])
    need.refresh_from_db(fields=["quantity_met"])
    meet_or_reopen(need)
    put(w, offer)
    put(w, need)


def not_enough_left(need: Need, offer: Offer) -> Conflict:
    left, wanted = offer.available, need.quantity - need.quantity_met
    said = f"{left} are left, and {wanted} are still needed. Decline this one, and propose another quantity."
    return Conflict("not_enough_left", errors=[FieldError("quantity", "too_high", said)])


def release(w: Writing, pledge: Pledge) -> None:
    """Give back what an accepted pledge took. What was delivered is in use: as much is free as there is room for."""
    need, offer, n = pledge.need, pledge.offer, pledge.quantity
    if pledge.state == State.PROPOSED:
        return
    if pledge.state == State.ACCEPTED:
        offer.held -= n
    offer.available = min(offer.available + n, offer.maximum - offer.held)
    need.quantity_met -= n
    meet_or_reopen(need)
    put(w, offer)
    put(w, need)


def settle(w: Writing, pledge: Pledge, state: str, reason: str = "", note: str = "", signed: bool = True) -> None:
    pledge.state, pledge.reason, pledge.reason_note = state, reason, note
    pledge.by, pledge.at = w.actor.person if signed else None, w.at
    w.put(pledge)
    w.audit(f"pledge.{state}", pledge)
