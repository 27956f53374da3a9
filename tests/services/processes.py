"""Throwaway processes: a free port, a wait until they answer, an end that is sure to come."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Unavailable(Exception):
    """A service cannot be had on this machine; the message says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def start(
    command: list[Any], log: Path, end: signal.Signals = signal.SIGTERM, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a process that writes to `log`, and gets the signal `end` when its starter dies."""
    tie = ["setpriv", "--pdeathsig", end.name.removeprefix("SIG")] if shutil.which("setpriv") else []
    with log.open("wb") as output:
        return subprocess.Popen(
            [*tie, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float) -> None:
    """Raises TimeoutError when `seconds` pass, ChildProcessError when the process ends first."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ChildProcessError(f"ended with exit code {process.returncode} before it answered")
        if time.monotonic() > deadline:
            raise TimeoutError(f"did not answer within {seconds:.0f} s")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals = signal.SIGTERM, seconds: float = 15) -> bool:
    """End a process. False when it had to be killed."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
    return True
