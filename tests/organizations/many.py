"""What organizations, and those who apply, have many of: for who counts queries."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

from portal.kernel import clock
from portal.kernel.ids import uuid7
from portal.organizations import models


def organizations_of_many(scene: Any, people: Collection[Any], share: Callable[[Any], None]) -> None:
    rows = [row for person in people for row in of_one(scene, person)]
    for row in rows:
        row.save(force_insert=True)
    agreements = [row for row in rows if isinstance(row, models.Agreement)]
    share([(agreement, scene.network.administrators_id) for agreement in agreements])


def of_one(scene: Any, person: Any) -> Iterator[Any]:
    at, administrators = clock.now(), scene.network.administrators
    yield models.Invitation(
        organization=scene.agency,
        email=f"{uuid7()}@example.org",
        tier="member",
        invited_by=person,
        expires_at=at + timedelta(days=1),
    )
    yield models.Suspension(
        organization=scene.agency,
        audience=administrators,
        reason="x",
        suspended_by=person,
        suspended_at=at,
        ended_by=person,
        ended_at=at,
    )
    yield models.Agreement(
        organization=scene.agency,
        signed_on=at.date(),
        review_on=at.date() + timedelta(days=9),
        until=at + timedelta(days=10),
        countersigned_by="x",
        recorded_by=person,
        recorded_at=at,
    )
    yield models.Application(
        audience=administrators,
        name="x",
        organization_kind="hotline",
        description="x",
        contact_role="x",
        contact_email="x@example.org",
        why="x",
        language="en",
        applied_at=at,
    )
