"""A request and the need it stands for: who puts it, who is told of both, and that neither ends the other."""

import pytest

from coordination.requests import services as requests
from coordination.requests.models import Request
from coordination.resources.models import Need
from coordination.stands_for.models import StandsFor
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, Scene, body, canary, denied, faults, planned, problem
from tests.stands_for.asked import asked_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


def listed(person, path):
    answer = world.client(person).get(f"{API}/{path}")
    assert answer.status_code == 200, answer.content
    return [found["id"] for found in answer.json()["results"]]


def test_a_request_is_put_for_a_need(scene):
    form = body(scene, scene.house, acting_for=str(scene.agency.pk))
    caller, path = world.client(scene.mara), f"{API}/needs/{scene.need.pk}/requests"
    answers = [caller.post(path, form, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    request = Request.objects.get()
    assert answers[0].json()["result"]["id"] == str(request.pk)
    assert listed(scene.mara, f"needs/{scene.need.pk}/requests") == [str(request.pk)]
    assert listed(scene.mara, f"requests/{request.pk}/needs") == [str(scene.need.pk)]
    assert AuditRecord.objects.get(action="need.ask").detail == {"request": str(request.pk)}


def test_nothing_of_the_need_is_said_in_the_request(scene):
    request = asked_for(scene, scene.need)
    assert request.note == ""
    assert str(scene.need.pk) not in world.client(scene.mara).get(f"{API}/requests/{request.pk}").content.decode()


def test_who_sees_both_is_told_of_both(scene):
    request = asked_for(scene, scene.need)
    for person in (scene.jonas, scene.dana, scene.lucia):
        assert listed(person, f"needs/{scene.need.pk}/requests") == [str(request.pk)]
        assert listed(person, f"requests/{request.pk}/needs") == [str(scene.need.pk)]


def test_who_sees_the_need_alone_does_not_learn_that_anything_was_asked(scene):
    asked_for(scene, scene.need)
    other = scene.needed()
    for need in (scene.need, other):
        assert listed(scene.grace, f"needs/{need.pk}/requests") == []
    answers = [world.client(scene.grace).get(f"{API}/needs/{n.pk}/requests") for n in (scene.need, other)]
    assert answers[0].content == answers[1].content


def test_who_sees_the_request_alone_does_not_learn_of_the_need(scene):
    need = scene.needed(scene.clinic)
    request = asked_for(scene, need)
    assert listed(scene.dana, f"requests/{request.pk}/needs") == []
    dana, grace = world.client(scene.dana), world.client(scene.grace)
    assert problem(denied(lambda: dana.get(f"{API}/needs/{need.pk}/requests"))) == (404, "not_found")
    assert problem(denied(lambda: grace.get(f"{API}/requests/{request.pk}/needs"))) == (404, "not_found")


def test_an_operation_for_a_need_is_known_to_those_on_call_alone(scene):
    scene.shift(scene.dana, -1, 8)
    operation = asked_for(scene, scene.need, request_kind="operation_support", details=planned())
    path = f"needs/{scene.need.pk}/requests"
    assert listed(scene.mara, path) == listed(scene.lucia, path) == [str(operation.pk)]
    assert listed(scene.jonas, path) == listed(scene.dana, path) == []


@pytest.mark.parametrize("who", ["jonas", "dana", "grace"])
def test_who_does_not_steer_the_need_asks_nobody_for_it(scene, who):
    person = getattr(scene, who)
    form = body(scene, scene.clinic, scene.outside, acting_for=str(scene.employer(person).pk))
    caller, path = world.client(person), f"{API}/needs/{scene.need.pk}/requests"
    assert problem(denied(lambda: caller.post(path, form))) == (403, "not_allowed")


def test_it_is_asked_for_the_organization_whose_need_it_is(scene):
    world.seat(scene.house, scene.mara, "coordinator")
    form = body(scene, scene.clinic, acting_for=str(scene.house.pk))
    caller, need = world.client(scene.mara), scene.need
    refusal = denied(lambda: caller.post(f"{API}/needs/{need.pk}/requests", form))
    assert faults(refusal) == [("acting_for", "not_yours")]


@pytest.mark.parametrize(("need", "request_"), [(True, False), (False, True)])
def test_a_drill_is_asked_for_by_a_drill(scene, need, request_):
    found = scene.needed(exercise=need)
    form = body(scene, scene.house, acting_for=str(scene.agency.pk), exercise=request_)
    caller = world.client(scene.mara)
    refusal = denied(lambda: caller.post(f"{API}/needs/{found.pk}/requests", form))
    assert faults(refusal) == [("exercise", "invalid")]
    assert asked_for(scene, found, exercise=need).exercise is need


def test_nobody_is_asked_for_what_is_closed(scene):
    Need.objects.filter(pk=scene.need.pk).update(state="closed")
    form = body(scene, scene.house, acting_for=str(scene.agency.pk))
    caller = world.client(scene.mara)
    assert problem(denied(lambda: caller.post(f"{API}/needs/{scene.need.pk}/requests", form))) == (409, "wrong_state")


def test_a_request_that_is_refused_stands_for_nothing(scene):
    form = body(scene, acting_for=str(scene.agency.pk))
    caller, need = world.client(scene.mara), scene.need
    assert faults(denied(lambda: caller.post(f"{API}/needs/{need.pk}/requests", form))) == [("organizations", "nobody")]
    assert not StandsFor.objects.exists()


@pytest.mark.parametrize("outcome", ["met", "not_met"])
def test_neither_ends_the_other(scene, outcome):
    request = asked_for(scene, scene.need)
    scene.answer(request, scene.dana, note=canary("yes"))
    requests.close_request(Actor(scene.mara), Request.objects.get(), outcome)
    scene.need.refresh_from_db()
    assert (scene.need.state, scene.need.quantity_met) == ("open", 0)
    second = asked_for(scene, scene.need)
    world.client(scene.mara).post(f"{API}/needs/{scene.need.pk}/close")
    second.refresh_from_db()
    assert second.state == "open"
    assert listed(scene.mara, f"requests/{second.pk}/needs") == [str(scene.need.pk)]
