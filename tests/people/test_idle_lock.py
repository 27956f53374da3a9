"""A session that nobody touches locks itself: nothing gets in or out until its owner proves who they are."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from portal.kernel.models import AuditRecord
from portal.live.log import living_sessions
from portal.people.accounts import OFFERED, WHILE_LOCKED
from portal.people.models import Session
from tests import world
from tests.people.browser import Browser, code
from tests.people.passkey import add_passkey, sign_in_with
from tests.scene import unchanged

# enrolment counts once it is committed
pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "ann@example.org"


@pytest.fixture
def ann():
    world.network()
    return world.with_password(world.person(world.organization()))


@pytest.fixture
def visitor(ann):
    found = Browser()
    found.sign_in(EMAIL, world.PASSWORD)
    return found


def leave_alone(minutes):
    """As if nobody had touched any session for so long."""
    for each in Session.objects.all():
        ago = timedelta(minutes=minutes)
        Session.objects.filter(pk=each.pk).update(active_at=each.active_at - ago, locks_at=each.locks_at - ago)


def is_locked(visitor):
    answer = visitor.get("/api/v1/organizations")
    if answer.status_code == 401:
        assert answer.json()["code"] == "session_locked"
    return answer.status_code == 401


def unlock(visitor, password=world.PASSWORD):
    return visitor.account("POST", "auth/reauthenticate", {"password": password})


def activity(visitor):
    return visitor.send("PUT", "/api/v1/session/activity")


@pytest.mark.parametrize(
    ("tier", "minutes"), [("member", 30), ("coordinator", 30), ("administrator", 15), ("network", 15)]
)
def test_whoever_administers_waits_less(tier, minutes):
    world.network()
    who = world.administrator() if tier == "network" else world.person(world.organization(), tier)
    visitor = Browser()
    visitor.sign_in(world.with_password(who).email, world.PASSWORD)
    assert visitor.session()["idle_seconds"] == minutes * 60
    leave_alone(minutes - 1)
    assert not is_locked(visitor)
    leave_alone(1)
    assert is_locked(visitor)


def test_what_a_person_does_keeps_it_open(visitor):
    for _ in range(3):
        leave_alone(20)
        assert activity(visitor).status_code == 204
    assert not is_locked(visitor)


def test_what_the_app_does_by_itself_does_not(visitor):
    for _ in range(3):
        leave_alone(10)
        for path in ("/api/v1/session", "/api/v1/organizations", "/api/v1/sessions"):
            visitor.get(path)
    assert is_locked(visitor)


def test_a_locked_session_says_nothing_of_whose_it_is(visitor, ann):
    add_passkey(visitor)
    leave_alone(30)
    told = visitor.session()
    assert (told["locked"], told["person"], told["organizations"], told["network_roles"]) == (True, None, [], [])
    assert told["second_factor"] == {"kinds": ["passkey"], "satisfied": False}
    text = str(told)
    assert not [word for word in ("Ann", EMAIL, "Harbor House", str(ann.pk)) if word in text]


def test_nothing_is_read_or_written_in_it(visitor, ann):
    leave_alone(30)
    with unchanged():
        for method, path in (
            ("GET", "/api/v1/organizations"),
            ("GET", "/api/v1/sessions"),
            ("GET", "/api/v1/sign-ins"),
            ("PATCH", "/api/v1/me"),
            ("POST", "/api/v1/organizations"),
            ("DELETE", "/api/v1/sessions"),
            ("POST", "/api/v1/session/lock"),
            ("PUT", "/api/v1/session/activity"),
        ):
            answer = visitor.send(method, path, {"name": "X"})
            assert (answer.status_code, answer.json()["code"]) == (401, "session_locked"), path
    assert is_locked(visitor), "activity does not unlock"


def test_signing_in_s_own_addresses_are_closed_too(visitor, ann):
    visitor.enrol()
    leave_alone(30)
    for address in OFFERED:
        for method in ("GET", "POST", "PUT", "DELETE"):
            if (method, address) in WHILE_LOCKED or address.startswith("auth/password"):
                continue
            answer = visitor.account(method, address, {"password": world.PASSWORD, "current_password": world.PASSWORD})
            assert answer.status_code == 401, (method, address)
            assert EMAIL not in answer.content.decode()
    assert is_locked(visitor)


def test_the_password_unlocks_and_a_wrong_one_does_not(visitor, ann):
    leave_alone(30)
    assert unlock(visitor, "not it at all, sorry").status_code == 400
    assert is_locked(visitor)
    assert unlock(visitor).status_code == 200
    assert not is_locked(visitor)
    assert visitor.session()["person"]["email"] == EMAIL
    assert AuditRecord.objects.filter(action="person.unlock_session", actor=ann.pk).count() == 1


def test_five_wrong_passwords_are_enough(visitor):
    leave_alone(30)
    answers = [unlock(visitor, "not it at all, sorry").status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]
    assert unlock(visitor).status_code == 429


def test_a_passkey_unlocks_and_a_code_does_not(visitor):
    key, secret = add_passkey(visitor), visitor.enrol()
    leave_alone(30)
    assert visitor.account("POST", "auth/2fa/reauthenticate", {"code": code(secret)}).status_code == 401
    assert is_locked(visitor)
    assert sign_in_with(visitor, key, "auth/webauthn/reauthenticate").status_code == 200
    assert not is_locked(visitor)


def test_another_person_s_password_or_passkey_does_not_unlock(visitor):
    ben = world.with_password(world.person(name="Ben"))
    other = Browser()
    other.sign_in(ben.email, world.PASSWORD)
    key = add_passkey(other)
    leave_alone(30)
    assert sign_in_with(visitor, key, "auth/webauthn/reauthenticate").status_code == 400
    assert visitor.account("GET", "auth/webauthn/login").status_code == 401
    assert visitor.sign_in(ben.email, world.PASSWORD).status_code == 401
    assert is_locked(visitor)


def test_it_is_locked_by_hand(visitor, ann):
    elsewhere = Browser()
    elsewhere.sign_in(EMAIL, world.PASSWORD)
    assert visitor.send("POST", "/api/v1/session/lock").status_code == 204
    assert is_locked(visitor)
    assert not is_locked(elsewhere)
    assert AuditRecord.objects.filter(action="person.lock_session", actor=ann.pk).count() == 1
    assert unlock(visitor).status_code == 200
    assert not is_locked(visitor)


def test_one_signs_out_of_a_locked_session(visitor):
    leave_alone(30)
    assert visitor.account("DELETE", "auth/session").status_code == 401
    assert visitor.session()["locked"] is False
    assert not Session.objects.filter(user__isnull=False).exists()


def test_it_is_listed_and_ended_from_another_device(visitor):
    leave_alone(30)
    elsewhere = Browser()
    elsewhere.sign_in(EMAIL, world.PASSWORD)
    assert len(elsewhere.get("/api/v1/sessions").json()["results"]) == 2
    elsewhere.send("DELETE", "/api/v1/sessions")
    assert unlock(visitor).status_code == 401
    assert visitor.session()["locked"] is False


def test_twelve_hours_are_over_even_if_unlocked_in_between(visitor):
    ends = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=ends)
    leave_alone(30)
    unlock(visitor)
    activity(visitor)
    assert Session.objects.get(user__isnull=False).expire_date == ends


def test_sockets_of_a_locked_session_are_not_living(visitor):
    key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    assert living_sessions([key]) == {key}
    leave_alone(30)
    assert living_sessions([key]) == set()
    unlock(visitor)
    assert living_sessions([key]) == {key}


def test_a_change_of_the_password_does_not_unlock_what_is_locked_later(visitor):
    change = {"current_password": world.PASSWORD, "new_password": "another long passphrase"}
    assert visitor.account("POST", "account/password/change", change).status_code == 200
    leave_alone(30)
    assert is_locked(visitor)
    assert unlock(visitor).status_code == 400
    assert unlock(visitor, "another long passphrase").status_code == 200


def test_strangers_lock_nothing(visitor):
    assert Browser().send("POST", "/api/v1/session/lock").status_code == 401
    assert visitor.post("/api/v1/session/lock", content_type="application/json").json()["code"] == "csrf_failed"
    assert not is_locked(visitor)
