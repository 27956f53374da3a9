"""Suspension: out of everything at once, back into the network alone; nobody else learns why."""

from uuid import uuid4

import pytest

from coordination.requests import services as requests
from coordination.requests.models import Answer, Entry
from coordination.requests.policy import ANSWERS, REQUESTS
from coordination.working_groups.models import GroupInvitation, JoinApplication, WorkingGroup
from coordination.working_groups.policy import WORKING_GROUPS
from messaging import services as messaging
from messaging.policy import CHANNELS
from portal.kernel.errors import Problem
from portal.kernel.models import Admission, Audience, AuditRecord, Network
from portal.kernel.standing import is_member, members, standing
from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import Invitation, Suspension
from portal.people.models import User
from tests import world
from tests.scene import API, CANARY, Scene, body, denied, faults, problem, refused, unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def chief(scene):
    return world.administrator()


def path(organization, verb=""):
    return f"{API}/organizations/{organization.pk}" + (f"/{verb}" if verb else "")


def fresh(obj):
    return type(obj).objects.get(pk=obj.pk)


def audiences(person):
    return set(standing(User.objects.get(pk=person.pk), fresh=True).kinds.values())


# by its address


def test_the_administrator_suspends_and_reinstates(scene, chief):
    caller = world.client(chief)
    answer = caller.post(path(scene.house, "suspend"), {"reason": "A complaint is looked into."})
    assert answer.status_code == 200
    assert answer.json()["result"]["status"] == "suspended"
    assert "reinstate" in answer.json()["mine"]["allowed"]
    assert "suspend" not in answer.json()["mine"]["allowed"]
    assert problem(caller.post(path(scene.house, "suspend"), {"reason": "Again"})) == (409, "wrong_state")
    assert caller.post(path(scene.house, "reinstate")).json()["result"]["status"] == "verified"
    assert problem(caller.post(path(scene.house, "reinstate"))) == (409, "wrong_state")
    (told,) = caller.get(path(scene.house, "suspensions")).json()["results"]
    assert (told["reason"], told["suspended_by"]["name"]) == ("A complaint is looked into.", chief.name)
    assert told["ended_at"] >= told["suspended_at"]
    said = AuditRecord.objects.filter(subject=scene.house.pk, action__in=["organization.suspend"]).get()
    assert (said.actor, said.detail) == (chief.pk, {})


def test_what_is_told_of_one_is_of_that_one_alone(scene, chief):
    scene.suspend(scene.house)
    scene.suspend(scene.clinic)
    told = world.client(chief).get(path(scene.house, "suspensions")).json()["results"]
    assert [suspension["organization"]["id"] for suspension in told] == [str(scene.house.pk)]


def test_it_asks_once_more_who_one_is(scene, chief):
    caller = world.client(chief)
    world.age_proofs(chief)
    assert problem(denied(lambda: caller.post(path(scene.house, "suspend"), {"reason": "x"}))) == (
        403,
        "proof_required",
    )
    scene.suspend(scene.house)
    assert problem(denied(lambda: caller.post(path(scene.house, "reinstate")))) == (403, "proof_required")


def test_a_reason_is_needed(scene, chief):
    caller = world.client(chief)
    assert faults(denied(lambda: caller.post(path(scene.house, "suspend"), {}))) == [("reason", "required")]
    assert faults(denied(lambda: caller.post(path(scene.house, "suspend"), {"reason": " "}))) == [("reason", "blank")]
    assert faults(denied(lambda: caller.post(path(scene.house, "suspend"), {"reason": "x" * 2001})))


def test_nobody_else_may(scene):
    for who in (scene.mara, scene.dana, scene.otto):
        caller = world.client(who)
        assert (
            denied(lambda caller=caller: caller.post(path(scene.house, "suspend"), {"reason": "x"})).status_code == 403
        )
        assert denied(lambda caller=caller: caller.post(path(scene.house, "reinstate"))).status_code == 403
        assert caller.get(path(scene.house, "suspensions")).status_code == 403


def test_one_that_waits_cannot_be_suspended(scene, chief):
    waiting = world.organization("Waiting", verified=False)
    assert problem(world.client(chief).post(path(waiting, "suspend"), {"reason": "x"})) == (409, "wrong_state")


# what its people keep, and what they lose


