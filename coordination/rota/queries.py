"""Reads of the rota that are more than `visible()`."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from coordination.rota.models import Shift
from portal.kernel.standing import living_memberships


def on_call(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """The shifts that run at this moment, of those who still work there."""
    works_there = living_memberships().filter(user=OuterRef("person"), group=OuterRef("organization__members"))
    return rows.filter(Exists(works_there), starts_at__lte=at, ends_at__gt=at)


def ahead(rows: QuerySet[Shift], at: datetime) -> QuerySet[Shift]:
    """Those that run, or are to come."""
    return rows.filter(ends_at__gt=at)
