"""`portal openapi`: the OpenAPI document, from which the web app's types are generated."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from drf_spectacular.generators import SchemaGenerator


class Command(BaseCommand):
    help = "Write the OpenAPI 3.1 document."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, help="a file; standard output when missing")

    def handle(self, *args: Any, output: Path | None, **options: Any) -> None:
        document = json.dumps(SchemaGenerator().get_schema(request=None, public=True), indent=2, default=str) + "\n"
        if output:
            output.write_text(document)
        else:
            self.stdout.write(document, ending="")
