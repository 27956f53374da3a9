"""Mass assignment: beside what is right, every other name, by each role that may, as docs/permissions.md says."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from drf_spectacular.generators import SchemaGenerator

from portal.live.protocol import ClientFrame
from tests.permissions import watch
from tests.permissions.cell import Setting, addressed, call, code_of
from tests.permissions.table import NORMAL, OK, TABLE, Row, listed

# A form refuses before a database is asked.
pytestmark = [pytest.mark.django_db, pytest.mark.needs_sqlite]
DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)
SCHEMAS = DOCUMENT["components"]["schemas"]
KNOWN = {name for schema in SCHEMAS.values() for name in schema.get("properties", {})}
TAKEN_BY_NOTHING = {name for (names,) in TABLE.tables["taken by nothing"] for name in listed(names)}
FRAMES = {frame.__struct_config__.tag: {"type", *frame.__struct_fields__} for frame in get_args(ClientFrame)}


def taken(row: Row) -> set[str] | None:
    """The names that an operation or a frame takes; None: it takes no body."""
    if row.is_frame:
        return FRAMES[row.operation]
    method, path = row.operation.split(" ")
    operation = DOCUMENT["paths"][f"/api/v1{path}"][method.lower()]
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(SCHEMAS[schema.rsplit("/", 1)[1]]["properties"])


LINES = [(row, NORMAL) for row in (*TABLE.operations, *TABLE.frames) if taken(row) is not None]


@pytest.mark.parametrize(("row", "setting"), LINES, indirect=["setting"], ids=str, scope="module")
def test_no_other_name_is_taken(row, setting):
    others = (KNOWN - taken(row)) | TAKEN_BY_NOTHING
    roles = [role for role in TABLE.roles if TABLE.answer(row, role, NORMAL) == OK]
    wrong = [f"{role}: {fault}" for role in roles for fault in faults(setting, row, others, role)]
    assert not wrong, "\n".join(wrong)


def faults(setting: Setting, row: Row, others: set[str], role: str) -> Iterator[str]:
    with watch.undone() as seen:
        answer = call(setting, row, role, addressed(setting, row, role), besides=dict.fromkeys(others, "1"))
        if seen.wrote and watch.database() != setting.before:
            yield "something was written"
    if row.is_frame:
        refused = code_of(answer) == "unknown_frame"
    else:
        refused = errors(answer) == {(name, "unknown_field") for name in others}
    if not refused:
        yield f"{answer.status_code}: {answer.content[:300]!r}, {sorted(others - {n for n, _ in errors(answer)})}"


def errors(answer: Any) -> set[tuple[str, str]]:
    return {(error["field"], error["code"]) for error in answer.json().get("errors", [])}