def test_its_people_keep_their_places_in_it_and_nothing_else(scene):
    assert scene.group
    assert scene.board
    assert scene.talk
    assert scene.request
    messaging.add_organization(Actor(scene.mara), scene.board, scene.house)
    scene.suspend(scene.house)
    kinds = Audience.Kind
    assert audiences(scene.dana) == {
        kinds.PERSON,
        kinds.ORGANIZATION_MEMBERS,
        kinds.ORGANIZATION_COORDINATORS,
        kinds.ORGANIZATION_ADMINISTRATORS,
    }
    assert audiences(scene.lucia) == {kinds.PERSON, kinds.ORGANIZATION_MEMBERS}
    assert not Admission.objects.filter(via=scene.house.members)
    for policy in (WORKING_GROUPS, CHANNELS, REQUESTS, ANSWERS):
        assert not policy.visible(fresh(scene.dana)).exists()
    caller = world.client(scene.dana)
    mine = caller.get(f"{API}/session").json()["organizations"]
    assert [(o["name"], o["status"]) for o in mine] == [("Harbor House", "suspended")]
    shown = caller.get(path(scene.house)).json()
    assert shown["mine"]["allowed"] == ["see_people"]
    assert caller.get(path(scene.house, "people")).status_code == 200
    assert caller.get(path(scene.agency)).status_code == 404


def test_every_seat_moves_its_epoch(scene):
    assert scene.group
    before = dict(Audience.objects.values_list("pk", "epoch"))
    scene.suspend(scene.house)
    after = dict(Audience.objects.values_list("pk", "epoch"))
    assert {pk for pk in before if after[pk] > before[pk]} == {scene.group.members_id, Network.current().everyone_id}


def test_who_works_for_another_too_stays_by_it(scene):
    world.seat(scene.clinic, scene.dana, "coordinator")
    assert scene.group
    scene.admit(scene.group, scene.grace, scene.dana)
    scene.suspend(scene.house)
    assert is_member(scene.dana.pk, scene.group.members_id)
    assert is_member(scene.dana.pk, Network.current().everyone_id)
    lost = refused(
        lambda: messaging.post_message(Actor(scene.dana, scene.house), scene.group.channel, uuid4(), "for the house")
    )
    assert lost == "not_active"
    assert messaging.post_message(Actor(scene.dana, scene.clinic), scene.group.channel, uuid4(), "for the clinic")


def test_a_group_may_lose_its_last_lead_as_when_somebody_leaves(scene):
    assert scene.group
    scene.suspend(scene.agency)
    assert members(scene.group.leads_id) == set()
    assert members(scene.group.members_id) == {scene.dana.pk}


def test_an_unlisted_group_vanishes_with_what_waited(scene):
    quiet = scene.quiet
    scene.suspend(scene.house)
    assert (
        not WorkingGroup.objects.filter(pk=quiet.pk).filter(pk__in=WORKING_GROUPS.visible(fresh(scene.dana))).exists()
    )
    assert scene.asked(scene.dana).state == "withdrawn"


# what it can no longer do


def test_nothing_is_written_for_it(scene):
    assert scene.group
    caller, member = world.client(scene.dana), world.client(scene.dana)
    scene.suspend(scene.house)
    for call in (
        lambda: caller.post(f"{API}/requests", body(scene, scene.clinic, acting_for=str(scene.house.pk))),
        lambda: caller.post(
            f"{API}/working-groups", {"acting_for": str(scene.house.pk), "name": "New", "kind": "housing"}
        ),
    ):
        assert problem(denied(call)) == (409, "not_active")
    for call in (
        lambda: member.patch(
            path(scene.house),
            {"description": "x"},
            content_type="application/json",
            headers={"If-Match": f'"{fresh(scene.house).version}"'},
        ),
        lambda: member.post(path(scene.house, "invitations"), {"email": "n@example.org", "tier": "member"}),
        lambda: member.put(
            f"{path(scene.house, 'people')}/{scene.lucia.pk}", {"tier": "coordinator"}, "application/json"
        ),
    ):
        assert problem(denied(call)) == (409, "wrong_state")
    assert problem(denied(lambda: caller.post(f"{API}/channels", {"name": "Ours"})))[0] in (403, 422)


