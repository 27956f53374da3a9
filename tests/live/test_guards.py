"""Each guard of the hub, in the very order of things that it is there for."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from django.db import connection

from coordination.working_groups import services as working_groups
from coordination.working_groups.queries import group_member
from messaging import services as messaging
from portal.kernel.writing import Actor
from portal.live import hub as live
from portal.live import log
from portal.live.hub import Hub
from portal.live.protocol import Closing
from portal.people import services as people
from tests.live.listener import Listener, in_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def threads_leave_no_connection_open(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


@pytest.fixture
def swept_rarely(monkeypatch):
    monkeypatch.setattr(live, "SWEEP_SECONDS", 60)


@pytest.fixture
def swept_often(monkeypatch):
    monkeypatch.setattr(live, "SWEEP_SECONDS", 0.05)


@asynccontextmanager
async def running():
    hub = Hub()
    await hub.start(asyncio.get_running_loop())
    try:
        yield hub
    finally:
        await hub.stop()


def remove_and_go_on(room):
    room.remove(room.member)
    messaging.post_message(Actor(room.lead), room.channel, uuid4(), "after")


@pytest.mark.usefixtures("swept_rarely")
def test_who_was_removed_during_their_hello_is_not_caught_up_with(room):
    async def play():
        async with running() as hub:
            lead, member = await Listener.of(hub, room.lead), await Listener.of(hub, room.member)
            await hub.greet(lead.connection, {})
            (before,) = await place_in(room.group.members_id, room.member)
            await in_database(remove_and_go_on, room)
            await lead.until(lambda: lead.bodies == ["after"])
            hub.add(member.connection, before, before.head)
            await member.until(lambda: member.revoked or member.bodies)
            assert (member.revoked, member.bodies) == ({room.audience}, [])

    asyncio.run(play())


@pytest.mark.usefixtures("swept_rarely")
def test_who_comes_with_an_old_right_while_a_round_is_on_its_way_gets_nothing_of_it(room):
    async def play():
        async with running() as hub:
            lead, member = await Listener.of(hub, room.lead), await Listener.of(hub, room.member)
            await hub.greet(lead.connection, {})
            (before,) = await place_in(room.group.members_id, room.member)
            hub.stop_listening()
            hub.stop_listening = lambda: None
            await in_database(remove_and_go_on, room)
            (batch,) = await in_database(log.read, {before.audience: before.head})
            going_round = asyncio.create_task(hub.send_round(batch))
            await asyncio.sleep(0)  # it asks again for the lead
            hub.add(member.connection, before, before.head)
            await going_round
            await lead.until(lambda: lead.bodies == ["after"])
            await member.until(lambda: member.revoked or member.bodies)
            assert (member.revoked, member.bodies) == ({room.audience}, [])

    asyncio.run(play())


@pytest.mark.usefixtures("swept_often")
def test_the_sweep_finds_a_right_that_ended_without_a_change_to_read(room):
    """Nothing is numbered in the audience of the leads when one steps down; their other socket has heard it already."""
    member = group_member(room.lead, room.group, room.member.pk)
    working_groups.name_lead(Actor(room.lead), room.group, member)

    async def play():
        async with running() as hub:
            first, second = await Listener.of(hub, room.member), await Listener.of(hub, room.member)
            await hub.greet(first.connection, {})
            found = await in_database(log.subscriptions, room.member.pk)
            await in_database(working_groups.unname_lead, Actor(room.lead), room.group, member)
            leads = {str(room.group.leads.uuid)}
            await first.until(lambda: first.revoked == leads)
            for one in found:
                hub.add(second.connection, one, one.head)
            await second.until(lambda: second.revoked == leads)

    asyncio.run(play())


@pytest.mark.usefixtures("swept_often")
def test_the_sweep_closes_the_socket_of_a_session_that_ended_and_no_other(room):
    async def play():
        async with running() as hub:
            ended, kept = await Listener.of(hub, room.member), await Listener.of(hub, room.member)
            for each in (ended, kept):
                await hub.greet(each.connection, {})
            await in_database(lambda: people.end_sessions(room.member, keep=kept.connection.session))
            await ended.until(lambda: ended.ended == Closing.SESSION_ENDED)
            assert kept.connection.closing is None

    asyncio.run(play())


async def place_in(audience, person):
    """As their hello reads it."""
    return [one for one in await in_database(log.subscriptions, person.pk) if one.audience == audience]
