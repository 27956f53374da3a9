"""Background work of working groups."""

from datetime import timedelta

from coordination.working_groups import services
from coordination.working_groups.models import WorkingGroup
from portal.jobs.outbox import routine
from portal.kernel import clock
from portal.kernel.models import Network


@routine("working_groups.end", every=timedelta(minutes=5))
def end_working_groups() -> None:
    """Those whose last day is over, where the network is."""
    for group in WorkingGroup.objects.filter(archived_at=None, ends_on__lt=Network.current().day(clock.now())):
        services.end_working_group(group)
