"""Private channels and direct conversations as they are lived: who comes in hears it, who is out hears nothing more."""

import json
from uuid import uuid4

import pytest

from messaging import services as messaging
from messaging.queries import channel_member
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def private(room):
    """Of the lead and, by name, the member."""
    return messaging.create_private_channel(Actor(room.lead), "Rota", people=[room.member])


@pytest.fixture
def clinic(room):
    return world.organization("Second Clinic", "health_provider")


def say(room, channel, words):
    return messaging.post_message(Actor(room.lead), channel, uuid4(), words)


def granted(wire, channel):
    return wire.until(lambda f: f["type"] == "granted" and f["audience"] == str(channel.audience.uuid))


def revoked(wire, channel):
    return wire.until(lambda f: f["type"] == "revoked" and f["audience"] == str(channel.audience.uuid))


def get(person, channel, path=""):
    return world.client(person).get(f"/api/v1/channels/{channel.pk}{path}")


def test_who_is_removed_is_told_and_gets_nothing_more(room, private, wire):
    member = wire(room.member)
    member.hello()
    say(room, private, "before")
    assert member.message("before")
    row = channel_member(room.lead, private, room.member.pk)
    messaging.remove_from_channel(Actor(room.lead), private, row)
    say(room, private, "after")
    assert revoked(member, private)
    member.quiet()
    assert "after" not in member.bodies()
    assert get(room.member, private, "/messages").status_code == 404
    member.post(private, "still here?", room.house)
    assert member.until(lambda f: f["type"] == "error")["problem"]["code"] == "not_found"


def test_a_dismissed_organization_is_out_in_one_go(room, private, clinic, wire):
    people = [world.person(clinic, "member", name) for name in ("Cal Clinic", "Cleo Clinic")]
    messaging.add_organization(Actor(room.lead), private, clinic)
    wires = [wire(person) for person in people]
    for one in wires:
        one.hello()
    messaging.remove_organization(Actor(room.lead), private, clinic)
    say(room, private, "among ourselves")
    for one in wires:
        assert revoked(one, private)
        one.quiet()
        assert one.bodies() == []


def test_who_joins_an_invited_organization_hears_it(room, private, clinic, wire):
    messaging.add_organization(Actor(room.lead), private, clinic)
    newcomer = world.person(room.house, "member", "Nia New")
    socket, lead = wire(newcomer), wire(room.lead)
    socket.hello()
    lead.hello()
    place = world.seat(clinic, newcomer)
    assert granted(socket, private)
    shown = lead.item(lambda i: i["kind"] == "channel_member" and i["data"]["person"]["id"] == str(newcomer.pk))
    assert [o["name"] for o in shown["data"]["organizations"]] == ["Second Clinic"]
    say(room, private, "welcome")
    assert socket.message("welcome")
    world.remove(Actor(newcomer), OrganizationMember.objects.get(pk=place.pk))
    assert revoked(socket, private)
    assert lead.item(lambda i: i["kind"] == "channel_member" and i["op"] == "deleted")["subject"] == shown["subject"]


def test_a_new_conversation_is_heard_by_its_people_alone(room, wire):
    colleague = world.person(room.house, "member", "Cora")
    member, other = wire(room.member), wire(colleague)
    member.hello()
    other.hello()
    talk = messaging.open_direct_conversation(Actor(room.lead), [room.member])
    assert granted(member, talk)
    say(room, talk, "between us")
    assert member.message("between us")
    other.quiet()
    assert str(talk.pk) not in json.dumps(other.frames)
    assert str(talk.audience.uuid) not in json.dumps(other.frames)


def test_replies_and_mentions_by_the_socket(room, private, wire):
    member, lead = wire(room.member), wire(room.lead)
    member.hello()
    lead.hello()
    first = say(room, private, "who can?")
    member.say(
        type="send",
        id=str(uuid4()),
        channel=str(private.pk),
        body="I can",
        reply_to=str(first.pk),
        mentions=[str(room.lead.pk)],
    )
    told = lead.message("I can")["data"]
    assert (told["reply_to"], told["reply_position"]) == (str(first.pk), 1)
    assert [p["id"] for p in told["mentions"]] == [str(room.lead.pk)]
    stranger = world.person(room.agency, "member", "Stu Stranger")
    refused = str(uuid4())
    member.say(type="send", id=refused, channel=str(private.pk), body="x", mentions=[str(stranger.pk)])
    error = member.until(lambda f: f["type"] == "error")
    assert error["id"] == refused
    assert error["problem"]["errors"][0]["field"] == "mentions"


def test_edits_pins_and_deletions_are_seen_as_they_happen(room, private, wire):
    member = wire(room.member)
    member.hello()
    said = say(room, private, "first words")
    messaging.edit_message(Actor(room.lead), said, 1, body="second words")
    edited = member.message("second words")
    assert edited["data"]["edited_at"]
    messaging.pin_message(Actor(room.lead), said)
    assert member.item(lambda i: i.get("data", {}).get("pinned") is True)
    messaging.delete_message(Actor(room.lead), said)
    gone = member.item(lambda i: i.get("data", {}).get("deleted") is True)
    assert (gone["data"]["body"], gone["data"]["pinned"]) == ("", False)


def test_an_acknowledgement_is_seen_by_moderators_and_by_nobody_else(room, clinic, wire):
    reader = world.person(clinic, "member", "Rea Reader")
    board = messaging.create_private_channel(
        Actor(room.lead), "News", announcement=True, people=[room.member], organizations=[clinic]
    )
    lead, member, own = wire(room.lead), wire(room.member), wire(reader)
    for one in (lead, member, own):
        one.hello()
    messaging.acknowledge_message(Actor(room.member), say(room, board, "news"))
    assert lead.item(lambda i: i["kind"] == "acknowledgement")["data"]["person"]["id"] == str(room.member.pk)
    assert member.item(lambda i: i["kind"] == "acknowledgement")
    assert own.message("news")
    own.quiet()
    assert not [i for i in own.items if i["kind"] == "acknowledgement"]
