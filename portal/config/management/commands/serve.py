"""`portal serve`: the embedded server, or one web worker behind a proxy."""

import contextlib
import errno
import os
import socket
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

KEEPALIVE_SECONDS = 20
# what the kernel may hold for one slow reader
SEND_BUFFER = 262_144


class Portal(uvicorn.Server):
    async def shutdown(self, sockets: Any = None) -> None:
        """Event streams are answers that never end: they are ended before the answers are waited for."""
        from portal.live.hub import hub

        hub.send_away()
        await super().shutdown(sockets)


class Command(BaseCommand):
    help = "Serve the portal."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("CONCORD_BIND", "127.0.0.1"))
        parser.add_argument("--prepare", action="store_true", help="first migrate, and seed an empty database")

    def handle(self, *args: Any, host: str, prepare: bool, **options: Any) -> None:
        if prepare:
            self.prepare()
        listening = self.listen(host)
        from portal.config.asgi import application
        from portal.live.protocol import LARGEST_FRAME

        config = uvicorn.Config(
            application,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=LARGEST_FRAME,
            ws_ping_interval=KEEPALIVE_SECONDS,
            ws_ping_timeout=KEEPALIVE_SECONDS,
            lifespan="on",
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        if prepare:
            self.welcome()
        with contextlib.suppress(KeyboardInterrupt):
            Portal(config).run(sockets=[listening])

    def prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("demo", if_empty=True)

    def listen(self, host: str) -> socket.socket:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        try:
            listening.bind((host, settings.PORT))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {settings.PORT} is in use. Choose another: PORT={settings.PORT + 1}"
                ) from None
            raise CommandError(f"Cannot listen on {host}:{settings.PORT}: {error.strerror}.") from None
        return listening

    def welcome(self) -> None:
        from portal.config.demo import sign_ins

        self.stdout.write(f"\n  Concord is at {settings.ORIGIN}\n")
        for line in sign_ins():
            self.stdout.write(f"  {line}")
        self.stdout.write("  Ctrl-C ends it.\n")
        self.stdout.flush()
