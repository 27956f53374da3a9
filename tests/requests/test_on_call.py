"""Who is on call knows of an operation while their shift lasts; who stands aside is out of it at once."""

import json

import pytest

from coordination.requests import jobs, services
from coordination.requests.models import Answer
from coordination.requests.policy import REQUESTS
from coordination.rota import services as rota
from messaging.models import Channel
from portal.kernel import clock
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from portal.people.jobs import end_expired_seats
from tests import world
from tests.requests.operation import HOUR, Operation, answer_of, knowing, later, leave, say, stand_aside, who_sees
from tests.scene import API, denied, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Operation()


# a seat lasts as long as the shift


def test_with_the_shift_the_seat_ends_and_the_next_on_call_is_seated(scene, request_, house_s):
    with later(4):
        assert not REQUESTS.visible(scene.lucia).exists()
        jobs.call_those_on_call()
        jobs.call_those_on_call()
        assert knowing(house_s) == ["Nina"]
        assert who_sees(request_) == ["Bea", "Cory", "Grace", "Nina", "Sam"]
        house_s.refresh_from_db()
        assert house_s.at == clock.now() or house_s.at > request_.posted_at + 3 * HOUR
        told = world.client(scene.nina).get(f"{API}/answers/{house_s.pk}").json()["result"]
        assert [line["what"] for line in told["history"]] == ["next_called"]
        end_expired_seats()
    with later(13):
        jobs.call_those_on_call()
        assert knowing(house_s) == []
        assert who_sees(request_) == ["Bea", "Cory", "Sam"]


