"""Background work of requests."""

from datetime import timedelta

from coordination.requests import services
from coordination.requests.models import Request
from portal.jobs.outbox import routine
from portal.kernel import clock


@routine("expire_requests", every=timedelta(minutes=1))
def expire_requests() -> None:
    for request in Request.objects.filter(state=Request.State.OPEN, expires_at__lte=clock.now()):
        services.expire_request(request)
