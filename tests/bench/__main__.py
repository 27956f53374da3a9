"""`make bench`: one JSON line a figure, measured against simpler things in the same run.

    python -m tests.bench [fan-out] [memory] [posts] [lists] [scrolling] [matching]

PostgreSQL with fsync, Redis, the portal with its default settings and by its public endpoints.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg

from tests.services import postgresql, redis
from tests.services.processes import accepts, free_port, start, stop, wait_until
from tests.services.server import running

PARTS = ("fan-out", "memory", "posts", "lists", "scrolling", "matching")
SIZES = (10, 100, 1000)


def main(parts: list[str]) -> None:
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-bench-")))
        database = stack.enter_context(postgresql.throwaway(durable=True))
        broker = stack.enter_context(redis.throwaway())
        os.environ |= {
            "CONCORD_DATA": str(home),
            "DATABASE_URL": new_database(database, "portal"),
            "REDIS_URL": f"{broker}/0",
            "DJANGO_SETTINGS_MODULE": "portal.config.settings",
        }
        django.setup()
        measure(parts or list(PARTS), stack, home, database, broker)


def measure(parts: list[str], stack: ExitStack, home: Path, database: str, broker: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests import world
    from tests.bench import fan_out, lists, matching, posts, scrolling, worlds
    from tests.bench.fan_out import Contender
    from tests.bench.figures import circumstances

    call_command("migrate", verbosity=0)
    world.network()
    sizes = SIZES if "fan-out" in parts else (SIZES[-1],) if "memory" in parts else SIZES[:1]
    rooms = {size: worlds.room(size) for size in sizes}
    server = stack.enter_context(running(connection.settings_dict, home))
    portal = Contender("portal", server.process.pid, server.port)

    def rival(name: str, *words: str) -> Any:
        address = new_database(database, name)
        process, port = stack.enter_context(serving(f"tests.bench.{name}", home, address, *words))
        return Contender(name, process.pid, port)

    if "memory" in parts:  # before the others have grown the process
        with circumstances("memory"):
            fan_out.idle_memory(portal, rooms[SIZES[-1]])
    if "fan-out" in parts:
        with circumstances("fan-out"):
            fan_out.run([portal, rival("naive", f"{broker}/1"), rival("least")], rooms)
    if "posts" in parts:
        with circumstances("posts"):
            posts.run(portal, rival("lean", posts.LEAN_SESSION), rooms[sizes[0]])
    if "scrolling" in parts:
        with circumstances("scrolling"):
            scrolling.run(portal, rooms[sizes[0]])
    if "lists" in parts:
        with circumstances("lists"):
            lists.run(portal)
    if "matching" in parts:
        with circumstances("matching"):
            matching.run()


def new_database(server: str, name: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


@contextmanager
def serving(module: str, home: Path, *words: str) -> Iterator[tuple[Any, int]]:
    """A rival as a process of its own."""
    port = free_port()
    log = home / f"{module}.log"
    process = start([sys.executable, "-m", module, str(port), *words], log)
    try:
        wait_until(lambda: accepts(port), process, seconds=30)
        yield process, port
    except (ChildProcessError, TimeoutError) as failure:
        raise SystemExit(f"{module} {failure}:\n{log.read_text()}") from failure
    finally:
        stop(process)


if __name__ == "__main__":
    main(sys.argv[1:])
