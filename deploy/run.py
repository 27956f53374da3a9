"""`make run`: everything the portal needs, each only when it is missing, then the portal itself."""

import os
import socket

import environment
import webapp
from steps import ROOT, Steps, Trouble, command


def run() -> None:
    port = _free_port()
    steps = Steps(5)
    environment.prepare(steps, "run", "build")
    webapp.prepare(steps)
    steps.announce("Database, demo network, server", end="\n")
    os.chdir(ROOT)
    # The portal takes this process's place, so Ctrl-C and signals reach it and nobody else.
    os.execve(
        environment.PYTHON,
        [str(environment.PYTHON), "-m", "portal", "serve", "--prepare"],
        {**os.environ, "PORT": str(port)},
    )


def _free_port() -> int:
    """The port asked for, found free before anything slow is done."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Trouble(f"PORT={given} is not a port. Give a number from 1 to 65535: make run PORT=8001")
    port = int(given)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} is reserved for root. Choose a higher one: make run PORT=8000") from None
        except OSError:
            raise Trouble(
                f"Port {port} is in use. Stop the program that uses it, or choose another: make run PORT={port + 1}"
            ) from None
    return port


command(run)
