"""The table of kinds: the clocks are DOMAIN's, every kind can be asked, and no field asks for a person."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from coordination.requests.clocks import due
from coordination.requests.kinds import KINDS, ON_CALL
from coordination.requests.models import Request
from coordination.rota import services as rota
from tests import world
from tests.scene import API, body, faults, planned

PATH = f"{API}/requests"
# acknowledge and answer, in minutes
CLOCKS = {
    "emergency_shelter": (5, 30),
    "on_call_advocate": (10, 30),
    "interpreter_now": (10, 30),
    "medical_or_forensic_access": (15, 60),
    "safe_transport": (15, 60),
    "safety_incident": (10, 60),
    "legal_process_notice": (60, 24 * 60),
    "urgent_legal_screening": (2 * 60, 24 * 60),
    "operation_support": (4 * 60, 24 * 60),
    "service_referral": (24 * 60, 48 * 60),
    "information_request": (2 * 1440, 5 * 1440),
    "joint_training": (2 * 1440, 7 * 1440),
    "co_host_event": (2 * 1440, 7 * 1440),
    "policy_mou_review": (3 * 1440, 14 * 1440),
}


def ahead(**time):
    return (timezone.now() + timedelta(**time)).replace(microsecond=0).isoformat()


def sample(kind):
    """What one would ask of each kind."""
    soon, later = ahead(hours=2), ahead(days=30)
    area, there = world.LINN, world.JOHNSON
    people = {"adults": 1, "children": 1}
    spanish, woman = {"languages": ["spa"]}, {"gender_preference": "female"}
    return {
        "emergency_shelter": {**people, **spanish, "starts_at": soon, "nights": 2, "area": area},
        "on_call_advocate": {
            **spanish,
            **woman,
            "setting": "hospital",
            "mode": "in_person",
            "starts_at": soon,
            "duration_minutes": 60,
            "area": area,
        },
        "interpreter_now": {
            **woman,
            "language": "spa",
            "mode": "phone",
            "purpose": "service",
            "starts_at": soon,
            "duration_minutes": 60,
            "area": area,
        },
        "medical_or_forensic_access": {
            **spanish,
            **woman,
            "care": ["forensic_exam", "mental_health"],
            "starts_at": soon,
            "area": area,
        },
        "safe_transport": {**people, **spanish, "starts_at": soon, "area": area, "to_area": there},
        "safety_incident": {"incident": "misposting", "contained": "no", "situation": "Sent to a wider channel."},
        "legal_process_notice": {"process": "subpoena", "needed": ["legal_advice"], "due_at": later, "area": area},
        "urgent_legal_screening": {
            **spanish,
            "matter": ["immigration"],
            "mode": "video",
            "starts_at": soon,
            "area": area,
        },
        "service_referral": {**people, **spanish, "services": ["mental_health", "legal"], "area": area},
        "information_request": {"topic": "law", "question": "Who knows the new form?"},
        "joint_training": {
            "subject": "Interviews that do no harm",
            "part": ["trainer"],
            "participants": 30,
            "starts_at": later,
            "mode": "in_person",
            "area": area,
        },
        "co_host_event": {
            "event": "resource_fair",
            "help": ["venue", "interpreters"],
            "participants": 120,
            "starts_at": later,
            "area": area,
        },
        "operation_support": planned(),
        "policy_mou_review": {"document": "mou", "subject": "The shelter protocol", "due_at": later},
    }[kind]


def on_call(scene):
    """Dana, for the kinds that are put to those on call alone."""
    for kind in ON_CALL:
        begins, ends = (timezone.now() + timedelta(hours=hours) for hours in (-1, 8))
        rota.plan_shift(scene.acting(scene.dana), scene.dana.pk, begins, ends, kind)


def test_the_clocks_are_those_of_the_domain(db):
    world.network()
    told = world.client(world.person()).get(f"{API}/request-kinds").json()
    assert {k["kind"]: (k["acknowledge_minutes"], k["answer_minutes"]) for k in told} == CLOCKS


@pytest.mark.parametrize("kind", CLOCKS)
def test_every_kind_is_asked_and_runs_by_its_clocks(bare, kind):
    on_call(bare)
    posted = world.client(bare.mara).post(PATH, body(bare, bare.house, kind=kind, details=sample(kind)))
    assert posted.status_code == 201, posted.content
    request = posted.json()["result"]
    asked_at = datetime.fromisoformat(request["posted_at"])
    clocks = [datetime.fromisoformat(request[name]) for name in ("acknowledge_by", "answer_by")]
    assert clocks == [due(KINDS[kind], asked_at, timedelta(minutes=minutes)) for minutes in CLOCKS[kind]]
    assert KINDS[kind].pauses or clocks[0] == asked_at + timedelta(minutes=CLOCKS[kind][0])
    assert request["details"].keys() == {field.name for field in KINDS[kind].fields}
    given = world.client(bare.dana).put(
        f"{PATH}/{request['id']}/answer",
        {"acting_for": str(bare.house.pk), "answer": "yes"},
        content_type="application/json",
    )
    assert given.status_code == 200, given.content


@pytest.mark.parametrize("kind", CLOCKS)
def test_what_is_missing_is_named(bare, kind):
    on_call(bare)
    caller = world.client(bare.mara)
    for field in KINDS[kind].fields:
        details = {name: value for name, value in sample(kind).items() if name != field.name}
        answer = caller.post(PATH, body(bare, bare.house, kind=kind, details=details))
        if field.required:
            assert faults(answer) == [(f"details.{field.name}", "required")]
        else:
            assert answer.status_code == 201, answer.content
    assert Request.objects.count() == sum(not field.required for field in KINDS[kind].fields)


@pytest.mark.parametrize(
    ("kind", "wrong", "field", "code"),
    [
        ("medical_or_forensic_access", {"care": []}, "details.care", "required"),
        ("service_referral", {"services": ["a_car"]}, "details.services.0", "not_a_choice"),
        ("service_referral", {"adults": 0, "children": 0}, "details", "nobody"),
        ("safe_transport", {"to_area": "Main Street 5"}, "details.to_area", "not_a_choice"),
        ("legal_process_notice", {"due_at": "2020-01-01T00:00:00Z"}, "details.due_at", "in_the_past"),
        ("safety_incident", {"situation": "x" * 1001}, "details.situation", "too_long"),
        ("joint_training", {"participants": 0}, "details.participants", "too_low"),
    ],
)
def test_what_is_wrong_is_named(bare, kind, wrong, field, code):
    answer = world.client(bare.mara).post(PATH, body(bare, bare.house, kind=kind, details=sample(kind) | wrong))
    assert faults(answer) == [(field, code)]


def test_a_request_stays_open_until_after_it_is_due(bare):
    posted = world.client(bare.mara).post(
        PATH, body(bare, bare.house, kind="policy_mou_review", details=sample("policy_mou_review"))
    )
    request = Request.objects.get(pk=posted.json()["result"]["id"])
    needed = datetime.fromisoformat(request.details["due_at"])
    assert request.expires_at == needed + timedelta(days=14)


def test_no_field_asks_for_a_person_or_a_place_finer_than_a_county():
    fields = [field for kind in KINDS.values() for field in kind.fields]
    assert {f.name for f in fields if f.type == "text"} == {"question", "situation", "subject"}
    banned = ("name", "person", "birth", "age", "phone", "address", "street", "case", "contact")
    assert not [f.name for f in fields if any(word == f.name for word in banned)]
    for name in {f.name for f in fields if "area" in f.name}:
        assert all(f.source == "areas" for f in fields if f.name == name)


def test_one_name_is_one_thing_in_every_kind():
    found = {}
    for kind in KINDS.values():
        for field in kind.fields:
            assert found.setdefault(field.name, field) in (field,), f"{field.name} of {kind.name}"
