"""The shape of a person to themselves. What others see of them is a `PersonRef`."""

from uuid import UUID

import msgspec

from portal.people.models import User


class Me(msgspec.Struct, kw_only=True):
    """The person who is signed in, with the audience of theirs alone."""

    id: UUID
    name: str
    email: str
    time_zone: str
    locale: str
    audience: UUID


def shape_me(person: User) -> Me:
    return Me(
        id=person.pk,
        name=person.name,
        email=person.email,
        time_zone=person.time_zone,
        locale=person.locale,
        audience=person.audience.uuid,
    )
