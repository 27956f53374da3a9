from datetime import timedelta

from portal.api.models import IdempotencyKey
from portal.jobs.outbox import routine
from portal.kernel import clock

KEPT = timedelta(days=1)


@routine("api.forget_idempotency_keys", every=timedelta(hours=1))
def forget_idempotency_keys() -> None:
    """A client that repeats itself does so within a day."""
    IdempotencyKey.objects.filter(at__lt=clock.now() - KEPT).delete()
