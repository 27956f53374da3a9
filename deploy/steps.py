"""Progress, tools and troubles of the commands. Standard library only: nothing is installed yet."""

import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NO_SPACE = re.compile(r"ENOSPC|no space left on device|errno 28|disk quota exceeded", re.IGNORECASE)
NO_NETWORK = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|ConnectTimeoutError"
    r"|ProxyError|name resolution|name or service not known|dns error|network is unreachable|connection refused"
    r"|error sending request|client error \(connect\)|from versions: none|CERT|certificate",
)


class Trouble(Exception):
    """What the person at the terminal can mend: one plain line that says how."""


class ToolFailed(Exception):
    """A tool ended with an error. `output` is all it said."""

    def __init__(self, command: list[str], output: str) -> None:
        super().__init__(" ".join(command))
        self.output = output


class Steps:
    """Numbers the steps of a command and says how long each took: `2/5 Python packages … 4.2 s`."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    def announce(self, name: str, end: str = "") -> None:
        self.number += 1
        print(f"{self.number}/{self.total} {name} … ", end=end, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.announce(name)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            print(flush=True)
            raise
        print(f"{time.monotonic() - began:.1f} s", flush=True)


def tool(command: list[str | Path], cwd: Path = ROOT, **environment: str) -> str:
    """Run a tool quietly and return what it said.

    Raises:
        ToolFailed: it ended with an error.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise ToolFailed(words, done.stdout)
    return done.stdout


def need_space(gibibytes: float) -> None:
    free = shutil.disk_usage(ROOT).free / 2**30
    if free < gibibytes:
        raise Trouble(f"Not enough disk space: {free:.1f} GiB free in {ROOT}, {gibibytes} GiB needed. Make room there.")


def explained(failure: ToolFailed) -> str:
    if full := _full(failure.output):
        return f"The disk is full. Make room in {full}, then try again."
    if NO_NETWORK.search(failure.output):
        last = [line.strip() for line in failure.output.splitlines() if NO_NETWORK.search(line)][-1]
        return f"The package index cannot be reached ({last[:160]}). Check the network or your proxy, then try again."
    tail = "\n".join(failure.output.splitlines()[-25:])
    return f"{tail}\n\nThis failed: {failure}"


def _full(output: str) -> str:
    """The folders without space, when that is what went wrong. npm says nothing when its cache is full."""
    folders = [ROOT, Path.home(), Path(tempfile.gettempdir())]
    full = [str(folder) for folder in folders if folder.exists() and shutil.disk_usage(folder).free < 64 * 2**20]
    return " and ".join(full or [str(ROOT)]) if full or NO_SPACE.search(output) else ""


def command(body: Callable[[], int | None]) -> None:
    """Run a command's body; whatever goes wrong ends in one line and a non-zero exit code."""
    try:
        code = body()
    except Trouble as trouble:
        message, code = str(trouble), 1
    except ToolFailed as failure:
        message, code = explained(failure), 1
    except OSError as failure:
        if failure.errno == errno.ENOSPC:
            message = f"The disk is full. Make room for {ROOT}, then try again."
        else:
            message = f"{failure.strerror}: {failure.filename}. This user must be able to write there."
        code = 1
    except KeyboardInterrupt:
        message, code = "Stopped.", 130
    else:
        message = ""
    if message:
        print(message, file=sys.stderr)
    sys.exit(code)
