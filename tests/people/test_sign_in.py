import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from openapi_spec_validator import OpenAPIV30SpecValidator

from portal.people.accounts import OFFERED
from portal.people.models import Session
from tests import world
from tests.people.browser import Browser, code, wrong

# enrolment counts once it is committed
pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "ann@example.org"


@pytest.fixture
def ann():
    world.network(second_factor=True)
    return world.with_password(world.person(world.organization()))


@pytest.fixture
def visitor(ann):
    return Browser()


def flows(answer) -> list[str]:
    return [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]


def sign_in_with_code(visitor, secret):
    cache.clear()  # the code of this half minute may have been used
    assert visitor.sign_in(EMAIL, world.PASSWORD).status_code == 401
    right = code(secret)
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": right}).status_code == 200
    return right


def test_whoever_has_no_second_factor_must_enrol_first(visitor):
    assert visitor.session()["person"] is None
    assert visitor.sign_in(EMAIL, world.PASSWORD).status_code == 200

    before = visitor.session()
    assert before["person"]["email"] == EMAIL
    assert before["second_factor"] == {"kinds": [], "satisfied": False}
    assert before["organizations"] == []
    refused = visitor.get("/api/v1/organizations")
    assert (refused.status_code, refused.json()["code"]) == (403, "mfa_required")

    visitor.enrol()
    after = visitor.session()
    assert after["second_factor"] == {"kinds": ["code"], "satisfied": True}
    assert [o["name"] for o in after["organizations"]] == ["Harbor House"]
    assert visitor.get("/api/v1/organizations").status_code == 200


def test_password_then_code_then_session_then_out(visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    secret = visitor.enrol()
    assert visitor.account("DELETE", "auth/session").status_code == 401
    assert visitor.session()["person"] is None
    assert not Session.objects.filter(user__isnull=False).exists()

    cache.clear()
    half = visitor.sign_in(EMAIL, world.PASSWORD)
    assert half.status_code == 401
    assert "mfa_authenticate" in flows(half)
    assert visitor.session()["person"] is None
    assert visitor.get("/api/v1/organizations").status_code == 401

    right = code(secret)
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": wrong(right)}).status_code == 400
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": right}).status_code == 200
    assert visitor.session()["second_factor"]["satisfied"]
    assert visitor.get("/api/v1/organizations").status_code == 200


def test_a_code_is_good_once(visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    secret = visitor.enrol()
    visitor.account("DELETE", "auth/session")
    right = sign_in_with_code(visitor, secret)

    thief = Browser()
    thief.sign_in(EMAIL, world.PASSWORD)
    assert thief.account("POST", "auth/2fa/authenticate", {"code": right}).status_code == 400


def test_a_recovery_code_signs_in_once(visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    visitor.enrol()
    recovery = visitor.account("GET", "account/authenticators/recovery-codes").json()["data"]["unused_codes"][0]
    visitor.account("DELETE", "auth/session")

    visitor.sign_in(EMAIL, world.PASSWORD)
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": recovery}).status_code == 200
    assert visitor.session()["second_factor"]["satisfied"]
    visitor.account("DELETE", "auth/session")
    visitor.sign_in(EMAIL, world.PASSWORD)
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": recovery}).status_code == 400


def test_secrets_do_not_lie_in_clear(visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    secret = visitor.enrol()
    codes = visitor.account("GET", "account/authenticators/recovery-codes").json()["data"]["unused_codes"]
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not [c for c in codes if c in stored]
    assert stored.count("gAAAA") == 2  # a Fernet token each


def test_enrolling_ends_the_other_sessions(ann, visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    elsewhere = world.client(ann, second_factor=False)
    assert elsewhere.get("/api/v1/session").json()["person"]
    visitor.enrol()
    assert elsewhere.get("/api/v1/session").json()["person"] is None
    assert visitor.session()["person"]


def test_without_its_second_factor_a_session_no_longer_counts(ann, visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    secret = visitor.enrol()
    elsewhere = Browser()
    sign_in_with_code(elsewhere, secret)
    assert visitor.account("DELETE", "account/authenticators/totp").status_code == 200
    assert visitor.session()["second_factor"] == {"kinds": [], "satisfied": False}
    assert visitor.get("/api/v1/organizations").json()["code"] == "mfa_required"
    assert elsewhere.session()["person"] is None


def test_every_session_knows_its_person(ann, visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    assert [s.user for s in Session.objects.exclude(user=None)] == [ann]
    visitor.enrol()
    assert {s.user for s in Session.objects.exclude(user=None)} == {ann}


def test_nothing_is_signed_in_without_the_csrf_token(ann):
    visitor = Browser()
    answer = visitor.post(
        "/_allauth/browser/v1/auth/login",
        {"email": EMAIL, "password": world.PASSWORD},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize("address", ["auth/signup", "account/email", "account/phone", "auth/code/request"])
def test_what_is_not_offered_does_not_answer(visitor, address):
    """Accounts come by invitation, and nobody changes the address they were invited under."""
    visitor.sign_in(EMAIL, world.PASSWORD)
    answer = visitor.account("POST", address, {"email": "eve@example.org", "password": world.PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("body", [{}, {"email": EMAIL, "key": "x", "password": "y", "code": "1"}, {"code": None}, []])
def test_no_body_breaks_an_address(visitor, signed_in, body):
    for address in OFFERED:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if signed_in and visitor.session()["person"] is None:
                visitor.sign_in(EMAIL, world.PASSWORD)
            assert visitor.account(method, address, body).status_code < 500


def test_whoever_is_inactive_stays_out(ann, visitor):
    ann.is_active = False
    ann.save()
    assert visitor.sign_in(EMAIL, world.PASSWORD).status_code != 200
    assert visitor.session()["person"] is None


def test_five_wrong_passwords_lock_an_account_for_a_while(visitor):
    world.with_password(world.person(name="Ben"))
    for _ in range(5):
        assert visitor.sign_in(EMAIL, "not it at all, sorry").status_code == 400
    assert visitor.sign_in(EMAIL, "not it at all, sorry").status_code == 429
    assert visitor.sign_in(EMAIL, world.PASSWORD).status_code == 429
    assert visitor.sign_in("ben@example.org", world.PASSWORD).status_code == 200


def test_one_address_cannot_try_many_accounts(visitor, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": None}
    answers = [visitor.sign_in(f"guess{n}@example.org", "password").status_code for n in range(31)]
    assert answers == [400] * 30 + [429]


def test_five_wrong_codes_lock_too(visitor):
    visitor.sign_in(EMAIL, world.PASSWORD)
    secret = visitor.enrol()
    visitor.account("DELETE", "auth/session")
    visitor.sign_in(EMAIL, world.PASSWORD)
    right = code(secret)
    answers = [visitor.account("POST", "auth/2fa/authenticate", {"code": wrong(right)}).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": right}).status_code == 429


def test_every_address_of_signing_in_is_documented(client):
    document = client.get("/api/sign-in-openapi.json").json()
    OpenAPIV30SpecValidator(document).validate()
    assert set(document["paths"]) == {f"/_allauth/browser/v1/{address}" for address in OFFERED}
    page = client.get("/api/docs").content.decode()
    assert all(path in page for path in document["paths"])
