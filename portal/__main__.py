"""The `portal` command: its own commands (serve, worker, demo, openapi, administrator) and Django's."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["portal", *sys.argv[1:]])


if __name__ == "__main__":
    main()
