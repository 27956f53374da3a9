"""Writes that may come by the socket: slices register one function for each frame type.

A command runs in a thread of the live pool: `command(person, frame) -> Frame | None`, raising Problem.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.live.protocol import Frame

Command = Callable[[Any, Any], Frame | None]
COMMANDS: dict[type[Frame], Command] = {}


def register(commands: Mapping[type[Frame], Command]) -> None:
    COMMANDS.update(commands)
