"""Background work of messaging. Every step is safe to run twice."""

from datetime import timedelta

from messaging import services
from messaging.models import Channel, Message
from portal.jobs.outbox import routine
from portal.kernel import clock


@routine("messaging.purge_channels", every=timedelta(minutes=10))
def purge_channels() -> None:
    for channel in Channel.objects.filter(purge_at__lte=clock.now()):
        services.purge_channel(channel)


@routine("messaging.call_again", every=timedelta(seconds=15))
def call_again() -> None:
    for message in Message.objects.filter(calls_at__lte=clock.now()).select_related("channel"):
        services.call_again(message)
