from uuid import uuid4

import pytest

from coordination.working_groups import services
from coordination.working_groups.changes import JOIN_APPLICATION
from coordination.working_groups.models import JoinApplication
from messaging.models import ReadMark
from portal.kernel.models import Change
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db
PATH = f"{API}/join-applications"


@pytest.fixture
def application(scene):
    """The clinic asks that Grace join the group that Mara leads."""
    return scene.applied(scene.group, scene.grace)


def apply(scene, person, *people, **changed):
    form = {
        "acting_for": str(scene.employer(person).pk),
        "working_group": str(scene.group.pk),
        "people": [str(getattr(p, "pk", p)) for p in people],
        **changed,
    }
    return world.client(person).post(PATH, form)


def do(person, application, verb, **form):
    return world.client(person).post(f"{PATH}/{application.pk}/{verb}", form)


def test_an_organization_asks_and_a_lead_accepts(scene):
    scene.say(scene.mara)
    asked = apply(scene, scene.grace, scene.grace, note="We have beds").json()["result"]
    assert (asked["state"], asked["people"][0]["name"], asked["organization"]["name"]) == (
        "pending",
        "Grace",
        "Second Clinic",
    )
    accepted = do(scene.mara, JoinApplication.objects.get(pk=asked["id"]), "accept").json()["result"]
    assert (accepted["state"], accepted["decided_by"]["name"]) == ("accepted", "Mara")
    assert is_member(scene.grace.pk, scene.group.members_id)
    assert Change.objects.filter(audience=scene.grace.audience_id, op="granted").exists()
    channel = world.client(scene.grace).get(f"{API}/channels").json()
    assert [m["unread"] for m in channel["mine"].values()] == [0], "what was said before is not unread"
    mark = ReadMark.objects.get(person=scene.grace)
    assert Change.objects.filter(audience=scene.grace.audience_id, subject=mark.pk, version=mark.version).exists()


def test_a_no_says_why(scene, application):
    assert faults(denied(lambda: do(scene.mara, application, "decline"))) == [("reason", "required")]
    declined = do(scene.mara, application, "decline", reason="Full").json()["result"]
    assert (declined["state"], declined["reason"]) == ("declined", "Full")
    seen = world.client(scene.grace).get(f"{PATH}/{application.pk}").json()["result"]
    assert seen == declined
    assert not is_member(scene.grace.pk, scene.group.members_id)


def test_only_leads_and_the_asking_coordinators_see_it(scene, application):
    lucas = world.person(scene.clinic, "member", "Lucas")
    for who in (scene.dana, scene.otto, lucas):
        caller = world.client(who)
        hidden, absent = caller.get(f"{PATH}/{application.pk}"), caller.get(f"{PATH}/{uuid4()}")
        assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
        assert str(application.pk) not in caller.get(PATH).content.decode()
        for verb in ("accept", "decline", "withdraw"):
            refusal = denied(lambda v=verb, w=who: do(w, application, v, **({"reason": "x"} if v == "decline" else {})))
            assert problem(refusal) == (404, "not_found")
    assert JOIN_APPLICATION.represent([application.pk], scene.group.members_id) == {}


def test_each_decides_their_own_part(scene, application):
    assert problem(denied(lambda: do(scene.grace, application, "accept"))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.grace, application, "decline", reason="x"))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.mara, application, "withdraw"))) == (403, "not_allowed")
    seen = {w.name: world.client(w).get(f"{PATH}/{application.pk}").json()["mine"] for w in (scene.mara, scene.grace)}
    assert seen == {"Mara": {"allowed": ["accept", "decline"]}, "Grace": {"allowed": ["withdraw"]}}
    assert do(scene.grace, application, "withdraw").json()["result"]["state"] == "withdrawn"
    assert problem(denied(lambda: do(scene.mara, application, "accept"))) == (409, "already_decided")
    assert world.client(scene.mara).get(f"{PATH}/{application.pk}").json()["mine"]["allowed"] == []


def test_who_may_be_named(scene, application):
    scene.admit(scene.group, scene.dana, scene.lucia)
    everybody_in = denied(lambda: apply(scene, scene.dana, scene.dana, scene.lucia))
    assert problem(everybody_in) == (409, "already_member")
    assert problem(denied(lambda: apply(scene, scene.grace, scene.grace))) == (409, "already_asked")
    stranger = denied(lambda: apply(scene, scene.dana, scene.dana, scene.otto))
    nobody = denied(lambda: apply(scene, scene.dana, scene.dana, uuid4()))
    assert faults(stranger) == [("people", "not_a_member")]
    assert stranger.content == nobody.content, "whether somebody exists is not told"
    assert faults(denied(lambda: apply(scene, scene.dana))) == [("people", "too_short")]
    assert problem(denied(lambda: apply(scene, scene.lucia, scene.lucia))) == (403, "not_allowed")
    assert problem(denied(lambda: apply(scene, scene.otto, scene.otto, working_group=str(uuid4())))) == (
        404,
        "not_found",
    )


def test_who_left_meanwhile_is_not_seated(scene):
    lucas = world.person(scene.clinic, "member", "Lucas")
    application = scene.applied(scene.group, scene.grace, lucas)
    world.person(scene.clinic, "administrator", "Sol")
    world.remove(Actor(lucas), OrganizationMember.objects.get(user=lucas))
    services.accept_application(Actor(scene.mara), application)
    assert is_member(scene.grace.pk, scene.group.members_id)
    assert not is_member(lucas.pk, scene.group.members_id)


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(scene, application):
    services.name_lead(Actor(scene.mara), scene.group, scene.member(scene.dana))
    deciding = [
        lambda: services.accept_application(Actor(scene.mara), JoinApplication.objects.get(pk=application.pk)),
        lambda: services.accept_application(Actor(scene.dana), JoinApplication.objects.get(pk=application.pk)),
        lambda: services.decline_application(Actor(scene.dana), JoinApplication.objects.get(pk=application.pk), "x"),
        lambda: services.withdraw_application(Actor(scene.grace), JoinApplication.objects.get(pk=application.pk)),
    ]
    outcomes = world.at_once(*deciding)
    assert sorted(getattr(o, "code", "done") for o in outcomes) == [*["already_decided"] * 3, "done"]
    application.refresh_from_db()
    assert is_member(scene.grace.pk, scene.group.members_id) == (application.state == "accepted")


@pytest.mark.django_db(transaction=True)
def test_one_organization_asks_once_at_a_time(scene):
    assert scene.group
    outcomes = world.at_once(
        *(lambda: services.apply_to_join(scene.acting(scene.grace), scene.group, [scene.grace]) for _ in range(2))
    )
    assert sorted(getattr(o, "code", "asked") for o in outcomes) == ["already_asked", "asked"]
    assert members(scene.group.members_id) == {scene.mara.pk, scene.dana.pk}
