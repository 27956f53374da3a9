"""Tasks of a request: for those in its channel, given to somebody, done; over with the request."""

from datetime import timedelta

import pytest

from coordination.requests import services as requests
from coordination.requests.models import Answer
from coordination.tasks import services
from coordination.tasks.changes import TASK
from coordination.tasks.models import Task
from messaging import services as messaging
from messaging.models import Channel
from messaging.queries import channel_member
from portal.kernel import clock
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from portal.people import services as people
from tests import world
from tests.organizations.agreed import lapse
from tests.scene import API, Scene, denied, faults, problem, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    """The house takes the place of the agency's request: its channel is for Mara and Dana."""
    found = Scene()
    found.answer(found.request, found.dana)
    found.request.refresh_from_db()
    return found


def add(scene, person, what="Bring a car seat", **form):
    path = f"{API}/requests/{scene.request.pk}/tasks"
    return world.client(person).post(path, {"what": what, **form}, content_type="application/json")


def act(who, task, verb, **form):
    return world.client(who).post(f"{API}/tasks/{task.pk}/{verb}", form, content_type="application/json")


def listed(person, query=""):
    return [task["what"] for task in world.client(person).get(f"{API}/tasks{query}").json()["results"]]


def channel(scene):
    return messaging.channel_about(scene.request)


# the rule


def test_the_first_task_opens_the_channel_and_those_in_it_see_it(scene):
    due = (clock.now() + timedelta(hours=2)).isoformat()
    added = add(scene, scene.mara, assigned_to=str(scene.mara.pk), due_at=due)
    assert added.status_code == 201
    task = added.json()["result"]
    assert (task["assigned_to"]["name"], task["due_at"][:16], task["request"]) == (
        "Mara",
        due[:16],
        str(scene.request.pk),
    )
    assert added.json()["mine"]["allowed"] == ["assign", "edit", "finish", "remove"]
    assert add(scene, scene.dana, "Open door B").status_code == 201
    assert Channel.objects.filter(about=scene.request.pk).count() == 1
    for person in (scene.mara, scene.dana):
        assert set(listed(person)) == {"Bring a car seat", "Open door B"}
    for person in (scene.jonas, scene.lucia, scene.grace, scene.otto):
        assert listed(person) == []
    told = Change.objects.filter(kind="task").values_list("audience", flat=True)
    assert set(told) == {channel(scene).audience_id}


def test_whose_agreement_lapsed_adds_none(scene):
    add(scene, scene.mara)
    lapse(scene.house)
    assert problem(denied(lambda: add(scene, scene.dana, "Open door B"))) == (409, "agreement_lapsed")


def test_where_there_is_no_channel_tasks_wait(scene):
    """Dana helps, and may not open one; Lucia is in none."""
    assert problem(denied(lambda: add(scene, scene.dana))) == (403, "not_allowed")
    scene.task()
    assert problem(denied(lambda: add(scene, scene.lucia))) == (403, "not_allowed")
    assert problem(denied(lambda: add(scene, scene.otto))) == (404, "not_found")


def test_who_may_open_the_channel_comes_in_by_adding_one(scene):
    scene.task()
    cory = world.person(scene.agency, "coordinator", "Cory")
    assert listed(cory) == []
    assert add(scene, cory, "Call ahead").status_code == 201
    assert set(listed(cory)) == set(listed(scene.mara))
    assert Channel.objects.filter(about=scene.request.pk).count() == 1


def test_anybody_in_it_assigns_finishes_and_reopens(scene):
    task = scene.task()
    assert act(scene.dana, task, "assign", person=str(scene.dana.pk)).json()["result"]["assigned_to"]["name"] == "Dana"
    done = act(scene.dana, task, "finish").json()
    assert (done["result"]["done_by"]["name"], done["mine"]["allowed"]) == ("Dana", ["reopen"])
    assert problem(denied(lambda: act(scene.mara, task, "finish"))) == (409, "wrong_state")
    assert act(scene.mara, task, "reopen").json()["result"]["done_at"] is None
    assert act(scene.dana, task, "assign", person=None).json()["result"]["assigned_to"] is None


@pytest.mark.parametrize("who", ["jonas", "grace", "otto"])
def test_it_is_given_to_nobody_outside(scene, who):
    task = scene.task()
    outside = str(getattr(scene, who).pk)
    assert faults(denied(lambda: act(scene.mara, task, "assign", person=outside))) == [("assigned_to", "not_a_member")]
    assert faults(denied(lambda: add(scene, scene.mara, assigned_to=outside))) == [("assigned_to", "not_a_member")]


def test_who_added_it_or_steers_the_request_words_it_anew_and_takes_it_away(scene):
    ours, theirs = scene.task(), scene.task(scene.dana)

    def change(person, task, what):
        return world.client(person).patch(
            f"{API}/tasks/{task.pk}", {"what": what}, content_type="application/json", HTTP_IF_MATCH=f'"{task.version}"'
        )

    assert problem(denied(lambda: change(scene.dana, ours, "x"))) == (403, "not_allowed")
    assert change(scene.dana, theirs, "Open door C").json()["result"]["what"] == "Open door C"
    assert problem(denied(lambda: change(scene.mara, theirs, "x"))) == (412, "version_mismatch")
    assert problem(denied(lambda: world.client(scene.dana).delete(f"{API}/tasks/{ours.pk}"))) == (403, "not_allowed")
    assert world.client(scene.mara).delete(f"{API}/tasks/{theirs.pk}").status_code == 204
    assert listed(scene.dana) == [ours.what]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"what": ""}, ("what", "blank")),
        ({"what": "x" * 201}, ("what", "too_long")),
        ({"due_at": "tomorrow"}, ("due_at", "not_a_date")),
        ({"due_at": "2001-01-01T00:00:00Z"}, ("due_at", "in_the_past")),
    ],
)
def test_what_a_task_may_say(scene, form, fault):
    assert faults(denied(lambda: add(scene, scene.mara, **{"what": "x", **form}))) == [fault]


