"""The tests of a place, run on a copy of the checkout in which that place is broken."""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.mutate.points import ROOT, Point

PARALLEL = 2
COPIED = ("portal", "messaging", "coordination", "tests")
# a place and the tests that know it, the fastest first
KNOW = {
    "messaging": ("tests/messaging", "tests/live/test_channels.py"),
    "coordination/requests": ("tests/kernel/test_faces.py", "tests/requests"),
    "coordination/working_groups": ("tests/working_groups",),
    "portal/organizations": ("tests/organizations",),
    "portal/people": ("tests/people",),
    "portal/kernel": ("tests/kernel", "tests/messaging", "tests/live/test_revocation.py"),
    "portal/live": ("tests/live",),
    "portal/api": ("tests/api", "tests/people"),
}


def caught_by_tests(points: list[Point], tell: Callable[[str], None]) -> dict[Point, str]:
    """For each break that a test notices, which one."""
    found: dict[Point, str] = {}
    with ThreadPoolExecutor(PARALLEL) as pool:
        for number, (point, what) in enumerate(zip(points, pool.map(noticed, points), strict=True), 1):
            if what:
                found[point] = what
            tell(f"tests {number}/{len(points)} {point} … {what or 'NOT NOTICED'}")
    return found


def noticed(point: Point) -> str:
    tests = next(tests for place, tests in KNOW.items() if point.path.startswith(place))
    with broken_copy(point) as copy:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "--no-header", "-p", "no:cacheprovider"]
        marks = "not needs_browser and not needs_postgresql and not needs_redis"
        done = subprocess.run([*command, "-m", marks, *tests], cwd=copy, capture_output=True, text=True, env=clean())
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" ")[1] if failed else done.stdout[-200:]


def clean() -> dict[str, str]:
    """Without what this process set for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CONCORD_", "DJANGO_"))}


@contextmanager
def broken_copy(point: Point) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="concord-mutate-") as folder:
        copy = Path(folder)
        for room in COPIED:
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
        for shared in ("docs", "frontend"):
            (copy / shared).symlink_to(ROOT / shared)
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / point.path).write_text(ast.unparse(point.tree))
        yield copy