def test_nobody_brings_its_people_into_a_channel(scene):
    """Not even a colleague who is in the network by another organization."""
    world.seat(scene.clinic, scene.lucia, "member")
    scene.suspend(scene.house)
    lucia = fresh(scene.lucia)
    assert refused(lambda: messaging.create_private_channel(Actor(lucia), "Us", people=[scene.dana])) == "invalid"
    assert refused(lambda: messaging.open_direct_conversation(Actor(lucia), [scene.dana])) == "invalid"
    assert (
        refused(lambda: messaging.create_private_channel(Actor(scene.mara), "X", organizations=[scene.house]))
        == "invalid"
    )
    channel = messaging.create_private_channel(Actor(scene.grace), "Clinic", people=[lucia])
    vias = set(lucia.memberships.get(group=channel.audience_id).seats.values_list("via", flat=True))
    assert vias == {scene.clinic.members_id}


def test_nobody_asks_it_or_invites_it(scene):
    held = fresh(scene.house)
    assert scene.board
    scene.suspend(scene.house)
    assert refused(lambda: scene.post(held)) == "invalid"
    assert refused(lambda: scene.invited(scene.group, held)) == "invalid"
    assert refused(lambda: messaging.add_organization(Actor(scene.mara), scene.board, held)) == "invalid"


def test_invitations_into_it_rest_until_it_is_reinstated(scene, chief):
    invitation = services.invite(scene.acting(scene.dana), scene.house, "nia@example.org", world.Tier.MEMBER)
    token = services.issue_token(invitation)
    scene.suspend(scene.house)
    stranger = world.client()
    account = {"name": "Nia Bell", "password": world.PASSWORD, "time_zone": "UTC", "locale": "en"}
    assert stranger.get(f"{API}/invitations/{token}").status_code == 404
    with unchanged():
        assert refused(lambda: services.accept_invitation_as_new(token, **account)) == "invitation_used"
    assert services.issue_token(invitation) is None
    services.reinstate(Actor(chief), scene.house)
    assert stranger.get(f"{API}/invitations/{token}").status_code == 200
    assert stranger.post(f"{API}/invitations/{token}/accept", account).status_code == 200
    assert Invitation.objects.get(pk=invitation.pk).state == "accepted"


# requests


def test_what_it_was_asked_goes_back_to_who_asked(scene):
    answer = scene.answer(scene.request, scene.dana)
    assert fresh(scene.request).state == "filled"
    scene.suspend(scene.house)
    request, answer = fresh(scene.request), fresh(answer)
    assert (request.state, request.places_taken) == ("open", 0)
    assert (answer.state, answer.takes_place, answer.by) == ("withdrawn", False, None)
    line = Entry.objects.filter(answer=answer).latest("pk")
    assert (line.what, line.organization, line.person, line.note) == ("inactive", scene.house, None, "")
    seen = world.client(scene.mara).get(f"{API}/requests/{request.pk}/answers").json()["results"]
    assert {a["organization"]["name"]: a["state"] for a in seen}["Harbor House"] == "withdrawn"
    assert world.client(scene.dana).get(f"{API}/requests/{request.pk}").status_code == 404
    assert scene.answer(request, scene.grace).takes_place


def test_a_no_stays_a_no(scene):
    answer = scene.answer(scene.request, scene.dana, "no")
    scene.suspend(scene.house)
    assert fresh(answer).state == "no"
    assert not ANSWERS.visible(fresh(scene.dana)).exists()


def test_what_was_over_it_still_reads_and_hears_no_more_of(scene):
    scene.answer(scene.request, scene.dana)
    requests.close_request(Actor(scene.mara), scene.request, "met")
    scene.suspend(scene.house)
    caller = world.client(scene.dana)
    shown = caller.get(f"{API}/requests/{scene.request.pk}").json()
    assert (shown["result"]["state"], shown["mine"]["allowed"], shown["mine"]["answering"]) == ("done", [], [])
    (answer,) = caller.get(f"{API}/requests/{scene.request.pk}/answers").json()["results"]
    assert (answer["state"], answer["by"]["name"]) == ("yes", scene.dana.name)


def test_what_it_asked_for_is_withdrawn(scene):
    scene.answer(scene.request, scene.grace)
    done = scene.post(scene.clinic)
    requests.close_request(Actor(scene.mara), done, "met")
    scene.suspend(scene.agency)
    assert (fresh(scene.request).state, fresh(done).state) == ("withdrawn", "done")
    history = world.client(scene.grace).get(f"{API}/requests/{scene.request.pk}").json()["result"]["history"]
    assert (history[-1]["what"], history[-1]["person"], history[-1]["note"]) == ("inactive", None, "")


