"""Nobody is left waiting: reminders, steps by the clock, each once, and who learns what by them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from coordination.requests import services
from coordination.requests.changes import ESCALATION, REQUEST
from coordination.requests.jobs import ring_clocks
from coordination.requests.models import Answer, Escalation, Request
from portal.kernel import clock
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember, Tier
from tests import world
from tests.scene import API, CANARY, body, denied, faults, problem

pytestmark = pytest.mark.django_db
PATH = f"{API}/requests"
STEPS = ["backup", "leads", "coordinator", "network"]


@pytest.fixture
def asked(bare):
    """Put to the house and to a group, with Jonas as its backup; a shelter request: 5 minutes, then 30."""
    assert bare.group
    form = body(bare, bare.house, working_groups=[str(bare.group.pk)], backup=str(bare.jonas.pk))
    posted = world.client(bare.mara).post(PATH, form)
    assert posted.status_code == 201, posted.content
    bare.asked = Request.objects.get(pk=posted.json()["result"]["id"])
    return bare


def ring(request, minutes):
    """The clocks as a worker looks at them so many minutes after it was posted."""
    with clock.at(request.posted_at + timedelta(minutes=minutes)):
        ring_clocks()
    request.refresh_from_db()
    return request.escalated_to


def said(request):
    return [e.what for e in request.entries.filter(what__startswith="escalated").order_by("pk")]


def waiting(person):
    """What Today shows as escalated to this person."""
    found = world.client(person).get(f"{PATH}?escalated=true").json()
    for result in found["results"]:
        assert found["mine"][result["id"]]["escalated"]
    return len(found["results"])


# the steps


def test_each_step_after_the_kinds_own_time(asked):
    request = asked.asked
    steps = {minutes: ring(request, minutes) for minutes in (4, 5, 9, 10, 15, 20, 25)}
    assert steps == {
        4: "",
        5: "backup",
        9: "backup",
        10: "leads",
        15: "coordinator",
        20: "network",
        25: "network",
    }
    assert said(request) == [f"escalated_{step}" for step in STEPS]
    assert AuditRecord.objects.filter(action="request.ring", actor=None).count() == 5


def test_where_nobody_stands_the_next_step_is_taken_at_once(bare):
    request = bare.post(bare.house)
    assert ring(request, 5) == "coordinator"
    assert ring(request, 10) == "network"
    assert said(request) == ["escalated_coordinator", "escalated_network"]


def test_whoever_acknowledges_stops_it_until_it_was_to_be_answered(asked):
    request = asked.asked
    ring(request, 5)
    services.acknowledge_request(asked.acting(asked.lucia), request)
    assert [ring(request, minutes) for minutes in (10, 20, 29)] == ["backup"] * 3
    assert ring(request, 30) == "leads"
    assert ring(request, 35) == "coordinator"


@pytest.mark.parametrize(("answer", "step"), [("yes", ""), ("maybe", "coordinator"), ("no", "coordinator")])
def test_only_a_yes_is_an_answer_one_can_count_on(bare, answer, step):
    request = bare.post(bare.house, places=2)
    bare.answer(request, bare.dana, answer)
    assert [ring(request, minutes) for minutes in (5, 10, 30)] == ["", "", step]


def test_a_place_that_becomes_free_again_starts_the_clock_again(bare):
    request = bare.post(bare.house)
    answer = bare.answer(request, bare.dana)
    request.refresh_from_db()
    assert (request.state, request.rings_at) == ("filled", None)
    with clock.at(request.posted_at + timedelta(minutes=40)):
        services.withdraw_answer(bare.acting(bare.dana), answer)
    assert [ring(request, minutes) for minutes in (44, 45, 50)] == ["", "coordinator", "network"]


@pytest.mark.parametrize("end", ["start", "close", "withdraw", "expire"])
def test_what_is_over_rings_no_more(bare, end):
    request = bare.post(bare.house)
    if end == "expire":
        Request.objects.update(expires_at=request.posted_at)
        services.expire_request(request)
    elif end == "close":
        services.close_request(Actor(bare.mara), request, "not_met")
    else:
        getattr(services, f"{end}_request")(Actor(bare.mara), request)
    assert [ring(request, minutes) for minutes in (5, 30, 60)] == [""] * 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.update(rings_at=request.posted_at)


def test_an_answer_earlier_than_usual_hurries_the_clock(bare):
    soon = (clock.now() + timedelta(minutes=2)).isoformat()
    posted = world.client(bare.mara).post(PATH, body(bare, bare.house, answer_by=soon)).json()["result"]
    assert posted["acknowledge_by"] == posted["answer_by"]
    assert ring(Request.objects.get(), 3) == "coordinator"


def test_a_clock_in_the_past_is_refused(bare):
    past = (clock.now() - timedelta(minutes=1)).isoformat()
    refusal = denied(lambda: world.client(bare.mara).post(PATH, body(bare, bare.house, answer_by=past)))
    assert faults(refusal) == [("answer_by", "in_the_past")]


# durable


def test_after_hours_without_a_worker_each_step_still_gets_its_time(asked):
    request = asked.asked
    found = [ring(request, minutes) for minutes in (600, 600, 604, 605, 610, 615, 620)]
    assert found == ["backup", "backup", "backup", "leads", "coordinator", "network", "network"]
    assert request.rings_at is None


def test_what_is_due_is_walked_in_batches(bare, monkeypatch):
    monkeypatch.setattr("coordination.requests.jobs.BATCH", 2)
    requests = [bare.post(bare.house) for _ in range(3)]
    assert [ring(r, 6) for r in requests] == ["coordinator"] * 3
    for request in requests:
        request.refresh_from_db()
        assert said(request) == ["escalated_coordinator"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_take_a_step_once(asked):
    request = asked.asked
    late = request.posted_at + timedelta(minutes=6)

    def work():
        with clock.at(late):
            services.ring_clock(Request.objects.get(pk=request.pk))

    assert world.at_once(work, work, work) == [None] * 3
    assert said(request) == ["escalated_backup"]
    assert Answer.objects.get(request=request).reminders == 1


# reminders


def test_who_has_not_seen_it_is_reminded_and_nobody_else(scene):
    request = scene.request
    services.acknowledge_request(scene.acting(scene.lucia), request)
    for minutes in (5, 10):
        ring(request, minutes)
    house, clinic = (Answer.objects.get(organization=o) for o in (scene.house, scene.clinic))
    assert (house.reminders, clinic.reminders) == (0, 2)
    assert clinic.reminded_at == request.posted_at + timedelta(minutes=10)
    told = world.client(scene.grace).get(f"{PATH}/{request.pk}/answers").json()["results"]
    assert [(a["reminders"], a["organization"]["name"]) for a in told] == [(2, "Second Clinic")]
    assert Answer.objects.get(pk=clinic.pk).version == 3


def test_reminders_end_when_it_was_to_be_answered(bare):
    request = bare.post(bare.house)
    for minutes in range(0, 120, 5):
        ring(request, minutes)
    assert Answer.objects.get().reminders == 6


# who it reaches


def test_each_step_waits_on_the_screen_of_whom_it_reached(asked):
    request = asked.asked
    boss = world.person(asked.agency, Tier.COORDINATOR, "Vera")
    everybody = (asked.jonas, asked.dana, asked.mara, boss, asked.lucia)
    found = []
    for minutes in (5, 10, 15):
        ring(request, minutes)
        with clock.at(request.posted_at + timedelta(minutes=minutes)):
            found.append([waiting(person) for person in everybody])
    # Mara leads the group and coordinates the owner
    assert found == [[1, 0, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 1, 1, 0]]
    services.acknowledge_request(asked.acting(asked.lucia), request)
    assert [waiting(person) for person in everybody] == [0] * 5


def test_a_backup_who_left_is_passed_over(asked):
    world.remove(Actor(asked.mara), OrganizationMember.objects.get(user=asked.jonas))
    assert ring(asked.asked, 5) == "leads"


def test_that_another_was_answered_does_not_stop_it(asked):
    other = asked.post(asked.house)
    asked.answer(other, asked.dana)
    assert ring(asked.asked, 6) == "backup"
    assert waiting(asked.jonas) == 1


def test_history_names_the_step_and_no_person(asked):
    request = asked.asked
    for minutes in (5, 10, 15, 20):
        ring(request, minutes)
    shape = REQUEST.represent([request.pk], asked.house.members_id)[request.pk]
    entries = [e for e in shape.history if e.what.startswith("escalated")]
    assert [(e.organization, e.person, e.note) for e in entries] == [(None, None, "")] * 4


def test_the_networks_administrators_learn_the_fact_and_not_a_word(asked):
    request, chief = asked.asked, world.client(world.administrator())
    for minutes in (5, 10, 15, 20):
        ring(request, minutes)
    answer = chief.get(f"{API}/escalations?waiting=true")
    (told,) = answer.json()["results"]
    assert told.keys() == {"id", "version", "request_kind", "owner", "exercise", "posted_at", "at", "ended_at"}
    assert (told["request_kind"], told["owner"]["name"]) == ("emergency_shelter", "County Agency")
    assert CANARY not in answer.content.decode()
    assert str(request.pk) not in answer.content.decode()
    assert problem(chief.get(f"{PATH}/{request.pk}")) == (404, "not_found")
    for person in (asked.mara, asked.dana, asked.otto):
        assert world.client(person).get(f"{API}/escalations").json()["results"] == []
        assert problem(world.client(person).get(f"{API}/escalations/{told['id']}")) == (404, "not_found")


@pytest.mark.parametrize("end", ["acknowledge", "yes", "withdraw", "suspend"])
def test_the_administrators_are_told_when_it_waits_no_more(bare, end):
    request = bare.post(bare.house)
    for minutes in (5, 10):
        ring(request, minutes)
    escalation = Escalation.objects.get()
    assert escalation.ended_at is None
    if end == "acknowledge":
        services.acknowledge_request(bare.acting(bare.dana), request)
    elif end == "yes":
        bare.answer(request, bare.dana)
    elif end == "withdraw":
        services.withdraw_request(Actor(bare.mara), request)
    else:
        bare.suspend(bare.agency)
    assert world.shape(ESCALATION, escalation).ended_at
    assert world.client(world.administrator()).get(f"{API}/escalations?waiting=true").json()["results"] == []


def test_what_waits_again_is_the_same_escalation(bare):
    request = bare.post(bare.house)
    for minutes in (5, 10):
        ring(request, minutes)
    services.acknowledge_request(bare.acting(bare.dana), request)
    assert Escalation.objects.get().ended_at
    ring(request, 30)
    again = Escalation.objects.get()
    assert (again.ended_at, again.at) == (None, request.answer_by)


# the backup


def test_the_backup_is_somebody_else_of_the_owners(bare):
    for person, code in ((bare.dana, "not_a_member"), (bare.mara, "duplicate")):
        form = body(bare, bare.house, backup=str(person.pk))
        assert faults(denied(lambda f=form: world.client(bare.mara).post(PATH, f))) == [("backup", code)]
    unknown = body(bare, bare.house, backup="0c25d9a4-8f0e-4c57-9f3c-6f1b8a3f4d21")
    assert faults(denied(lambda: world.client(bare.mara).post(PATH, unknown))) == [("backup", "not_a_member")]


def test_the_backup_is_named_later_and_steers_from_then_on(bare):
    request = bare.post(bare.house)

    def edit(who, **form):
        request.refresh_from_db()
        headers = {"If-Match": f'"{request.version}"'}
        caller = world.client(who)
        return caller.patch(f"{PATH}/{request.pk}", form, content_type="application/json", headers=headers)

    assert problem(denied(lambda: edit(bare.jonas, note="x"))) == (403, "not_allowed")
    assert problem(denied(lambda: edit(bare.dana, backup=str(bare.lucia.pk)))) == (403, "not_allowed")
    named = edit(bare.mara, backup=str(bare.jonas.pk))
    assert named.json()["result"]["backup"] == {"id": str(bare.jonas.pk), "name": "Jonas"}
    assert edit(bare.jonas, note="x").status_code == 200
    assert faults(denied(lambda: edit(bare.mara, backup=str(bare.dana.pk)))) == [("backup", "not_a_member")]
    assert edit(bare.mara, backup=None).json()["result"]["backup"] is None
    assert problem(denied(lambda: edit(bare.jonas, note="y"))) == (403, "not_allowed")
