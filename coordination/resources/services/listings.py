"""Needs and offers: posted, edited, closed, expired; and what is left of an offer."""

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from coordination.requests.services.requests import require_addressees
from coordination.resources.models import Listing, Need, Offer, Pledge
from coordination.resources.policy import NEEDS, OFFERS, ListingPolicy, owning
from coordination.resources.queries import CAPACITY, SAID_ONCE, differing, offers_known_as, offers_of_rows
from coordination.resources.services.suggestions import tell_anew
from coordination.working_groups.models import WorkingGroup
from portal.jobs.outbox import enqueue
from portal.kernel.errors import Invalid
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization

MATCH_NEED, MATCH_OFFER = "match_need", "match_offer"
Posted = TypeVar("Posted", Need, Offer)


@service
def post_need(
    actor: Actor,
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
    **fields: Any,
) -> Need:
    """Say what is needed, to these organizations and working groups or to the whole network."""
    with writing(actor) as w:
        shared = shared_with(w, organizations, working_groups, everyone)
        return post(w, Need(**fields), shared)


@service
def post_offer(
    actor: Actor,
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
    **fields: Any,
) -> Offer:
    """Say what there is to give; all of it is available unless told otherwise."""
    (posted,) = post_offers(
        actor, [fields], organizations=organizations, working_groups=working_groups, everyone=everyone
    )
    return posted


@service
def post_offers(
    actor: Actor,
    offers: Collection[dict[str, Any]],
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
) -> list[Offer]:
    """All of them to the same, or none. What is offered already from the same row of a file is not posted again; what
    another directory knows by the same id is brought to what is said now, and seen by whom it was."""
    with writing(actor) as w:
        shared = shared_with(w, organizations, working_groups, everyone)
        rows = offers_of_rows(actor.acting_for, [fields["row"] for fields in offers if fields.get("row")])
        known = offers_known_as(
            actor.acting_for, [fields["external_id"] for fields in offers if fields.get("external_id")]
        )
        posted = []
        for fields in offers:
            said = {"row": "", "external_id": "", "available": fields["maximum"], **fields}
            dated = said.pop("dated", True)
            if offer := known.get(said["external_id"]):
                posted.append(brought_up_to(w, offer, said, dated=dated))
                continue
            require_room(said["maximum"], 0, said["available"])
            offer = rows.get(said["row"]) or post(w, Offer(**said, capacity_updated_at=w.at), shared)
            rows |= {offer.row: offer} if offer.row else {}
            known |= {offer.external_id: offer} if offer.external_id else {}
            posted.append(offer)
        return posted


@service
def edit_need(actor: Actor, need: Need, version: int, **fields: Any) -> Need:
    with writing(actor, objects=[need]) as w:
        steer(w, NEEDS, "edit", need, version)
        if fields.get("quantity", need.quantity) < need.quantity_met:
            raise Invalid("quantity", "too_low", f"{need.quantity_met} are met already.")
        change(w, need, fields)
        meet_or_reopen(need)
        put(w, need)
        return need


@service
def edit_offer(actor: Actor, offer: Offer, version: int, **fields: Any) -> Offer:
    with writing(actor, objects=[offer]) as w:
        steer(w, OFFERS, "edit", offer, version)
        change(w, offer, fields)
        put(w, offer)
        return offer


@service
def share_listing(
    actor: Actor,
    listing: Need | Offer,
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
) -> Need | Offer:
    """With these too; who sees it already goes on seeing it."""
    with writing(actor, objects=[listing]) as w:
        steer(w, policy_of(listing), "share", listing)
        shared = shared_with(w, organizations, working_groups, everyone)
        for audience in sorted(shared - w.grants[listing.pk]):
            w.share(listing, audience)
        match(listing)
        w.audit(f"{listing.kind}.share", listing, audiences=uuids(w, shared))
        return listing


@service
def unshare_listing(actor: Actor, listing: Need | Offer, audience: UUID) -> Need | Offer:
    """With these no more: to them it is as if it had never been. What is pledged goes on between its two sides."""
    with writing(actor, objects=[listing]) as w:
        steer(w, policy_of(listing), "unshare", listing)
        shared = {w.locked[each].uuid: each for each in w.grants[listing.pk]}
        if audience not in shared:
            raise Invalid("shared_with", "does_not_exist", "It is not shared with these.")
        if shared[audience] in owning(listing):
            raise Invalid("shared_with", "invalid", "Your own organization sees whatever is its own.")
        w.unshare(listing, shared[audience])
        tell_anew(w, listing)
        match(listing)
        w.audit(f"{listing.kind}.unshare", listing, audience=str(audience))
        return listing


@service
def set_capacity(actor: Actor, offer: Offer, available: int, maximum: int | None = None) -> Offer:
    """How many can be had now. What accepted pledges hold is beside it, within the same maximum."""
    with writing(actor, objects=[offer]) as w:
        OFFERS.require(actor.person, "set_capacity", offer)
        w.demand(offer, "set_capacity")
        maximum = offer.maximum if maximum is None else maximum
        require_room(maximum, offer.held, available)
        offer.available, offer.maximum = available, maximum
        offer.capacity_updated_at, offer.reminded_at = w.at, None
        put(w, offer)
        w.audit("offer.set_capacity", offer, available=available, maximum=maximum)
        return offer


@service
def remind_of_capacity(offer: Offer) -> Offer:
    """Nobody has said for long what is left: its owner is asked, once. Run by the portal."""
    with writing(THE_PORTAL, objects=[offer]) as w:
        if offer.permits("set_capacity") and offer.stale_at <= w.at and offer.reminded_at is None:
            offer.reminded_at = w.at
            put(w, offer)
            w.audit("offer.remind", offer)
        return offer


