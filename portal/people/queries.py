"""Reads about people."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from portal.kernel import clock
from portal.kernel.kinds import PersonRef
from portal.people.models import Session, SignIn, User

FORMER_MEMBER = "former member"


def refs(ids: Collection[UUID | None]) -> dict[UUID, PersonRef]:
    """How others see these people; whoever left the network keeps no name."""
    rows = User.objects.filter(pk__in={i for i in ids if i}).values_list("pk", "name", "is_active")
    return {pk: PersonRef(id=pk, name=name if is_active else FORMER_MEMBER) for pk, name, is_active in rows}


def sessions_of(person: User) -> QuerySet[Session]:
    """Where the person is signed in now, the latest used first."""
    return Session.objects.filter(user=person, expire_date__gt=clock.now()).order_by("-active_at", "-public_id")


def sign_ins_of(person: User) -> QuerySet[SignIn]:
    return SignIn.objects.filter(person=person)
