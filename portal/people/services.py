"""Writes about the network's row, people and their sessions."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Literal, Protocol
from uuid import UUID
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from portal.jobs.outbox import enqueue
from portal.kernel import areas as places
from portal.kernel import memberships
from portal.kernel.errors import Conflict, FieldError, Invalid, NotFound, Problem
from portal.kernel.models import Audience, Membership, Network, Seat
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.people.devices import Device
from portal.people.models import Method, Session, SignIn, User
from portal.people.policy import idle_limit
from portal.people.queries import FORMER_MEMBER


class SessionEnding(Protocol):
    """What ends with sessions of a person."""

    def __call__(self, w: Writing, person: User, ended: QuerySet[Session], *, elsewhere: bool) -> None: ...


SESSION_ENDINGS: list[SessionEnding] = []
# what is forgotten of a person with their account
Closing = Callable[[Writing, User], None]
CLOSINGS: list[Closing] = []

PASSWORD_FAULTS = {
    "password_too_short": "too_short",
    "password_too_common": "too_common",
    "password_too_similar": "too_similar",
}


@service
def create_network(
    name: str,
    *,
    time_zone: str = "UTC",
    languages: Collection[str] = ("en",),
    areas: Collection[str] = (),
    second_factor_required: bool = True,
    agreement_required: bool = False,
    demo: bool = False,
) -> Network:
    """The network's row with its three audiences; there is one at most."""
    require_zone(time_zone)
    require_areas(areas)
    with writing(THE_PORTAL) as w:
        network = Network.objects.create(
            name=name,
            time_zone=time_zone,
            languages=list(languages),
            areas=list(areas),
            second_factor_required=second_factor_required,
            agreement_required=agreement_required,
            demo=demo,
            everyone=w.new_audience(Audience.Kind.EVERYONE),
            administrators=w.new_audience(Audience.Kind.NETWORK_ADMINISTRATORS),
            auditors=w.new_audience(Audience.Kind.NETWORK_AUDITORS),
        )
        w.audit("network.create")
    return network


@service
def create_person(
    actor: Actor, email: str, name: str, *, password_hash: str = "", time_zone: str = "UTC", locale: str = "en"
) -> User:
    """An account with an audience of its own. Without a password the person sets one by a link.

    The password comes hashed (`make_password`): hashing takes long, and locks should not.
    """
    require_zone(time_zone)
    require_locale(locale)
    with writing(actor) as w:
        email = email.lower()
        if User.objects.filter(email__iexact=email).exists():
            raise Conflict("already_member")
        own = w.new_audience(Audience.Kind.PERSON)
        person = User.objects.create(
            email=email,
            name=name,
            time_zone=time_zone,
            locale=locale,
            audience=own,
            password=password_hash or make_password(None),
        )
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        memberships.join(w, person, own)
        w.audit("person.create", person_id=str(person.pk))
    return person


@service
def change_preferences(
    person: User, *, name: str | None = None, time_zone: str | None = None, locale: str | None = None
) -> User:
    with writing(Actor(person), people=[person]) as w:
        if time_zone is not None:
            require_zone(time_zone)
            person.time_zone = time_zone
        if locale is not None:
            require_locale(locale)
            person.locale = locale
        person.name = name or person.name
        person.save(update_fields=["name", "time_zone", "locale"])
        w.audit("person.change_preferences", person_id=str(person.pk))
    return person


@service
def appoint_administrator(person: User) -> None:
    """Of the network: it verifies organizations. Done from the server's own command line."""
    network = Network.current()
    with writing(THE_PORTAL, people=[person]) as w:
        memberships.join(w, person, network.everyone)
        memberships.join(w, person, network.administrators)
        w.audit("network.appoint_administrator", person_id=str(person.pk))


@service
def end_expired_seat(seat: Seat) -> None:
    """The person loses what they had by this seat. Safe to run twice."""
    membership = seat.membership
    person, audience = membership.user, membership.group.audience
    with writing(THE_PORTAL, audiences=[audience.pk], people=[person]) as w:
        if Seat.objects.filter(pk=seat.pk, expires_at__lte=w.at).exists():
            if memberships.leave(w, person, audience, via=seat.via):
                memberships.tell_number(w, audience)
            w.audit("seat.expire", person_id=str(person.pk), audience=str(audience.uuid))


def close_account(w: Writing, person: User) -> None:
    """For good: in no audience, signed in nowhere, by no means. What they did stays, of somebody whom nothing names."""
    held = Membership.objects.filter(user=person).select_related("group__audience").order_by("pk")
    for membership in sorted(held, key=lambda each: each.group_id == person.audience_id):  # told until the last
        if memberships.leave(w, person, membership.group.audience):
            memberships.tell_number(w, membership.group.audience)
    _end(w, person, Session.objects.filter(user=person), elsewhere=True)
    for forget in CLOSINGS:
        forget(w, person)
    for theirs in (Authenticator, EmailAddress):
        theirs.objects.filter(user=person).delete()
    person.sign_ins.all().delete()
    person.is_active, person.name, person.email = False, FORMER_MEMBER, closed_address(person.pk)
    person.set_unusable_password()
    person.save(update_fields=["is_active", "name", "email", "password"])
    w.audit("person.close_account", person_id=str(person.pk))


def closed_address(pk: UUID) -> str:
    """Where one was, and none is."""
    return f"{pk}@closed.invalid"


# signing in and out


