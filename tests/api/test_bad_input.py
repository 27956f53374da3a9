"""What makes no sense is refused with a code, names the field at fault and changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from coordination.events.models import Event
from coordination.resources.models import Pledge
from coordination.rota.models import Shift, Swap
from tests import outside, world
from tests.scene import API, body, denied, details, faults, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(populated, db):
    return populated


REQUESTS = f"{API}/requests"


def ahead(**time):
    return (timezone.now() + timedelta(**time)).isoformat()


def post(scene, form):
    return world.client(scene.mara).post(REQUESTS, form)


# a request's own fields


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"state": "done"}, "state", "unknown_field"),
        ({"acting_for": ...}, "acting_for", "required"),
        ({"acting_for": None}, "acting_for", "null"),
        ({"acting_for": 5}, "acting_for", "wrong_type"),
        ({"acting_for": True}, "acting_for", "wrong_type"),
        ({"acting_for": "x"}, "acting_for", "invalid"),
        ({"acting_for": str(uuid4())}, "acting_for", "not_yours"),
        ({"kind": ...}, "kind", "required"),
        ({"kind": "party"}, "kind", "not_a_choice"),
        ({"kind": ["emergency_shelter"]}, "kind", "not_a_choice"),
        ({"kind": None}, "kind", "null"),
        ({"details": ...}, "details", "required"),
        ({"details": None}, "details", "null"),
        ({"details": "x"}, "details", "wrong_type"),
        ({"details": [1]}, "details", "wrong_type"),
        ({"note": 5}, "note", "wrong_type"),
        ({"note": True}, "note", "wrong_type"),
        ({"note": ["x"]}, "note", "wrong_type"),
        ({"note": "x" * 501}, "note", "too_long"),
        ({"note": "a\x00b"}, "note", "invalid"),
        ({"places": 0}, "places", "too_low"),
        ({"places": 51}, "places", "too_high"),
        ({"places": 2**70}, "places", "too_high"),
        ({"places": "1"}, "places", "wrong_type"),
        ({"places": True}, "places", "wrong_type"),
        ({"places": 1.0}, "places", "wrong_type"),
        ({"pick": "yes"}, "pick", "wrong_type"),
        ({"pick": 1}, "pick", "wrong_type"),
        ({"pick": None}, "pick", "null"),
        ({"organizations": "all"}, "organizations", "wrong_type"),
        ({"organizations": {"a": 1}}, "organizations", "wrong_type"),
        ({"organizations": ["x"]}, "organizations.0", "invalid"),
        ({"organizations": [1]}, "organizations.0", "wrong_type"),
        ({"organizations": [None]}, "organizations.0", "null"),
        ({"organizations": [str(uuid4())] * 101}, "organizations", "too_long"),
        ({"organizations": [str(uuid4())]}, "organizations", "does_not_exist"),
        ({"organizations": []}, "organizations", "nobody"),
        ({"working_groups": [str(uuid4())]}, "working_groups", "does_not_exist"),
    ],
)
def test_a_field_that_makes_no_sense(scene, changed, field, code):
    assert faults(denied(lambda: post(scene, body(scene, scene.house, **changed)))) == [(field, code)]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"name": "somebody"}, "name", "unknown_field"),
        ({"adults": ...}, "adults", "required"),
        ({"adults": -1}, "adults", "too_low"),
        ({"adults": 21}, "adults", "too_high"),
        ({"adults": "two"}, "adults", "wrong_type"),
        ({"adults": True}, "adults", "wrong_type"),
        ({"adults": None}, "adults", "null"),
        ({"adults": {"a": 1}}, "adults", "wrong_type"),
        ({"nights": 0}, "nights", "too_low"),
        ({"nights": 91}, "nights", "too_high"),
        ({"languages": ["klingonese"]}, "languages.0", "not_a_choice"),
        ({"languages": "spa"}, "languages", "wrong_type"),
        ({"languages": [["spa"]]}, "languages.0", "not_a_choice"),
        ({"area": "Elsewhere"}, "area", "not_a_choice"),
        ({"area": 3}, "area", "not_a_choice"),
        ({"starts_at": None}, "starts_at", "null"),
        ({"starts_at": 1893456000}, "starts_at", "not_a_date"),
        ({"starts_at": "soon"}, "starts_at", "not_a_date"),
        ({"starts_at": "2030-02-30T10:00:00Z"}, "starts_at", "not_a_date"),
        ({"starts_at": "2030-01-01T25:00:00Z"}, "starts_at", "not_a_date"),
        ({"starts_at": "2030-01-01"}, "starts_at", "not_a_date"),
        ({"starts_at": "2030-01-01T10:00:00"}, "starts_at", "not_a_date"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at", "not_a_date"),
        ({"starts_at": "0001-01-01T00:00:00+12:00"}, "starts_at", "not_a_date"),
        ({"starts_at": "9999-12-31T23:59:59Z"}, "starts_at", "too_far"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at", "in_the_past"),
        ({"starts_at": ahead(days=-1)}, "starts_at", "in_the_past"),
        ({"starts_at": ahead(days=400)}, "starts_at", "too_far"),
    ],
)
def test_a_detail_that_makes_no_sense(scene, changed, field, code):
    refusal = denied(lambda: post(scene, body(scene, scene.house, details=details(**changed))))
    assert faults(refusal) == [(f"details.{field}", code)]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2030-02-30T10:00:00Z", "not_a_date"),
        ("9999-12-31T00:00:00Z", "too_far"),
        ("0001-01-01T00:00:00Z", "in_the_past"),
        (timedelta(minutes=-1), "in_the_past"),
        (7, "not_a_date"),
        (False, "not_a_date"),
    ],
)
def test_the_time_of_an_answer_lies_ahead(scene, moment, code):
    if isinstance(moment, timedelta):
        moment = (timezone.now() + moment).isoformat()
    refusal = denied(lambda: post(scene, body(scene, scene.house, answer_by=moment)))
    assert faults(refusal) == [("answer_by", code)]


def test_nobody_asks_for_nobody(scene):
    form = body(scene, scene.house, details=details(adults=0, children=0))
    assert faults(denied(lambda: post(scene, form))) == [("details", "nobody")]


def test_all_faults_are_named_at_once(scene):
    form = body(scene, scene.house, places=0, note=1, pick="x")
    assert sorted(faults(denied(lambda: post(scene, form)))) == [
        ("note", "wrong_type"),
        ("pick", "wrong_type"),
        ("places", "too_low"),
    ]


# whom it is put to


def test_not_to_oneself(scene):
    assert faults(denied(lambda: post(scene, body(scene, scene.agency)))) == [("organizations", "invalid")]
    both = body(scene, scene.house, scene.agency)
    assert faults(denied(lambda: post(scene, both))) == [("organizations", "invalid")]


def test_not_to_an_organization_that_is_not_verified(scene):
    """Who sees it is told why; to others it is as absent as none."""
    waiting = world.organization("Waiting", verified=False)
    hidden = denied(lambda: post(scene, body(scene, waiting)))
    absent = denied(lambda: post(scene, body(scene, organizations=[str(uuid4())])))
    assert (faults(hidden), hidden.content) == ([("organizations", "does_not_exist")], absent.content)
    world.seat(waiting, scene.mara)
    assert faults(denied(lambda: post(scene, body(scene, waiting)))) == [("organizations", "not_verified")]


def test_not_for_an_organization_that_is_not_verified(scene):
    waiting = world.organization("Waiting", verified=False)
    world.seat(waiting, scene.mara, "administrator")
    form = body(scene, scene.house, acting_for=str(waiting.pk))
    assert problem(denied(lambda: post(scene, form))) == (409, "not_verified")


def test_not_to_a_group_one_is_not_in(scene):
    form = body(scene, acting_for=str(scene.outside.pk), working_groups=[str(scene.group.pk)])
    refusal = denied(lambda: world.client(scene.otto).post(REQUESTS, form))
    assert faults(refusal) == [("working_groups", "not_a_member")]


# the query


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"owner__members": "1"}, "owner__members", "unknown_field"),
        ({"state": "lost"}, "state", "not_a_choice"),
        ({"kind": "\x00"}, "kind", "not_a_choice"),
        ({"waiting": "maybe"}, "waiting", "not_a_choice"),
        ({"cursor": "x"}, "cursor", "invalid"),
        ({"cursor": ""}, "cursor", "invalid"),
        ({"cursor": "\x00"}, "cursor", "invalid"),
        ({"limit": "0"}, "limit", "invalid"),
        ({"limit": "101"}, "limit", "invalid"),
        ({"limit": "-1"}, "limit", "invalid"),
        ({"limit": "x"}, "limit", "invalid"),
        ({"limit": ""}, "limit", "invalid"),
        ({"limit": "1e1"}, "limit", "invalid"),
        ({"limit": "²"}, "limit", "invalid"),
        ({"limit": "000000050999"}, "limit", "invalid"),
        ({"limit": "9" * 5000}, "limit", "invalid"),
        ({"ids": "x"}, "ids", "invalid"),
        ({"ids": ",".join(str(uuid4()) for _ in range(101))}, "ids", "too_long"),
    ],
)
def test_a_query_that_makes_no_sense(scene, query, field, code):
    assert faults(denied(lambda: world.client(scene.mara).get(REQUESTS, query))) == [(field, code)]


def test_a_hundred_ids_at_once(scene):
    ids = ",".join([str(scene.request.pk), *(str(uuid4()) for _ in range(99))])
    assert len(world.client(scene.mara).get(REQUESTS, {"ids": ids}).json()["results"]) == 1
    assert world.client(scene.mara).get(REQUESTS, {"ids": ""}).json()["results"] == []


@pytest.mark.parametrize("pk", ["x", "1", "-" * 36, "g" * 36, "%00", "..%2f..", "{" + "0" * 34 + "}", "%ff"])
def test_an_id_that_is_none_is_absent(scene, pk):
    for path in ("requests", "working-groups", "channels", "organizations", "answers", "join-applications"):
        assert problem(denied(lambda p=path: world.client(scene.mara).get(f"{API}/{p}/{pk}"))) == (404, "not_found")


# every form


def forms():
    """(path, method, body's schema) of each operation that takes a body."""
    from drf_spectacular.generators import SchemaGenerator

    document = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if schema := operation.get("requestBody"):
                yield path, method, schema["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]


def test_every_form_refuses_what_it_does_not_know(scene):
    """Of the whole document: unknown fields are refused by name, where the caller may do the thing at all."""
    scene.with_everything()
    application = scene.group.applications.get(state="pending")
    message = scene.group.channel.messages.get()
    event = Event.objects.earliest("pk")
    first = event.occurrences.earliest("starts_at")
    ids = {
        "requests": scene.request.pk,
        "working-groups": scene.group.pk,
        "channels": scene.group.channel_id,
        "organizations": scene.agency.pk,
        "applications": outside.apply().pk,
        "join-applications": application.pk,
        "group-invitations": scene.invited(scene.group, scene.clinic).pk,
        "rule-acceptances": scene.asked(scene.dana).pk,
        "messages": message.pk,
        "people": scene.jonas.pk,
        "needs": scene.need.pk,
        "offers": scene.offered(by=scene.mara).pk,
        "pledges": Pledge.objects.get().pk,
        "shifts": Shift.objects.earliest("starts_at").pk,
        "swaps": Swap.objects.get().pk,
        "tasks": scene.task().pk,
        "events": event.pk,
        "occurrences": first.pk,
        "registrations": first.registrations.get(person=scene.lucia).pk,
        "whereabouts": event.whereabouts.earliest("pk").pk,
    }
    mara, chief, seen = world.client(scene.mara), world.client(world.administrator()), set()
    for path, method, form in forms():
        if "{token}" in path:
            continue
        caller = chief if path.endswith(("/suspend", "/network")) or "/applications/" in path else mara
        words = path.strip("/").split("/")
        filled = "/".join(str(ids[words[n - 1]]) if w.startswith("{") else w for n, w in enumerate(words))
        call = getattr(caller, method)
        refusal = denied(
            lambda c=call, p=filled: c(
                f"/{p}", {"sneaked_in": 1}, content_type="application/json", headers={"If-Match": '"1"'}
            )
        )
        assert ("sneaked_in", "unknown_field") in faults(refusal), (method, path)
        seen.add(form)
    assert len(seen) >= 15
