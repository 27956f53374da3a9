"""`portal demo`: a small network to look around in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel.models import Network

STEPS = 5


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
        for number, done in enumerate(demo.seed(), start=1):
            self.stdout.write(f"  demo {number}/{STEPS}: {done}")
            self.stdout.flush()