def test_who_said_yes_stays_past_the_shift_until_they_take_it_back(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    with later(5):
        jobs.call_those_on_call()
        end_expired_seats()
        assert knowing(house_s) == ["Lucia"]
        house_s.refresh_from_db()
        services.withdraw_answer(scene.acting(scene.lucia), house_s)
        assert knowing(house_s) == []
        assert not REQUESTS.visible(scene.lucia).exists()


def test_a_maybe_does_not_hold_and_the_next_may_say_yes(scene, request_, house_s):
    scene.answer(request_, scene.lucia, "maybe")
    with later(5):
        jobs.call_those_on_call()
        assert knowing(house_s) == ["Nina"]
        assert say(scene, request_, scene.nina).status_code == 200


@pytest.mark.parametrize("end", ["no", "closed", "withdrawn"])
def test_where_nothing_is_open_nobody_is_called(scene, request_, house_s, end):
    match end:
        case "no":
            scene.answer(request_, scene.lucia, "no")
        case "closed":
            services.close_request(scene.acting(scene.sam), request_, "met")
        case "withdrawn":
            services.withdraw_request(scene.acting(scene.sam), request_)
    assert knowing(house_s) == ["Lucia"]
    with later(5):
        jobs.call_those_on_call()
        assert knowing(house_s) == []


def test_nobody_is_called_to_what_is_over(scene):
    request = scene.plan(scene.house)
    services.withdraw_request(scene.acting(scene.sam), request)
    with later(5):
        services.call_those_on_call(answer_of(request, scene.house))
        assert knowing(answer_of(request, scene.house)) == []


def test_nobody_is_called_to_what_is_over_before_their_shift(scene):
    request = scene.plan(scene.house)
    rota.remove_shift(Actor(scene.dana), scene.second)
    late = (request.expires_at - request.posted_at) / HOUR + 1
    scene.on_call(scene.house, scene.nina, late, late + 8)
    stand_aside(scene, request, scene.lucia)
    house_s = answer_of(request, scene.house)
    assert (house_s.state, knowing(house_s)) == ("no", [])


def test_a_shift_taken_off_ends_it_at_once_and_another_that_runs_takes_over(scene, request_, house_s):
    rota.remove_shift(Actor(scene.dana), scene.first)
    assert knowing(house_s) == []
    assert not REQUESTS.visible(scene.lucia).exists()
    scene.on_call(scene.house, scene.dana, 0, 3, "operation_support")
    jobs.call_those_on_call()
    assert knowing(house_s) == ["Dana"]


def test_who_is_on_call_for_another_kind_is_not_called(scene):
    scene.on_call(scene.house, scene.dana, -1, 3, "interpreter_now")
    request = scene.plan(scene.house)
    assert knowing(answer_of(request, scene.house)) == ["Lucia"]


def test_whose_shift_is_over_is_not_the_next(scene):
    with later(-20):
        scene.on_call(scene.house, scene.dana, 0, 3)
    request = scene.plan(scene.house)
    stand_aside(scene, request, scene.lucia)
    assert knowing(answer_of(request, scene.house)) == ["Nina"]


def test_a_shift_handed_over_hands_it_over(scene, request_, house_s):
    rota.hand_over_shift(Actor(scene.lucia), scene.first, scene.dana.pk)
    assert knowing(house_s) == ["Dana"]
    assert not REQUESTS.visible(scene.lucia).exists()


def test_a_shift_taken_off_does_not_end_it_for_who_said_yes(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    rota.remove_shift(Actor(scene.dana), scene.first)
    assert knowing(house_s) == ["Lucia"]


def test_whoever_leaves_is_out_and_the_next_takes_over_the_yes(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    leave(scene.lucia)
    assert not REQUESTS.visible(scene.lucia).exists()
    assert knowing(house_s) == []
    with later(5):
        jobs.call_those_on_call()
        assert knowing(house_s) == ["Nina"]


def test_whoever_leaves_is_out_of_its_channel_whatever_else_they_work_for(scene, request_):
    world.seat(scene.outside, scene.lucia)
    world.seat(scene.outside, scene.sam)
    scene.answer(request_, scene.lucia)
    services.open_request_channel(scene.acting(scene.sam), request_)
    channel = Channel.objects.get(about=request_.pk)
    assert members(channel.audience_id) == {scene.sam.pk, scene.bea.pk, scene.lucia.pk}
    for person, organization in ((scene.lucia, scene.house), (scene.sam, scene.office)):
        place = OrganizationMember.objects.get(user=person, group=organization.members_id)
        world.remove(Actor(person), place)
        assert person.pk not in members(channel.audience_id)
    assert members(channel.audience_id) == {scene.bea.pk}


def test_nobody_is_invited_into_its_channel(scene, request_):
    """Whoever came in by another way would learn that an operation is planned."""
    channel = services.open_request_channel(scene.acting(scene.sam), request_)
    sam = world.client(scene.sam)
    path = f"{API}/channels/{channel.pk}"
    assert "invite" not in sam.get(path).json()["mine"]["allowed"]
    someone = {"people": [str(scene.olga.pk)]}
    refusals = [
        denied(lambda: sam.post(f"{path}/people", someone, "application/json")),
        denied(lambda: sam.put(f"{path}/organizations/{scene.office.pk}")),
    ]
    assert [problem(refusal) for refusal in refusals] == [(403, "not_allowed")] * 2
    assert members(channel.audience_id) == {scene.sam.pk, scene.bea.pk}


def test_a_suspended_organization_is_out_of_it_and_stays_out(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    scene.suspend(scene.house)
    assert who_sees(request_) == ["Bea", "Cory", "Grace", "Sam"]
    house_s.refresh_from_db()
    assert house_s.state == Answer.State.WITHDRAWN
    organizations.reinstate(Actor(world.administrator()), scene.house)
    scene.on_call(scene.house, scene.lucia, 0, 3)
    jobs.call_those_on_call()
    assert knowing(house_s) == []


def test_who_asked_and_leaves_loses_it_with_their_seat(scene, request_):
    for person in (scene.sam, scene.bea):
        leave(person)
        assert not REQUESTS.visible(person).exists()
    assert who_sees(request_) == ["Cory", "Grace", "Lucia", "Olga"], "Olga has it from Sam"


def test_another_backup_comes_in_and_the_former_one_is_out(scene, request_):
    services.open_request_channel(scene.acting(scene.sam), request_)
    request_.refresh_from_db()
    services.edit_request(scene.acting(scene.sam), request_, request_.version, backup=scene.olga.pk)
    assert who_sees(request_) == ["Cory", "Grace", "Lucia", "Olga", "Sam"]
    assert members(Channel.objects.get(about=request_.pk).audience_id) == {scene.sam.pk, scene.olga.pk}


# not me


def test_who_stands_aside_is_out_at_once_and_the_next_on_the_rota_is_asked(scene, request_, house_s):
    assert stand_aside(scene, request_, scene.lucia).status_code == 204
    assert knowing(house_s) == ["Nina"]
    assert problem(world.client(scene.lucia).get(f"{API}/requests/{request_.pk}")) == (404, "not_found")
    told = world.client(scene.sam).get(f"{API}/answers/{house_s.pk}").json()["result"]
    assert (told["state"], told["by"]) == ("asked", None)
    assert [line["what"] for line in told["history"]] == ["stood_aside"]
    assert "Lucia" not in json.dumps(told)
    jobs.call_those_on_call()
    assert knowing(house_s) == ["Nina"]


def test_who_stood_aside_is_not_called_again(scene, request_, house_s):
    stand_aside(scene, request_, scene.lucia)
    with later(12):
        scene.on_call(scene.house, scene.lucia, 0, 4)
        jobs.call_those_on_call()
        assert knowing(house_s) == []


def test_whoever_has_a_shift_now_comes_before_who_is_on_call_later(scene):
    scene.on_call(scene.house, scene.dana, -1, 2, "operation_support")
    request = scene.plan()
    house_s = answer_of(request, scene.house)
    assert knowing(house_s) == ["Dana"]
    stand_aside(scene, request, scene.dana)
    assert knowing(house_s) == ["Lucia"]


def test_where_nobody_is_next_the_organization_says_no(scene, request_):
    stand_aside(scene, request_, scene.grace)
    clinic_s = answer_of(request_, scene.clinic)
    assert (clinic_s.state, clinic_s.reason, clinic_s.by) == ("no", "conflict_of_interest", None)
    assert knowing(clinic_s) == []


def test_a_yes_is_handed_over_with_its_place_and_its_channel(scene, request_, house_s):
    scene.answer(request_, scene.lucia)
    services.open_request_channel(scene.acting(scene.sam), request_)
    request_.refresh_from_db()
    assert (request_.state, request_.places_taken) == ("filled", 1)
    stand_aside(scene, request_, scene.lucia)
    request_.refresh_from_db()
    assert (request_.state, request_.places_taken) == ("open", 0)
    assert scene.lucia.pk not in members(Channel.objects.get(about=request_.pk).audience_id)
    assert knowing(house_s) == ["Nina"]


def test_the_yes_of_somebody_else_stands(scene, request_, house_s):
    scene.on_call(scene.house, scene.dana, -1, 3, "operation_support")
    jobs.call_those_on_call()
    assert knowing(house_s) == ["Dana", "Lucia"]
    scene.answer(request_, scene.lucia)
    stand_aside(scene, request_, scene.dana)
    house_s.refresh_from_db()
    assert (house_s.state, house_s.takes_place) == ("yes", True)
    assert knowing(house_s) == ["Lucia"]


def test_a_no_that_was_said_stands(scene, request_, house_s):
    scene.answer(request_, scene.lucia, "no")
    stand_aside(scene, request_, scene.lucia)
    house_s.refresh_from_db()
    assert (house_s.state, house_s.reason) == ("no", "capacity")
    assert knowing(house_s) == []


def test_only_who_is_on_call_stands_aside_and_only_while_it_lasts(scene, request_):
    assert problem(denied(lambda: stand_aside(scene, request_, scene.sam))) == (403, "not_allowed")
    services.close_request(scene.acting(scene.sam), request_, "met")
    assert problem(denied(lambda: stand_aside(scene, request_, scene.lucia))) == (409, "wrong_state")
