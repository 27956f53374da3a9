"""Who is on call: planned by coordinators, one for each kind at a time, with time to rest; seen by their own people."""

from datetime import timedelta

import pytest

from coordination.rota import services
from coordination.rota.models import Shift
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, Scene, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/shifts"


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.nadia = world.person(scene.house, "member", "Nadia")
    return scene


def ahead(hours):
    return (clock.now() + timedelta(hours=hours)).isoformat()


def plan(scene, by, person, begins, ends, **more):
    form = {
        "acting_for": str(scene.employer(by).pk),
        "person": str(person.pk),
        "starts_at": ahead(begins),
        "ends_at": ahead(ends),
        **more,
    }
    return world.client(by).post(PATH, form)


def hand_over(by, shift, person):
    return world.client(by).post(f"{PATH}/{shift.pk}/hand-over", {"person": str(person.pk)})


def allowed(person, shift):
    return set(world.client(person).get(f"{PATH}/{shift}").json()["mine"]["allowed"])


def shifts(person, query=""):
    return world.client(person).get(f"{PATH}{query}").json()["results"]


def test_a_shift_is_planned_and_seen_by_the_organizations_people_alone(scene):
    planned = plan(scene, scene.dana, scene.lucia, 1, 9)
    assert planned.status_code == 201, planned.content
    shift = planned.json()["result"]
    assert (shift["person"]["name"], shift["organization"]["name"], shift["duty"]) == (
        "Lucia",
        "Harbor House",
        "",
    )
    assert [len(shifts(p)) for p in (scene.dana, scene.lucia, scene.mara, scene.otto)] == [1, 1, 0, 0]
    assert problem(world.client(scene.mara).get(f"{PATH}/{shift['id']}")) == (404, "not_found")
    assert allowed(scene.lucia, shift["id"]) == {"hand_over", "swap"}
    assert allowed(scene.dana, shift["id"]) == {"hand_over", "remove"}
    assert allowed(scene.nadia, shift["id"]) == set()


def test_only_coordinators_plan_and_only_their_own_people(scene):
    assert problem(denied(lambda: plan(scene, scene.lucia, scene.lucia, 1, 9))) == (403, "not_allowed")
    assert faults(denied(lambda: plan(scene, scene.dana, scene.jonas, 1, 9))) == [("person", "not_a_member")]
    foreign = denied(lambda: plan(scene, scene.dana, scene.lucia, 1, 9, acting_for=str(scene.agency.pk)))
    assert faults(foreign) == [("acting_for", "not_yours")]


@pytest.mark.parametrize(
    ("begins", "ends", "field", "code"),
    [
        (9, 1, "ends_at", "wrong_order"),
        (1, 26, "ends_at", "too_far"),
        (-5, -1, "ends_at", "in_the_past"),
        (-30, 1, "starts_at", "in_the_past"),
    ],
)
def test_a_length_that_cannot_be(scene, begins, ends, field, code):
    assert faults(denied(lambda: plan(scene, scene.dana, scene.lucia, begins, ends))) == [(field, code)]


def test_one_is_on_call_for_a_kind_at_a_time(scene):
    plan(scene, scene.dana, scene.lucia, 1, 9)
    refusal = denied(lambda: plan(scene, scene.dana, scene.dana, 8, 12))
    assert faults(refusal) == [("starts_at", "overlaps")]
    assert "Lucia is on call from" in refusal.json()["errors"][0]["message"]
    assert plan(scene, scene.dana, scene.dana, 9, 12).status_code == 201
    assert plan(scene, scene.dana, scene.lucia, 1, 9, duty="interpreter_now").status_code == 201


@pytest.mark.parametrize(("begins", "ends"), [(16, 20), (9, 12), (-7, 0.5)])
def test_between_two_shifts_lies_time_to_rest(scene, begins, ends):
    plan(scene, scene.dana, scene.lucia, 1, 9)
    refusal = denied(lambda: plan(scene, scene.dana, scene.lucia, begins, ends))
    assert faults(refusal) == [("starts_at", "too_little_rest")]
    assert "from 20" in refusal.json()["errors"][0]["message"]
    assert plan(scene, scene.dana, scene.lucia, 17.1, 20).status_code == 201


def test_who_is_on_call_now(scene):
    plan(scene, scene.dana, scene.lucia, -1, 3)
    plan(scene, scene.dana, scene.dana, 3, 9)
    assert [s["person"]["name"] for s in shifts(scene.lucia, "?when=now")] == ["Lucia"]
    assert len(shifts(scene.lucia, f"?when=ahead&organization={scene.house.pk}")) == 2
    with clock.at(clock.now() + timedelta(hours=4)):
        assert [s["person"]["name"] for s in shifts(scene.lucia, "?when=now")] == ["Dana"]


def test_a_shift_is_taken_off_by_coordinators_until_it_is_over(scene):
    shift = scene.shift(scene.dana)
    path = f"{PATH}/{shift.pk}"
    assert problem(denied(lambda: world.client(scene.lucia).delete(path))) == (403, "not_allowed")
    with clock.at(shift.ends_at):
        assert refused(lambda: services.remove_shift(Actor(scene.dana), shift)) == "wrong_state"
    assert world.client(scene.dana).delete(path).status_code == 204
    assert not Shift.objects.exists()


