"""`portal worker`: background work in a process of its own, beside web workers with CONCORD_WORKER=none."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from portal.jobs import worker


class Command(BaseCommand):
    help = "Run background work until told to stop."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        worker.run(stop)
