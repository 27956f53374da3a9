"""Who asks from outside: told the same whatever there is, read by the network's administrators alone."""

from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from redis.exceptions import ConnectionError as NoRedis

from portal.kernel.models import AuditRecord
from portal.organizations import applying
from portal.organizations.models import Application, Organization
from tests import outside, world
from tests.organizations.test_organizations import faults

pytestmark = pytest.mark.django_db
PATH = "/api/v1/applications"
BODY = {
    "name": "Night Line",
    "kind": "hotline",
    "description": "Answers calls by night.",
    "website": "https://night.example.org",
    "contact_role": "Director",
    "contact_email": "Office@Night.example.org",
    "why": "To hand callers on.",
    "language": "es",
}


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def asked(network):
    return outside.apply()


def path(application, verb=""):
    return f"{PATH}/{application.pk}{verb}"


def code(answer):
    return answer.status_code, answer.json()["code"]


# asking


def test_a_stranger_asks_and_is_told_nothing(network, chief):
    answer = world.client().post(PATH, BODY)
    assert (answer.status_code, answer.content) == (204, b"")
    (found,) = world.client(chief).get(PATH).json()["results"]
    assert {name: found[name] for name in BODY if name != "language"} == {
        **{name: said for name, said in BODY.items() if name != "language"},
        "contact_email": "office@night.example.org",
    }
    assert (found["state"], found["organization"], found["decided_by"]) == ("waiting", None, None)
    assert not Organization.objects.filter(name="Night Line").exists()
    assert AuditRecord.objects.filter(action="application.receive", actor=None).count() == 1


def test_the_answer_is_the_same_whatever_there_is(house, ada):
    known = world.client().post(PATH, {**BODY, "name": house.name, "contact_email": ada.email})
    again = world.client().post(PATH, {**BODY, "name": house.name, "contact_email": ada.email})
    new = world.client().post(PATH, BODY)
    assert known.status_code == again.status_code == new.status_code == 204
    assert known.headers == again.headers == new.headers
    assert known.content == again.content == new.content
    assert Application.objects.count() == 3


def test_who_fills_in_what_people_leave_empty_is_told_the_same_and_nothing_is_kept(network):
    assert world.client().post(PATH, {**BODY, "fax": "1"}).status_code == 204
    assert not Application.objects.exists()


def test_an_address_asks_a_few_times_an_hour(network):
    caller = world.client()
    assert [caller.post(PATH, BODY).status_code for _ in range(5)] == [204] * 5
    refused = caller.post(PATH, BODY)
    assert code(refused) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "3600"
    assert caller.post(PATH, BODY, REMOTE_ADDR="192.0.2.7").status_code == 204
    assert Application.objects.count() == 6


def test_many_addresses_are_no_flood(network, settings):
    settings.RATE_LIMITS = {"apply_from_outside": "5/h/ip,3/d/key"}
    told = [world.client().post(PATH, BODY, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
    assert told == [204, 204, 204, 429]


def test_what_cannot_be_counted_is_not_taken(network, monkeypatch):
    def gone(*args, **kwargs):
        raise NoRedis

    monkeypatch.setattr(cache, "add", gone)
    assert code(world.client().post(PATH, BODY)) == (503, "unavailable")
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": " "}, ("name", "blank")),
        ({"name": "n" * 121}, ("name", "too_long")),
        ({"name": "a\x00b"}, ("name", "invalid")),
        ({"kind": "cartel"}, ("kind", "not_a_choice")),
        ({"website": "javascript:alert(1)"}, ("website", "invalid")),
        ({"description": "d" * 2001}, ("description", "too_long")),
        ({"contact_email": "a@example.org\nBcc: b@example.org"}, ("contact_email", "invalid")),
        ({"contact_email": "nobody"}, ("contact_email", "invalid")),
        ({"why": ""}, ("why", "blank")),
        ({"language": "xx"}, ("language", "not_a_choice")),
        ({"state": "accepted"}, ("state", "unknown_field")),
        ({"contact_name": "Ann"}, ("contact_name", "unknown_field")),
    ],
)
def test_what_makes_no_sense_is_refused_and_counted_against_nobody(network, change, fault):
    for _ in range(7):
        assert faults(world.client().post(PATH, {**BODY, **change})) == [fault]
    assert world.client().post(PATH, BODY).status_code == 204


