from uuid import uuid4

import msgspec
import pytest

from coordination.requests import services
from coordination.requests.changes import ANSWER, REQUEST
from coordination.requests.models import Answer, Request
from coordination.requests.policy import REQUESTS
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db
PATH = f"{API}/requests"


def put(scene, person, request, answer, **form):
    form = {"acting_for": str(scene.employer(person).pk), "answer": answer, **form}
    return world.client(person).put(f"{PATH}/{request.pk}/answer", form, content_type="application/json")


def post(scene, person, request, rest):
    form = {"acting_for": str(scene.employer(person).pk)}
    return world.client(person).post(f"{PATH}/{request.pk}/{rest}", form)


def seen(person, path):
    return world.client(person).get(f"{API}/{path}").json()


# the rule


def test_acknowledged_then_yes_takes_the_place(scene):
    assert post(scene, scene.lucia, scene.request, "acknowledge").json()["result"]["state"] == "acknowledged"
    given = put(scene, scene.dana, scene.request, "yes", note="Tonight").json()["result"]
    assert (given["state"], given["takes_place"], given["note"], given["by"]["name"]) == (
        "yes",
        True,
        "Tonight",
        "Dana",
    )
    assert [h["what"] for h in given["history"]] == ["acknowledged", "yes"]
    request = seen(scene.mara, f"requests/{scene.request.pk}")["result"]
    assert (request["state"], request["places_taken"]) == ("filled", 1)
    assert problem(denied(lambda: put(scene, scene.grace, scene.request, "yes"))) == (409, "no_place_left")
    assert put(scene, scene.grace, scene.request, "no", reason="capacity").status_code == 200


def test_a_no_says_why(scene):
    assert faults(denied(lambda: put(scene, scene.dana, scene.request, "no"))) == [("reason", "required")]
    assert put(scene, scene.dana, scene.request, "no", reason="capacity").json()["result"]["reason"] == "capacity"
    assert put(scene, scene.dana, scene.request, "maybe", reason="capacity").json()["result"]["reason"] == ""


@pytest.mark.parametrize("change", ["maybe", "no", "withdraw"])
def test_a_yes_taken_back_frees_the_place(scene, change):
    put(scene, scene.dana, scene.request, "yes")
    if change == "withdraw":
        assert post(scene, scene.dana, scene.request, "answer/withdraw").json()["result"]["state"] == "withdrawn"
    else:
        put(scene, scene.dana, scene.request, change, reason="other")
    request = seen(scene.mara, f"requests/{scene.request.pk}")["result"]
    assert (request["state"], request["places_taken"]) == ("open", 0)
    assert put(scene, scene.grace, scene.request, "yes").json()["result"]["takes_place"]


def test_a_yes_said_twice_takes_one_place(bare):
    request = bare.post(bare.house, places=2)
    put(bare, bare.dana, request, "yes")
    put(bare, bare.dana, request, "yes")
    assert Request.objects.get().places_taken == 1


def test_the_owner_picks(bare):
    request = bare.post(bare.house, bare.clinic, pick=True)
    yes = put(bare, bare.dana, request, "yes").json()["result"]
    put(bare, bare.grace, request, "yes")
    assert not yes["takes_place"]
    path = f"{API}/answers/{yes['id']}/pick"
    assert problem(denied(lambda: world.client(bare.dana).post(path))) == (403, "not_allowed")
    assert problem(denied(lambda: world.client(bare.jonas).post(path))) == (403, "not_allowed")
    assert problem(denied(lambda: world.client(bare.grace).post(path))) == (404, "not_found")
    picked = world.client(bare.mara).post(path).json()["result"]
    assert picked["takes_place"]
    assert problem(denied(lambda: world.client(bare.mara).post(path))) == (409, "wrong_state")
    assert Request.objects.get().state == "filled"


def test_only_coordinators_commit_their_organization(scene):
    for call in (
        lambda: put(scene, scene.lucia, scene.request, "yes"),
        lambda: put(scene, scene.mara, scene.request, "yes"),
        lambda: post(scene, scene.mara, scene.request, "acknowledge"),
    ):
        assert problem(denied(call)) == (403, "not_allowed")
    put(scene, scene.dana, scene.request, "yes")
    assert problem(denied(lambda: post(scene, scene.lucia, scene.request, "answer/withdraw"))) == (403, "not_allowed")


def test_one_asked_through_a_group_answers_too(bare):
    bare.admit(bare.group, bare.grace)
    request = bare.post(groups=[bare.group])
    assert request.answers.count() == 0
    assert seen(bare.grace, f"requests/{request.pk}")["mine"]["answering"] == [str(bare.clinic.pk)]
    assert put(bare, bare.grace, request, "yes").status_code == 200
    assert seen(bare.lucia, f"requests?ids={request.pk}")["results"] == []
    assert problem(denied(lambda: put(bare, bare.lucia, request, "yes"))) == (404, "not_found")


# nobody else who was asked


def test_another_organization_asked_never_sees_an_answer(scene):
    answer = scene.answer(scene.request, scene.dana, "no", note="SECRET WORDS")
    caller = world.client(scene.grace)
    hidden, absent = caller.get(f"{API}/answers/{answer.pk}"), caller.get(f"{API}/answers/{uuid4()}")
    assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
    own = str(Answer.objects.get(organization=scene.clinic).pk)
    assert [a["id"] for a in seen(scene.grace, "answers")["results"]] == [own]
    assert [a["id"] for a in seen(scene.grace, f"answers?ids={answer.pk},{own}")["results"]] == [own]
    assert [a["id"] for a in seen(scene.grace, f"requests/{scene.request.pk}/answers")["results"]] == [own]
    assert ANSWER.represent([answer.pk], scene.clinic.members_id) == {}
    told = Change.objects.filter(subject=answer.pk).values_list("audience", flat=True)
    assert set(told) == {scene.agency.members_id, scene.house.members_id}


