"""A throwaway Redis (or Valkey) on a free port, in memory only."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.processes import Unavailable, accepts, free_port, start, stop, wait_until

PACKAGE = "redis-server"
IN_MEMORY = ["--save", "", "--appendonly", "no", "--databases", "64"]


def binary() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def throwaway() -> Iterator[str]:
    """The address of a fresh server, without a database number: `redis://host:port`."""
    program = binary()
    if program is None:
        raise Unavailable("not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="concord-redis-") as home:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", home, *IN_MEMORY]
        process = start(command, Path(home) / "log")
        try:
            wait_until(lambda: accepts(port), process, seconds=30)
            yield f"redis://127.0.0.1:{port}"
        except (ChildProcessError, TimeoutError) as failure:
            raise Unavailable(str(failure)) from failure
        finally:
            stop(process)
