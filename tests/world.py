"""A small network for tests, made by the portal's own services."""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import lru_cache
from threading import Barrier
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from portal.jobs.models import Job
from portal.jobs.worker import run_one
from portal.kernel.errors import Problem
from portal.kernel.kinds import Kind
from portal.kernel.models import Network, Seat
from portal.kernel.writing import THE_PORTAL, Actor
from portal.organizations import services as organizations
from portal.organizations.models import Organization, OrganizationKind, OrganizationMember, Tier
from portal.organizations.responsibilities import account, tell
from portal.people import services as people
from portal.people.models import User
from portal.people.policy import METHODS, SECOND_FACTOR
from portal.people.sessions import SessionStore

PASSWORD = "a long enough passphrase"
# the network's areas: two neighbouring counties
LINN, JOHNSON = "US-IA-113", "US-IA-103"


def network(*, second_factor: bool = False, languages: Collection[str] = ("en", "es")) -> Network:
    return people.create_network(
        "Test Network",
        time_zone="America/Denver",
        languages=languages,
        areas=[LINN, JOHNSON],
        second_factor_required=second_factor,
    )


def organization(
    name: str = "Harbor House", kind: str = OrganizationKind.NGO_SERVICE_PROVIDER, *, verified: bool = True
) -> Organization:
    """Nobody works there yet."""
    if verified:
        return organizations.found(name, OrganizationKind(kind))
    return organizations.apply(
        Actor(administrator()), name, OrganizationKind(kind), administrator_email="first@example.org"
    )


def person(inside: Organization | None = None, tier: str = Tier.MEMBER, name: str = "Ann") -> User:
    """Somebody with the address `name@example.org` (dots for blanks) and no password."""
    found = people.create_person(THE_PORTAL, f"{name.lower().replace(' ', '.')}@example.org", name)
    if inside is not None:
        seat(inside, found, tier)
    return found


def with_password(who: User) -> User:
    """Signs in with PASSWORD."""
    who.password = hashed(PASSWORD)
    who.save(update_fields=["password"])
    return who


@lru_cache
def hashed(password: str) -> str:
    return make_password(password)


def seat(inside: Organization, who: User, tier: str = Tier.MEMBER) -> OrganizationMember:
    return organizations.seat(THE_PORTAL, inside, who, Tier(tier))


def remove(actor: Actor, place: OrganizationMember) -> None:
    """Somebody leaves; what they see to goes to the likeliest where somebody must follow, and else to nobody."""
    found = tell(account(actor.person, place.organization, place.user))
    successors = {(i.kind, i.id): i.successors[0] if i.required else None for i in found.items}
    organizations.remove_person(actor, place, successors)
    actor.person.refresh_from_db(fields=["access_version"])


def administrator(name: str = "Network Administrator") -> User:
    """Of the network; the same each time."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    if found := User.objects.filter(email=email).first():
        return found
    found = person(name=name)
    people.appoint_administrator(found)
    return found


def expire(membership: Any) -> None:
    """Its seats ended a minute ago, and no sweep has run."""
    Seat.objects.filter(membership=membership.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    User.objects.filter(pk=membership.user_id).update(access_version=F("access_version") + 1)


class Caller(Client):
    """Django's test client that speaks JSON. All share one chain of middleware, as callers of the server do."""

    _handler = ClientHandler(enforce_csrf_checks=False)

    def __init__(self) -> None:
        super().__init__()
        self.handler = self._handler

    def generic(self, method: str, path: str, data: Any = "", content_type: str = "application/json", **kwargs: Any):  # type: ignore[no-untyped-def]
        return super().generic(method, path, data, content_type, **kwargs)

    def post(self, path: str, data: Any = None, content_type: str = "application/json", **kwargs: Any):  # type: ignore[no-untyped-def,override]
        return super().post(path, {} if data is None else data, content_type, **kwargs)


def client(who: User | None = None, *, second_factor: bool = True) -> Caller:
    """Signed in as this person (None: a stranger), as if by password and, unless told otherwise, one-time code."""
    caller = Caller()
    if who is not None:
        caller.cookies[settings.SESSION_COOKIE_NAME] = session(who, second_factor=second_factor)
    return caller


def session(who: User, *, second_factor: bool = True) -> str:
    """The key of a new session of this person: the value of the session cookie."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, who, backend=settings.AUTHENTICATION_BACKENDS[0])
    methods = ["password", SECOND_FACTOR] if second_factor else ["password"]
    request.session[METHODS] = [{"method": method, "at": time.time()} for method in methods]
    request.session.save()
    assert request.session.session_key
    return request.session.session_key


def age_proofs(who: User) -> None:
    """Whoever they said they were in their sessions, they said it an hour ago."""
    for row in who.sessions.all():
        store = SessionStore(row.pk)
        store[METHODS] = [{**proof, "at": proof["at"] - 3600} for proof in store[METHODS]]
        store.save()


def work() -> None:
    """Do all that waits in the outbox and is due."""
    import portal.organizations.jobs
    import portal.people.jobs  # noqa: F401 - register their handlers

    while run_one():
        pass
    failed = Job.objects.exclude(last_error="").values_list("kind", "last_error")
    assert not failed, list(failed)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run these in threads that start together; what each returned, or the Problem it raised."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def shape(kind: Kind, obj: Any) -> Any:
    """The object as clients see it now."""
    (found,) = kind.shape([type(obj)._default_manager.get(pk=obj.pk)])
    return found
