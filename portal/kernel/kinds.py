"""The registry of kinds of object: what each slice announces in its `changes.py`.

`represent` is the one way an object takes shape: REST answers, live frames and exports call it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from portal.kernel.policy import Policy


class Shape(msgspec.Struct, kw_only=True):
    """The typed form of an object, the same for everybody who may see it."""

    id: UUID
    version: int


class PersonRef(msgspec.Struct):
    """A person as others see them.

    `former`, where it is there: they left the network, and with it their name went; or the organization with which they
    are shown, and they work elsewhere.
    """

    id: UUID
    name: str
    former: Literal["network", "organization"] | msgspec.UnsetType = msgspec.UNSET


class OrganizationRef(msgspec.Struct):
    id: UUID
    name: str


@dataclass(frozen=True)
class Kind:
    """`shape` turns authorized rows into structs with a constant number of queries, keeping their order."""

    name: str
    struct: type[Shape]
    policy: Policy[Any]
    shape: Callable[[QuerySet[Any] | Sequence[Any]], list[Any]]

    def represent(self, ids: Collection[UUID], audience: int) -> dict[UUID, Shape]:
        """The shapes of those of these objects that this audience may see at this moment."""
        rows = self.policy.granted([audience]).filter(pk__in=ids)
        return {shape.id: shape for shape in self.shape(rows)}


KINDS: dict[str, Kind] = {}


def announce(kinds: Iterable[Kind]) -> None:
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds are called {kind.name}")
