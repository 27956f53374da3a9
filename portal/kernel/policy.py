"""Who may: one policy for each kind of object, with faces that a property test holds together.

`granted(audiences)`  the objects these audiences may see (what the hub asks before it sends)
`visible(person)`     the objects this person may see (what every list and fetch starts from)
`audiences(objects)`  who receives changes of these objects
`allowed(person, …)`  the verbs open to this person on each object (buttons and server alike)
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet

from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.grants import audiences_of, granted, granted_or_revealed
from portal.kernel.models import Versioned, borrowed
from portal.kernel.standing import Person, Standing, standing

Object = TypeVar("Object", bound=Versioned)


class Policy(ABC, Generic[Object]):
    """What every kind of object answers."""

    model: type[Object]
    # foreign keys that `verbs` looks at, fetched with the object
    needs: ClassVar[Sequence[str]] = ()

    @abstractmethod
    def granted(self, audiences: Collection[int]) -> QuerySet[Object]: ...

    @abstractmethod
    def seen(self, who: Standing) -> QuerySet[Object]:
        """The objects somebody who stands there may see."""

    def visible(self, person: Person) -> QuerySet[Object]:
        return self.seen(standing(person))

    @abstractmethod
    def audiences(self, objects: Iterable[Object]) -> dict[UUID, set[int]]: ...

    @abstractmethod
    def verbs(self, who: Standing, obj: Object) -> Iterable[str]:
        """The verbs open to somebody who stands there and sees the object."""

    def allowed(self, person: Person, objects: Iterable[Object], *, fresh: bool = False) -> dict[UUID, list[str]]:
        """The verbs for each object; objects the person does not see are left out. Constant queries."""
        ids = [o.pk for o in objects]
        who = standing(person, fresh=fresh)
        rows = self.seen(who).filter(pk__in=ids)
        if self.needs:  # without a name, Django would follow every foreign key
            rows = rows.select_related(*self.needs)
        return {obj.pk: sorted(self.verbs(who, obj)) for obj in rows}

    def can(self, person: Person, verb: str, obj: Object) -> bool:
        return verb in self.allowed(person, [obj]).get(obj.pk, [])

    def require(self, person: Person, verb: str, obj: Object) -> None:
        """Refuse: as absent when the object is not visible, as not allowed when only the verb is missing.

        Asked inside `writing()`, after the locks, it reads memberships anew.
        """
        verbs = self.allowed(person, [obj], fresh=True).get(obj.pk)
        if verbs is None:
            raise NotFound
        if verb not in verbs:
            raise NotAllowed


class SharedPolicy(Policy[Object]):
    """For objects that guardian's grant rows share with audiences and, by reveal, with single people."""

    def granted(self, audiences: Collection[int]) -> QuerySet[Object]:
        return granted(self.model, audiences)

    def seen(self, who: Standing) -> QuerySet[Object]:
        return granted_or_revealed(self.model, who.audiences, who.person)

    def audiences(self, objects: Iterable[Object]) -> dict[UUID, set[int]]:
        return audiences_of(objects)


class BorrowedPolicy(Policy[Object]):
    """For what lives inside exactly one audience: its column is the grant."""

    audience_path: ClassVar[str] = "audience"

    def granted(self, audiences: Collection[int]) -> QuerySet[Object]:
        return self.model._default_manager.filter(**{f"{self.audience_path}__in": audiences})

    def seen(self, who: Standing) -> QuerySet[Object]:
        return self.granted(who.audiences)

    def require_locked(self, person: Person, verb: str, obj: Object) -> None:
        """`require` of a row that this write has locked: it says what the table says, and is not read again."""
        self.require_standing(standing(person, fresh=True), verb, obj)

    def require_standing(self, who: Standing, verb: str, obj: Object) -> None:
        """The same, of somebody of whom it was read under the lock where they stand."""
        if not who.within(borrowed(obj)):
            raise NotFound
        if verb not in self.verbs(who, obj):
            raise NotAllowed

    def audiences(self, objects: Iterable[Object]) -> dict[UUID, set[int]]:
        rows = self.model._default_manager.filter(pk__in=[o.pk for o in objects])
        return {pk: {audience} for pk, audience in rows.values_list("pk", F(self.audience_path))}


class PartPolicy(Policy[Object]):
    """For what is part of another object, and seen exactly as that is: it has no grants of its own.

    Who writes to a part locks the whole.
    """

    whole: ClassVar[Policy[Any]]
    whole_path: ClassVar[str]

    def granted(self, audiences: Collection[int]) -> QuerySet[Object]:
        return self.parts_of(self.whole.granted(audiences))

    def seen(self, who: Standing) -> QuerySet[Object]:
        return self.parts_of(self.whole.seen(who))

    def parts_of(self, wholes: QuerySet[Any]) -> QuerySet[Object]:
        return self.model._default_manager.filter(**{f"{self.whole_path}__in": wholes.values("pk")})

    def audiences(self, objects: Iterable[Object]) -> dict[UUID, set[int]]:
        rows = self.model._default_manager.filter(pk__in=[o.pk for o in objects])
        wholes = dict(rows.values_list("pk", self.whole_path))
        found = self.whole.audiences(self.whole.model._default_manager.filter(pk__in=set(wholes.values())))
        return {pk: found[whole] for pk, whole in wholes.items()}
