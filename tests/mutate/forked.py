"""The matrix, run against broken code: the stage is made once, and each break gets a process forked off it.

The database is in memory, so a fork has its own. Code is replaced inside living functions; nothing is written to disk.
"""

import contextlib
import gc
import io
import os
import types
from collections.abc import Callable, Iterator
from typing import Any

from tests.mutate.points import ROOT, Point

PARALLEL = 2
# whose operations can notice; a break that is felt everywhere is tried on all
NEAR = {
    "messaging": ("/channels",),
    "coordination/requests": ("/requests", "/answers"),
    "coordination/working_groups": ("/working-groups", "/join", "/group", "/rule"),
    "portal/organizations": ("/organizations", "/invitations"),
}


# every function of the portal, found before the heap is frozen
LIVING: list[types.FunctionType] = []


def apply(point: Point) -> None:
    """Every function of the broken file gets the code that it would have, had it been written so."""
    path = str(ROOT / point.path)
    broken = {(code.co_qualname, code.co_firstlineno): code for code in codes(compile(point.tree, path, "exec"))}
    applied = 0
    for function in LIVING:
        code = function.__code__
        new = broken.get((code.co_qualname, code.co_firstlineno)) if code.co_filename == path else None
        if new is not None and new.co_freevars == code.co_freevars:
            function.__code__ = new
            applied += 1
    assert applied, f"no living function of {path} was found"


def codes(module: types.CodeType) -> Iterator[types.CodeType]:
    """Of functions and methods; what is inside a function goes with it."""
    for constant in module.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from codes(constant)


def fork(work: Callable[[], str]) -> tuple[int, int]:
    """(process, the end of a pipe on which it says what it found)."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        return child, reading
    os.close(reading)
    try:
        said = work()
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(said.encode())
    os._exit(0)


def heard(child: int, reading: int) -> str:
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def caught_by_matrix(points: list[Point], tell: Callable[[str], None]) -> dict[Point, str]:
    """For each break that a cell notices, which one."""
    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    from django.db import transaction

    from tests.permissions.stage import Stage
    from tests.permissions.states import TO

    found: dict[Point, str] = {}
    with transaction.atomic():
        stage = Stage()
        for state in TO:
            left = [point for point in points if point not in found]
            if not left:
                break
            said = heard(*fork(lambda: of_state(stage, state, left, tell)))  # noqa: B023 - it runs now
            if said and not said[0].isdigit():
                raise RuntimeError(f"{state}: {said}")
            for line in said.splitlines():
                number, _, what = line.partition(" ")
                found[left[int(number)]] = what
        transaction.set_rollback(True)
    return found


def of_state(stage: Any, state: str, points: list[Point], tell: Callable[[str], None]) -> str:
    """A line for each break that is noticed: its number, and by what."""
    from portal.kernel.standing import forget_standings
    from tests.permissions.cell import Setting
    from tests.permissions.states import TO

    forget_standings()
    TO[state](stage)
    setting = Setting(stage, state)
    gc.collect()
    ours = (found for found in gc.get_objects() if type(found) is types.FunctionType)
    LIVING[:] = [found for found in ours if found.__code__.co_filename.startswith(str(ROOT))]
    gc.freeze()
    if what := heard(*fork(lambda: noticed(setting, None))):
        raise RuntimeError(f"nothing is broken yet, and {what} is not as it should be")
    lines: list[str] = []
    running: list[tuple[int, tuple[int, int]]] = []

    def settle() -> None:
        number, child = running.pop(0)
        if what := heard(*child):
            lines.append(f"{number} {what}")
        tell(f"{state} {number + 1}/{len(points)} {points[number]} … {what or 'not noticed'}")

    for number, point in enumerate(points):
        if len(running) == PARALLEL:
            settle()
        running.append((number, fork(lambda: noticed(setting, point))))  # noqa: B023 - it runs now
    while running:
        settle()
    return "\n".join(lines)


def noticed(setting: Any, point: Point | None) -> str:
    """The first cell that is not as it should be; empty when all are."""
    from tests.permissions.cell import faults
    from tests.permissions.table import TABLE

    with contextlib.redirect_stderr(io.StringIO()):
        near: tuple[str, ...] = ("/",)
        if point is not None:
            apply(point)
            near = next((words for place, words in NEAR.items() if point.path.startswith(place)), near)
        rows = [row for row in TABLE.operations if setting.state in TABLE.states(row)]
        for row in rows:
            if not row.operation.split(" ")[1].startswith(near):
                continue
            for role in TABLE.roles:
                try:
                    wrong = next(faults(setting, row, role), "")
                except Exception as error:
                    wrong = type(error).__name__
                if wrong:
                    return f"{row} as {role}"
    return ""
