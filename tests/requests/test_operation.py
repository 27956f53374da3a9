"""Support for a planned operation: known to those on call, and of who asks to those who steer it. To nobody else."""

from datetime import timedelta

import pytest

from coordination.requests import jobs, services
from coordination.requests.models import Answer, Escalation
from coordination.rota import services as rota
from messaging.models import Channel
from portal.kernel import clock
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from tests import world
from tests.requests.operation import HOUR, Operation, answer_of, knowing, later, say, stand_aside, who_sees
from tests.scene import API, denied, faults, planned, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Operation()


# who knows of it


def test_those_on_call_and_those_who_steer_it_know_and_nobody_else(scene, request_, house_s):
    assert who_sees(request_) == ["Bea", "Cory", "Grace", "Lucia", "Sam"]
    assert who_sees(house_s) == ["Bea", "Cory", "Lucia", "Sam"]
    assert who_sees(answer_of(request_, scene.clinic)) == ["Bea", "Cory", "Grace", "Sam"]


def test_to_the_others_it_never_existed(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    world.client(scene.sam).put(f"{API}/requests/{request_.pk}/channel")
    channel = Channel.objects.get(about=request_.pk)
    never = "0198a2de-0000-7000-8000-000000000000"
    for person in (scene.dana, scene.nina, scene.rosa, scene.olga, world.administrator(), scene.otto):
        caller = world.client(person)
        for path in ("/requests", "/answers", "/escalations", "/channels", "/session"):
            told = caller.get(f"{API}{path}").content.decode()
            assert str(request_.pk) not in told
            assert str(channel.pk) not in told
            assert "operation" not in told
        for path in ("/requests/{}", "/requests/{}/answers", "/requests/{}/audience", "/channels/{}"):
            real = channel.pk if "channels" in path else request_.pk
            found, absent = (caller.get(API + path.format(pk)) for pk in (real, never))
            assert (found.status_code, found.content) == (404, absent.content)
    for person in (scene.dana, scene.nina, scene.rosa, scene.olga, scene.otto):
        assert problem(denied(lambda p=person: stand_aside(scene, request_, p))) == (404, "not_found")
    logged = Change.objects.filter(subject__in=[request_.pk, house_s.pk, channel.pk])
    told = set(logged.values_list("audience", flat=True))
    assert not any(told & set(p.memberships.values_list("group", flat=True)) for p in (scene.dana, scene.olga))


def test_a_person_s_words_on_who_sees_it(scene, request_):
    def seen_by(person):
        found = world.client(person).get(f"{API}/requests/{request_.pk}/audience").json()
        return sorted((a["kind"], a["name"], a["people"]) for a in found["audiences"]), found["others"]

    house = ("request_on_call", "Harbor House", 1)
    clinic = ("request_on_call", "Second Clinic", 1)
    assert seen_by(scene.lucia) == ([house], True)
    assert seen_by(scene.sam) == (
        [
            ("organization_coordinators", "Sheriff's Office", 1),
            ("request_askers", "Sheriff's Office", 2),
            house,
            clinic,
        ],
        False,
    )


def test_a_shift_for_this_kind_comes_before_one_for_every_kind(scene):
    scene.on_call(scene.house, scene.dana, -1, 3, "operation_support")
    assert knowing(answer_of(scene.plan(), scene.house)) == ["Dana"]


# whom it is put to


def body(scene, *asked, **changed):
    found = {"acting_for": str(scene.office.pk), "kind": "operation_support", "details": planned()}
    return found | {"organizations": [str(o.pk) for o in asked], **changed}


def post(scene, *asked, **changed):
    return world.client(scene.sam).post(f"{API}/requests", body(scene, *asked, **changed))


def test_it_is_posted_by_the_form(scene):
    told = post(scene, scene.house, exercise=True)
    assert told.status_code == 201, told.content
    found = told.json()
    assert (found["result"]["kind"], found["result"]["exercise"]) == ("operation_support", True)
    assert "open_channel" in found["mine"]["allowed"]


def test_where_nobody_is_on_call_nothing_is_posted(scene):
    refusal = denied(lambda: post(scene, scene.house, scene.outside))
    assert faults(refusal) == [(f"organizations.{scene.outside.pk}", "nobody_on_call")]
    assert refusal.json()["errors"][0]["message"] == "Nobody at Outside Office is on call for this now."
    with later(4.5):
        assert post(scene, scene.house).status_code == 201
    with later(20):
        assert faults(denied(lambda: post(scene, scene.house)))[0][1] == "nobody_on_call"


def test_no_working_group_is_asked_and_nothing_is_passed_on(scene, request_):
    scene.admit(scene.group, scene.cory)
    client = world.client(scene.cory)
    asked = body(scene, scene.house, working_groups=[str(scene.group.pk)])
    assert faults(denied(lambda: client.post(f"{API}/requests", asked))) == [("working_groups", "invalid")]
    redirect = {
        "acting_for": str(scene.clinic.pk),
        "organization": str(scene.outside.pk),
        "reason": "capacity",
    }
    passed = denied(lambda: world.client(scene.grace).post(f"{API}/requests/{request_.pk}/redirect", redirect))
    assert problem(passed) == (403, "not_allowed")


@pytest.mark.parametrize("field", ["window", "support", "people_expected", "minors_possible", "area"])
def test_what_has_to_be_said(scene, field):
    details = {name: value for name, value in planned().items() if name != field}
    assert faults(denied(lambda: post(scene, scene.house, details=details))) == [(f"details.{field}", "required")]


@pytest.mark.parametrize("field", ["starts_at", "place", "target"])
def test_no_field_for_a_time_or_a_place(scene, field):
    details = planned(**{field: "x"})
    assert faults(denied(lambda: post(scene, scene.house, details=details))) == [(f"details.{field}", "unknown_field")]


# the duty is the authority


def test_who_is_on_call_acknowledges_and_answers_coordinator_or_not(scene, request_, house_s):
    caller = world.client(scene.lucia)
    told = caller.get(f"{API}/requests/{request_.pk}").json()["mine"]
    assert told["allowed"] == ["acknowledge", "answer", "stand_aside"]
    assert told["answering"] == [str(scene.house.pk)]
    path = f"{API}/requests/{request_.pk}/acknowledge"
    assert caller.post(path, {"acting_for": str(scene.house.pk)}).json()["result"]["state"] == "acknowledged"
    assert say(scene, request_, scene.lucia).json()["result"]["state"] == "yes"
    assert [len(answers(p)) for p in (scene.lucia, scene.grace, scene.sam, scene.dana)] == [1, 1, 2, 0]


def answers(person):
    return world.client(person).get(f"{API}/answers").json()["results"]


def test_it_waits_for_those_on_call_alone(scene, request_):
    def waits(person):
        return len(world.client(person).get(f"{API}/requests?waiting=true").json()["results"])

    people = (scene.lucia, scene.grace, scene.dana, scene.nina, scene.rosa)
    assert [waits(p) for p in people] == [1, 1, 0, 0, 0]


def test_of_two_organizations_each_is_answered_for_where_one_is_on_call(scene, request_):
    """Lucia works for the clinic too, and even coordinates it: she is on call there for nothing."""
    world.seat(scene.clinic, scene.lucia, "coordinator")
    told = world.client(scene.lucia).get(f"{API}/requests/{request_.pk}").json()["mine"]
    assert told["answering"] == [str(scene.house.pk)]
    refusal = denied(lambda: say(scene, request_, scene.lucia, acting_for=str(scene.clinic.pk)))
    assert problem(refusal) == (403, "not_allowed")


def test_who_works_for_the_office_and_is_on_call_elsewhere_writes_no_line(scene):
    world.seat(scene.office, scene.lucia)
    request = scene.plan()
    told = world.client(scene.lucia).get(f"{API}/requests/{request.pk}").json()["mine"]
    assert told["allowed"] == ["acknowledge", "answer", "stand_aside"]
    assert told["others"]


# nobody answers


def test_it_climbs_to_the_backup_and_the_office_s_coordinators_and_no_further(scene, request_):
    steps = []
    for _ in range(12):
        request_.refresh_from_db()
        if request_.rings_at is None:
            break
        with clock.at(request_.rings_at):
            services.ring_clock(request_)
        request_.refresh_from_db()
        steps.append(request_.escalated_to)
    assert steps[:3] == ["backup", "coordinator", "coordinator"]
    assert set(steps) == {"backup", "coordinator"}
    assert not Escalation.objects.exists()
    written = list(request_.entries.filter(answer=None).order_by("pk").values_list("what", flat=True))
    assert written == ["posted", "escalated_backup", "escalated_coordinator"]
    assert request_.rings_at is None
    told = world.client(scene.cory).get(f"{API}/requests?escalated=true").json()["results"]
    assert [found["id"] for found in told] == [str(request_.pk)]


def test_the_acknowledging_clock_of_the_next_begins_with_their_seat(scene, request_, house_s):
    with clock.at(request_.posted_at + timedelta(hours=4, minutes=30)):
        jobs.call_those_on_call()
        services.ring_clock(request_)
    house_s.refresh_from_db()
    assert house_s.reminders == 0
    assert answer_of(request_, scene.clinic).reminders == 1


# the race


@pytest.mark.django_db(transaction=True)
def test_called_by_two_workers_at_once_one_is_seated_once():
    scene = Operation()
    house_s = answer_of(scene.plan(), scene.house)
    at = clock.now() + 4 * HOUR

    def call():
        with clock.at(at):
            return services.call_those_on_call(answer_of(house_s.request, scene.house))

    found = world.at_once(call, call)
    assert [type(each).__name__ for each in found] == ["Answer", "Answer"]
    assert house_s.entries.filter(what="next_called").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_shift_taken_off_while_it_is_posted_leaves_nobody_in():
    scene = Operation()
    found = world.at_once(lambda: scene.plan(scene.house), lambda: rota.remove_shift(Actor(scene.dana), scene.first))
    posted = Answer.objects.filter(organization=scene.house).first()
    if posted is None:
        assert [e.code for each in found if each is not None for e in each.errors] == ["nobody_on_call"]
    else:
        assert knowing(posted) == []
