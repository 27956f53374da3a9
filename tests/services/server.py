"""The portal as its own process, on the database of the tests."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.services.processes import free_port, start, stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


@dataclass
class Server:
    """A running portal. `origin` is the address that browsers, sockets and CSRF must use."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def live(self) -> str:
        return f"ws://localhost:{self.port}/api/v1/live"

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def kill(self) -> None:
        """As a crash would end it."""
        self.process.kill()
        self.process.wait()

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running(database: dict[str, Any], folder: Path, **environment: str) -> Iterator[Server]:
    """A portal that answers, on the database of these Django settings; its log and its mail go to `folder`.

    It shares the data directory, and so the secret key, with the tests. The end must be clean:
    a server that has to be killed, or exits with an error after SIGTERM, fails the test.
    """
    port = free_port()
    log_file = folder / f"server-{port}.log"
    settings = {
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": address(database),
        "PORT": str(port),
        "CONCORD_ORIGIN": f"http://localhost:{port}",
        "CONCORD_EMAIL_URL": f"file://{folder / 'mail'}",
        **environment,
    }
    process = start([sys.executable, "-m", "portal", "serve"], log_file, cwd=ROOT, env=_inherited() | settings)
    server = Server(port, process, log_file)
    try:
        try:
            wait_until(server.healthy, process, seconds=60)
        except (ChildProcessError, TimeoutError) as failure:
            raise AssertionError(f"The portal {failure}:\n{server.log()}") from failure
        yield server
        ended_before = process.poll() is not None
    finally:
        in_time = stop(process)
        # Shown by pytest beside a failure.
        print(server.log())
    assert in_time, "The portal did not end within 15 s of SIGTERM"
    assert ended_before or process.returncode in (0, -signal.SIGTERM), f"exit code {process.returncode}"


def _inherited() -> dict[str, str]:
    """What the tests need for themselves would hide a mistake in the server."""
    return {name: value for name, value in os.environ.items() if name != ASYNC_UNSAFE}


def address(database: dict[str, Any]) -> str:
    """DATABASE_URL for Django's database settings."""
    if "sqlite" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
