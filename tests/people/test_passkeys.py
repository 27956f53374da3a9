import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from portal.kernel.models import AuditRecord
from tests import world
from tests.people.browser import Browser, code
from tests.people.passkey import Passkey, add_passkey, sign_in_with

# enrolment counts once it is committed
pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "ann@example.org"


@pytest.fixture
def ann():
    world.network(second_factor=True)
    return world.with_password(world.person(world.organization()))


@pytest.fixture
def visitor(ann):
    """Ann, signed in with her password."""
    browser = Browser()
    browser.sign_in(EMAIL, world.PASSWORD)
    return browser


def listed(browser):
    found = browser.account("GET", "account/authenticators").json()["data"]
    return {each["name"]: each for each in found if each["type"] == "webauthn"}


def remove(browser, *names):
    ids = [listed(browser)[name]["id"] for name in names]
    return browser.account("DELETE", "account/authenticators/webauthn", {"authenticators": ids})


def pending(answer):
    return [f["types"] for f in answer.json()["data"]["flows"] if f.get("is_pending")]


def test_a_passkey_signs_in_alone_and_is_both_factors(visitor):
    key = add_passkey(visitor)
    assert visitor.session()["second_factor"] == {"kinds": ["passkey"], "satisfied": True}
    stranger = Browser()
    assert sign_in_with(stranger, key).status_code == 200
    assert stranger.session()["person"]["email"] == EMAIL
    assert stranger.get("/api/v1/organizations").status_code == 200
    assert listed(stranger)["Phone"]["last_used_at"]


def test_with_a_passkey_the_password_alone_opens_nothing(visitor):
    key = add_passkey(visitor)
    codes = visitor.account("GET", "account/authenticators/recovery-codes").json()["data"]["unused_codes"]
    stranger = Browser()
    half = stranger.sign_in(EMAIL, world.PASSWORD)
    assert (half.status_code, pending(half)) == (401, [["recovery_codes", "webauthn"]])
    assert stranger.get("/api/v1/organizations").status_code == 401
    assert sign_in_with(stranger, key, "auth/webauthn/authenticate").status_code == 200
    assert stranger.get("/api/v1/organizations").status_code == 200

    lost = Browser()
    lost.sign_in(EMAIL, world.PASSWORD)
    assert lost.account("POST", "auth/2fa/authenticate", {"code": codes[0]}).status_code == 200
    assert lost.session()["second_factor"]["satisfied"]


def test_several_are_named_renamed_and_removed(visitor):
    phone, laptop = add_passkey(visitor), add_passkey(visitor, name="Laptop")
    here = listed(visitor)
    assert set(here) == {"Phone", "Laptop"}
    renamed = {"id": here["Phone"]["id"], "name": "Work phone"}
    assert visitor.account("PUT", "account/authenticators/webauthn", renamed).status_code == 200
    elsewhere = Browser()
    sign_in_with(elsewhere, laptop)

    assert remove(visitor, "Work phone").status_code == 200
    assert set(listed(visitor)) == {"Laptop"}
    assert visitor.session()["second_factor"] == {"kinds": ["passkey"], "satisfied": True}
    assert elsewhere.session()["person"] is None
    refused = sign_in_with(Browser(), phone)
    assert refused.status_code == 400
    assert sign_in_with(Browser(), laptop).status_code == 200


def test_without_the_last_one_the_session_no_longer_counts(visitor):
    add_passkey(visitor)
    add_passkey(visitor, name="Laptop")
    assert remove(visitor, "Phone", "Laptop").status_code == 200
    assert visitor.session()["second_factor"] == {"kinds": [], "satisfied": False}
    assert visitor.get("/api/v1/organizations").json()["code"] == "mfa_required"
    assert not Authenticator.objects.exists()


def test_an_authenticator_app_beside_it_keeps_the_status(visitor):
    add_passkey(visitor)
    secret = visitor.enrol()
    assert remove(visitor, "Phone").status_code == 200
    assert visitor.session()["second_factor"] == {"kinds": ["code"], "satisfied": True}
    visitor.account("DELETE", "auth/session")
    cache.clear()  # the code of this half minute was used
    assert pending(visitor.sign_in(EMAIL, world.PASSWORD)) == [["recovery_codes", "totp"]]
    assert visitor.account("POST", "auth/2fa/authenticate", {"code": code(secret)}).status_code == 200


def test_a_second_passkey_leaves_other_sessions_alone(visitor):
    key = add_passkey(visitor)
    elsewhere = Browser()
    sign_in_with(elsewhere, key)
    add_passkey(visitor, name="Laptop")
    assert elsewhere.session()["person"]


def test_nobody_touches_another_person_s_passkeys(visitor):
    add_passkey(visitor)
    ben, hers = Browser(), listed(visitor)["Phone"]["id"]
    world.with_password(world.person(name="Ben"))
    ben.sign_in("ben@example.org", world.PASSWORD)
    renamed = ben.account("PUT", "account/authenticators/webauthn", {"id": hers, "name": "Mine"})
    removed = ben.account("DELETE", "account/authenticators/webauthn", {"authenticators": [hers]})
    assert (renamed.status_code, removed.status_code) == (400, 400)
    assert set(listed(visitor)) == {"Phone"}