def test_nothing_tells_one_asked_who_else_was_or_what_they_said(scene):
    scene.request.refresh_from_db()
    paths = ["", "/audience", "/answers"]
    scene.answer(scene.request, scene.dana, "yes", note="SECRET WORDS")
    services.withdraw_answer(scene.acting(scene.dana), Answer.objects.get(organization=scene.house))
    scene.answer(scene.request, scene.dana, "yes", note="SECRET WORDS")
    told = "".join(world.client(scene.grace).get(f"{PATH}/{scene.request.pk}{p}").content.decode() for p in paths)
    told += msgspec.json.encode(REQUEST.represent([scene.request.pk], scene.clinic.members_id), enc_hook=str).decode()
    assert "reopened" in told
    for word in ("SECRET", "Dana", "Harbor", str(scene.house.pk), str(scene.dana.pk), str(scene.house.members.uuid)):
        assert word not in told
    audience = seen(scene.grace, f"requests/{scene.request.pk}/audience")
    assert [(a["name"], a["kind"]) for a in audience["audiences"]] == [("Second Clinic", "organization_members")]
    assert audience["others"]


def test_the_owner_sees_all_audiences(scene):
    audience = seen(scene.jonas, f"requests/{scene.request.pk}/audience")
    assert {a["name"] for a in audience["audiences"]} == {"County Agency", "Harbor House", "Second Clinic"}
    assert not audience["others"]


def test_the_sole_one_asked_is_told_the_same_as_one_of_many(scene):
    """Whether there are others beside the owner is not said."""
    alone = scene.post(scene.house)
    of_many = scene.request
    assert seen(scene.dana, f"requests/{alone.pk}/audience") == seen(scene.dana, f"requests/{of_many.pk}/audience")


# races


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("through_a_group", [False, True])
def test_two_organizations_take_the_last_place_at_once(scene, through_a_group):
    if through_a_group:
        scene.admit(scene.group, scene.grace)
        request = scene.post(groups=[scene.group])
    else:
        request = scene.post(scene.house, scene.clinic)
    outcomes = world.at_once(
        *(
            lambda who=who: services.answer_request(scene.acting(who), Request.objects.get(pk=request.pk), "yes")
            for who in (scene.dana, scene.grace)
        )
    )
    assert sorted(getattr(o, "code", "yes") for o in outcomes) == ["no_place_left", "yes"]
    request.refresh_from_db()
    assert (request.places_taken, request.state) == (1, "filled")
    assert Answer.objects.filter(takes_place=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_its_withdrawal_at_once_leave_the_count_right(bare):
    request = bare.post(bare.house, bare.clinic, places=2)
    mine = bare.answer(request, bare.dana)
    outcomes = world.at_once(
        lambda: services.withdraw_answer(bare.acting(bare.dana), Answer.objects.get(pk=mine.pk)),
        lambda: services.answer_request(bare.acting(bare.grace), Request.objects.get(), "yes"),
        lambda: services.edit_request(Actor(bare.mara), Request.objects.get(), request.version, note="x"),
    )
    assert not [o for o in outcomes if getattr(o, "code", "version_mismatch") != "version_mismatch"]
    assert Request.objects.get().places_taken == Answer.objects.filter(takes_place=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_organization_answering_twice_at_once_takes_one_place(bare):
    bare.admit(bare.group, bare.grace)
    request = bare.post(groups=[bare.group], places=3)
    world.at_once(
        *(lambda: services.answer_request(bare.acting(bare.grace), Request.objects.get(), "yes") for _ in range(3))
    )
    assert Request.objects.get().places_taken == Answer.objects.filter(request=request).count() == 1


# what is offered


def test_an_answer_is_offered_to_the_people_of_its_organization(scene):
    answer = scene.request.answers.get(organization=scene.house)
    offered = {
        person.name: seen(person, f"answers/{answer.pk}")["mine"]["allowed"]
        for person in (scene.lucia, scene.dana, scene.jonas)
    }
    assert offered == {"Lucia": ["acknowledge"], "Dana": ["acknowledge", "answer"], "Jonas": []}


def test_who_posted_it_and_now_works_for_the_other_side_does_not_pick_its_answer(bare):
    """They see the answer as its own people do, and steer the request no more."""
    request = bare.post(bare.house, by=bare.jonas, pick=True)
    answer = bare.answer(request, bare.dana)
    world.seat(bare.house, bare.jonas, "coordinator")
    world.expire(OrganizationMember.objects.get(user=bare.jonas, group=bare.agency.members_id))
    assert "pick" not in seen(bare.jonas, f"answers/{answer.pk}")["mine"]["allowed"]
    assert problem(denied(lambda: world.client(bare.jonas).post(f"{API}/answers/{answer.pk}/pick"))) == (
        403,
        "not_allowed",
    )


def test_nothing_is_offered_about_what_is_not_seen(scene):
    """The house was asked through its Dana, who sits in the group; its Lucia does not."""
    request = scene.post(groups=[scene.group])
    assert REQUESTS.allowed(scene.lucia, [request]) == {}
    assert set(REQUESTS.allowed(scene.dana, [request])) == {request.pk}