def test_a_page_without_script_posts_it_too(network, rf):
    sent = {**BODY, "csrfmiddlewaretoken": "x", "send": "Send"}
    applying.receive_page(rf.post("/apply", sent))
    assert Application.objects.get().name == "Night Line"


# reading


def test_nobody_else_reads_it(asked, ada, olga, mel, chief):
    for who in (ada, olga, mel):
        caller = world.client(who)
        assert caller.get(PATH).json()["results"] == []
        for verb in ("", "/accept", "/decline"):
            method = caller.post if verb else caller.get
            hidden, absent = method(path(asked, verb)), method(f"{PATH}/{uuid4()}{verb}")
            assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert code(world.client().get(PATH)) == (401, "not_authenticated")
    assert world.client(chief).get(path(asked)).json()["mine"]["allowed"] == ["accept", "decline"]


def test_those_that_wait_are_listed_alone(asked, chief):
    caller = world.client(chief)
    assert len(caller.get(PATH, {"state": "waiting"}).json()["results"]) == 1
    assert caller.get(PATH, {"state": "declined"}).json()["results"] == []


# deciding


def test_accepted_it_is_an_organization_whose_contact_is_invited(asked, chief):
    answer = world.client(chief).post(path(asked, "/accept"))
    found = answer.json()["result"]
    organization = Organization.objects.get(pk=found["organization"]["id"])
    assert (found["state"], found["decided_by"]["id"]) == ("accepted", str(chief.pk))
    assert (organization.name, organization.status, organization.organization_kind) == (
        "Night Line",
        "applied",
        "hotline",
    )
    invitation = organization.invitations.get()
    assert (invitation.email, invitation.tier) == (asked.contact_email, "administrator")
    world.work()
    (sent,) = mail.outbox
    assert sent.to == [asked.contact_email]
    assert "/join/" in sent.body
    assert code(world.client(chief).post(path(asked, "/accept"))) == (409, "already_decided")
    assert code(world.client(chief).post(path(asked, "/decline"), {"reason": "x"})) == (409, "already_decided")


def test_a_name_that_is_taken_is_mended_by_who_accepts(house, chief):
    asked = outside.apply(house.name)
    caller = world.client(chief)
    assert faults(caller.post(path(asked, "/accept"))) == [("name", "duplicate")]
    asked.refresh_from_db()
    assert (asked.state, asked.organization) == ("waiting", None)
    accepted = caller.post(path(asked, "/accept"), {"name": "Harbor House North"}).json()["result"]
    assert accepted["organization"]["name"] == "Harbor House North"


def test_declined_the_reason_is_mailed_in_the_language_of_the_form(network, chief):
    world.client().post(PATH, BODY)
    asked = Application.objects.get()
    found = world.client(chief).post(path(asked, "/decline"), {"reason": "Solo nuestro condado."}).json()["result"]
    assert (found["state"], found["reason"]) == ("declined", "Solo nuestro condado.")
    world.work()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["office@night.example.org"], "Su solicitud")
    assert "Solo nuestro condado." in sent.body
    assert "Night Line" not in sent.body


def test_to_accept_one_says_again_who_one_is(asked, chief):
    caller = world.client(chief)
    world.age_proofs(chief)
    assert code(caller.post(path(asked, "/accept"))) == (403, "proof_required")


@pytest.mark.parametrize("broken", [{"state": "accepted"}, {"state": "declined"}, {"decided_at": "2026-01-01T00:00Z"}])
def test_the_database_itself_keeps_the_decision_whole(asked, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=asked.pk).update(**broken)
