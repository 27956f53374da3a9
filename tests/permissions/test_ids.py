"""`?ids=` as every role, before and after all was withdrawn, as docs/permissions.md says."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.permissions.cell import Setting, call, code_of, leaks
from tests.permissions.table import NORMAL, OK, TABLE, WITHDRAWN, Row

pytestmark = pytest.mark.django_db
NAMED = {word for _, finds in TABLE.lists for word in finds}
LINES = [(row, finds, state) for state in (NORMAL, WITHDRAWN) for row, finds in TABLE.lists]


def test_the_table_names_every_list_that_takes_ids_and_no_other():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    taking = {
        f"GET {path.removeprefix('/api/v1')}"
        for path, methods in paths.items()
        if any(parameter["name"] == "ids" for parameter in methods.get("get", {}).get("parameters", []))
    }
    assert taking == {row.operation for row, _ in TABLE.lists}


@pytest.mark.parametrize(("row", "finds", "setting"), LINES, indirect=["setting"], ids=str, scope="module")
def test_ids(row, finds, setting):
    wrong = [f"{role}: {fault}" for role in TABLE.roles for fault in faults(setting, row, finds, role)]
    assert not wrong, "\n".join(wrong)


def faults(setting: Setting, row: Row, finds: list[str], role: str) -> Iterator[str]:
    word_of = {setting.stage.ids[word]["id"]: word for word in NAMED}
    answer = ask(setting, row, role, word_of)
    yield from leaks(setting, row, role, answer)
    expected = TABLE.answer(row, role, setting.state)
    if code_of(answer) != expected:
        yield f"{code_of(answer)}, not {expected}"
    if code_of(answer) != OK:
        return
    found = {word_of[result["id"]] for result in answer.json()["results"]}
    seen = {word for word in finds if role in TABLE.sees(word, setting.state)}
    if found != seen:
        yield f"finds {sorted(found)}, not {sorted(seen)}"
    other = ask(setting, row, role, [pk if word in seen else str(uuid4()) for pk, word in word_of.items()])
    if answer.content != other.content:
        yield f"beside hidden ones {answer.content[:200]!r}, beside absent ones {other.content[:200]!r}"


def ask(setting: Setting, row: Row, role: str, ids: Collection[str]) -> Any:
    return call(setting, row, role, setting.stage.ids.get(row.about, {}), query=f"?ids={','.join(ids)}")
