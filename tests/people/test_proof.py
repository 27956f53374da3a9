"""What opens or closes doors asks once more who is there."""

import pytest
from django.core.cache import cache

from portal.organizations.models import Invitation, OrganizationMember
from tests import world
from tests.people.browser import Browser, code
from tests.people.passkey import add_passkey, sign_in_with
from tests.scene import unchanged

# enrolment counts once it is committed
pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "ann@example.org"


@pytest.fixture
def house():
    world.network()
    return world.organization()


@pytest.fixture
def ann(house):
    return world.with_password(world.person(house, "administrator"))


@pytest.fixture
def ben(house):
    return world.person(house, "administrator", "Ben")


@pytest.fixture
def visitor(ann):
    found = Browser()
    found.sign_in(EMAIL, world.PASSWORD)
    return found


def invite(visitor, house, tier, email="new@example.org"):
    return visitor.send("POST", f"/api/v1/organizations/{house.pk}/invitations", {"email": email, "tier": tier})


def acts(visitor, house, ann, ben):
    people = f"/api/v1/organizations/{house.pk}/people"
    member = world.person(house, "member", "Mia")
    return {
        "invite an administrator": lambda: invite(visitor, house, "administrator"),
        "name one": lambda: visitor.send("PUT", f"{people}/{member.pk}", {"tier": "administrator"}),
        "take the tier": lambda: visitor.send("PUT", f"{people}/{ben.pk}", {"tier": "member"}),
        "remove one": lambda: visitor.send("DELETE", f"{people}/{ben.pk}"),
    }


def test_an_old_proof_makes_no_administrator_and_takes_none_away(visitor, house, ann, ben):
    doing = acts(visitor, house, ann, ben)
    world.age_proofs(ann)
    for name, act in doing.items():
        with unchanged():
            answer = act()
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_required"), name
    assert visitor.account("POST", "auth/reauthenticate", {"password": world.PASSWORD}).status_code == 200
    for name in ("invite an administrator", "name one", "remove one"):
        assert doing[name]().status_code in (200, 201, 204), name


def test_whoever_has_just_signed_in_is_not_asked(visitor, house, ben):
    assert invite(visitor, house, "administrator").status_code == 201


def test_what_opens_no_door_asks_for_nothing(visitor, house, ann):
    mia = world.person(house, "member", "Mia")
    world.age_proofs(ann)
    assert invite(visitor, house, "coordinator").status_code == 201
    path = f"/api/v1/organizations/{house.pk}/people/{mia.pk}"
    assert visitor.send("PUT", path, {"tier": "coordinator"}).status_code == 200
    assert visitor.send("DELETE", path).status_code == 204
    assert visitor.send("DELETE", "/api/v1/sessions").status_code == 204


def test_the_network_s_administrator_is_asked_before_one_is_named(house):
    chief = world.with_password(world.administrator())
    visitor = Browser()
    visitor.sign_in(chief.email, world.PASSWORD)
    world.age_proofs(chief)
    form = {"name": "New", "kind": "hotline", "administrator_email": "first@example.org"}
    assert visitor.send("POST", "/api/v1/organizations", form).json()["code"] == "proof_required"
    assert not Invitation.objects.exists()


def test_who_may_not_is_not_asked_who_they_are(house, ben):
    """A proof gives no right: to strangers of the house it stays hidden."""
    outsider = world.client(otto := world.person(world.organization("Outside Office"), "administrator", "Otto"))
    world.age_proofs(otto)
    answer = outsider.delete(f"/api/v1/organizations/{house.pk}/people/{ben.pk}")
    assert answer.json()["code"] in ("not_found", "not_allowed")
    assert OrganizationMember.objects.filter(user=ben).exists()


def test_a_code_and_a_passkey_are_proofs_too(visitor, house, ann):
    secret, key = visitor.enrol(), add_passkey(visitor)
    recovery = visitor.account("GET", "account/authenticators/recovery-codes").json()["data"]["unused_codes"]
    world.age_proofs(ann)
    assert invite(visitor, house, "administrator").status_code == 403
    assert sign_in_with(visitor, key, "auth/webauthn/reauthenticate").status_code == 200
    assert invite(visitor, house, "administrator").status_code == 201
    cache.clear()  # the code of this half minute was used
    for number, given in enumerate((code(secret), recovery[0])):
        world.age_proofs(ann)
        assert visitor.account("POST", "auth/2fa/reauthenticate", {"code": given}).status_code == 200
        assert invite(visitor, house, "administrator", f"other{number}@example.org").status_code == 201


def test_wrong_proofs_are_none(visitor, house, ann):
    world.age_proofs(ann)
    assert visitor.account("POST", "auth/reauthenticate", {"password": "not it at all, sorry"}).status_code == 400
    assert invite(visitor, house, "administrator").status_code == 403


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "account/authenticators/webauthn"),
        ("GET", "account/authenticators/recovery-codes"),
        ("POST", "account/authenticators/recovery-codes"),
        ("DELETE", "account/authenticators/totp"),
    ],
)
def test_factors_ask_for_it_as_well(visitor, ann, method, address):
    visitor.enrol()
    world.age_proofs(ann)
    answer = visitor.account(method, address)
    assert (answer.status_code, answer.json()["data"]["flows"][0]["id"]) == (401, "reauthenticate")
    assert visitor.session()["second_factor"]["kinds"] == ["code"]


def test_an_authenticator_app_is_not_added_by_an_old_proof(visitor, ann):
    secret = visitor.account("GET", "account/authenticators/totp").json()["meta"]["secret"]
    world.age_proofs(ann)
    answer = visitor.account("POST", "account/authenticators/totp", {"code": code(secret)})
    assert (answer.status_code, answer.json()["data"]["flows"][0]["id"]) == (401, "reauthenticate")
    assert visitor.session()["second_factor"]["kinds"] == []
