"""How often strangers may ask for something. What cannot be counted is refused."""

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError

from portal.kernel.errors import Problem

WAIT_SECONDS = 3600


def limit(request: HttpRequest, action: str, key: str = "") -> None:
    """The key is what is asked for, whether it is there or not. It is not kept: its digest is."""
    try:
        spent = consume(request, app="concord", action=action, config=settings.RATE_LIMITS, key=key, limit_get=True)
    except RedisError:
        raise Problem("unavailable", retry_after=60) from None
    if not spent:
        raise Problem("rate_limited", retry_after=WAIT_SECONDS)