def test_mine_are_those_that_i_have_to_do_still(scene):
    mine, done = scene.task(assigned_to=scene.dana.pk), scene.task(assigned_to=scene.dana.pk)
    services.finish_task(Actor(scene.dana), done)
    scene.task()
    scene.task(assigned_to=scene.mara.pk)
    shown = world.client(scene.dana).get(f"{API}/tasks?mine=true").json()["results"]
    assert [task["id"] for task in shown] == [str(mine.pk)]


# the end


@pytest.mark.parametrize("end", ["close", "withdraw"])
def test_when_the_request_has_ended_tasks_are_only_read(scene, end):
    task = scene.task(assigned_to=scene.dana.pk)
    scene.request.refresh_from_db()
    if end == "close":
        requests.close_request(Actor(scene.mara), scene.request, "met")
    else:
        requests.withdraw_request(Actor(scene.mara), scene.request)
    shown = world.client(scene.dana).get(f"{API}/tasks/{task.pk}").json()
    assert (shown["result"]["what"], shown["mine"]["allowed"]) == (task.what, [])
    for call in (
        lambda: act(scene.dana, task, "finish"),
        lambda: act(scene.mara, task, "assign", person=None),
        lambda: add(scene, scene.mara),
        lambda: world.client(scene.mara).delete(f"{API}/tasks/{task.pk}"),
    ):
        assert problem(denied(call)) == (409, "wrong_state")
    assert listed(scene.dana, "?mine=true") == []


def test_with_the_channel_they_are_purged(scene):
    scene.task(assigned_to=scene.dana.pk)
    requests.close_request(Actor(scene.mara), scene.request, "met")
    messaging.purge_channel(channel(scene))
    assert not Task.objects.exists()
    assert listed(scene.mara) == []


# whoever leaves


def leave(scene, how):
    if how == "withdrawn":
        requests.withdraw_answer(scene.acting(scene.dana), Answer.objects.get(organization=scene.house))
    elif how == "put out":
        member = channel_member(scene.mara, channel(scene), scene.dana.pk)
        messaging.remove_from_channel(Actor(scene.mara), channel(scene), member)
    elif how == "left":
        messaging.leave_channel(Actor(scene.dana), channel(scene))
    elif how == "suspended":
        scene.suspend(scene.house)
    elif how == "expired":
        seat = channel(scene).audience.group.memberships.get(user=scene.dana).seats.get()
        seat.expires_at = clock.now() - timedelta(seconds=1)
        seat.save()
        people.end_expired_seat(seat)
    else:
        colleague = world.person(scene.house, "administrator", "Nia")
        row = OrganizationMember.objects.get(user=scene.dana, group=scene.house.members_id)
        world.remove(Actor(colleague, scene.house), row)


@pytest.mark.parametrize("how", ["withdrawn", "put out", "left", "suspended", "expired", "fired"])
def test_whoever_is_out_has_nothing_to_do_and_those_inside_see_it(scene, how):
    task, done = scene.task(assigned_to=scene.dana.pk), scene.task(assigned_to=scene.dana.pk)
    services.finish_task(Actor(scene.dana), done)
    before = Change.objects.filter(subject=task.pk).count()
    leave(scene, how)
    shown = TASK.represent([task.pk, done.pk], channel(scene).audience_id)
    assert (shown[task.pk].assigned_to, shown[task.pk].freed_at is not None) == (None, True)
    assert shown[done.pk].done_by.id == scene.dana.pk, "what was done stays done"
    assert Change.objects.filter(subject=task.pk).count() == before + 1
    assert listed(scene.dana) == []
    again = services.reopen_task(Actor(scene.mara), done)
    assert (again.assigned_to_id, again.freed_at is not None) == (None, True)
    assert refused(lambda: services.assign_task(Actor(scene.mara), task, scene.dana.pk)) == "invalid"


# races


@pytest.mark.django_db(transaction=True)
def test_who_is_put_out_while_it_is_given_to_them_does_not_keep_it(scene):
    task = scene.task()
    member = channel_member(scene.mara, channel(scene), scene.dana.pk)
    outcomes = world.at_once(
        lambda: services.assign_task(Actor(scene.mara), Task.objects.get(), scene.dana.pk),
        lambda: messaging.remove_from_channel(Actor(scene.mara), channel(scene), member),
    )
    assert {getattr(o, "code", "done") for o in outcomes} <= {"done", "invalid"}
    task.refresh_from_db()
    assert task.assigned_to is None


@pytest.mark.django_db(transaction=True)
def test_it_is_done_once(scene):
    scene.task()
    outcomes = world.at_once(
        *(lambda who=who: services.finish_task(Actor(who), Task.objects.get()) for who in (scene.mara, scene.dana))
    )
    assert sorted(getattr(o, "code", "done") for o in outcomes) == ["done", "wrong_state"]
    assert Change.objects.filter(kind="task").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_first_tasks_at_once_open_one_channel(scene):
    world.at_once(*(lambda: scene.task() for _ in range(3)))
    assert Channel.objects.filter(about=scene.request.pk).count() == 1
    assert Task.objects.count() == 3
