"""The tests of a place, run against broken code: those that run the broken line, in processes forked off one that has
run them all.

    python -m tests.mutate.placed tests/requests tests/kernel/test_faces.py < [[number, …]]

Each fork has a copy of the database file. The tests that run least besides are tried first, and so many at most.
A test that hangs has noticed.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from tests.mutate.forked import LIVING, PARALLEL, Line, apply, broken, fork, heard, living, tracing
from tests.mutate.points import ROOT, Point, points

# what the path of a place says, and the tests that know it
LAPSE = "tests/organizations/test_lapse.py::test_nobody_asks_or_invites_it"
KNOW = {
    "responsibilities.py": (
        "tests/organizations/test_responsibilities.py",
        "tests/organizations/test_what_is_seen_to.py",
        "tests/organizations/test_leaving_network.py",
        "tests/working_groups/test_leaving.py",
    ),
    "messaging": ("tests/messaging", "tests/live/test_channels.py", "tests/live/test_replay.py", LAPSE),
    "coordination/calendars": ("tests/calendars",),
    "coordination/certificates": ("tests/certificates",),
    "coordination/events": ("tests/events", "tests/certificates", "tests/public_pages", "tests/kernel/test_faces.py"),
    "coordination/requests": ("tests/requests", "tests/kernel/test_faces.py", LAPSE),
    "coordination/resources": ("tests/resources", "tests/kernel/test_faces.py"),
    "coordination/rota": (
        "tests/rota",
        "tests/requests/test_on_call.py",
        "tests/requests/test_operation.py",
        "tests/requests/test_duty_coordinator.py",
    ),
    "coordination/stands_for": ("tests/stands_for",),
    "coordination/tasks": ("tests/tasks",),
    "coordination/unmet": ("tests/unmet",),
    "coordination/working_groups": (
        "tests/working_groups",
        "tests/certificates/test_certificates.py",
        "tests/requests/test_requests.py",
    ),
    "portal/organizations": ("tests/organizations", "tests/people/test_proof.py"),
    "portal/notify": ("tests/notify",),
    "portal/people": ("tests/people",),
    "portal/kernel": (
        "tests/kernel",
        "tests/messaging/test_direct_conversations.py",
        "tests/organizations/test_lapse.py",
        "tests/working_groups/test_rules.py",
        "tests/working_groups/test_unlisted.py",
        "tests/working_groups/test_ways_to_join.py",
    ),
    "portal/live": ("tests/live",),
    "portal/api": ("tests/api", "tests/people"),
}
MOST = 150
# one test
SECONDS = 120
# a test whose lines are traced takes its time
UNLIMITED = ("-o", "faulthandler_timeout=0")


def caught_by_tests(left: list[Point], tell: Callable[[str], None]) -> dict[Point, str]:
    """For each break that a test notices, which one. Two places at once: a run to learn which lines the tests run
    keeps one processor busy."""
    found: dict[Point, str] = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        places = [(tests, [p for p in left if place in p.path]) for place, tests in KNOW.items()]
        for caught in pool.map(lambda place: caught_by(*place, tell), places):
            found |= caught
    return found


def caught_by(tests: Collection[str], here: list[Point], tell: Callable[[str], None]) -> dict[Point, str]:
    if not here:
        return {}
    numbers = {point: number for number, point in enumerate(points())}
    command = [sys.executable, "-m", "tests.mutate.placed", *tests]
    found: dict[Point, str] = {}
    said = []
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True, env=clean()) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([numbers[point] for point in here]))
        process.stdin.close()
        for line in process.stdout:
            said.append(line)
            if line.startswith("break "):
                _, number, what = line.rstrip("\n").split(" ", 2)
                point = here[int(number)]
                if what:
                    found[point] = what
                tell(f"{point} … {what or 'NOT NOTICED'}")
            elif line.startswith("left out"):
                tell(line.rstrip())
    if process.returncode:
        raise RuntimeError("".join(said)[-2000:])
    return found


def clean() -> dict[str, str]:
    """Without what this process set for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CONCORD_", "DJANGO_"))}


class Breaking:
    """Runs every test once to learn which lines it runs; then, for each break, those that run its line."""

    def __init__(self, broken: list[Point]) -> None:
        self.broken = broken
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reached: dict[str, set[Line]] = {}
        for item in session.items:
            with tracing({point.path for point in self.broken}) as run:
                self.run(item)
            reached[item.nodeid] = set() if self.failed else run
            while self.failed:
                print(f"\nleft out, for it fails while nothing is broken: {self.failed.pop()}", flush=True)
        session.testsfailed = 0
        LIVING[:] = living()
        running: list[tuple[int, tuple[int, int]]] = []
        for number, point in enumerate(self.broken):
            lines = {(point.path, line) for line in range(point.line, point.end + 1)}
            items = [item for item in session.items if lines & reached[item.nodeid]]
            items.sort(key=lambda item: len(reached[item.nodeid]))
            broken(point)
            if len(running) == PARALLEL:
                self.settle(*running.pop(0))
            running.append((number, fork(partial(self.noticed, point, items[:MOST]))))
        for one in running:
            self.settle(*one)
        return True

    def run(self, item: pytest.Item) -> None:
        """Nothing but what lives as long as the session stays set up after it."""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)

    def noticed(self, point: Point, items: list[pytest.Item]) -> str:
        signal.signal(signal.SIGALRM, hangs)
        with own_database():
            apply(point)
            for item in items:
                signal.alarm(SECONDS)
                self.run(item)
                if self.failed:
                    return self.failed[0]
        return ""

    def settle(self, number: int, child: tuple[int, int]) -> None:
        print(f"\nbreak {number} {heard(*child)}", flush=True)


def hangs(*_: Any) -> None:
    raise TimeoutError("a test hangs")


@contextlib.contextmanager
def own_database() -> Any:
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "test.sqlite3"
        shutil.copy(connection.settings_dict["NAME"], copy)
        connection.connection = None  # the parent's, which is not to be closed from here
        connection.settings_dict["NAME"] = str(copy)
        yield


def main(tests: list[str]) -> int:
    everything = points()
    broken = [everything[number] for number in json.load(sys.stdin)]
    marks = "not needs_browser and not needs_postgresql and not needs_redis"
    return int(
        pytest.main(
            ["-q", "--tb=no", "--no-header", *UNLIMITED, "-p", "no:cacheprovider", "-m", marks, *tests],
            plugins=[Breaking(broken)],
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
