"""Groups on the wire: who is told of what becomes of them, and who is not."""

import pytest

from coordination.working_groups import services
from coordination.working_groups.models import WorkingGroup
from portal.kernel.writing import Actor
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def edit(room, **fields):
    group = WorkingGroup.objects.get(pk=room.group.pk)
    return services.edit_working_group(Actor(room.lead), group, group.version, **fields)


def about(wire, kind):
    return [i for i in wire.items if i["kind"] == kind]


def test_taken_off_the_list_it_is_taken_from_everybody(room, wire):
    stranger = wire(world.person(world.organization("Clinic", "health_provider"), "coordinator", "Ona Only"))
    member = wire(room.member)
    stranger.hello()
    member.hello()
    edit(room, joining="unlisted")
    told = stranger.item(lambda i: i["kind"] == "working_group")
    assert (told["op"], told["subject"], "data" in told) == ("unshared", str(room.group.pk), False)
    assert member.item(lambda i: i["op"] == "put" and i["kind"] == "working_group")["data"]["joining"] == "unlisted"
    edit(room, name="Nobody reads this")
    assert member.item(lambda i: i.get("data", {}).get("name") == "Nobody reads this")
    stranger.quiet()
    assert about(stranger, "working_group") == [told]
    edit(room, joining="request")
    assert stranger.item(lambda i: i["op"] == "put" and i["kind"] == "working_group")["subject"] == str(room.group.pk)


def test_what_was_written_before_it_disappeared_is_not_replayed(room, wire):
    person = world.person(world.organization("Clinic", "health_provider"), "coordinator", "Ona Only")
    edit(room, purpose="Read by all")
    edit(room, joining="unlisted", name="Known to some")
    late = wire(person)
    everyone = str(person.memberships.get(group__audience__kind="everyone").group.audience.uuid)
    late.hello({everyone: 0})
    late.quiet()
    assert {i["op"] for i in about(late, "working_group")} == {"unshared"}
    assert "Known to some" not in str(late.frames)
    assert "Read by all" not in str(late.frames)


def test_the_feed_comes_by_itself_to_those_in_the_group_alone(room, wire):
    helper = world.person(room.house, "member", "Hal Helper")
    member, outside = wire(room.member), wire(helper)
    member.hello()
    outside.hello()
    edit(room, joining="open")
    services.join_open_group(Actor(helper, room.house), WorkingGroup.objects.get(), [helper])
    joined = member.item(lambda i: i["kind"] == "group_entry" and i["data"]["what"] == "joined")["data"]
    assert (joined["person"]["name"], joined["organization"]["name"]) == ("Hal Helper", "Harbor House")
    assert outside.until(lambda f: f["type"] == "granted")["audience"] == room.audience
    assert not [i for i in outside.items if i["kind"] == "group_entry" and i["data"]["what"] == "joining_changed"]


def test_an_invitation_and_a_rule_reach_whom_they_are_for(room, wire):
    clinic = world.organization("Clinic", "health_provider")
    coordinator, colleague = world.person(clinic, "coordinator", "Ona Only"), world.person(clinic, name="Noa Named")
    edit(room, joining="unlisted", rule="No names.")
    invited, named = wire(coordinator), wire(colleague)
    invited.hello()
    named.hello()
    invitation = services.invite_organization(Actor(room.lead), WorkingGroup.objects.get(), clinic)
    letter = invited.item(lambda i: i["kind"] == "group_invitation")["data"]
    assert (letter["working_group"]["name"], letter["working_group"]["rule"]) == ("Victim Services", "No names.")
    services.accept_invitation_to_group(Actor(coordinator, clinic), invitation, [colleague])
    asked = named.item(lambda i: i["kind"] == "rule_acceptance")["data"]
    assert (asked["state"], asked["working_group"]["rule_version"]) == ("asked", 1)
    assert not about(named, "group_invitation")
    assert not about(named, "working_group")
