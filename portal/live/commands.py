"""Writes that may come by the socket: slices register one function for each frame type.

A command runs in a thread of the live pool: `command(person, frame) -> Frame | None`, raising Problem.
A `Together` takes all frames that have come for one place while the last ones were being written: many
who talk at once share a transaction, and so its price.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.live.protocol import Frame

Command = Callable[[Any, Any], Frame | None]
Asked = tuple[Any, Any, "asyncio.Future[Frame | None]"]
MOST_TOGETHER = 64


@dataclass
class Together:
    """`write` gets (person, frame) pairs of one place and answers each with a frame or with its refusal."""

    place: Callable[[Any], Hashable]
    write: Callable[[list[tuple[Any, Any]]], list[Frame | Exception]]
    waiting: dict[Hashable, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    busy: dict[Hashable, asyncio.Task[None]] = field(default_factory=dict)


COMMANDS: dict[type[Frame], Command | Together] = {}


def register(commands: Mapping[type[Frame], Command | Together]) -> None:
    COMMANDS.update(commands)


async def obey(run: Callable[..., Awaitable[Any]], person: Any, frame: Frame) -> Frame | None:
    """What the frame's command answers; raises what it raises. `run` calls a function in a thread."""
    command = COMMANDS[type(frame)]
    if not isinstance(command, Together):
        return await run(command, person, frame)  # type: ignore[no-any-return]
    place = command.place(frame)
    answered: asyncio.Future[Frame | None] = asyncio.get_running_loop().create_future()
    command.waiting[place].append((person, frame, answered))
    if place not in command.busy:
        # a task of its own: whose frame came first may be gone before the others are written
        command.busy[place] = asyncio.create_task(write_together(run, command, place))
    return await answered


async def write_together(run: Callable[..., Awaitable[Any]], command: Together, place: Hashable) -> None:
    """Write what waits for a place, and what has come to wait meanwhile, until nothing does."""
    while asked := command.waiting[place][:MOST_TOGETHER]:
        del command.waiting[place][: len(asked)]
        await settle(run, command, asked)
    del command.waiting[place], command.busy[place]


async def settle(run: Callable[..., Awaitable[Any]], command: Together, asked: list[Asked]) -> None:
    try:
        answers = await run(command.write, [(person, frame) for person, frame, _ in asked])
    except Exception as error:
        if len(asked) > 1:  # one of them may be what the others need not suffer
            for one in asked:
                await settle(run, command, [one])
            return
        answers = [error]
    for (*_, answered), answer in zip(asked, answers, strict=True):
        if answered.done():  # its socket is gone
            continue
        if isinstance(answer, Exception):
            answered.set_exception(answer)
        else:
            answered.set_result(answer)
