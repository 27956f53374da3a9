"""Requests that ended, as rows, for those who count them."""

from datetime import date
from typing import Any

from coordination.requests.models import Request
from portal.kernel import clock
from tests import world


def ended(scene: Any, owner: Any, on: date, many: int = 1, area: str = world.LINN, **fields: Any) -> None:
    """So many of an organization's that were over on this day: unmet, unless told otherwise."""
    at = clock.now()
    Request.objects.bulk_create(
        Request(
            **{
                "owner": owner,
                "posted_by": scene.mara,
                "posted_at": at,
                "request_kind": "emergency_shelter",
                "details": {"area": area} if area else {},
                "state": Request.State.DONE,
                "outcome": "not_met",
                "ended_on": on,
                **dict.fromkeys(("acknowledge_by", "answer_by", "expires_at"), at),
                **fields,
            }
        )
        for _ in range(many)
    )
