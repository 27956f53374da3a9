"""Background work of needs and offers."""

from datetime import timedelta
from uuid import UUID

from coordination.resources import pairs, queries, services
from coordination.resources.models import Listing, Need, Offer
from coordination.resources.services.listings import MATCH_NEED, MATCH_OFFER
from coordination.resources.services.suggestions import MATCH_NEWCOMER
from portal.jobs.outbox import job, routine
from portal.kernel import clock


@job(MATCH_NEED)
def match_need(pk: str, version: int) -> None:
    need = Need.objects.filter(pk=pk, version=version).select_related("owner").first()
    if need is not None:  # what was written since has a job of its own
        services.record_suggestions(need)


@job(MATCH_OFFER)
def match_offer(pk: str, version: int) -> None:
    offer = Offer.objects.filter(pk=pk, version=version).select_related("owner").first()
    if offer is not None:
        look_at_needs(offer)


@job(MATCH_NEWCOMER)
def match_newcomer(person: str) -> None:
    for need in queries.coordinated_by(Need, UUID(person)):
        services.record_suggestions(need)
    for offer in queries.coordinated_by(Offer, UUID(person)):
        look_at_needs(offer)


def look_at_needs(offer: Offer) -> None:
    for need in pairs.needs_to_look_at(offer, clock.now()):
        services.record_suggestion(need, offer)


@routine("expire_listings", every=timedelta(minutes=1))
def expire_listings() -> None:
    over = {"state": Listing.State.OPEN, "valid_until__lte": clock.now()}
    for need in Need.objects.filter(**over):
        services.expire_need(need)
    for offer in Offer.objects.filter(**over):
        services.expire_offer(offer)


@routine("remind_of_capacity", every=timedelta(minutes=10))
def remind_of_capacity() -> None:
    for offer in queries.gone_stale(clock.now()):
        services.remind_of_capacity(offer)
