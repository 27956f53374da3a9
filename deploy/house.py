"""The house rules that no tool knows: short files, and one place that answers who may."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from steps import ROOT, ToolFailed

LONGEST = 400
ROOMS = ("portal", "messaging", "coordination", "tests", "deploy", "frontend")
MADE = {"node_modules", "build", ".svelte-kit", "migrations", "__pycache__"}
# Permission has one source, the policy; memberships have one writer, the kernel.
BANNED = re.compile(r"\.(has_perms?|get_all_permissions|get_group_permissions|groups\.(add|set|remove|clear))\(")


def rules() -> str:
    """Raises ToolFailed with one line for each place that breaks a rule."""
    broken = [line for path in _sources() for line in _broken(path)]
    if broken:
        raise ToolFailed(["house rules"], "\n".join(broken))
    return ""


def _broken(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT)
    lines = path.read_text().splitlines()
    if len(lines) > LONGEST:
        yield f"{name}: {len(lines)} lines, {LONGEST} at most: is it one room or two?"
    if path.suffix == ".py" and name.parts[0] not in ("tests", "deploy"):
        for number, line in enumerate(lines, 1):
            if BANNED.search(line):
                yield f"{name}:{number}: ask the policy, or call the kernel's service: {line.strip()}"


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        for folder, folders, files in os.walk(ROOT / room):
            folders[:] = [name for name in folders if name not in MADE]
            for name in files:
                if name.endswith((".py", ".ts", ".svelte")) and not name.endswith((".gen.ts", ".d.ts")):
                    yield Path(folder) / name
