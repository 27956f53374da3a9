"""Who may: one policy for each kind of object, with faces that a property test holds together.

`granted(audiences)`  the objects these audiences may see (what the hub asks before it sends)
`visible(person)`     the objects this person may see (what every list and fetch starts from)
`audiences(objects)`  who receives changes of these objects
`allowed(person, …)`  the verbs open to this person on each object (buttons and server alike)
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet

from portal.kernel.errors import Conflict, NotAllowed, NotFound
from portal.kernel.grants import audiences_of, granted, granted_or_revealed
from portal.kernel.models import Versioned, borrowed
from portal.kernel.standing import Person, Standing, standing

Object = TypeVar("Object", bound=Versioned)


class Policy(ABC, Generic[Object]):
    """What every kind of object answers."""

    model: type[Object]
    # foreign keys that `verbs` looks at, fetched with the object
    needs: ClassVar[Sequence[str]] = ()
    # what stays open to somebody who only reads: to look, to take back, to hand over
    still_open: ClassVar[Collection[str]] = ()

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

    def open_to(self, who: Standing, objects: Collection[Object]) -> dict[UUID, set[str]]:
        """`verbs` of each object, and those that many objects are asked for at once."""
        rows = self.seen(who).filter(pk__in=[o.pk for o in objects])
        if self.needs:  # without a name, Django would follow every foreign key
            rows = rows.select_related(*self.needs)
        return {obj.pk: set(self.verbs(who, obj)) for obj in rows}

    def allowed(self, person: Person, objects: Iterable[Object]) -> dict[UUID, list[str]]:
        """The verbs for each object; objects the person does not see are left out. Constant queries."""
        objects, who = list(objects), standing(person)
        found = self.open_to(who, objects)
        if who.read_only:
            doing = self.open_to(who.doing(), objects)
            found = {pk: verbs & {*self.still_open, *doing.get(pk, ())} for pk, verbs in found.items()}
        return {pk: sorted(verbs) for pk, verbs in found.items()}

    def can(self, person: Person, verb: str, obj: Object) -> bool:
        return verb in self.allowed(person, [obj]).get(obj.pk, [])

    def require(self, person: Person, verb: str, obj: Object) -> None:
        """Refuse: as absent when the object is not visible, as not allowed when only the verb is missing.

        Asked inside `writing()`, after the locks, it reads memberships anew.
        """
        self.decide(standing(person, fresh=True), verb, lambda who: self.open_to(who, [obj]).get(obj.pk))

    def decide(self, who: Standing, verb: str, verbs: Callable[[Standing], Collection[str] | None]) -> None:
        """What is open only where somebody reads and no more is refused, unless it takes back."""
        found = verbs(who)
        if found is None:
            raise NotFound
        if verb not in found:
            raise NotAllowed
        if who.read_only and verb not in {*self.still_open, *(verbs(who.doing()) or ())}:
            raise Conflict("agreement_lapsed")


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
        self.decide(who, verb, lambda who: set(self.verbs(who, obj)) if who.within(borrowed(obj)) else None)

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


def require_within_any(person: Person, kind: str) -> None:
    """Of what belongs to no object yet: somebody is in an audience of this kind, and not to read alone."""
    who = standing(person, fresh=True)
    if not who.within_any(kind):
        raise NotAllowed
    if not who.doing().within_any(kind):
        raise Conflict("agreement_lapsed")
