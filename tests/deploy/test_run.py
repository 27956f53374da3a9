"""What stops `make run` is said in one line that names the mend, never in a traceback."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.steps import ToolFailed, Trouble, explained, need_space
from tests.services.processes import free_port
from tests.services.server import ROOT


def run(folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "MAKE"))}
    return subprocess.run(
        ["sh", "deploy/with-python.sh", "deploy/run.py"],
        cwd=folder,
        env=inherited | {"PYTHON": sys.executable, "PORT": str(free_port())} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def says_in_one_line(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode == 1, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert all(part in done.stderr for part in parts), done.stderr


def test_no_python() -> None:
    says_in_one_line(run(PYTHON="/nowhere/python3"), "3.11 or newer", "/nowhere/python3", "make run PYTHON=")


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\n')  # anything else fails
    old.chmod(0o755)
    says_in_one_line(run(PYTHON=str(old)), "3.11 or newer", "Python 3.9.2", "make run PYTHON=")


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        says_in_one_line(run(PORT=str(port)), f"Port {port} is in use", f"make run PORT={port + 1}")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none(port: str) -> None:
    says_in_one_line(run(PORT=port), f"PORT={port}", "make run PORT=8001")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """As a clone stands before anything was installed."""
    for folder in ("deploy", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / "clone" / folder)
    return tmp_path / "clone"


def test_no_network(fresh: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/simple"
    done = run(fresh, HOME=str(fresh), PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=nowhere, PIP_RETRIES="0")
    says_in_one_line(done, "package index cannot be reached", "Check the network")


def test_no_space() -> None:
    with pytest.raises(Trouble, match=r"Not enough disk space: [\d.]+ GiB free in .*Make room there"):
        need_space(1e9)


@pytest.mark.parametrize(
    "said",
    ["npm error code ENOSPC", "OSError: [Errno 28] No space left on device", "write failed: Disk quota exceeded"],
)
def test_a_disk_that_fills_up_meanwhile(said: str) -> None:
    assert re.fullmatch(r"The disk is full. Make room in .*, then try again\.", explained(ToolFailed(["npm"], said)))
