"""Background work of requests."""

from datetime import timedelta

from coordination.requests import queries, services
from coordination.requests.models import Request
from portal.jobs.outbox import routine
from portal.kernel import clock

# of what is due, so many at a time: what is left is due the next time too
BATCH = 200


@routine("requests.ring_clocks", every=timedelta(seconds=30))
def ring_clocks() -> None:
    for request in Request.objects.filter(rings_at__lte=clock.now()).order_by("rings_at")[:BATCH]:
        services.ring_clock(request)


@routine("requests.call_those_on_call", every=timedelta(seconds=30))
def call_those_on_call() -> None:
    for answer in queries.put_to_those_on_call():
        services.call_those_on_call(answer)


@routine("expire_requests", every=timedelta(minutes=1))
def expire_requests() -> None:
    for request in Request.objects.filter(state=Request.State.OPEN, expires_at__lte=clock.now()):
        services.expire_request(request)
