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
WEB_APP = ["npm", "test", "--prefix", "frontend", "--", "--reporter=default", "--reporter=junit"]
NO_TESTS = 5  # pytest's exit code: nothing was selected


class Runs:
    """What was run, what it counted, and what could not be had."""

    def __init__(self, chosen: list[str]) -> None:
        self.chosen = chosen
        self.counts: Counter[str] = Counter()
        self.failed: list[str] = []
        self.missing: dict[str, str] = {}

    def run(self, title: str, command: list[str], report_option: str, **environment: str) -> None:
        print(f"\n── {title} ──", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            command = [*command, f"{report_option}={report}"]
            code = _exit_code(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}))
            counted = _count(report)
        self.counts += counted
        if (code or counted["failed"]) and not (code == NO_TESTS and self.chosen):
            self.failed.append(title)

    def pytest(self, title: str, *options: str, **environment: str) -> None:
        self.run(title, [*PYTEST, *options, *self.chosen], "--junitxml", **environment)

    def miss(self, service: str, why: str) -> None:
        self.missing.setdefault(service, why)


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    """Wait for a run; one that is interrupted is left the time to stop its servers."""
    try:
        return process.wait()
    except BaseException as interruption:
        if not isinstance(interruption, KeyboardInterrupt):  # Ctrl-C has reached it already
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


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
        try:
            print(f"Installing {name} … ", flush=True)
            debian.install(package)
        except Unavailable as reason:
            runs.miss(name, str(reason))


def _start(stack: ExitStack, runs: Runs, name: str, service: Callable[[], AbstractContextManager[str]]) -> str:
    """The address of a started service; empty when it cannot be had."""
    try:
        return stack.enter_context(service())
    except Unavailable as reason:
        runs.miss(name, str(reason))
        return ""


def _everything(runs: Runs, stack: ExitStack) -> None:
    _install_missing(runs)
    if not runs.chosen:
        runs.run("Web app", WEB_APP, "--outputFile.junit")
    runs.pytest("SQLite", *PARALLEL, "-m", "not needs_browser and not needs_postgresql and not needs_redis")

    database = _start(stack, runs, "PostgreSQL", postgresql.throwaway)
    services = {
        "TEST_DATABASE_URL": database and f"{database}/concord",
        "TEST_REDIS_URL": _start(stack, runs, "Redis", redis.throwaway),
        "TEST_LEFT_OUT": "" if database else "PostgreSQL cannot be had",
    }
    runs.pytest("PostgreSQL and Redis", *PARALLEL, "-m", "not needs_browser and not needs_sqlite", **services)
    runs.pytest("Browser", "-m", "needs_browser", "--screenshot=only-on-failure")


def _conclude(runs: Runs, seconds: float) -> int:
    passed, failed, skipped = (runs.counts[kind] for kind in ("passed", "failed", "skipped"))
    incomplete = bool(runs.missing or skipped)
    if incomplete:
        print(f"\n!! NOT TESTED: {skipped} tests were skipped. What could not be had on this machine:")
        _list(f"{service}: {why}" for service, why in runs.missing.items())
        print("   CI=true: this fails the run." if CI else "   With CI=true this fails the run.")
    if runs.failed:
        print("\nFailed:")
        _list(runs.failed)
    minutes, rest = divmod(round(seconds), 60)
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped in {minutes}:{rest:02d}", flush=True)
    return 1 if runs.failed or failed or not passed or (CI and incomplete) else 0


def _list(lines: Iterable[str]) -> None:
    print("\n".join(f"   {line}" for line in lines))


def main(chosen: list[str]) -> int:
    if not sys.stdout.isatty():
        os.environ["NO_COLOR"] = "1"
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
