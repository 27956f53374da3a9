"""Background work of needs and offers."""

from datetime import timedelta

from coordination.resources import queries, services
from coordination.resources.models import Listing, Need, Offer
from portal.jobs.outbox import routine
from portal.kernel import clock


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
