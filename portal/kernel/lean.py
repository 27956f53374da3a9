"""Rows by plain statements, for the paths that everybody waits for.

Django's ORM works a statement out anew each time; of a message that was most of what storing it cost.
These are worked out once for each model; values go through the model's own fields, as the ORM's do.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def fetch(model: type[Row], *, lock: bool = False, **wanted: Any) -> list[Row]:
    """The rows whose columns (by attribute name) have these values; a list of values means any of them.

    Locked rows are locked in the order of their keys.
    """
    reading, converters = _reading(model, connection.vendor)
    conditions, values = [], []
    for name, value in wanted.items():
        field = model._meta.get_field(name)
        several = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        if not several:
            return []
        conditions.append(f"{_quoted(field)} IN ({_marks(len(several))})")
        values += [field.get_db_prep_value(each, connection) for each in several]  # type: ignore[union-attr]
    sql = f"{reading} WHERE {' AND '.join(conditions)}"
    if lock:
        sql += f" ORDER BY {_quoted(model._meta.pk)}"
        sql += " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    names = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(connection.alias, names, _converted(row, converters)) for row in found]


def reread(obj: models.Model, *, lock: bool = False) -> None:
    """Read a row anew in place.

    Raises:
        DoesNotExist: of its model.
    """
    rows = fetch(type(obj), lock=lock, **{obj._meta.pk.attname: obj.pk})
    if not rows:
        raise type(obj).DoesNotExist  # type: ignore[attr-defined]
    obj._state.fields_cache.clear()
    obj._state.adding = False
    for field in obj._meta.concrete_fields:
        setattr(obj, field.attname, getattr(rows[0], field.attname))


def insert(rows: Sequence[models.Model], otherwise: str = "") -> int:
    """Insert rows of one model, and say how many; `otherwise` is an ON CONFLICT clause."""
    if not rows:
        return 0
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    table, columns = connection.ops.quote_name(model._meta.db_table), ", ".join(map(_quoted, fields))
    inserted, row_of_marks = 0, f"({_marks(len(fields))})"
    for few in _batches(rows, len(fields)):
        values = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for row in few for f in fields]
        marks = ", ".join([row_of_marks] * len(few))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {marks} {otherwise}", values)  # noqa: S608 - names of our own
            inserted += cursor.rowcount
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return inserted


def update(obj: models.Model, *names: str) -> None:
    """Write these columns (by attribute name) of a row as they are on the object."""
    fields = [obj._meta.get_field(name) for name in names]
    key: Any = obj._meta.pk
    changes = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    table = connection.ops.quote_name(obj._meta.db_table)
    sql = f"UPDATE {table} SET {changes} WHERE {_quoted(key)} = %s"  # noqa: S608 - names of our own
    values = [f.get_db_prep_save(getattr(obj, f.attname), connection) for f in (*fields, key)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@lru_cache(maxsize=128)
def _reading(model: type[models.Model], vendor: str) -> tuple[str, list[tuple[int, Any, list[Any]]]]:
    """The SELECT of all columns, and of those that need it how their values become Python's."""
    fields = model._meta.concrete_fields
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = [
        (n, column, [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)])
        for n, column in enumerate(columns)
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"SELECT {', '.join(map(_quoted, fields))} FROM {table}"  # noqa: S608 - names of our own
    return sql, [each for each in converters if each[2]]


def _converted(row: Sequence[Any], converters: list[tuple[int, Any, list[Any]]]) -> list[Any]:
    values = list(row)
    for n, column, steps in converters:
        for convert in steps:
            values[n] = convert(values[n], column, connection)
    return values


def _batches(rows: Sequence[Row], width: int) -> Iterator[Sequence[Row]]:
    size = max(1, (connection.features.max_query_params or 20_000) // width)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _marks(number: int) -> str:
    return ", ".join(["%s"] * number)
