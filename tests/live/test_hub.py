"""The hub, whatever order the doorbells come in: each hears each message once and in order, while they are in."""

import asyncio
import random
from uuid import uuid4

import pytest
from django.db import connection

from messaging import services as messaging
from portal.kernel.writing import Actor, on_change
from portal.live.hub import Hub
from tests.live.listener import Listener, in_database

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = 60


class Bells:
    """What was committed, held back: then told, rung for as by another process, or lost, in any order."""

    def __init__(self, hub, chance):
        self.hub, self.chance, self.held = hub, chance, []

    def ring_some(self):
        self.chance.shuffle(self.held)
        for _ in range(self.chance.randint(0, len(self.held))):
            rung = self.held.pop()
            match self.chance.choice(["told", "told", "told", "rung", "lost"]):
                case "told":
                    self.hub.written(rung)
                case "rung":
                    self.hub.rung({one.audience.pk: one.audience.head for one in rung})


@pytest.mark.parametrize("seed", range(8))
def test_each_hears_each_message_once_whatever_order_the_bells_come_in(room, seed, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)  # threads that end leave no connection open
    asyncio.run(play(room, random.Random(seed)))


async def play(room, chance):
    hub = Hub()
    await hub.start(asyncio.get_running_loop())
    try:
        await listen(hub, room, chance)
    finally:
        await hub.stop()


async def listen(hub, room, chance):
    hub.stop_listening()
    bells = Bells(hub, chance)
    hub.stop_listening = on_change(bells.held.append)
    lead, member = [await Listener.of(hub, who) for who in (room.lead, room.member)]
    for each in (lead, member):
        await hub.greet(each.connection, {})
    said, out_since = [], None
    for step in range(STEPS):
        match chance.choice(["say", "say", "say", "say", "bells", "bells", "wait", "move"]):
            case "say":
                await in_database(messaging.post_message, Actor(room.lead), room.channel, uuid4(), f"word {step}")
                said.append(f"word {step}")
            case "bells":
                bells.ring_some()
            case "wait":
                await asyncio.sleep(chance.choice([0, 0.01, 0.05]))
            case "move" if out_since is None:
                await in_database(room.remove, room.member)
                out_since = len(said)
            case "move":
                assert not set(member.bodies) & set(said[out_since:])
                await in_database(room.admit, room.member)
                out_since = None
    await lead.until(lambda: len(lead.bodies) >= len(said))
    await asyncio.sleep(0.3)
    assert lead.bodies == said
    assert member.bodies == sorted(set(member.bodies), key=said.index), "once, and in order"
    assert out_since is None or not set(member.bodies) & set(said[out_since:])
