from uuid import uuid4

import pytest

from coordination.working_groups import services
from coordination.working_groups.changes import GROUP_MEMBER, WORKING_GROUP
from coordination.working_groups.models import JoinApplication, WorkingGroup
from portal.kernel.models import Audience, AuditRecord, Change
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, denied, faults, problem, queries

pytestmark = pytest.mark.django_db
PATH = f"{API}/working-groups"


@pytest.fixture
def group(scene):
    """Mara leads it, Dana is in it."""
    return scene.group


def get(person, path):
    return world.client(person).get(path)


def create(scene, person, **changed):
    form = {"acting_for": str(scene.employer(person).pk), "name": "Training", "kind": "training", "purpose": "Learn"}
    return world.client(person).post(PATH, {**form, **changed})


def edit(person, group, version, **form):
    return world.client(person).patch(
        f"{PATH}/{group.pk}", form, content_type="application/json", headers={"If-Match": f'"{version}"'}
    )


def lead(method, person, group, member):
    return getattr(world.client(person), method)(f"{PATH}/{group.pk}/leads/{member.pk}")


def remove(person, group, member):
    return world.client(person).delete(f"{PATH}/{group.pk}/members/{member.pk}")


def leave(person, group):
    return world.client(person).post(f"{PATH}/{group.pk}/leave", {"successors": []})


# founding and seeing


def test_a_coordinator_founds_a_group_and_leads_it(scene):
    answer = create(scene, scene.grace)
    assert answer.status_code == 201
    made, mine = answer.json()["result"], answer.json()["mine"]
    assert (made["name"], made["kind"], made["people"]) == ("Training", "training", 1)
    assert made["organizations"] == [{"id": str(scene.clinic.pk), "name": "Second Clinic"}]
    assert (mine["member"], mine["lead"]) == (True, True)
    assert get(scene.grace, f"{API}/channels/{made['channel']}").json()["result"]["name"] == "Training"
    assert AuditRecord.objects.get(action="working_group.create").acting_for == scene.clinic.pk


def test_the_network_sees_that_it_exists_and_not_who_is_in_it(scene, group):
    seen = get(scene.otto, f"{PATH}/{group.pk}").json()
    assert {o["name"] for o in seen["result"]["organizations"]} == {"County Agency", "Harbor House"}
    assert (seen["mine"]["member"], seen["mine"]["allowed"]) == (False, ["apply"])
    assert get(scene.otto, f"{PATH}/{group.pk}/members").json()["results"] == []
    for secret in ("Mara", "Dana", str(scene.dana.pk)):
        assert secret not in get(scene.otto, PATH).content.decode()
    assert GROUP_MEMBER.represent([scene.member(scene.dana).pk], scene.network.everyone_id) == {}
    assert get(scene.otto, f"{API}/channels/{group.channel_id}").status_code == 404


def test_who_is_not_in_the_network_sees_no_group(scene, group):
    waiting = world.organization("Waiting", verified=False)
    wendy = world.person(waiting, "administrator", "Wendy")
    hidden, absent = get(wendy, f"{PATH}/{group.pk}"), get(wendy, f"{PATH}/{uuid4()}")
    assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
    assert get(wendy, PATH).json()["results"] == []
    form = {"acting_for": str(waiting.pk), "name": "Own", "kind": "training"}
    assert problem(denied(lambda: world.client(wendy).post(PATH, form))) == (409, "not_verified")


def test_members_see_each_other(scene, group):
    answer = get(scene.dana, f"{PATH}/{group.pk}/members").json()
    assert [(m["person"]["name"], m["lead"], m["organizations"][0]["name"]) for m in answer["results"]] == [
        ("Dana", False, "Harbor House"),
        ("Mara", True, "County Agency"),
    ]
    assert {tuple(mine["allowed"]) for mine in answer["mine"].values()} == {()}


def test_only_coordinators_found_groups(scene, group):
    assert problem(denied(lambda: create(scene, scene.lucia))) == (403, "not_allowed")
    assert faults(denied(lambda: create(scene, scene.grace, acting_for=str(scene.house.pk)))) == [
        ("acting_for", "not_yours")
    ]
    assert faults(denied(lambda: create(scene, scene.grace, name="HOUSING"))) == [("name", "already_used")]


def test_leads_edit_it(scene, group):
    group.refresh_from_db()
    version = group.version
    for who in (scene.dana, scene.otto):
        assert problem(denied(lambda w=who: edit(w, group, version, name="Mine"))) == (403, "not_allowed")
    changed = edit(scene.mara, group, version, name="Beds", kind="regional").json()["result"]
    assert (changed["name"], changed["kind"], changed["version"]) == ("Beds", "regional", version + 1)
    assert get(scene.dana, f"{API}/channels/{group.channel_id}").json()["result"]["name"] == "Beds"
    stale = denied(lambda: edit(scene.mara, group, version, name="Other"))
    assert (problem(stale), stale.json()["current"]) == ((412, "version_mismatch"), changed)


# members and leads