@service
def record_sign_in(person: User, session: str, method: Method, device: Device) -> None:
    """Of the session with this key, which begins now. A device that was not seen before is told by mail.

    Devices are told apart as coarsely as they are described: a lasting mark in the browser would tell
    the next person at it who was there. Whoever has no history yet gets no mail about their first sign-in.
    """
    with writing(Actor(person)) as w:
        history = SignIn.objects.filter(person=person, outcome=SignIn.Outcome.SUCCESS)
        seen = history.filter(browser=device.browser, system=device.system)
        if history.exists() and not seen.exists():
            enqueue("people.send_new_device_notice", person=str(person.pk))
        Session.objects.filter(pk=session).update(
            user=person,
            began_at=w.at,
            active_at=w.at,
            locks_at=w.at + idle_limit(person),
            method=method,
            browser=device.browser,
            system=device.system,
        )
        _remember(w, person, method, SignIn.Outcome.SUCCESS, device)
        w.audit("person.sign_in", person_id=str(person.pk), method=method)


@service
def record_failed_sign_in(person: User, method: Method, outcome: SignIn.Outcome, device: Device, at: datetime) -> None:
    """Somebody used this person's address or password and got no further."""
    with writing(THE_PORTAL) as w:
        _remember(w, person, method, outcome, device, at)
        w.audit("person.sign_in_failed", person_id=str(person.pk), method=method, outcome=outcome)


def _remember(
    w: Writing, person: User, method: Method, outcome: SignIn.Outcome, device: Device, at: datetime | None = None
) -> None:
    SignIn.objects.create(
        person=person,
        at=at or w.at,
        method=method,
        outcome=outcome,
        browser=device.browser,
        system=device.system,
        network=device.network,
    )


@service
def sign_out(person: User, session: str) -> None:
    """Of the session with this key."""
    with writing(Actor(person)) as w:
        _end(w, person, Session.objects.filter(pk=session, user=person))
        w.audit("person.sign_out", person_id=str(person.pk))


@service
def end_session(person: User, public_id: UUID) -> None:
    """Sign the person out on one device. Its sockets are closed by the hub's next look at the sessions."""
    with writing(Actor(person)) as w:
        if not _end(w, person, Session.objects.filter(user=person, public_id=public_id)):
            raise NotFound
        w.audit("person.end_session", person_id=str(person.pk))


@service
def note_activity(person: User, session: str) -> None:
    """A person does something in this session, so it stays open. One that has locked stays locked."""
    with writing(Actor(person)) as w:
        living = Session.objects.filter(pk=session, user=person, locks_at__gt=w.at)
        living.update(active_at=w.at, locks_at=w.at + idle_limit(person))


@service
def lock_session(person: User, session: str) -> None:
    """At once, by hand. Its sockets are closed by the hub's next look at the sessions."""
    with writing(Actor(person)) as w:
        if Session.objects.filter(pk=session, user=person, locks_at__gt=w.at).update(locks_at=w.at):
            w.audit("person.lock_session", person_id=str(person.pk))


@service
def unlock_session(person: User, session: str) -> None:
    """The person has proved who they are."""
    with writing(Actor(person)) as w:
        found = Session.objects.filter(pk=session, user=person)
        if found.filter(locks_at__lte=w.at).exists():
            w.audit("person.unlock_session", person_id=str(person.pk))
        found.update(active_at=w.at, locks_at=w.at + idle_limit(person))


@service
def change_password(person: User, password_hash: str, *, keep: str | None = None) -> None:
    """Whoever knew the old password is out at once; the session with the key `keep` stays.

    The password comes hashed: hashing takes long, and locks should not.
    """
    with writing(Actor(person)) as w:
        person.password = password_hash
        person.save(update_fields=["password"])
        end_sessions(person, keep=keep)
        w.audit("person.change_password", person_id=str(person.pk))


@service
def note_factor(person: User, what: Literal["added", "removed"], kind: str) -> None:
    """A second factor came or went; allauth keeps the factor itself."""
    with writing(Actor(person)) as w:
        w.audit(f"person.factor_{what}", person_id=str(person.pk), kind=kind)


@service
def end_sessions(person: User, *, keep: str | None = None) -> int:
    """Sign the person out everywhere, but in the session with the key `keep`. Returns how many ended."""
    with writing(Actor(person)) as w:
        ended = _end(w, person, Session.objects.filter(user=person).exclude(pk=keep or ""), elsewhere=True)
        w.audit("person.end_sessions", person_id=str(person.pk), ended=ended)
    return ended


def _end(w: Writing, person: User, sessions: QuerySet[Session], *, elsewhere: bool = False) -> int:
    """These, and what ends with them; `elsewhere`: they are all but the one that the person is in."""
    for end in SESSION_ENDINGS:
        end(w, person, sessions, elsewhere=elsewhere)
    return sessions.delete()[0]


def require_good_password(password: str, email: str, name: str) -> None:
    """Long enough, not among the common ones, not like the person's name or address (settings)."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise Problem(
            "invalid",
            errors=[
                FieldError("password", PASSWORD_FAULTS.get(e.code or "", "invalid"), e.messages[0])
                for e in error.error_list
            ],
        ) from None


@cache
def zones() -> set[str]:
    """Read once: the list is made from some 600 files."""
    return available_timezones()


def require_zone(time_zone: str) -> None:
    if time_zone not in zones():
        raise Invalid("time_zone", "does_not_exist", "There is no such time zone.")


def require_areas(codes: Collection[str]) -> None:
    if any(places.level(code) != places.COUNTY or not places.is_area(code) for code in codes):
        raise Invalid("areas", "does_not_exist", "Name counties by their codes, such as US-IA-113.")


def require_locale(locale: str) -> None:
    if locale not in dict(settings.LANGUAGES):
        raise Invalid("locale", "not_a_choice", "There is no such language here.")
