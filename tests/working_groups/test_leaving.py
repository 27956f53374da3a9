"""Whoever leads a group hands it on when they leave: to who is in it, or may come in as anybody does."""

import pytest

from coordination.events import services as events
from coordination.working_groups import services
from coordination.working_groups.models import WorkingGroup
from coordination.working_groups.responsibilities import Leading
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor, writing
from portal.organizations.responsibilities import account
from tests import world
from tests.events.gathering import course, dates, register, registration
from tests.organizations.handover import Handover
from tests.scene import API, Scene, denied, faults, problem, unchanged
from tests.working_groups.test_subgroups import found, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def group(scene):
    scene.admit(scene.group, scene.grace)
    return scene.group


@pytest.fixture
def part(scene, group):
    return WorkingGroup.objects.get(pk=found(scene, group).json()["result"]["id"])


def told(person, group):
    return world.client(person).get(f"{API}/working-groups/{group.pk}/responsibilities").json()


def leave(person, group, *chosen):
    successors = [{"kind": "working_group", "id": str(g.pk), "successor": str(heir.pk)} for g, heir in chosen]
    return world.client(person).post(f"{API}/working-groups/{group.pk}/leave", {"successors": successors})


# a group alone


def test_the_only_lead_names_who_follows_and_leaves_in_one_write(scene, group):
    (item,) = told(scene.mara, group)["items"]
    inside = {str(pk) for pk in members(group.members_id) - {scene.mara.pk}}
    assert (item["name"], item["required"], set(item["successors"])) == (group.name, True, inside)
    assert leave(scene.mara, group, (group, scene.grace)).status_code == 204
    assert not is_member(scene.mara.pk, group.members_id)
    assert members(group.leads_id) == {scene.grace.pk}
    assert is_member(scene.mara.pk, scene.agency.members_id)


def test_a_part_that_they_lead_is_handed_on_with_it(scene, group, part):
    join(scene, scene.dana, part)
    assert [item["name"] for item in told(scene.mara, group)["items"]] == [group.name, part.name]
    assert problem(denied(lambda: leave(scene.mara, group, (group, scene.grace)))) == (409, "responsibilities_remain")
    assert leave(scene.mara, group, (group, scene.grace), (part, scene.dana)).status_code == 204
    assert members(part.leads_id) == {scene.dana.pk}
    assert not is_member(scene.mara.pk, part.members_id)


def test_who_is_not_in_it_does_not_follow_and_nothing_is_done(scene, group, part):
    join(scene, scene.dana, part)
    with unchanged():
        refusal = denied(lambda: leave(scene.mara, group, (group, scene.jonas), (part, scene.grace)))
    assert set(faults(refusal)) == {(f"successors.working_group.{g.pk}", "not_a_member") for g in (group, part)}


def test_where_nobody_can_follow_they_stay(scene, group, part):
    """Alone in a part: told before, refused after."""
    assert told(scene.mara, group)["obstacles"] == [{"code": "last_lead", "name": part.name}]
    assert problem(denied(lambda: leave(scene.mara, group, (group, scene.grace)))) == (409, "last_lead")
    assert not WorkingGroup.objects.get(pk=part.pk).is_archived


def test_beside_another_lead_nothing_has_to_be_said(scene, group):
    services.name_lead(Actor(scene.mara), group, scene.member(scene.grace, group))
    assert told(scene.mara, group)["items"] == []
    assert leave(scene.mara, group).status_code == 204


def test_it_is_told_to_those_in_it_alone(scene, group):
    path = f"{API}/working-groups/{group.pk}/responsibilities"
    assert problem(world.client(scene.otto).get(path)) == (403, "not_allowed")
    assert problem(denied(lambda: leave(scene.otto, group, (group, scene.grace)))) == (403, "not_allowed")


@pytest.mark.django_db(transaction=True)
def test_whoever_follows_and_leaves_at_the_same_moment_leaves_a_lead(transactional_db):
    scene = Scene()
    scene.admit(scene.group, scene.grace)
    heir = {("working_group", scene.group.pk): scene.grace.pk}
    world.at_once(
        lambda: services.leave_working_group(Actor(scene.mara), WorkingGroup.objects.get(), heir),
        lambda: services.leave_working_group(Actor(scene.grace), WorkingGroup.objects.get()),
    )
    (lead,) = members(scene.group.leads_id)
    assert lead in members(scene.group.members_id)


