"""The environment of every test, set before Django reads its settings (loaded with pytest's `-p`).

TEST_DATABASE_URL and TEST_REDIS_URL name throwaway services; without them the tests run on
SQLite and in memory. What the portal itself would read from the environment is not used, so no
test touches a database that somebody works with.
"""

import os
import shutil
import tempfile

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _settle() -> None:
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ["CONCORD_DATA"] = tempfile.mkdtemp(prefix="concord-tests-")
    if database := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = database
    if redis := os.environ.get("TEST_REDIS_URL"):
        number = int(WORKER.removeprefix("gw") or 0) + 1
        os.environ["REDIS_URL"] = f"{redis}/{number}"


_settle()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["CONCORD_DATA"], ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots-to", metavar="FOLDER", help="where browser tests keep their pictures")
