"""What time it is. Asked here and nowhere else, so that a story can be told at the moments it happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()  # noqa: TID251 - this is the clock


def is_told() -> bool:
    """Whether somebody tells the time, so that it may stand still."""
    return _told.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is this moment in here, in this thread or task: for demos and tests."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
