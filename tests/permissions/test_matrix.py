"""Every operation and frame × every role × every state, as docs/permissions.md says: status, bytes, database."""

from typing import get_args

import pytest
from drf_spectacular.generators import SchemaGenerator

from portal.live.protocol import ClientFrame
from tests.permissions.cell import faults
from tests.permissions.people import ROLES
from tests.permissions.states import TO
from tests.permissions.table import NORMAL, TABLE

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
# What is asked of a database is the same in every state: on PostgreSQL one of them is enough.
LINES = [
    pytest.param(row, state, marks=[] if state == NORMAL else pytest.mark.needs_sqlite)
    for state in TO
    for row in (*TABLE.operations, *TABLE.frames)
    if state in TABLE.states(row)
]


def test_the_table_names_every_operation_and_no_other():
    document = SchemaGenerator().get_schema(request=None, public=True)
    served = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in METHODS
    }
    assert served == {row.operation for row in TABLE.operations}


def test_the_table_names_every_frame_and_no_other():
    assert {frame.__struct_config__.tag for frame in get_args(ClientFrame)} == {row.operation for row in TABLE.frames}


def test_the_table_names_every_role_once():
    assert sorted(TABLE.roles) == sorted(ROLES)


@pytest.mark.parametrize(("row", "setting"), LINES, indirect=["setting"], ids=str, scope="module")
def test_matrix(row, setting):
    wrong = [f"{role}: {fault}" for role in TABLE.roles for fault in faults(setting, row, role)]
    assert not wrong, "\n".join(wrong)
