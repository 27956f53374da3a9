"""A group that is part of another: in it only who is in that, archived with it, and as hidden as it."""

import pytest
from django.db import IntegrityError, transaction

from coordination.working_groups import services
from coordination.working_groups.models import GroupEntry, WorkingGroup
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, canary, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/working-groups"


def form(scene, parent, person=None, **changed):
    return {
        "acting_for": str(scene.employer(person or scene.mara).pk),
        "name": "Night beds",
        "kind": "housing",
        "joining": "open",
        "parent": str(parent.pk),
        **changed,
    }


def found(scene, parent, person=None, **changed):
    return world.client(person or scene.mara).post(PATH, form(scene, parent, person, **changed))


@pytest.fixture
def part(scene):
    return WorkingGroup.objects.get(pk=found(scene, scene.group).json()["result"]["id"])


def join(scene, person, group):
    body = {"acting_for": str(scene.employer(person).pk), "people": [str(person.pk)]}
    return world.client(person).post(f"{PATH}/{group.pk}/join", body)


# founding


def test_a_lead_founds_it_and_it_says_what_it_is_part_of(scene):
    made = found(scene, scene.group).json()["result"]
    assert made["parent"] == str(scene.group.pk)
    assert "open_subgroup" in world.client(scene.mara).get(f"{PATH}/{scene.group.pk}").json()["mine"]["allowed"]
    assert "open_subgroup" not in world.client(scene.mara).get(f"{PATH}/{made['id']}").json()["mine"]["allowed"]
    line = GroupEntry.objects.get(working_group=scene.group, what="subgroup_opened")
    assert (line.actor, line.after) == (scene.mara, "Night beds")


def test_nobody_else_does_and_there_is_no_second_level(scene, part):
    assert scene.quiet
    assert problem(denied(lambda: found(scene, scene.group, scene.dana))) == (403, "not_allowed")
    assert problem(denied(lambda: found(scene, part, name="Deeper"))) == (409, "wrong_state")
    assert problem(denied(lambda: found(scene, scene.quiet, scene.otto))) == (404, "not_found")
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingGroup.objects.filter(pk=part.pk).update(parent=part.pk)


def test_what_is_archived_gets_no_part(scene):
    services.archive_working_group(Actor(scene.mara), scene.group)
    assert problem(denied(lambda: found(scene, scene.group))) == (409, "archived")


# who is in it


def test_only_who_is_in_the_whole_comes_into_the_part(scene, part):
    assert faults(denied(lambda: join(scene, scene.grace, part))) == [("people", "not_in_parent")]
    assert join(scene, scene.dana, part).status_code == 200
    assert is_member(scene.dana.pk, part.members_id)


def test_one_comes_in_no_other_way_either(scene):
    part = services.create_working_group(
        scene.acting(scene.mara), name="By request", group_kind="housing", parent=scene.group
    )
    assert refused(lambda: services.apply_to_join(scene.acting(scene.grace), part, [scene.grace])) == "invalid"
    invitation = scene.invited(part, scene.clinic)
    accept = services.accept_invitation_to_group
    assert refused(lambda: accept(scene.acting(scene.grace), invitation, [scene.grace])) == "invalid"
    # who was in the whole when they asked, and is not any more, is not seated
    asked = services.apply_to_join(scene.acting(scene.dana), part, [scene.dana])
    services.leave_working_group(Actor(scene.dana), scene.group)
    services.accept_application(Actor(scene.mara), asked)
    assert not is_member(scene.dana.pk, part.members_id)


def test_the_rule_of_a_part_is_accepted_by_who_is_in_the_whole_still(scene):
    part = services.create_working_group(
        scene.acting(scene.mara),
        name="Ruled",
        group_kind="housing",
        joining="open",
        rule="No names.",
        parent=scene.group,
    )
    join(scene, scene.dana, part)
    asked = scene.asked(scene.dana, part)
    services.leave_working_group(Actor(scene.dana), scene.group)
    assert refused(lambda: services.accept_rule(Actor(scene.dana), asked, 1)) == "invalid"
    assert not is_member(scene.dana.pk, part.members_id)


def test_whoever_leaves_the_whole_leaves_the_part(scene, part):
    join(scene, scene.dana, part)
    services.remove_member(Actor(scene.mara), scene.group, scene.member(scene.dana))
    assert not is_member(scene.dana.pk, part.members_id)
    assert world.client(scene.dana).get(f"{API}/channels/{part.channel_id}").status_code == 404


def test_the_last_lead_of_the_part_does_not_leave_the_whole(scene, part):
    services.name_lead(Actor(scene.mara), scene.group, scene.member(scene.dana))
    assert refused(lambda: services.leave_working_group(Actor(scene.mara), scene.group)) == "last_lead"
    join(scene, scene.dana, part)
    services.name_lead(Actor(scene.mara), part, scene.member(scene.dana, part))
    services.leave_working_group(Actor(scene.mara), scene.group)
    assert not is_member(scene.mara.pk, part.members_id)


# who knows of it


def test_what_is_unlisted_is_told_to_nobody_by_its_part(scene):
    assert scene.quiet
    refusal = denied(lambda: found(scene, scene.quiet))
    assert faults(refusal) == [("joining", "parent_unlisted")]
    hidden = found(scene, scene.quiet, joining="unlisted", name=canary("part")).json()["result"]
    assert world.client(scene.otto).get(f"{PATH}/{hidden['id']}").status_code == 404
    assert not GroupEntry.objects.filter(what="subgroup_opened").exists()


def test_an_unlisted_part_is_seen_by_those_in_it_alone(scene):
    hidden = found(scene, scene.group, joining="unlisted", name=canary("part")).json()["result"]
    seen = world.client(scene.dana).get(PATH).content.decode()
    assert hidden["id"] not in seen
    assert canary("part") not in seen
    assert canary("part") not in world.client(scene.dana).get(f"{PATH}/{scene.group.pk}/entries").content.decode()


def test_the_whole_is_not_hidden_while_a_part_is_listed(scene, part):
    scene.group.refresh_from_db()
    edit = {"joining": "unlisted"}
    refusal = denied(
        lambda: world.client(scene.mara).patch(
            f"{PATH}/{scene.group.pk}",
            edit,
            content_type="application/json",
            headers={"If-Match": f'"{scene.group.version}"'},
        )
    )
    assert faults(refusal) == [("joining", "subgroups_listed")]


# its end


def test_with_the_whole_its_parts_are_archived_and_come_back(scene, part):
    early = services.create_working_group(
        scene.acting(scene.mara), name="Early", group_kind="housing", parent=scene.group
    )
    services.archive_working_group(Actor(scene.mara), early)
    services.archive_working_group(Actor(scene.mara), scene.group)
    assert WorkingGroup.objects.get(pk=part.pk).is_archived
    assert refused(lambda: services.reopen_working_group(Actor(scene.mara), WorkingGroup.objects.get(pk=part.pk))) == (
        "archived"
    )
    services.reopen_working_group(Actor(scene.mara), scene.group)
    assert not WorkingGroup.objects.get(pk=part.pk).is_archived
    assert WorkingGroup.objects.get(pk=early.pk).is_archived
