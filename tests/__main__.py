"""Every test, as `make test` runs them: the services are started once, then one run after the other.

    python -m tests [pytest arguments]

What cannot be had on this machine is left out, and said so loudly; with CI=true that is a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from xml.etree import ElementTree

from tests.services import chromium, debian, postgresql, redis
from tests.services.processes import Unavailable
from tests.services.server import ROOT

CI = os.environ.get("CI", "").lower() in ("1", "true")
PYTEST = [sys.executable, "-m", "pytest", "-q", "-rs", "--tb=short"]
PARALLEL = ["-n", "auto", "--maxprocesses=4", "--dist=worksteal"]
NO_TESTS = 5


class Runs:
    """What was run, what it counted, and what could not be run."""

    def __init__(self, chosen: list[str]) -> None:
        self.chosen = chosen
        self.counts: Counter[str] = Counter()
        self.failed: list[str] = []
        self.left_out: list[str] = []

    def run(self, title: str, command: list[str], report_option: str, **environment: str) -> None:
        print(f"\n── {title} ──", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            command = [*command, f"{report_option}={report}"]
            code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
            counted = _count(report)
        self.counts += counted
        if code == NO_TESTS and self.chosen:
            return
        if code or counted["failed"] or not counted["passed"]:
            self.failed.append(title)

    def pytest(self, title: str, *options: str, **environment: str) -> None:
        self.run(title, [*PYTEST, *options, *self.chosen], "--junitxml", **environment)

    def leave_out(self, what: str, why: str) -> None:
        self.left_out.append(f"{what}: {why}")
        print(f"\n!! {what}: {why}", flush=True)


def _count(report: Path) -> Counter[str]:
    """passed, failed and skipped of a JUnit report; nothing of one that was not written."""
    counts: Counter[str] = Counter()
    if not report.exists():
        return counts
    for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314 - our own file
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        counts += Counter(failed=failed, skipped=skipped, passed=int(suite.get("tests", 0)) - failed - skipped)
    return counts


def _install_missing(runs: Runs) -> None:
    """Each package by itself: one that cannot be had does not take the others with it."""
    for name, present, package in (
        ("PostgreSQL", postgresql.binaries, postgresql.PACKAGE),
        ("Redis", redis.binary, redis.PACKAGE),
        ("Chromium", chromium.binary, chromium.PACKAGE),
    ):
        if present():
            continue
        print(f"Installing {name} … ", end="", flush=True)
        try:
            debian.install([package])
            print("done", flush=True)
        except Unavailable as reason:
            print("", flush=True)
            runs.leave_out(name, str(reason))


def _start(stack: ExitStack, runs: Runs, name: str, service: Callable[[], AbstractContextManager[str]]) -> str | None:
    try:
        return stack.enter_context(service())
    except Unavailable as reason:
        runs.leave_out(name, str(reason))
        return None


def _everything(runs: Runs, stack: ExitStack) -> None:
    _install_missing(runs)
    if not runs.chosen:
        runs.run(
            "Web app",
            ["npm", "test", "--prefix", "frontend", "--", "--reporter=default", "--reporter=junit"],
            "--outputFile.junit",
        )
    runs.pytest("SQLite", *PARALLEL, "-m", "not needs_browser and not needs_postgresql and not needs_redis")
    postgresql_url = _start(stack, runs, "PostgreSQL", postgresql.throwaway)
    redis_url = _start(stack, runs, "Redis", redis.throwaway)
    if postgresql_url:
        services = {"TEST_DATABASE_URL": f"{postgresql_url}/concord"}
        if redis_url:
            services["TEST_REDIS_URL"] = redis_url
        runs.pytest("PostgreSQL and Redis", *PARALLEL, "-m", "not needs_browser and not needs_sqlite", **services)
    if chromium.binary():
        runs.pytest("Browser", "-m", "needs_browser", "--screenshot=only-on-failure")


def _conclude(runs: Runs, seconds: float) -> int:
    if runs.left_out:
        print(f"\n!! NOT TESTED, {len(runs.left_out)} could not be had on this machine:")
        _list(runs.left_out)
    if runs.failed:
        print("\nFailed:")
        _list(runs.failed)
    skipped_in_ci = CI and (runs.left_out or runs.counts["skipped"])
    if skipped_in_ci:
        print("\nCI=true: nothing may be left out or skipped.")
    passed, failed, skipped = (runs.counts[kind] for kind in ("passed", "failed", "skipped"))
    minutes, rest = divmod(round(seconds), 60)
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped in {minutes}:{rest:02d}", flush=True)
    return 1 if runs.failed or failed or not passed or skipped_in_ci else 0


def _list(lines: Iterable[str]) -> None:
    print("\n".join(f"   {line}" for line in lines))


def main(chosen: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    runs = Runs(chosen)
    began = time.monotonic()
    try:
        with ExitStack() as stack:
            _everything(runs, stack)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130
    return _conclude(runs, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
