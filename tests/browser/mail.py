"""The mail that a server under test wrote."""

import email
import email.policy
import re
import time

from tests.services.server import Server


def addressees(server: Server) -> list[str]:
    """To whom each mail went. What was sent in one moment may lie in one file."""
    files = (server.log_file.parent / "mail").glob("*")
    return sorted(to for file in files for to in re.findall(r"(?m)^To: (\S+)", file.read_text()))


def link(server: Server, to: str, path: str) -> str:
    """The newest link under `path` that was mailed to this address, waited for."""
    pattern = re.compile(re.escape(server.origin + path) + r"[^\s]+")
    for _ in range(600):
        for file in sorted((server.log_file.parent / "mail").glob("*"), reverse=True, key=lambda f: f.stat().st_mtime):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found = pattern.search(message.get_content())
            if message["To"] == to and found:
                return found.group()
        time.sleep(0.1)
    raise AssertionError(f"No mail to {to} with a link under {path}")