@service
def close_need(actor: Actor, need: Need) -> Need:
    """No longer needed. What was accepted goes on; what was only proposed is over."""
    with writing(actor, objects=[need]) as w:
        steer(w, NEEDS, "close", need)
        end(w, need, Listing.State.CLOSED)
        return need


@service
def close_offer(actor: Actor, offer: Offer) -> Offer:
    """No longer offered. What was accepted goes on; what was only proposed is over."""
    with writing(actor, objects=[offer]) as w:
        steer(w, OFFERS, "close", offer)
        end(w, offer, Listing.State.CLOSED)
        return offer


@service
def expire_need(need: Need) -> Need:
    """Its time is over and it was not met: run by the portal."""
    with writing(THE_PORTAL, objects=[need]) as w:
        if is_over(w, need):
            end(w, need, Listing.State.EXPIRED)
        return need


@service
def expire_offer(offer: Offer) -> Offer:
    """Its time is over: run by the portal."""
    with writing(THE_PORTAL, objects=[offer]) as w:
        if is_over(w, offer):
            end(w, offer, Listing.State.EXPIRED)
        return offer


# the pieces of these sentences


def put(w: Writing, listing: Need | Offer) -> None:
    """Tell everybody of it, and look anew at what it matches."""
    w.put(listing)
    match(listing)


def match(listing: Listing) -> None:
    """The version is in the key: a job that runs now has read an older one."""
    kind = MATCH_NEED if isinstance(listing, Need) else MATCH_OFFER
    key = f"{kind}:{listing.pk}:{listing.version}"
    enqueue(kind, dedupe_key=key, pk=str(listing.pk), version=listing.version)


def shared_with(
    w: Writing, organizations: Collection[Organization], working_groups: Collection[WorkingGroup], everyone: bool
) -> set[int]:
    """Who will see what is posted, its owner's people among them."""
    confirm(w)
    if organizations or working_groups or not everyone:
        require_addressees(w.actor, organizations, working_groups)
    shared = {
        w.actor.acting_for.members_id,
        *(o.members_id for o in organizations),
        *(g.members_id for g in working_groups),
    }
    return shared | {Network.current().everyone_id} if everyone else shared


def uuids(w: Writing, audiences: Collection[int]) -> list[str]:
    return sorted(str(w.locked[each].uuid) for each in audiences)


def policy_of(listing: Need | Offer) -> ListingPolicy[Any]:
    return NEEDS if isinstance(listing, Need) else OFFERS


def post(w: Writing, listing: Posted, shared: Collection[int]) -> Posted:
    listing.owner, listing.posted_by, listing.posted_at = w.actor.acting_for, w.actor.person, w.at
    require_order(listing)
    listing.save(force_insert=True)
    w.created(listing, *shared)
    match(listing)
    w.audit(f"{listing.kind}.post", listing, category=listing.category)
    return listing


def brought_up_to(w: Writing, offer: Offer, said: dict[str, Any], *, dated: bool) -> Offer:
    """What is said of it elsewhere now. What it is does not change while it is shared."""
    w.lock(objects=[offer])
    steer(w, OFFERS, "edit", offer)
    for field in SAID_ONCE:
        if said[field] != getattr(offer, field):
            raise Invalid(field, "invalid", "It is offered as something else. Close that offer first.")
    news = {field: said[field] for field in differing(offer, said) if dated or field != "valid_until"}
    if news:
        require_room(news.get("maximum", offer.maximum), offer.held, news.get("available", offer.available))
        if news.keys() & CAPACITY:
            offer.capacity_updated_at, offer.reminded_at = w.at, None
        change(w, offer, news)
        put(w, offer)
    return offer


def steer(w: Writing, policy: ListingPolicy[Any], verb: str, listing: Listing, version: int | None = None) -> None:
    policy.require(w.actor.person, verb, listing)
    if version is not None:
        w.expect(listing, version)
    w.demand(listing, verb)


def change(w: Writing, listing: Listing, fields: dict[str, Any]) -> None:
    for field, value in fields.items():
        setattr(listing, field, value)
    require_order(listing)
    w.audit(f"{listing.kind}.edit", listing, fields=sorted(fields))


def require_order(listing: Listing) -> None:
    if listing.valid_until <= listing.valid_from:
        raise Invalid("valid_until", "wrong_order", "It ends before it begins.")


def require_room(maximum: int, held: int, available: int) -> None:
    if available + held > maximum:
        promised = f", and {held} are promised" if held else ""
        raise Invalid("available", "too_high", f"At most {max(maximum - held, 0)}: there are {maximum}{promised}.")


def is_over(w: Writing, listing: Listing) -> bool:
    return listing.permits("expire") and listing.valid_until <= w.at


def end(w: Writing, listing: Need | Offer, state: str) -> None:
    """Nothing more can be pledged; proposals that wait are over with it."""
    listing.state = state
    for pledge in listing.pledges.filter(state=Pledge.State.PROPOSED):
        w.lock(objects=[pledge])
        pledge.state, pledge.reason = Pledge.State.WITHDRAWN, f"{listing.kind}_{state}"
        pledge.by, pledge.at = w.actor.person, w.at
        w.put(pledge)
        w.audit("pledge.withdraw", pledge)
    put(w, listing)
    w.audit(f"{listing.kind}.{'close' if state == Listing.State.CLOSED else 'expire'}", listing)


def meet_or_reopen(need: Need) -> None:
    if need.permits("edit"):
        met = need.quantity_met == need.quantity
        need.state = Need.State.MET if met else Need.State.OPEN
