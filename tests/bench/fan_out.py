"""Live fan-out: the portal, the naive chat and the limit, one after the other, three times."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from uuid import uuid4

from tests.bench.crowd import Crowd, Door
from tests.bench.figures import against, cpu_seconds, figure, median, resident_kib
from tests.bench.worlds import Room

ROUNDS = 3
SECONDS = 4.0
SENDERS = 10
CALM_MESSAGES = 20
CALM_PER_SECOND = 5
IDLE = 1000


@dataclass(frozen=True)
class Contender:
    name: str
    pid: int
    port: int


@dataclass
class Seen:
    """What one contender did in one room, a number for each round."""

    deliveries: list[float]
    cpu: list[float]
    latency: list[float]


def doors(contender: Contender, room: Room) -> list[Door]:
    if contender.name != "portal":
        return [Door(contender.port, "/")] * len(room.people)

    def say(body: str) -> str:
        return json.dumps({"type": "send", "id": str(uuid4()), "channel": room.channel, "body": body})

    hello = json.dumps({"type": "hello", "cursors": {}})
    return [Door(contender.port, "/api/v1/live", cookie, hello, say) for cookie in room.cookies]


async def measure(contender: Contender, room: Room, seen: Seen, senders: int) -> None:
    crowd = await Crowd.gather(doors(contender, room))
    await crowd.talk(senders, 1.0)
    before, heard = cpu_seconds(contender.pid), crowd.tally.deliveries
    seen.deliveries.append(await crowd.talk(senders, SECONDS))
    delivered = crowd.tally.deliveries - heard
    seen.cpu.append(1_000_000 * (cpu_seconds(contender.pid) - before) / max(delivered, 1))
    if senders > 1:
        seen.latency += await crowd.talk_calmly(CALM_MESSAGES, CALM_PER_SECOND)
    crowd.disperse()
    await asyncio.sleep(0.5)


def run(contenders: list[Contender], rooms: dict[int, Room]) -> None:
    for size, room in rooms.items():
        for senders in (1, SENDERS) if size == SENDERS else (SENDERS,):
            seen: dict[str, Seen] = defaultdict(lambda: Seen([], [], []))
            for _ in range(ROUNDS):
                for contender in contenders:
                    asyncio.run(measure(contender, room, seen[contender.name], senders))
            report(size, senders, seen)


def report(size: int, senders: int, seen: dict[str, Seen]) -> None:
    portal, naive, least = seen["portal"], seen["naive"], seen["least"]
    where = f"room of {size}, {senders} sender{'s' if senders > 1 else ''}"
    ours, naively, limit = (median(each.deliveries) for each in (portal, naive, least))
    if size == SENDERS:
        goal = ">= 0.5" if senders == 1 else ">= 0.4"
        against(f"durable messages, {where}, against the limit", ours / size, "1/s", limit / size, goal)
    goal = {100: ">= 25", 1000: ">= 75"}.get(size, "")
    against(f"fan-out, {where}, against naive", ours, "deliveries/s", naively, goal)
    spent, limit = median(portal.cpu), median(least.cpu)
    goal = {100: ">= 0.5", 1000: ">= 0.75"}.get(size, "")
    figure(f"fan-out by processor time, {where}", spent, "µs/delivery", baseline=limit, ratio=limit / spent, goal=goal)
    if portal.latency and least.latency:
        goal = {100: "<= 1.7", 1000: "<= 1.4"}.get(size, "")
        what = f"latency p50 at {CALM_PER_SECOND} messages/s, room of {size}, against the limit"
        against(what, median(portal.latency), "ms", median(least.latency), goal)


def idle_memory(portal: Contender, room: Room) -> None:
    """Resident memory for each socket more that says hello and then nothing."""

    async def gather() -> float:
        first = await Crowd.gather(doors(portal, room)[:100])
        before = resident_kib(portal.pid)
        crowd = await Crowd.gather(doors(portal, room)[:IDLE])
        await asyncio.sleep(3)
        grown = resident_kib(portal.pid) - before
        crowd.disperse()
        first.disperse()
        return grown / IDLE

    figure("memory of an idle socket", asyncio.run(gather()), "KiB", goal="<= 40")
