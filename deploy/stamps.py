"""What was made from which inputs, so that nothing is made twice."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from steps import ROOT


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


class Stamps:
    """A small file of `{made thing: fingerprint of its inputs}` beside what was made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.made: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.made = {}

    def current(self, wanted: dict[str, str]) -> bool:
        return all(self.made.get(name) == value for name, value in wanted.items())

    def record(self, made: dict[str, str]) -> None:
        self.made |= made
        self.path.write_text(json.dumps(self.made, indent=1))