def test_what_waited_at_groups_is_over(scene):
    assert scene.quiet
    scene.applied(scene.group, scene.grace)
    scene.invited(scene.quiet, scene.clinic)
    scene.suspend(scene.clinic)
    for letter in (
        JoinApplication.objects.get(organization=scene.clinic),
        GroupInvitation.objects.get(organization=scene.clinic),
    ):
        assert (letter.state, letter.decided_by) == ("withdrawn", None)


def test_others_learn_that_it_is_not_active_and_no_more(scene, chief):
    scene.with_everything()
    scene.suspend(scene.house)
    for who in (scene.mara, scene.grace, scene.otto, scene.dana):
        caller = world.client(who)
        told = b"".join(
            caller.get(f"{API}/{where}").content
            for where in ("organizations", "requests", "answers", "working-groups", "session")
        )
        assert f"{CANARY} reason".encode() not in told
        assert chief.name.encode() not in told


# back


def test_reinstated_it_is_in_the_network_and_nowhere_else(scene, chief):
    assert scene.board
    messaging.add_organization(Actor(scene.mara), scene.board, scene.house)
    scene.answer(scene.request, scene.dana)
    scene.suspend(scene.house)
    services.reinstate(Actor(chief), scene.house)
    assert fresh(scene.house).is_verified
    assert all(is_member(p.pk, Network.current().everyone_id) for p in (scene.dana, scene.lucia))
    assert not is_member(scene.dana.pk, scene.group.members_id)
    assert not is_member(scene.dana.pk, scene.board.audience_id)
    assert not Admission.objects.filter(via=scene.house.members)
    assert not REQUESTS.visible(fresh(scene.dana)).exists()
    assert scene.admit(scene.group, fresh(scene.dana))
    suspended = Suspension.objects.get(organization=scene.house)
    assert suspended.ended_by == chief
    scene.suspend(scene.house)
    assert Suspension.objects.filter(organization=scene.house).count() == 2


def test_who_is_asked_again_through_a_group_sees_its_answer(scene, chief):
    request = scene.post(scene.clinic, groups=[scene.group])
    scene.answer(request, scene.dana, "maybe")
    scene.suspend(scene.house)
    services.reinstate(Actor(chief), scene.house)
    scene.admit(scene.group, fresh(scene.dana))
    again = scene.answer(request, fresh(scene.dana), "yes")
    assert again.pk in ANSWERS.visible(fresh(scene.dana)).values_list("pk", flat=True)


# at once


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_suspension_at_once_leave_no_place_taken():
    scene = Scene()
    chief = world.administrator()
    for turn in range(4):
        request = scene.post(scene.house)
        world.at_once(
            lambda request=request: requests.answer_request(scene.acting(scene.dana), request, "yes"),
            lambda: services.suspend(Actor(chief), fresh(scene.house), "x"),
        )
        assert (fresh(request).places_taken, fresh(scene.house).status) == (0, "suspended"), turn
        assert not Answer.objects.filter(organization=scene.house, takes_place=True).exists()
        services.reinstate(Actor(chief), fresh(scene.house))


@pytest.mark.django_db(transaction=True)
def test_a_request_or_an_invitation_and_a_suspension_at_once_leave_nobody_asked():
    scene = Scene()
    chief = world.administrator()
    assert scene.group
    for _ in range(3):
        world.at_once(
            lambda: scene.post(fresh(scene.clinic)),
            lambda: scene.invited(fresh(scene.group), fresh(scene.clinic)),
            lambda: services.suspend(Actor(chief), fresh(scene.clinic), "x"),
        )
        assert not REQUESTS.visible(fresh(scene.grace)).filter(state="open").exists()
        assert not GroupInvitation.objects.filter(organization=scene.clinic, state="pending").exists()
        services.reinstate(Actor(chief), fresh(scene.clinic))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_suspend_once():
    scene = Scene()
    first, second = world.administrator(), world.administrator("Second Administrator")
    done = world.at_once(
        lambda: services.suspend(Actor(first), fresh(scene.house), "x"),
        lambda: services.suspend(Actor(second), fresh(scene.house), "y"),
    )
    assert [d.code for d in done if isinstance(d, Problem)] == ["wrong_state"]
    assert Suspension.objects.count() == 1
