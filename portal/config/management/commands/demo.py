"""`portal demo`: a network to look around in."""

import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel.models import Network

WIDTH = 40


class Command(BaseCommand):
    help = "Fill an empty database with a demo network."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a network")

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        from portal.config import demo

        if Network.objects.exists():
            if if_empty:
                return
            raise CommandError("There is a network in this database already. The demo needs an empty one.")
        began = time.monotonic()
        self.follow(demo.seed())
        self.stdout.write(f"  Demo network made in {time.monotonic() - began:.1f} s")
        self.stdout.flush()

    def follow(self, progress: Iterator[tuple[int, int]]) -> None:
        """One line that fills on a terminal; elsewhere a line for each quarter."""
        shown = -1
        for done, of in progress:
            step = done * (WIDTH if self.stdout.isatty() else 4) // of
            if step == shown:
                continue
            shown = step
            if self.stdout.isatty():
                self.stdout.write(f"\r  Demo network  {'█' * step}{'░' * (WIDTH - step)}  {done}/{of}", ending="")
            else:
                self.stdout.write(f"  Demo network {done}/{of}")
            self.stdout.flush()
        if self.stdout.isatty():
            self.stdout.write("")
