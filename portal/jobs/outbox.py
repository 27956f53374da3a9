"""Asking for background work, inside the transaction that needs it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal.jobs.models import Job
from portal.kernel import clock

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
woken = threading.Event()


@dataclass(frozen=True)
class Routine:
    kind: str
    every: timedelta


ROUTINES: list[Routine] = []


def job(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind. It gets the payload as keywords and must be safe to run twice."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def routine(kind: str, every: timedelta) -> Callable[[Handler], Handler]:
    """A handler without payload that runs again and again."""

    def register(handler: Handler) -> Handler:
        ROUTINES.append(Routine(kind, every))
        return job(kind)(handler)

    return register


def enqueue(kind: str, *, dedupe_key: str | None = None, run_at: datetime | None = None, **payload: Any) -> None:
    """Have `kind` run with this payload once the transaction commits; once per living `dedupe_key`."""
    fields = {"kind": kind, "payload": payload, "run_at": run_at or clock.now()}
    if dedupe_key is None:
        Job.objects.create(**fields)
    else:
        Job.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    transaction.on_commit(woken.set)
