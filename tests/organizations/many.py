"""What organizations, and those who apply, have many of: for who counts queries."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from portal.kernel import clock
from portal.kernel.ids import uuid7
from portal.organizations import models


def organizations_of_many(scene: Any, people: Collection[Any]) -> None:
    for row in (row for person in people for row in of_one(scene, person)):
        row.save(force_insert=True)


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
