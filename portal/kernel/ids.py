"""Identifiers: UUIDv7 (RFC 9562), so that ids sort by the time they were made."""

import secrets
import time
from datetime import datetime
from uuid import UUID

import uuid_utils.compat

from portal.kernel import clock

SPARE_BITS = 13


def uuid7() -> UUID:
    return _of_told_time(clock.now()) if clock.is_told() else uuid_utils.compat.uuid7()


def _of_told_time(moment: datetime) -> UUID:
    """Where the clock is told it may stand still: the real one keeps the ids of one moment in order."""
    milliseconds = int(moment.timestamp() * 1000)
    order = (time.time_ns() << SPARE_BITS | secrets.randbits(SPARE_BITS)) & (1 << 74) - 1
    high, low = order >> 62, order & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
