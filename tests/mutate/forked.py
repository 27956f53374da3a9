"""The matrix, run against broken code: the stage is made once, and each break gets a process forked off it.

The database is in memory, so a fork has its own. Code is replaced inside living functions; nothing is written to disk.
"""

import contextlib
import gc
import io
import json
import logging
import os
import random
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings

from tests.mutate.points import ROOT, Point

PARALLEL = 2
# Of the cells that run a line so many are tried in each state: what they miss is left to the tests of its place.
MOST = 250
Cell = tuple[Any, str]  # a row of the table and a role
Line = tuple[str, int]


# every function of the portal, found before the heap is frozen
LIVING: list[types.FunctionType] = []


def apply(point: Point) -> None:
    """Every function of the broken file gets the code that it would have, had it been written so."""
    for function, code in broken(point):
        function.__code__ = code


def broken(point: Point) -> list[tuple[types.FunctionType, types.CodeType]]:
    """The living functions of the file, each with the code it would have."""
    path = str(ROOT / point.path)
    written = {(code.co_qualname, code.co_firstlineno): code for code in codes(compile(point.tree, path, "exec"))}
    here = [function for function in LIVING if function.__code__.co_filename == path]
    found = [(function, written[place]) for function in here if (place := place_of(function)) in written]
    assert found, f"no living function of {path} was found"
    for function, code in found:
        assert code.co_freevars == function.__code__.co_freevars, f"{point} cannot be tried: a closure is another"
    return found


def place_of(function: types.FunctionType) -> tuple[str, int]:
    return function.__code__.co_qualname, function.__code__.co_firstlineno


def living() -> list[types.FunctionType]:
    """Every function of the portal in this process; what only an address leads to is there, too."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    ours = (found for found in gc.get_objects() if type(found) is types.FunctionType)
    return [found for found in ours if found.__code__.co_filename.startswith(str(ROOT))]


@contextlib.contextmanager
def tracing(paths: Iterable[str]) -> Iterator[set[Line]]:
    """The lines of these files that are run meanwhile, in any thread."""
    files = {str(ROOT / path): path for path in paths}
    run: set[Line] = set()

    def within(frame: types.FrameType, event: str, _: Any) -> Any:
        run.add((files[frame.f_code.co_filename], frame.f_lineno))
        return within

    def entered(frame: types.FrameType, event: str, _: Any) -> Any:
        return within if frame.f_code.co_filename in files else None

    threading.settrace(entered)
    sys.settrace(entered)
    try:
        yield run
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]


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
    logging.disable()  # what is broken complains at length
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


@contextlib.contextmanager
def on_stage() -> Iterator[Any]:
    """The stage of the matrix, in a database of this process."""
    from django.test.utils import setup_databases, setup_test_environment

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    from django.db import transaction

    from tests.permissions.stage import PATIENT, Stage

    with PATIENT, transaction.atomic():
        yield Stage()
        transaction.set_rollback(True)


def caught_by_matrix(stage: Any, state: str, points: list[Point], tell: Callable[[str], None]) -> dict[Point, str]:
    """For each break that a cell notices in this state, which one."""
    if not points:
        return {}
    said = heard(*fork(partial(of_state, stage, state, points, tell)))
    if said and not said[0].isdigit():
        raise RuntimeError(f"{state}: {said}")
    numbered = (line.partition(" ") for line in said.splitlines())
    return {points[int(number)]: what for number, _, what in numbered}


def of_state(stage: Any, state: str, points: list[Point], tell: Callable[[str], None]) -> str:
    """A line for each break that is noticed: its number, and by what."""
    from portal.kernel.standing import forget_standings
    from tests.permissions.cell import Setting
    from tests.permissions.states import TO

    forget_standings()
    TO[state](stage)
    setting = Setting(stage, state)
    LIVING[:] = living()
    gc.freeze()
    cells = cells_of(setting)
    reached = lines_reached(setting, cells, {point.path for point in points})
    tell(f"{state}: {len(cells)} cells as they should be while nothing is broken")
    lines: list[str] = []
    running: list[tuple[int, tuple[int, int]]] = []

    def settle() -> None:
        number, child = running.pop(0)
        if what := heard(*child):
            lines.append(f"{number} {what}")
        tell(f"{state} {number + 1}/{len(points)} {points[number]} … {what or 'not noticed'}")

    for number, point in enumerate(points):
        by = sorted(set().union(*(reached.get((point.path, line), ()) for line in range(point.line, point.end + 1))))
        random.Random(0).shuffle(by)
        if not by:
            continue
        broken(point)
        if len(running) == PARALLEL:
            settle()
        running.append((number, fork(partial(noticed, setting, point, [cells[one] for one in by[:MOST]]))))
    while running:
        settle()
    return "\n".join(lines)


def cells_of(setting: Any) -> list[Cell]:
    from tests.permissions.table import TABLE

    rows = [row for row in (*TABLE.operations, *TABLE.frames) if setting.state in TABLE.states(row)]
    return [(row, role) for row in rows for role in TABLE.roles]


def lines_reached(setting: Any, cells: list[Cell], paths: set[str]) -> dict[Line, list[int]]:
    """By which cells (their numbers) each line of these files is run: no other cell can notice that it is broken."""
    parts = [range(part, len(cells), PARALLEL) for part in range(PARALLEL)]
    children = [fork(partial(traced, setting, cells, part, paths)) for part in parts]
    reached: dict[Line, list[int]] = {}
    for child in children:
        said = heard(*child)
        if not said.startswith("{"):
            raise RuntimeError(f"nothing is broken yet, and {said}")
        for place, numbers in json.loads(said).items():
            path, _, line = place.rpartition(":")
            reached.setdefault((path, int(line)), []).extend(numbers)
    return reached


def traced(setting: Any, cells: list[Cell], numbers: Iterable[int], paths: set[str]) -> str:
    from portal.kernel.standing import forget_standings

    reached: dict[str, list[int]] = {}
    for number in numbers:
        forget_standings()
        with tracing(paths) as run:
            what = fault_of(setting, *cells[number])
        if what:
            return f"{' as '.join(map(str, cells[number]))} is not as it should be: {what}"
        for path, line in run:
            reached.setdefault(f"{path}:{line}", []).append(number)
    return json.dumps(reached)


def noticed(setting: Any, point: Point, cells: list[Cell]) -> str:
    """The first cell that is not as it should be; empty when all are."""
    apply(point)
    return next((f"{row} as {role}" for row, role in cells if fault_of(setting, row, role)), "")


def fault_of(setting: Any, row: Any, role: str) -> str:
    from tests.permissions.cell import faults

    with contextlib.redirect_stderr(io.StringIO()):
        try:
            return next(faults(setting, row, role), "")
        except Exception as error:
            return type(error).__name__
