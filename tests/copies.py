"""What many tests begin with: made by the portal's services every few seconds, and its rows copied in between."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from portal.kernel import clock
from portal.kernel.models import Network
from portal.kernel.standing import forget_standings
from portal.people.models import User

# made by migrations and the same for ever: a server that lives through several tests knows their ids
LASTING = {"auth_permission", "django_content_type", "django_migrations"}
# a column as it is stored, converted by nobody
STORED = {"sqlite": '+"{}"', "postgresql": '"{}"::text'}
# nothing in a copy is so old that a test could take notice
FRESH = timedelta(seconds=20)


Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass(frozen=True)
class Template:
    made_at: datetime
    rows: Rows
    made: dict[str, Any]


_templates: dict[Any, Template] = {}


def copied(key: Any, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` makes in an empty database, or a copy of it, rows and objects.

    Only in a test that is rolled back: elsewhere a server may remember who had these ids in the test before.
    """
    if not connection.in_atomic_block or clock.is_told() or Network.objects.exists() or User.objects.exists():
        return make()
    forget_standings()
    template = _templates.get(key)
    if template is None or clock.now() - template.made_at > FRESH:
        made_at, made = clock.now(), make()
        template = _templates[key] = Template(made_at, _rows(), deepcopy(made))
        return made
    _insert(template.rows)
    return deepcopy(template.made)


def tables() -> list[str]:
    """All that a test fills."""
    return [t for t in connection.introspection.django_table_names(only_existing=True) if t not in LASTING]


def _rows() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            stored = ", ".join(STORED[connection.vendor].format(column) for column in columns)
            cursor.execute(f'SELECT {stored} FROM "{table}"')
            if rows := cursor.fetchall():
                found[table] = columns, rows
    return found


def _insert(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, (columns, these) in rows.items():
            named, values = ", ".join(f'"{column}"' for column in columns), ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({values})', these)
