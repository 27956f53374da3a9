"""Runs what the outbox holds: a thread of the embedded server, or `portal worker` scaled out."""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Q

from portal.jobs.models import Job
from portal.jobs.outbox import HANDLERS, ROUTINES, enqueue, woken
from portal.kernel import clock

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
POLL_SECONDS = 1.0
MOST_ATTEMPTS = 10


def run(stop: threading.Event) -> None:
    """Work until told to stop; woken by commits of this process, else looking once a second."""
    while not stop.is_set():
        try:
            plan_routines()
            while not stop.is_set() and run_one():
                pass
        except Exception:
            log.exception("the worker failed and goes on")
        close_old_connections()
        woken.wait(POLL_SECONDS)
        woken.clear()
    connection.close()


def plan_routines() -> None:
    """Each routine stands in the outbox exactly once, under its own dedupe key."""
    planned = set(Job.objects.filter(kind__in=[r.kind for r in ROUTINES]).values_list("kind", flat=True))
    for routine in ROUTINES:
        if routine.kind not in planned:
            enqueue(routine.kind, dedupe_key=f"routine:{routine.kind}", run_at=clock.now() + routine.every)


def run_one() -> bool:
    """Lease the next job and run it; False when nothing is due."""
    leased = lease()
    if leased is None:
        return False
    try:
        HANDLERS[leased.kind](**leased.payload)
    except Exception as error:
        log.exception("job %s failed", leased.kind)
        postpone(leased, error)
    else:
        Job.objects.filter(pk=leased.pk).delete()
    return True


def lease() -> Job | None:
    now = clock.now()
    due = Job.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), run_at__lte=now).filter(
        attempts__lt=MOST_ATTEMPTS
    )
    if not due.exists():
        return None
    with transaction.atomic():
        found = due.select_for_update(skip_locked=True).order_by("run_at").first()
        if found:
            found.attempts += 1
            found.lease_until = now + LEASE
            found.save(update_fields=["attempts", "lease_until"])
        return found


def postpone(failed: Job, error: Exception) -> None:
    """Back off: 2, 4, 8 … seconds, an hour at most. What was tried ten times stays, for somebody to look at."""
    wait = timedelta(seconds=min(2**failed.attempts, 3600))
    failed.run_at = clock.now() + wait
    failed.lease_until = None
    failed.last_error = type(error).__name__
    failed.save(update_fields=["run_at", "lease_until", "last_error"])
