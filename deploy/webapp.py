"""The web app, built in frontend/ with the Node that came from Python's package index."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from environment import LOCKS, VENV
from stamps import Stamps, fingerprint
from steps import ROOT, Steps, need_space, tool

FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
BUILD = FRONTEND / "build"
# Inside node_modules: `npm ci` empties that folder, and with it what was said about it.
STAMPS = MODULES / ".concord-stamps.json"
MADE = {"node_modules", "build", ".svelte-kit", "test-results", "coverage"}


def prepare(steps: Steps) -> None:
    with steps.step("Web app packages"):
        _packages()
    with steps.step("Web app build"):
        _build()


def npm(*words: str) -> str:
    return tool([VENV / "bin" / "npm", *words], cwd=FRONTEND, **node_environment())


def node_environment() -> dict[str, str]:
    return {
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NODE_USE_SYSTEM_CA": "1",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "NPM_CONFIG_FETCH_RETRIES": os.environ.get("NPM_CONFIG_FETCH_RETRIES", "1"),
    }


def _packages() -> None:
    inputs = [FRONTEND / "package.json", FRONTEND / "package-lock.json", LOCKS / "build.txt"]
    wanted = {"packages": fingerprint(inputs)}
    if Stamps(STAMPS).current(wanted):
        return
    need_space(0.5)
    npm("ci")
    Stamps(STAMPS).record(wanted)


def _build() -> None:
    stamps = Stamps(STAMPS)
    wanted = {"build": fingerprint(_sources())}
    if stamps.current(wanted) and (BUILD / "200.html").exists():
        return
    need_space(0.2)
    shutil.rmtree(BUILD, ignore_errors=True)
    npm("run", "build")
    stamps.record(wanted)


def _sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name not in MADE]
        yield from (Path(folder) / name for name in files)
