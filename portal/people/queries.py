"""Reads about people."""

from collections.abc import Collection
from uuid import UUID

from portal.kernel.kinds import PersonRef
from portal.people.models import User

FORMER_MEMBER = "former member"


def refs(ids: Collection[UUID | None]) -> dict[UUID, PersonRef]:
    """How others see these people; whoever left the network keeps no name."""
    rows = User.objects.filter(pk__in={i for i in ids if i}).values_list("pk", "name", "is_active")
    return {pk: PersonRef(id=pk, name=name if is_active else FORMER_MEMBER) for pk, name, is_active in rows}
