"""Suggestions: recorded by the portal after each change of a need or an offer, dismissed by a side."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec

from coordination.resources import matching, pairs
from coordination.resources.models import Need, Offer, Suggestion
from coordination.resources.policy import SUGGESTIONS, Told, told_of
from coordination.resources.waking import SUGGESTED
from portal.jobs.outbox import enqueue
from portal.kernel.memberships import overlap
from portal.kernel.models import Audience, Change, Overlap
from portal.kernel.standing import standing
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.notify.reasons import call
from portal.organizations.models import Organization

MATCH_NEWCOMER = "match_newcomer"
# in these one sees what is shared, and speaks for an owner
SHARED_WITH = (
    Audience.Kind.ORGANIZATION_MEMBERS,
    Audience.Kind.ORGANIZATION_COORDINATORS,
    Audience.Kind.GROUP_MEMBERS,
)


@service
def record_suggestions(need: Need) -> list[Suggestion]:
    """What may meet this need, as things are now; what no longer holds is gone. Safe to run twice."""
    with writing(THE_PORTAL, objects=[need]) as w:
        recorded = record_best(w, need)
        w.audit("need.match", need, suggestions=len(recorded))
        return recorded


@service
def record_suggestion(need: Need, offer: Offer) -> None:
    """Whether this offer is among the best for this need, as things are now. Safe to run twice."""
    with writing(THE_PORTAL, objects=[need, offer]) as w:
        others = {s.offer_id: s for s in need.suggestions.all()}
        known = others.pop(offer.pk, None)
        least = min(others.values(), key=lambda s: s.score, default=None)
        has_room = len(others) < matching.MOST
        told, best = best_told(w, need, pairs.offers_for(need, w.at).filter(pk=offer.pk))
        found = best[0] if best else None
        if known and len(others) == matching.MOST - 1 and (found is None or (least and found.score < least.score)):
            record_best(w, need)  # one that was not among them may be better now
        elif known and found is None:
            remove(w, known)
        elif found and (has_room or (least and found.score > least.score)):
            record(w, known, need, offer, found, told[offer.pk])
            if least and not has_room:
                remove(w, least)
        w.audit("need.match", need, offer=str(offer.pk))


@service
def dismiss_suggestion(actor: Actor, suggestion: Suggestion) -> Suggestion:
    """Of no use to this side: it is not shown to its people again. The other side keeps it, and is not told."""
    with writing(actor, objects=[suggestion]) as w:
        SUGGESTIONS.require(actor.person, "dismiss", suggestion)
        who = standing(actor.person, fresh=True)
        for owner, flag in sides(suggestion.need, suggestion.offer):
            if who.within(owner.coordinators_id):
                setattr(suggestion, flag, True)
                for audience in w.grants[suggestion.pk] & side_of(owner):
                    w.unshare(suggestion, audience)
        w.audit("suggestion.dismiss", suggestion)
        return suggestion


def match_for_newcomer(w: Writing, person: Any, audience: Audience) -> None:
    """Whoever coordinates an organization sees more from now on: what it needs and offers is looked at anew."""
    if audience.kind not in SHARED_WITH:
        return
    if standing(person, fresh=True).within_any(Audience.Kind.ORGANIZATION_COORDINATORS):
        key = f"{MATCH_NEWCOMER}:{person.pk}:{person.access_version}"
        enqueue(MATCH_NEWCOMER, dedupe_key=key, person=str(person.pk))


# the pieces of these sentences


def record_best(w: Writing, need: Need) -> list[Suggestion]:
    offers = {offer.pk: offer for offer in pairs.offers_for(need, w.at)}
    told, best = best_told(w, need, offers.values())
    found = {s.offer: s for s in best}
    before = {s.offer_id: s for s in need.suggestions.all()}
    for gone in before.keys() - found.keys():
        remove(w, before[gone])
    return [record(w, before.get(pk), need, offers[pk], suggested, told[pk]) for pk, suggested in found.items()]


def best_told(
    w: Writing, need: Need, offers: Collection[Offer]
) -> tuple[dict[UUID, set[Told]], list[matching.Suggestion]]:
    """Of those offers of which somebody is told, the best; and who it is."""
    told = {pk: who for (_, pk), who in told_of([(need, offer) for offer in offers]).items() if who}
    return told, pairs.best_offers(need, [offer for offer in offers if offer.pk in told], w.at)


def record(
    w: Writing, known: Suggestion | None, need: Need, offer: Offer, found: matching.Suggestion, told: set[Told]
) -> Suggestion:
    reasons = msgspec.to_builtins(found.reasons)
    if known is None:
        made = Suggestion.objects.create(need=need, offer=offer, score=found.score, reasons=reasons, at=w.at)
        w.created(made, *audiences_for(w, told))
        call(SUGGESTED, made.pk)
        return made
    w.lock(objects=[known])
    tell(w, known, need, offer, told)
    if known.reasons != reasons or known.score != found.score:
        known.score, known.reasons, known.at = found.score, reasons, w.at
        w.put(known)
    return known


def tell(w: Writing, known: Suggestion, need: Need, offer: Offer, told: set[Told]) -> None:
    """These and nobody else; whoever dismissed it is not told again."""
    dismissed = {owner.coordinators_id for owner, flag in sides(need, offer) if getattr(known, flag)}
    wanted = audiences_for(w, {each for each in told if each[0] not in dismissed})
    for audience in w.grants[known.pk] - wanted:
        w.unshare(known, audience)
    for audience in wanted:
        w.share(known, audience)


def tell_anew(w: Writing, listing: Need | Offer) -> None:
    """It was taken from somebody: who does not see it any more is told of nothing that it may meet."""
    suggestions = list(listing.suggestions.select_related("need__owner", "offer__owner"))
    told = told_of([(each.need, each.offer) for each in suggestions])
    for suggestion in suggestions:
        need, offer = suggestion.need, suggestion.offer
        w.lock(objects=[suggestion])
        tell(w, suggestion, need, offer, told[need.pk, offer.pk])


def audiences_for(w: Writing, told: set[Told]) -> set[int]:
    return {coordinators if within is None else overlap(w, coordinators, within) for coordinators, within in told}


def sides(need: Need, offer: Offer) -> list[tuple[Organization, str]]:
    """Each owner, and the field that says whether it dismissed the suggestion."""
    return [(need.owner, "dismissed_by_need_owner"), (offer.owner, "dismissed_by_offer_owner")]


def side_of(owner: Organization) -> set[int]:
    """The audiences by which those who coordinate it are told."""
    overlaps = Overlap.objects.filter(one=owner.coordinators_id).values_list("audience", flat=True)
    return {owner.coordinators_id, *overlaps}


def remove(w: Writing, suggestion: Suggestion) -> None:
    w.lock(objects=[suggestion])
    for audience in w.grants[suggestion.pk]:
        w.append(audience, Change.Op.DELETED, suggestion.kind, suggestion.pk, suggestion.version + 1)
    suggestion.delete()
