"""Whoever loses access gets nothing numbered after it: by the socket, or by any other path."""

from threading import Thread
from uuid import uuid4

import pytest

from coordination.requests import services as requests
from coordination.working_groups import services as working_groups
from messaging import services as messaging
from portal.kernel import memberships
from portal.kernel.models import Membership
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations.services import leave_network
from portal.people import services as people
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def say(room, words):
    messaging.post_message(Actor(room.lead, room.agency), room.channel, uuid4(), words)


def test_a_removed_member_is_told_and_gets_nothing_more(room, wire):
    lead, member = wire(room.lead), wire(room.member)
    lead.hello()
    member.hello()
    lead.post(room.channel, "before", room.agency)
    assert member.message("before")
    caller = world.client(room.member)
    assert caller.get(f"/api/v1/channels/{room.channel.pk}").status_code == 200
    room.remove(room.member)
    revoked = member.until(lambda f: f["type"] == "revoked")
    assert revoked["audience"] == room.audience
    lead.post(room.channel, "after", room.agency)
    assert lead.message("after")
    member.quiet()
    assert member.bodies() == ["before"]
    for path in ("", "/messages", "/audience"):
        hidden = caller.get(f"/api/v1/channels/{room.channel.pk}{path}")
        absent = caller.get(f"/api/v1/channels/{uuid4()}{path}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    member.post(room.channel, "still here?", room.house)
    assert member.until(lambda f: f["type"] == "error")["problem"]["code"] == "not_found"


def test_what_is_written_after_a_removal_but_read_in_one_go_stays_away(room, wire):
    """Both commits lie behind the hub when it looks: content is fresh, so the guard must be too."""
    member = wire(room.member)
    member.hello()
    message = messaging.post_message(Actor(room.lead, room.agency), room.channel, uuid4(), "first")
    room.remove(room.member)
    messaging.delete_message(Actor(room.lead), message)
    say(room, "after the removal")
    member.until(lambda f: f["type"] == "revoked")
    member.quiet()
    assert "after the removal" not in member.bodies()
    assert not [i for i in member.items if i.get("data", {}).get("deleted")]


def test_a_removal_while_hello_is_in_flight(room, wire):
    """Whatever the order turns out to be, nothing said after the removal arrives."""
    for turn in range(3):
        member = wire(room.member)
        greeting = Thread(target=member.hello)
        greeting.start()
        room.remove(room.member)
        greeting.join()
        say(room, f"after {turn}")
        member.quiet()
        assert f"after {turn}" not in member.bodies()
        assert room.audience not in member.cursors or member.frames[-1]["type"] != "changes"
        member.close()
        room.admit(room.member)


def test_unshared_from_one_audience_but_still_in_another(room, wire):
    other = world.organization("Second Clinic", "health_provider")
    both, only = room.member, world.person(other, "coordinator", "Ona Only")
    request = requests.post_request(
        Actor(room.lead, room.agency),
        request_kind="information_request",
        details={"topic": "data", "question": "How many?"},
        organizations=[room.house, other],
        working_groups=[room.group],
    )
    seen, gone = wire(both), wire(only)
    seen.hello()
    gone.hello()
    with writing(THE_PORTAL, objects=[request]) as w:
        w.unshare(request, room.house.members_id)
        w.unshare(request, other.members_id)
    for who, organization in ((seen, room.house), (gone, other)):
        item = who.item(lambda i: i["op"] == "unshared" and i["kind"] == "request")
        assert item["subject"] == str(request.pk)
        frame = next(f for f in who.frames if f["type"] == "changes" and item in f["items"])
        assert frame["audience"] == str(organization.members.uuid)
    requests.note_on_request(Actor(room.lead, room.agency), request, "still on")
    noted = seen.item(lambda i: "data" in i and i["data"].get("history", [{}])[-1].get("note") == "still on")
    assert noted["subject"] == str(request.pk)
    gone.quiet()
    assert not [i for i in gone.items if i["op"] == "put" and i["subject"] == str(request.pk)]
    assert world.client(both).get(f"/api/v1/requests/{request.pk}").status_code == 200
    assert world.client(only).get(f"/api/v1/requests/{request.pk}").status_code == 404


def test_leaving_the_organization_ends_the_group_too(room, wire):
    leaver = world.person(room.house, "coordinator", "Lou Leaver")
    room.admit(leaver)
    socket = wire(leaver)
    socket.hello()
    with writing(Actor(room.member), people=[leaver]) as w:
        ended = memberships.leave(w, leaver, room.house.members)
    assert len(ended) >= 3
    gone = {socket.until(lambda f: f["type"] == "revoked")["audience"] for _ in range(len(ended))}
    assert {room.audience, str(room.house.members.uuid)} <= gone
    say(room, "without Lou")
    socket.quiet()
    assert "without Lou" not in socket.bodies()


def test_an_expired_seat_ends_by_itself(room, wire):
    member = wire(room.member)
    member.hello()
    world.expire(Membership.objects.get(user=room.member, group_id=room.group.members_id))
    member.until(lambda f: f["type"] == "revoked" and f["audience"] == room.audience)
    say(room, "later")
    member.quiet()
    assert "later" not in member.bodies()


def test_a_lead_who_steps_down_keeps_reading(room, wire):
    from coordination.working_groups.queries import group_member

    member = wire(room.member)
    member.hello()
    row = group_member(room.lead, room.group, room.member.pk)
    working_groups.name_lead(Actor(room.lead), room.group, row)
    granted = member.until(lambda f: f["type"] == "granted")
    working_groups.unname_lead(Actor(room.lead), room.group, row)
    revoked = member.until(lambda f: f["type"] == "revoked")
    assert granted["audience"] == revoked["audience"] == str(room.group.leads.uuid)
    say(room, "still with us")
    assert member.message("still with us")


def test_signing_out_closes_the_socket(room, wire):
    first, second = wire(room.member), wire(room.member)
    first.hello()
    second.hello()
    people.end_sessions(room.member, keep=second.session)
    assert first.closed() == 4401
    second.say(type="ping")
    assert second.until(lambda f: f["type"] == "pong")


def test_closing_the_account_closes_every_socket(room, wire):
    first, second = wire(room.member), wire(room.member)
    first.hello()
    second.hello()
    world.person(room.house, "administrator", "Another")
    leave_network(room.member, {})
    assert (first.closed(), second.closed()) == (4401, 4401)
    say(room, "said after they left")
    assert not [frame for frame in (*first.frames, *second.frames) if "said after they left" in str(frame)]