# with an organization


@pytest.fixture
def handover(db):
    return Handover()


def offered(scene, asker):
    (item,) = [i for i in scene.told(asker)["items"] if i["kind"] == "working_group"]
    return item["required"], item["successors"]


def bring(scene, person):
    """Lucia coordinates nothing: Dana asks for her."""
    asked = services.apply_to_join(scene.acting(scene.dana), scene.led, [person])
    services.accept_application(Actor(scene.nora), asked)


def certify(scene, person):
    event = course(scene.acting(scene.nora), [], title="Safe interviews", certificate=True)
    (date, *_) = dates(event)
    register(scene, person, date)
    with clock.at(date.starts_at):
        events.mark_attendance(Actor(scene.nora), registration(person, date), True)


def test_only_who_holds_its_certificate_comes_in_to_lead(handover):
    scene = handover
    services.edit_working_group(Actor(scene.nora), scene.led, scene.led.version, certificate="professional_training")
    assert offered(scene, scene.dana) == (False, [])
    certify(scene, scene.lucia)
    assert offered(scene, scene.dana) == offered(scene, scene.nora) == (True, [str(scene.lucia.pk)])
    refusal = denied(lambda: scene.leave(scene.dana, scene.choices(scene.dana, scene.dana)))
    assert faults(refusal) == [(f"successors.working_group.{scene.led.pk}", "not_a_member")]
    chosen = scene.choices(scene.dana, scene.dana, working_group=scene.lucia)
    assert scene.leave(scene.dana, chosen).status_code == 204
    assert members(scene.led.leads_id) == {scene.lucia.pk}


def test_nobody_comes_in_past_a_rule_and_who_is_in_it_the_longest_follows(handover):
    """Whoever administers the organization and is not in the group is not told who is."""
    scene = handover
    scene.admit(scene.led, scene.grace, by=scene.nora)
    bring(scene, scene.lucia)
    services.edit_working_group(Actor(scene.nora), scene.led, scene.led.version, rule="No names.")
    assert offered(scene, scene.dana) == (False, [])
    assert offered(scene, scene.nora) == (True, [str(scene.lucia.pk), str(scene.grace.pk)])
    chosen = scene.choices(scene.dana, scene.dana, working_group=None)
    assert scene.leave(scene.dana, chosen).status_code == 204
    assert members(scene.led.leads_id) == {scene.lucia.pk}  # a colleague, sooner than Grace
    assert not is_member(scene.dana.pk, scene.led.members_id)


def test_a_group_with_a_rule_in_which_nobody_is_left_ends(handover):
    scene = handover
    services.edit_working_group(Actor(scene.nora), scene.led, scene.led.version, rule="No names.")
    scene.leave(scene.dana, scene.choices(scene.dana, scene.dana, working_group=None))
    assert WorkingGroup.objects.get(pk=scene.led.pk).is_archived


@pytest.mark.parametrize(
    ("field", "asked", "code"),
    [("rule", "No names.", "not_a_member"), ("certificate", "professional_training", "no_certificate")],
)
def test_what_the_group_asks_since_the_list_was_read_is_asked_again(handover, field, asked, code):
    scene = handover
    leaving = account(scene.dana, scene.house, scene.nora).leaving
    services.edit_working_group(Actor(scene.nora), scene.led, scene.led.version, **{field: asked})
    with pytest.raises(Invalid) as refusal, writing(Actor(scene.dana), people=[scene.lucia]) as w:
        Leading().pass_on(w, leaving, scene.led, scene.lucia)
    assert [error.code for error in refusal.value.errors] == [code]


def test_a_part_is_led_by_who_may_come_into_the_whole(handover):
    scene = handover
    part = services.create_working_group(scene.acting(scene.nora), name="Part", group_kind="training", parent=scene.led)
    services.edit_working_group(Actor(scene.nora), scene.led, scene.led.version, rule="No names.")
    follow = {i["name"]: i["successors"] for i in scene.told(scene.dana)["items"] if i["kind"] == "working_group"}
    assert follow == {"Training": [], part.name: []}
