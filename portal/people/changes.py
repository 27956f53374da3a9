"""The shape of a person to themselves. What others see of them is a `PersonRef`."""

from datetime import datetime
from uuid import UUID

import msgspec

from portal.people.models import Method, Session, SignIn, User


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


class Device(msgspec.Struct, kw_only=True):
    """A browser in which the person is signed in. What is not known of it is empty."""

    id: UUID
    browser: str
    system: str
    method: Method | None
    began_at: datetime
    active_at: datetime
    current: bool


def shape_device(session: Session, current: str | None) -> Device:
    """`current` is the key of the session that asks."""
    return Device(
        id=session.public_id,
        browser=session.browser,
        system=session.system,
        method=Method(session.method) if session.method else None,
        began_at=session.began_at,
        active_at=session.active_at,
        current=session.pk == current,
    )


class SignInEntry(msgspec.Struct, kw_only=True):
    """A sign-in or a failed try; `network` is the range of addresses it came from."""

    id: UUID
    at: datetime
    method: Method
    outcome: SignIn.Outcome
    browser: str
    system: str
    network: str


def shape_sign_in(entry: SignIn) -> SignInEntry:
    return SignInEntry(
        id=entry.pk,
        at=entry.at,
        method=Method(entry.method),
        outcome=SignIn.Outcome(entry.outcome),
        browser=entry.browser,
        system=entry.system,
        network=entry.network,
    )
