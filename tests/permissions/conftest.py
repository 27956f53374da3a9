from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from portal.kernel.standing import forget_standings
from tests.permissions.cell import Setting
from tests.permissions.stage import PATIENT, Stage
from tests.permissions.states import TO
from tests.permissions.table import TABLE


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Made once for the tests of this folder, inside a transaction that is never committed: it must be over
    before another test of this process begins."""
    with django_db_blocker.unblock(), PATIENT, transaction.atomic():
        yield Stage()
        transaction.set_rollback(True)
    forget_standings()


@pytest.fixture(scope="module")
def setting(request: pytest.FixtureRequest, stage: Stage, django_db_blocker: Any) -> Iterator[Setting]:
    """The stage in the state that the test asks for."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            forget_standings()
            TO[request.param](stage)
            yield Setting(stage, request.param)
            transaction.set_rollback(True)
        forget_standings()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [r for r in terminalreporter.stats.get("passed", []) if "test_matrix.py::test_matrix" in r.nodeid]
    if lines:
        terminalreporter.write_line(f"permission matrix: {len(lines) * len(TABLE.roles)} cells as the table says")
