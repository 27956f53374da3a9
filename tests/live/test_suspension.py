"""A suspended organization's open screens: what they saw by it is gone within two seconds."""

import time

import pytest

from portal.kernel.models import Network
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_open_screens_lose_it_within_two_seconds(room, wire):
    lead, member = wire(room.lead), wire(room.member)
    lead.hello()
    member.hello()
    chief = world.administrator()
    started = time.monotonic()
    organizations.suspend(Actor(chief), room.house, "A complaint")
    gone = {member.until(lambda f: f["type"] == "revoked")["audience"] for _ in range(2)}
    assert time.monotonic() - started < 2
    assert gone == {room.audience, str(Network.current().everyone.uuid)}
    lead.post(room.channel, "after", room.agency)
    assert lead.message("after")
    member.quiet()
    assert "after" not in member.bodies()
    told = [i for i in member.items if i["kind"] == "organization" and i["subject"] == str(room.house.pk)]
    assert told[-1]["data"]["status"] == "suspended"
    organizations.reinstate(Actor(chief), room.house)
    assert member.until(lambda f: f["type"] == "granted")["audience"] == str(Network.current().everyone.uuid)
