"""What every test may ask for: a database that processes can share, real servers, needed services."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

from tests.copies import tables
from tests.environment import WORKER
from tests.services import chromium
from tests.services.server import Server, running

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs what this run lacks is skipped; tests/__main__.py counts that loudly."""
    sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    lacking = {
        "needs_sqlite": None if sqlite else "needs SQLite",
        "needs_postgresql": "needs PostgreSQL (TEST_DATABASE_URL)" if sqlite else None,
        "needs_redis": None if settings.REDIS_URL else "needs Redis (TEST_REDIS_URL)",
        "needs_browser": None if chromium.binary() else "needs Chromium",
    }
    for item in items:
        if whole := os.environ.get("TEST_LEFT_OUT"):
            item.add_marker(pytest.mark.skip(reason=whole))
        for mark, reason in lacking.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file: threads and real servers share it, each test process has its own."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        name = Path(os.environ["CONCORD_DATA"]) / f"test{WORKER}.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(name)


def empty_tables(self: TransactionTestCase) -> None:
    """After a test that commits: all tables but the lasting ones are emptied."""
    flush = connection.ops.sql_flush(no_style(), tables(), reset_sequences=False, allow_cascade=False)
    connection.ops.execute_sql_flush(flush)


TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Rate limits begin anew with every test."""
    yield
    cache.clear()


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """One real portal process on the tests' database: the embedded form, or a worker."""
    with running(connection.settings_dict, tmp_path) as portal:
        yield portal


@pytest.fixture
def two_servers(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two workers that share PostgreSQL and Redis. Mark the test needs_postgresql and needs_redis."""
    assert connection.vendor == "postgresql"
    assert settings.REDIS_URL
    database: dict[str, Any] = connection.settings_dict
    with ExitStack() as stack:
        first = stack.enter_context(running(database, tmp_path))
        yield first, stack.enter_context(running(database, tmp_path))