def test_who_is_removed_loses_the_group_at_once(scene, group):
    message, before = scene.say(scene.mara), Audience.objects.get(pk=group.members_id).epoch
    row = scene.member(scene.dana)
    caller = world.client(scene.dana)
    assert caller.get(f"{API}/channels/{group.channel_id}/messages").status_code == 200
    assert remove(scene.mara, group, scene.dana).status_code == 204
    for path in (f"channels/{group.channel_id}", f"channels/{group.channel_id}/messages/{message.pk}"):
        assert problem(caller.get(f"{API}/{path}")) == (404, "not_found")
    assert caller.get(f"{API}/channels").json()["results"] == []
    assert Audience.objects.get(pk=group.members_id).epoch == before + 1
    assert Change.objects.get(audience=group.members_id, op="deleted").subject == row.pk
    assert Change.objects.filter(audience=scene.dana.audience_id, op="revoked", subject=group.members.uuid).exists()
    assert world.shape(WORKING_GROUP, group).people == 1
    assert problem(denied(lambda: remove(scene.mara, group, scene.dana))) == (404, "not_found")


def test_only_leads_remove_and_name(scene, group):
    for call in (
        lambda: remove(scene.dana, group, scene.mara),
        lambda: lead("put", scene.dana, group, scene.dana),
        lambda: lead("delete", scene.dana, group, scene.mara),
    ):
        assert problem(denied(call)) == (403, "not_allowed")
    elsewhere, nobody = remove(scene.otto, group, scene.dana), remove(scene.otto, group, group)
    assert (elsewhere.status_code, elsewhere.content) == (404, nobody.content)


def test_a_named_lead_leads_until_unnamed(scene, group):
    assert lead("put", scene.mara, group, scene.dana).json()["result"]["lead"]
    assert is_member(scene.dana.pk, group.leads_id)
    assert lead("delete", scene.dana, group, scene.mara).status_code == 204
    assert members(group.leads_id) == {scene.dana.pk}
    assert problem(denied(lambda: lead("delete", scene.dana, group, scene.dana))) == (409, "last_lead")


def test_the_last_lead_stays(scene, group):
    assert problem(denied(lambda: leave(scene.mara, group))) == (409, "responsibilities_remain")
    assert problem(denied(lambda: remove(scene.mara, group, scene.mara))) == (409, "last_lead")
    lead("put", scene.mara, group, scene.dana)
    assert leave(scene.mara, group).status_code == 204
    assert members(group.members_id) == {scene.dana.pk}
    assert problem(denied(lambda: leave(scene.otto, group))) == (403, "not_allowed")


def test_who_leaves_the_organization_leaves_its_groups(scene, group):
    world.person(scene.house, "administrator", "Sol")
    version = WorkingGroup.objects.get().version
    world.remove(Actor(scene.dana), OrganizationMember.objects.get(user=scene.dana))
    assert not is_member(scene.dana.pk, group.members_id)
    shown = world.shape(WORKING_GROUP, group)
    assert (shown.people, [o.name for o in shown.organizations]) == (1, ["County Agency"])
    assert shown.version > version
    assert Change.objects.filter(subject=group.pk, version=shown.version, audience=scene.network.everyone_id).exists()


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_leave_at_once_leave_one(scene, group):
    services.name_lead(Actor(scene.mara), group, scene.member(scene.dana))
    outcomes = world.at_once(
        *(
            lambda who=who: services.leave_working_group(Actor(who), WorkingGroup.objects.get())
            for who in (scene.mara, scene.dana)
        )
    )
    assert [getattr(o, "code", None) for o in sorted(outcomes, key=bool)] == [None, "last_lead"]
    assert len(members(group.leads_id)) == len(members(group.members_id)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_unname_each_other_at_once_leave_one(scene, group):
    services.name_lead(Actor(scene.mara), group, scene.member(scene.dana))
    mara, dana = scene.member(scene.mara), scene.member(scene.dana)
    world.at_once(
        lambda: services.unname_lead(Actor(scene.mara), WorkingGroup.objects.get(), dana),
        lambda: services.unname_lead(Actor(scene.dana), WorkingGroup.objects.get(), mara),
        lambda: services.leave_working_group(Actor(scene.dana), WorkingGroup.objects.get()),
    )
    assert len(members(group.leads_id)) == 1


@pytest.mark.django_db(transaction=True)
def test_one_name_is_given_once(scene):
    outcomes = world.at_once(
        *(
            lambda: services.create_working_group(scene.acting(scene.mara), name="Same", group_kind="training")
            for _ in range(2)
        )
    )
    assert sorted(getattr(o, "code", "made") for o in outcomes) == ["invalid", "made"]


# lists


def test_lists_cost_the_same_however_long(scene, group):
    paths = [PATH, f"{PATH}/{group.pk}/members", f"{API}/join-applications"]
    more(scene, group, 4)
    few = [count(scene.mara, path) for path in paths]
    more(scene, group, 45)
    assert len(get(scene.mara, f"{PATH}/{group.pk}/members").json()["results"]) == 50
    assert [count(scene.mara, path) for path in paths] == few


def count(who, path):
    caller = world.client(who)
    caller.get(path)
    return queries(lambda: caller.get(path))


def more(scene, group, n):
    found = [world.person(scene.clinic, name=f"P {uuid4()}") for _ in range(n)]
    for person in found:
        scene.admit(group, scene.grace, person)
        services.create_working_group(scene.acting(scene.mara), name=str(uuid4()), group_kind="training")


def test_filters(scene, group):
    create(scene, scene.grace)
    assert [g["name"] for g in get(scene.otto, f"{PATH}?kind=training").json()["results"]] == ["Training"]
    assert faults(get(scene.otto, f"{PATH}?kind=secret")) == [("kind", "not_a_choice")]
    assert faults(get(scene.otto, f"{API}/join-applications?working_group=x")) == [("working_group", "invalid")]
    assert JoinApplication.objects.count() == 1
