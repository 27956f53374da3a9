"""Reads about people."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from portal.kernel import clock
from portal.kernel.kinds import PersonRef
from portal.kernel.lean import fetch
from portal.kernel.standing import present
from portal.people.models import Session, SignIn, User

FORMER_MEMBER = "former member"


def ref(person: User, *, present: bool = True) -> PersonRef:
    """How others see this person; whoever left the network keeps no name."""
    if present and person.is_active:
        return PersonRef(id=person.pk, name=person.name)
    return PersonRef(id=person.pk, name=FORMER_MEMBER, former="network")


def refs(ids: Collection[UUID | None]) -> dict[UUID, PersonRef]:
    people = fetch(User, id={i for i in ids if i})
    here = present([person.pk for person in people])
    return {person.pk: ref(person, present=person.pk in here) for person in people}


def sessions_of(person: User) -> QuerySet[Session]:
    """Where the person is signed in now, the latest used first."""
    return Session.objects.filter(user=person, expire_date__gt=clock.now()).order_by("-active_at", "-public_id")


def sign_ins_of(person: User) -> QuerySet[SignIn]:
    return SignIn.objects.filter(person=person)
