"""An organization that was asked passes the request on: whom to, who learns of it, and that none goes round."""

import pytest

from coordination.requests import services
from coordination.requests.models import Answer, Request
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db


def redirect(scene, person, request, organization, **form):
    form = {
        "acting_for": str(scene.employer(person).pk),
        "organization": str(organization.pk),
        "reason": "capacity",
        **form,
    }
    return world.client(person).post(f"{API}/requests/{request.pk}/redirect", form)


def answers(person, request):
    found = world.client(person).get(f"{API}/requests/{request.pk}/answers").json()["results"]
    return {a["organization"]["name"]: a for a in found}


def test_the_next_one_is_asked_and_the_owner_sees_both(bare):
    request = bare.post(bare.house)
    passed_on = redirect(bare, bare.dana, request, bare.clinic, note="They have room").json()["result"]
    assert (passed_on["state"], passed_on["reason"], passed_on["redirected_to"]["name"]) == (
        "redirected",
        "capacity",
        "Second Clinic",
    )
    seen = answers(bare.jonas, request)
    assert {name: a["state"] for name, a in seen.items()} == {"Harbor House": "redirected", "Second Clinic": "asked"}
    assert seen["Second Clinic"]["redirected_by"]["name"] == "Harbor House"
    assert answers(bare.grace, request).keys() == {"Second Clinic"}
    assert bare.answer(request, bare.grace).takes_place


def test_it_does_not_count_as_an_answer(bare):
    request = bare.post(bare.house)
    redirect(bare, bare.dana, request, bare.clinic)
    bare.ring(request, 5)
    assert request.escalated_to == "coordinator"
    waiting = [world.client(p).get(f"{API}/requests?waiting=true").json()["results"] for p in (bare.dana, bare.grace)]
    assert [len(found) for found in waiting] == [0, 1]


def test_a_place_that_was_taken_is_free_again(bare):
    request = bare.post(bare.house, places=2)
    bare.answer(request, bare.dana)
    redirect(bare, bare.dana, request, bare.clinic)
    request.refresh_from_db()
    assert (request.places_taken, request.state) == (0, "open")


def test_it_may_still_say_yes(bare):
    request = bare.post(bare.house)
    redirect(bare, bare.dana, request, bare.clinic)
    again = bare.answer(request, bare.dana)
    assert (again.state, again.redirected_to) == ("yes", None)


def test_back_to_where_it_comes_from_is_refused(bare):
    request = bare.post(bare.house)
    for organization in (bare.agency, bare.house):
        refusal = denied(lambda o=organization: redirect(bare, bare.dana, request, o))
        assert faults(refusal) == [("organization", "invalid")]
    redirect(bare, bare.dana, request, bare.clinic)
    assert faults(denied(lambda: redirect(bare, bare.grace, request, bare.house))) == [("organization", "invalid")]


def test_a_request_does_not_go_round(bare):
    request = bare.post(bare.house)
    assert redirect(bare, bare.dana, request, bare.clinic).status_code == 200
    assert redirect(bare, bare.grace, request, bare.outside).status_code == 200
    assert redirect(bare, bare.otto, request, bare.house).status_code == 200
    states = dict(Answer.objects.values_list("organization__name", "state"))
    assert states == dict.fromkeys(("Harbor House", "Second Clinic", "Outside Office"), "redirected")


def test_nobody_learns_who_was_asked_already(scene):
    """The clinic was asked by the owner, the office was not: the answers do not tell them apart."""
    other = scene.post(scene.house)
    told = [redirect(scene, scene.dana, request, scene.clinic).json() for request in (scene.request, other)]
    for answer in told:
        for key in ("id", "request", "version", "at", "history"):
            answer["result"].pop(key)
    assert told[0] == told[1]
    assert Answer.objects.get(request=scene.request, organization=scene.clinic).redirected_by is None


def test_only_coordinators_of_those_asked_by_name(bare):
    bare.admit(bare.group, bare.grace)
    request = bare.post(bare.house, groups=[bare.group])
    for person in (bare.lucia, bare.mara, bare.grace):
        assert problem(denied(lambda p=person: redirect(bare, p, request, bare.outside))) == (403, "not_allowed")
    assert problem(denied(lambda: redirect(bare, bare.otto, request, bare.clinic))) == (404, "not_found")


def test_only_to_one_that_is_there_and_verified(bare):
    request = bare.post(bare.house)
    hidden = world.organization("Waiting", verified=False)
    assert faults(denied(lambda: redirect(bare, bare.dana, request, hidden))) == [("organization", "does_not_exist")]
    bare.suspend(bare.clinic)
    assert faults(denied(lambda: redirect(bare, bare.dana, request, bare.clinic))) == [("organization", "not_verified")]
    refusal = denied(lambda: redirect(bare, bare.dana, request, bare.outside, reason=""))
    assert faults(refusal) == [("reason", "blank")] or faults(refusal) == [("reason", "not_a_choice")]


def test_what_is_over_is_passed_on_to_nobody(bare):
    request = bare.post(bare.house)
    services.withdraw_request(bare.acting(bare.mara), request)
    assert problem(denied(lambda: redirect(bare, bare.dana, request, bare.clinic))) == (409, "wrong_state")


@pytest.mark.django_db(transaction=True)
def test_two_pass_it_on_to_the_same_one_at_once(scene):
    request = scene.request
    world.at_once(
        *(
            lambda who=who: services.redirect_request(
                scene.acting(who), Request.objects.get(pk=request.pk), scene.outside, "capacity"
            )
            for who in (scene.dana, scene.grace)
        )
    )
    assert Answer.objects.filter(organization=scene.outside).count() == 1
    assert Answer.objects.filter(state="redirected").count() == 2