def test_whoever_leaves_is_on_call_no_more(scene):
    shift = scene.shift(scene.dana, begins=10, ends=18)
    over = scene.shift(scene.dana, begins=-10, ends=0.001)
    with clock.at(over.ends_at):
        world.remove(Actor(scene.dana), OrganizationMember.objects.get(user=scene.lucia))
    assert set(Shift.objects.all()) == {over}
    assert shift not in Shift.objects.all()


def test_a_suspended_organization_has_nobody_on_call(scene):
    scene.shift(scene.dana)
    scene.suspend(scene.house)
    assert not Shift.objects.exists()
    assert problem(denied(lambda: plan(scene, scene.dana, scene.lucia, 1, 9))) == (409, "not_active")


def test_whose_membership_has_expired_is_not_on_call(scene):
    plan(scene, scene.dana, scene.lucia, -1, 3)
    world.expire(OrganizationMember.objects.get(user=scene.lucia))
    assert shifts(scene.dana, "?when=now") == []


def test_who_no_more_coordinates_is_not_on_call_for_coordination(scene):
    plan(scene, scene.dana, scene.dana, -1, 3, duty="coordination")
    assert len(shifts(scene.lucia, "?when=now")) == 1
    world.expire(scene.dana.memberships.get(group=scene.house.coordinators_id))
    assert shifts(scene.lucia, "?when=now") == []


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_plan_one(scene):
    at = clock.now() + timedelta(hours=1)

    def one(person):
        return services.plan_shift(scene.acting(scene.dana), person.pk, at, at + timedelta(hours=8))

    found = world.at_once(lambda: one(scene.dana), lambda: one(scene.lucia))
    assert Shift.objects.count() == 1
    assert sorted(type(each).__name__ for each in found) == ["Invalid", "Shift"]


# handing over


def test_a_shift_to_come_is_handed_over_by_whoever_has_it(scene):
    shift = scene.shift(scene.dana)
    handed = hand_over(scene.lucia, shift, scene.nadia)
    assert handed.status_code == 200, handed.content
    assert (handed.json()["result"]["id"], handed.json()["result"]["person"]["name"]) == (str(shift.pk), "Nadia")
    assert Shift.objects.get().person == scene.nadia
    assert problem(denied(lambda: hand_over(scene.lucia, shift, scene.dana))) == (403, "not_allowed")
    assert hand_over(scene.nadia, shift, scene.lucia).status_code == 200


def test_of_a_shift_that_runs_the_rest_is_handed_over(scene):
    shift = scene.shift(scene.dana, begins=-1, ends=3)
    ends = shift.ends_at
    assert hand_over(scene.dana, shift, scene.nadia).status_code == 200
    first, second = Shift.objects.order_by("starts_at")
    assert (first.pk, first.person, second.person) == (shift.pk, scene.lucia, scene.nadia)
    assert (first.ends_at, second.ends_at) == (second.starts_at, ends)
    assert [s["person"]["name"] for s in shifts(scene.dana, "?when=now")] == ["Nadia"]


def test_who_takes_over_works_there_and_has_rested(scene):
    shift = scene.shift(scene.dana, begins=10, ends=18)
    assert faults(denied(lambda: hand_over(scene.dana, shift, scene.jonas))) == [("person", "not_a_member")]
    assert faults(denied(lambda: hand_over(scene.dana, shift, scene.lucia))) == [("person", "duplicate")]
    plan(scene, scene.dana, scene.nadia, 1, 9)
    refusal = denied(lambda: hand_over(scene.lucia, shift, scene.nadia))
    assert faults(refusal) == [("person", "too_little_rest")]
    assert "less than 8 hours away" in refusal.json()["errors"][0]["message"]


def test_nobody_else_hands_over_and_nothing_that_is_over(scene):
    shift = scene.shift(scene.dana)
    assert problem(denied(lambda: hand_over(scene.nadia, shift, scene.nadia))) == (403, "not_allowed")
    assert problem(denied(lambda: hand_over(scene.mara, shift, scene.nadia))) == (404, "not_found")
    with clock.at(shift.ends_at):
        assert problem(denied(lambda: hand_over(scene.lucia, shift, scene.nadia))) == (409, "wrong_state")


@pytest.mark.django_db(transaction=True)
def test_a_shift_is_handed_over_by_its_person_once(scene):
    """The second reads under the lock that it is no longer theirs."""
    shift = scene.shift(scene.dana)

    def to(person):
        return services.hand_over_shift(Actor(scene.lucia), Shift.objects.get(), person.pk)

    found = world.at_once(lambda: to(scene.nadia), lambda: to(scene.dana))
    assert sorted(type(each).__name__ for each in found) == ["NotAllowed", "Shift"]
    shift.refresh_from_db()
    assert shift.person != scene.lucia


@pytest.mark.django_db(transaction=True)
def test_two_shifts_handed_to_one_at_once_leave_them_their_rest(scene):
    early, late = scene.shift(scene.dana), scene.shift(scene.dana, begins=18, ends=26)

    def over(shift):
        return services.hand_over_shift(Actor(scene.dana), Shift.objects.get(pk=shift.pk), scene.nadia.pk)

    late.starts_at, late.ends_at = early.ends_at + timedelta(hours=2), early.ends_at + timedelta(hours=10)
    late.save()
    found = world.at_once(lambda: over(early), lambda: over(late))
    assert sorted(type(each).__name__ for each in found) == ["Invalid", "Shift"]
    assert Shift.objects.filter(person=scene.nadia).count() == 1
