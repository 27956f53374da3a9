"""What a call left behind in the database, and the tokens in what it answered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from portal.kernel.standing import forget_standings
from tests.scene import ASIDE

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
TOKEN = re.compile(r"\[([a-z]+(?: [a-z]+)+)\]")
NAME = re.compile(r"([\w-]+) Kestrel")
ADDRESS = re.compile(r"([\w-]+)\.kestrel@example\.org|(invited)@kestrel\.test")


class Watch:
    """Whether a statement wrote. Most calls do not, and then nothing else need be compared."""

    def __init__(self) -> None:
        self.wrote = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.wrote = self.wrote or bool(WRITES.match(sql))
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[Watch]:
    """Whatever is written in here is taken back at its end."""
    watch = Watch()
    with transaction.atomic(), connection.execute_wrapper(watch):
        yield watch
        transaction.set_rollback(True)
    if watch.wrote:
        forget_standings()


def database() -> dict[tuple[str, Any], tuple[Any, ...]]:
    """Every row of every table but those that a refusal may move."""
    return {
        (model._meta.label, row[0]): row
        for model in apps.get_models()
        if model._meta.label not in ASIDE and not model._meta.proxy
        for row in model._base_manager.values_list("pk", *[f.attname for f in model._meta.concrete_fields])
    }


def tokens(said: str) -> set[str]:
    return set(TOKEN.findall(said))


def names(said: str) -> set[str]:
    return {name.replace("-", ".").lower() for name in NAME.findall(said)}


def addresses(said: str) -> set[str]:
    return {(mine or other).replace("-", ".") for mine, other in ADDRESS.findall(said)}
