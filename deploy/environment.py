"""The virtual environment in .venv, filled from the hash-locked files in requirements/."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from stamps import Stamps, fingerprint
from steps import ROOT, Steps, ToolFailed, Trouble, need_space, tool

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
STAMPS = VENV / "concord-stamps.json"


def prepare(steps: Steps, *locks: str) -> None:
    """Make .venv hold exactly the locked versions of `locks` (names in requirements/)."""
    with steps.step("Python environment"):
        _make()
    with steps.step("Python packages"):
        _fill([LOCKS / f"{name}.txt" for name in locks])


def _identity() -> dict[str, str]:
    """Scripts in an environment carry its path; compiled packages belong to one Python version."""
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor} {VENV}"}


def _make() -> None:
    stamps = Stamps(STAMPS)
    if stamps.current(_identity()) and PYTHON.exists():
        return
    if not stamps.made and _usable():
        stamps.record(_identity())
        return
    need_space(1.5)
    try:
        import venv
    except ImportError:
        raise Trouble(
            "This Python cannot make virtual environments. Debian, Ubuntu: apt install python3-venv; then try again."
        ) from None
    # Without pip: Debian keeps ensurepip in a package of its own, and any pip can fill another environment.
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(VENV)
    Stamps(STAMPS).record(_identity())


def _usable() -> bool:
    """Somebody made .venv by other means: it may stay if it is of this version."""
    probe = "import sys; print('%d.%d %s' % (*sys.version_info[:2], sys.prefix))"
    try:
        said = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return said.strip() == _identity()["python"]


def _fill(locks: list[Path]) -> None:
    wanted = {lock.name: fingerprint([lock]) for lock in locks}
    stamps = Stamps(STAMPS)
    if stamps.current(wanted):
        return
    need_space(1.0)
    files = [word for lock in locks for word in ("-r", str(lock))]
    pip = _pip()
    try:
        tool([*pip, "install", "--require-hashes", "-r", LOCKS / "bootstrap.txt"], **_quiet())
        tool([PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--require-hashes", *files], **_quiet())
    except ToolFailed:
        # No uv for this machine, or an index that only pip is configured for.
        tool([*pip, "install", "--require-hashes", *files], **_quiet())
    stamps.record(wanted)


def _pip() -> list[str]:
    """The pip of the Python that runs this, working in .venv; else one that Python carries with it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if not importlib.util.find_spec("ensurepip"):
        raise Trouble("This Python has no pip. Debian, Ubuntu: apt install python3-pip; then try again.")
    tool([PYTHON, "-m", "ensurepip"])
    return [str(PYTHON), "-m", "pip"]


def _quiet() -> dict[str, str]:
    return {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_RETRIES": os.environ.get("PIP_RETRIES", "2"),
        "PIP_ROOT_USER_ACTION": "ignore",
        "UV_PYTHON_DOWNLOADS": "never",
        # Certificates of the machine: a company's proxy is known there.
        "UV_SYSTEM_CERTS": "1",
    }
