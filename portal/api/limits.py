"""How often something may be asked. Where the counts cannot be read, nothing is answered."""

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from rest_framework.request import Request

from portal.kernel.errors import Problem

WAIT_SECONDS = 600


def limit(request: Request, action: str, key: str) -> None:
    """By what is asked for, whether it is there or not. The key is not kept: its digest is."""
    spent = consume(
        request._request, app="concord", action=action, config=settings.RATE_LIMITS, key=key, limit_get=True
    )
    if not spent:
        raise Problem("rate_limited", retry_after=WAIT_SECONDS)
