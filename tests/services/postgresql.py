"""A throwaway PostgreSQL on a free port: own data directory, own password, gone afterwards."""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.services.processes import Unavailable, free_port, start, stop, wait_until

PACKAGE = "postgresql"
SETTINGS = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"]
# fsync guards against a power cut; what a killed process wrote, the kernel keeps.
HASTY = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]


def binaries() -> Path | None:
    """The folder of the newest server on this machine (Debian keeps it off PATH)."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[str]:
    """The address of a fresh server, without a database name: `postgresql://user:password@host:port`."""
    folder = binaries()
    if folder is None:
        raise Unavailable("not installed")
    user = _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="concord-postgresql-"))
    if user:
        os.chown(home, user["user"], user["group"])
    try:
        port, password = free_port(), secrets.token_urlsafe()
        _initialize(folder, home, password, user)
        settings = SETTINGS if durable else [*SETTINGS, *HASTY]
        command = [folder / "postgres", "-D", home / "data", "-p", str(port)]
        command += [word for setting in settings for word in ("-c", setting)]
        process = start(command, home / "log", end=signal.SIGINT, cwd=home, **user)
        address = f"postgresql://concord:{password}@127.0.0.1:{port}"
        try:
            wait_until(lambda: _answers(address), process, seconds=60)
            yield address
        except (ChildProcessError, TimeoutError) as failure:
            raise Unavailable(f"{failure}; {(home / 'log').read_text()[-300:]}") from failure
        finally:
            stop(process, signal.SIGINT)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _answers(address: str) -> bool:
    """A port is open some time before the server behind it takes anybody in."""
    try:
        psycopg.connect(f"{address}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _initialize(folder: Path, home: Path, password: str, user: dict[str, Any]) -> None:
    secret = home / "password"
    secret.write_text(password)
    if user:
        os.chown(secret, user["user"], user["group"])
    command = [folder / "initdb", "-D", home / "data", "-U", "concord", "-A", "scram-sha-256", f"--pwfile={secret}"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, **user)
    if done.returncode:
        raise Unavailable(f"initdb failed: {done.stderr.strip()[-300:]}")


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: who else it runs as, in Popen's words."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Unavailable("this is root, and there is no user `postgres` or `nobody` to run it as")
