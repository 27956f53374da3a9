"""`make check`: style, types, import rules, generated files, script budget. Every part is always run."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environment
import house
import webapp
from steps import ROOT, Steps, ToolFailed, command, tool

PYTHON = environment.PYTHON
OPENAPI = webapp.FRONTEND / "openapi.json"


def check() -> int:
    steps = Steps(4)
    environment.prepare(steps, "run", "build", "test")
    webapp.prepare(steps)
    print()
    # The generated files first: the other parts read them.
    passed = [_part("generated files up to date", _generated)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed += pool.map(lambda part: _part(*part), _parts().items())
    print(f"\n{sum(passed)} checks passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


def _parts() -> dict[str, Callable[[], str]]:
    return {
        "types (mypy)": _python("mypy"),
        "types (svelte-check)": _npm("run", "check"),
        "style (ruff check)": _python("ruff", "check"),
        "style (ruff format)": _python("ruff", "format", "--check"),
        "style (eslint, prettier)": _npm("run", "lint"),
        "import rules": _quietly(environment.VENV / "bin" / "lint-imports", "--no-cache"),
        "house rules": house.rules,
        "migrations up to date": _python("portal", "makemigrations", "--check", "--dry-run"),
        "script budget": lambda: webapp.npm("run", "--silent", "budget"),
    }


def _part(name: str, run: Callable[[], str]) -> bool:
    began = time.monotonic()
    try:
        said, passed = run(), True
    except ToolFailed as failure:
        said, passed = failure.output, False
    lines = [f"{'ok    ' if passed else 'FAILED'}  {name}  {time.monotonic() - began:.1f} s"]
    lines += [f"        {line}" for line in said.splitlines()]
    # One write: parts run side by side.
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return passed


def _quietly(*words: str | Path) -> Callable[[], str]:
    """A tool that found nothing needs no words."""
    return lambda: tool(list(words)) and ""


def _python(module: str, *words: str) -> Callable[[], str]:
    return _quietly(PYTHON, "-m", module, *words)


def _npm(*words: str) -> Callable[[], str]:
    return lambda: webapp.npm(*words) and ""


def _generated() -> str:
    """Make the contract and what is generated from it anew; they must come out as they were."""
    before = _contents()
    tool([PYTHON, "-m", "portal", "openapi", "--output", OPENAPI])
    webapp.npm("run", "types")
    changed = [str(path.relative_to(ROOT)) for path, content in _contents().items() if before.get(path) != content]
    if changed:
        raise ToolFailed(["npm", "run", "types"], f"Made anew just now, commit them: {', '.join(changed)}")
    return ""


def _contents() -> dict[Path, bytes]:
    generated = {OPENAPI, *(webapp.FRONTEND / "src").rglob("*.gen.ts")}
    return {path: path.read_bytes() for path in generated if path.exists()}


os.environ |= {"NO_COLOR": "1", "RUFF_OUTPUT_FORMAT": "concise"}
command(check)
