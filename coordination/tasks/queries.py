"""Reads of tasks that are more than `visible()`."""

from typing import Any

from django.db.models import QuerySet

from coordination.requests.models import Request
from coordination.tasks.models import Task


def to_do(rows: QuerySet[Task], person: Any) -> QuerySet[Task]:
    """What this person has to do still."""
    return rows.filter(assigned_to=person.pk, done_at=None, request__state__in=Request.LIVING)
