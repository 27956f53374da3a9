"""The kinds of change that needs, offers and pledges announce, and the one shape of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from coordination.resources import models
from coordination.resources.matching import Reason
from coordination.resources.policy import NEEDS, OFFERS, PLEDGES, SUGGESTIONS
from portal.kernel import areas
from portal.kernel.kinds import Kind, OrganizationRef, PersonRef, Shape
from portal.organizations.queries import refs as organization_refs
from portal.people.queries import refs as person_refs


class Listing(Shape, kw_only=True):
    """`area_name` is in English, a county's with its state."""

    owner: OrganizationRef
    posted_by: PersonRef
    posted_at: datetime
    category: str
    unit: str
    area: str
    area_name: str
    populations: list[str]
    languages: list[str]
    barriers: list[str]
    valid_from: datetime
    valid_until: datetime
    note: str
    exercise: bool
    state: str


class Need(Listing, kw_only=True):
    """What an organization needs. Whom else it was shared with, and who promised what, is not in it."""

    urgency: str
    quantity: int
    quantity_met: int


class IntakeHours(msgspec.Struct, kw_only=True):
    """On these days from when to when, in the network's zone; what closes before it opens closes on the next day."""

    days: list[str]
    opens: str
    closes: str


class Offer(Listing, kw_only=True):
    """What an organization offers. `held` is promised and not delivered yet; from `stale_at` on, ask before relying
    on what is said to be available. `external_id` is the id under which another directory knows it."""

    cost: str
    intake_hours: list[IntakeHours]
    maximum: int
    available: int
    held: int
    capacity_updated_at: datetime
    stale_at: datetime
    reminded_at: datetime | None
    external_id: str


class Pledge(Shape, kw_only=True):
    """A promise of part of an offer for part of a need, for both owners. The reason is that of the last step."""

    need: UUID
    offer: UUID
    need_owner: OrganizationRef
    offer_owner: OrganizationRef
    category: str
    unit: str
    quantity: int
    exercise: bool
    state: str
    proposed_for: OrganizationRef
    proposed_by: PersonRef
    proposed_at: datetime
    note: str
    reason: str
    reason_note: str
    by: PersonRef | None
    at: datetime


class Suggestion(Shape, kw_only=True):
    """That an offer may meet a need: `score` is above 0 and at most 1, the reasons say what fits and what does not."""

    need: UUID
    offer: UUID
    score: float
    reasons: list[Reason]
    at: datetime


def shape_needs(rows: Iterable[models.Need]) -> list[Need]:
    return [
        Need(**listed, urgency=n.urgency, quantity=n.quantity, quantity_met=n.quantity_met)
        for n, listed in shape_listings(rows)
    ]


def shape_offers(rows: Iterable[models.Offer]) -> list[Offer]:
    return [
        Offer(
            **listed,
            cost=o.cost,
            intake_hours=[IntakeHours(**hours) for hours in o.intake_hours],
            maximum=o.maximum,
            available=o.available,
            held=o.held,
            capacity_updated_at=o.capacity_updated_at,
            stale_at=o.stale_at,
            reminded_at=o.reminded_at,
            external_id=o.external_id,
        )
        for o, listed in shape_listings(rows)
    ]


def shape_listings(rows: Iterable[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Each with what needs and offers have in common. Two queries."""
    listings = list(rows)
    organizations = organization_refs({r.owner_id for r in listings})
    people = person_refs({r.posted_by_id for r in listings})
    named = {"id", "version", "owner", "posted_by", "area_name"}
    plain = [name for name in Listing.__struct_fields__ if name not in named]
    return [
        (
            r,
            {
                "id": r.pk,
                "version": r.version,
                "owner": organizations[r.owner_id],
                "posted_by": people[r.posted_by_id],
                "area_name": areas.full_name(r.area),
                **{name: getattr(r, name) for name in plain},
            },
        )
        for r in listings
    ]


def shape_pledges(rows: Iterable[models.Pledge]) -> list[Pledge]:
    pledges = list(rows)
    needs = models.Need.objects.in_bulk({p.need_id for p in pledges})
    offers = models.Offer.objects.in_bulk({p.offer_id for p in pledges})
    owners = {listing.owner_id for listing in (*needs.values(), *offers.values())}
    organizations = organization_refs(owners)
    people = person_refs({person for p in pledges for person in (p.proposed_by_id, p.by_id) if person})
    return [
        Pledge(
            id=p.pk,
            version=p.version,
            need=p.need_id,
            offer=p.offer_id,
            need_owner=organizations[needs[p.need_id].owner_id],
            offer_owner=organizations[offers[p.offer_id].owner_id],
            category=offers[p.offer_id].category,
            unit=offers[p.offer_id].unit,
            quantity=p.quantity,
            exercise=offers[p.offer_id].exercise,
            state=p.state,
            proposed_for=organizations[p.proposed_for_id],
            proposed_by=people[p.proposed_by_id],
            proposed_at=p.proposed_at,
            note=p.note,
            reason=p.reason,
            reason_note=p.reason_note,
            by=people[p.by_id] if p.by_id else None,
            at=p.at,
        )
        for p in pledges
    ]


def shape_suggestions(rows: Iterable[models.Suggestion]) -> list[Suggestion]:
    return [
        Suggestion(
            id=s.pk,
            version=s.version,
            need=s.need_id,
            offer=s.offer_id,
            score=s.score,
            reasons=msgspec.convert(s.reasons, list[Reason]),
            at=s.at,
        )
        for s in rows
    ]


NEED = Kind("need", Need, NEEDS, shape_needs)
OFFER = Kind("offer", Offer, OFFERS, shape_offers)
PLEDGE = Kind("pledge", Pledge, PLEDGES, shape_pledges)
SUGGESTION = Kind("suggestion", Suggestion, SUGGESTIONS, shape_suggestions)
KINDS = (NEED, OFFER, PLEDGE, SUGGESTION)