def test_a_key_of_another_site_a_foreign_or_a_borrowed_one_does_not_sign_in(visitor):
    key = add_passkey(visitor)
    for thief in (Passkey("https://portal.example"), Passkey()):
        thief.handle = key.handle
        assert sign_in_with(Browser(), thief).status_code == 400
    key.origin = "https://portal.example"
    assert sign_in_with(Browser(), key).status_code == 400


def test_a_device_that_does_not_ask_who_holds_it_is_no_passkey(visitor):
    options = visitor.account("GET", "account/authenticators/webauthn").json()["data"]["creation_options"]
    asked = options["publicKey"]["authenticatorSelection"]
    assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")
    body = {"name": "Key", "credential": Passkey(verified=False).register(options)}
    assert visitor.account("POST", "account/authenticators/webauthn", body).status_code == 400

    key = add_passkey(visitor)
    key.flags = Passkey(verified=False).flags
    assert sign_in_with(Browser(), key).status_code == 400


def test_an_answer_is_good_once(visitor):
    key, thief = add_passkey(visitor), Browser()
    options = thief.account("GET", "auth/webauthn/login").json()["data"]["request_options"]
    signed = {"credential": key.sign(options)}
    assert thief.account("POST", "auth/webauthn/login", signed).status_code == 200
    thief.account("DELETE", "auth/session")
    assert thief.account("POST", "auth/webauthn/login", signed).status_code == 400


def test_nothing_tells_which_accounts_or_keys_there_are(visitor):
    options = Browser().account("GET", "auth/webauthn/login").json()["data"]["request_options"]["publicKey"]
    assert not options.get("allowCredentials")
    key = add_passkey(visitor)
    unknown_key, unknown_person = Passkey(), Passkey()
    unknown_key.handle = key.handle
    unknown_person.handle = "MDE4ZjAwMDAwMDAwNzAwMDgwMDAwMDAwMDAwMDAwMDA"
    answers = {sign_in_with(Browser(), each).content for each in (unknown_key, unknown_person)}
    assert len(answers) == 1


def test_who_is_signed_in_does_not_sign_in_again(visitor):
    key = add_passkey(visitor)
    assert sign_in_with(visitor, key).status_code == 409


def test_only_the_public_part_is_kept(visitor):
    key = add_passkey(visitor)
    stored = Authenticator.objects.get(type="webauthn").data
    assert set(stored) == {"name", "credential"}
    assert set(stored["credential"]["response"]) == {"clientDataJSON", "attestationObject"}
    told = visitor.account("GET", "account/authenticators").content.decode()
    assert "attestationObject" not in told
    assert stored["credential"]["id"] not in told
    assert key.private.private_numbers().private_value > 0


@pytest.mark.parametrize(
    "credential",
    [
        None,
        7,
        "x",
        [],
        {},
        {"id": 1},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": "x"},
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "AAAA",
                "attestationObject": "AAAA",
                "authenticatorData": "AAAA",
                "signature": "AAAA",
                "userHandle": "AAAA",
            },
        },
        {"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": 1, "userHandle": 2}},
    ],
)
def test_what_is_no_credential_is_refused(visitor, credential):
    for browser, address in (
        (Browser(), "auth/webauthn/login"),
        (visitor, "auth/webauthn/reauthenticate"),
        (visitor, "account/authenticators/webauthn"),
    ):
        browser.account("GET", address)
        answer = browser.account("POST", address, {"name": "x", "credential": credential})
        assert answer.status_code == 400, (address, answer.content)


def test_a_name_has_an_end(visitor):
    options = visitor.account("GET", "account/authenticators/webauthn").json()["data"]["creation_options"]
    body = {"name": "n" * 101, "credential": Passkey().register(options)}
    assert visitor.account("POST", "account/authenticators/webauthn", body).status_code == 400


def test_factors_are_on_the_record(ann, visitor):
    add_passkey(visitor)
    visitor.enrol()
    remove(visitor, "Phone")
    found = AuditRecord.objects.filter(actor=ann.pk, action__startswith="person.factor").order_by("at")
    assert [(r.action, r.detail["kind"]) for r in found] == [
        ("person.factor_added", "passkey"),
        ("person.factor_added", "code"),
        ("person.factor_removed", "passkey"),
    ]


def test_without_a_name_it_is_called_as_its_device(visitor):
    options = visitor.account("GET", "account/authenticators/webauthn").json()["data"]["creation_options"]
    body = {"credential": Passkey().register(options)}
    visitor.account("POST", "account/authenticators/webauthn", body, **{"User-Agent": "Firefox/140.0 (Android 15)"})
    assert set(listed(visitor)) == {"Firefox, Android"}
