"""As many queries for 500 rows as for 5: every list of the API document, all that Today asks, live catch-up.

A list without a line in ASKED fails the first test.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator

from portal.kernel.standing import forget_standings
from portal.live import log
from tests import world
from tests.crowd import Crowd
from tests.scene import API, queries

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 500
TODAY = Path(__file__).parents[2] / "frontend/src/lib/today/waiting.svelte.ts"


def asked(c: Crowd) -> dict[str, tuple[Any, str]]:
    """Who asks, and where: an ordinary member where the list is for everybody."""
    s = c.scene
    group, board, channel = c.group.pk, c.board.pk, c.channel.pk
    return {
        "/agreements": (c.chief, "/agreements"),
        "/applications": (c.chief, "/applications"),
        "/answers": (s.jonas, "/answers"),
        "/calendar-feeds": (s.jonas, "/calendar-feeds"),
        "/certificates": (s.mara, "/certificates"),
        "/channels": (s.jonas, "/channels"),
        "/channels/candidates": (s.jonas, "/channels/candidates"),
        "/channels/{channel}/members": (s.jonas, f"/channels/{board}/members"),
        "/channels/{channel}/messages": (s.jonas, f"/channels/{channel}/messages"),
        "/channels/{channel}/messages/{message}/acknowledgements": (
            s.mara,
            f"/channels/{board}/messages/{c.announced.pk}/acknowledgements",
        ),
        "/channels/{channel}/messages/{id}/edits": (s.jonas, f"/channels/{channel}/messages/{c.edited.pk}/edits"),
        "/channels/{id}/audience": (s.jonas, f"/channels/{board}/audience"),
        "/channels/{id}/people": (s.jonas, f"/channels/{board}/people"),
        "/escalations": (c.chief, "/escalations"),
        "/events": (s.jonas, "/events"),
        "/events/{event_id}/whereabouts": (s.jonas, f"/events/{c.event.pk}/whereabouts"),
        "/group-invitations": (s.mara, "/group-invitations"),
        "/join-applications": (s.mara, "/join-applications"),
        "/urgent-messages": (s.jonas, "/urgent-messages"),
        "/me/responsibilities": (s.mara, "/me/responsibilities"),
        "/needs": (s.jonas, "/needs"),
        "/needs/{need_id}/requests": (s.jonas, f"/needs/{s.need.pk}/requests"),
        "/occurrences": (s.jonas, "/occurrences"),
        "/offers": (s.jonas, "/offers"),
        "/organizations": (s.jonas, "/organizations"),
        "/organizations/{organization}/invitations": (s.mara, f"/organizations/{s.agency.pk}/invitations"),
        "/organizations/{organization}/people": (s.jonas, f"/organizations/{s.agency.pk}/people"),
        "/organizations/{organization}/people/{person}/responsibilities": (
            s.mara,
            f"/organizations/{s.agency.pk}/people/{s.mara.pk}/responsibilities",
        ),
        "/organizations/{organization}/suspensions": (c.chief, f"/organizations/{s.agency.pk}/suspensions"),
        "/organizations/{organization}/unmet-need": (s.mara, f"/organizations/{s.agency.pk}/unmet-need"),
        "/pledges": (s.jonas, "/pledges"),
        "/registrations": (s.mara, "/registrations"),
        "/request-kinds": (s.jonas, "/request-kinds"),
        "/requests": (s.jonas, "/requests"),
        "/requests/{id}/audience": (s.jonas, f"/requests/{c.asked_of_many.pk}/audience"),
        "/requests/{request_id}/answers": (s.jonas, f"/requests/{c.asked_of_many.pk}/answers"),
        "/requests/{request_id}/needs": (s.jonas, f"/requests/{c.asked_of_many.pk}/needs"),
        "/requests/{request_id}/tasks": (s.jonas, f"/requests/{c.asked_of_many.pk}/tasks"),
        "/resource-categories": (s.jonas, "/resource-categories"),
        "/rule-acceptances": (s.jonas, "/rule-acceptances"),
        "/session": (c.nomad, "/session"),
        "/sessions": (s.jonas, "/sessions"),
        "/shifts": (s.jonas, "/shifts"),
        "/sign-ins": (s.jonas, "/sign-ins"),
        "/suggestions": (s.mara, "/suggestions"),
        "/swaps": (s.jonas, "/swaps"),
        "/tasks": (s.jonas, "/tasks"),
        "/unmet-need": (c.chief, "/unmet-need"),
        "/whereabouts": (s.jonas, "/whereabouts"),
        "/working-groups": (s.jonas, "/working-groups"),
        "/working-groups/{id}/audience": (s.jonas, f"/working-groups/{group}/audience"),
        "/working-groups/{id}/responsibilities": (s.mara, f"/working-groups/{group}/responsibilities"),
        "/working-groups/{working_group}/entries": (s.jonas, f"/working-groups/{group}/entries"),
        "/working-groups/{working_group}/members": (s.jonas, f"/working-groups/{group}/members"),
    }


# how many rows an answer holds at most, where it is not a page of 100
# of tables in the code there are always the same
TABLES = {"/request-kinds", "/resource-categories"}
SHORTER = {**dict.fromkeys(TABLES, 3), "/unmet-need": 36, "/channels/candidates": 20, "/channels/{id}/people": 20}
# what is one object that says who sees it: for a group or a channel always the same few audiences;
# and the one need that a request may stand for, and where one event is; of a group, that one leads it
ONE = {
    *("/channels/{id}/audience", "/working-groups/{id}/audience"),
    "/working-groups/{id}/responsibilities",
    *("/requests/{request_id}/needs", "/events/{event_id}/whereabouts"),
}


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """Few of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = Crowd()
        found.grow(FEW)
        yield found
        transaction.set_rollback(True)


def lists(document: Any) -> dict[str, set[str]]:
    """The addresses that answer with an array of objects, and the parameters of their query."""
    found = {}
    for path, methods in document["paths"].items():
        operation = methods.get("get")
        if operation is None:
            continue
        content = operation["responses"]["200"]["content"]
        # files: measured in tests/resources/test_export.py and tests/calendars/test_feeds.py
        if "application/json" not in content:
            continue
        if holds_objects(document, content["application/json"]["schema"]):
            parameters = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
            found[path.removeprefix(API)] = parameters
    return found


def holds_objects(document: Any, schema: Any) -> bool:
    schema = resolved(document, schema)
    within = [schema, *(resolved(document, p) for p in schema.get("properties", {}).values())]
    arrays = [s for s in within if s.get("type") == "array"]
    is_one = "result" in schema.get("properties", {})
    return not is_one and any("$ref" in s["items"] or s["items"].get("type") == "object" for s in arrays)


def resolved(document: Any, schema: Any) -> Any:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def test_every_list_is_asked(crowd, document):
    assert lists(document).keys() == asked(crowd).keys()


def measured(crowd: Crowd, document: Any) -> dict[str, tuple[int, int]]:
    """(rows, queries) of each."""
    found = {}
    wide = lists(document)
    for name, (who, path) in asked(crowd).items():
        caller = world.client(who)
        address = f"{API}{path}" + ("?limit=100" if "limit" in wide[name] else "")
        found[name] = tried(caller, address)
    for path in asked_by_today():
        found[f"Today: {path}"] = tried(world.client(crowd.scene.mara), f"{API}{path}")
    return found


def tried(caller: Any, address: str) -> tuple[int, int]:
    answers: list[Any] = []
    forget_standings()
    caller.get(address)  # what is remembered for good is remembered
    forget_standings()
    number = queries(lambda: answers.append(caller.get(address)))
    assert answers[0].status_code == 200, (address, answers[0].content)
    return rows(answers[0].json()), number


def rows(answer: Any) -> int:
    found = answer if isinstance(answer, list) else None
    if found is None:
        found = answer.get("results") or max((v for v in answer.values() if isinstance(v, list)), key=len)
    return len(found)


def asked_by_today() -> list[str]:
    """The lists that the screen fetches, read where it says so."""
    found = re.findall(r"when\(\s*'(/[\w-]+)',\s*\{([^}]*)\}", TODAY.read_text())
    assert len(found) >= 5
    return [f"{path}?{'&'.join(terms(query))}" for path, query in found]


def terms(query: str) -> list[str]:
    return [f"{name}={value}" for name, value in re.findall(r"(\w+): '?(\w+)'?", query)]


def test_as_many_queries_for_many_rows_as_for_few(crowd, document):
    few = measured(crowd, document)
    caught_up_few = caught_up(crowd, FEW)
    crowd.grow(MANY - FEW)
    many = measured(crowd, document)
    wrong = [
        f"{name}: {few[name][1]} queries for {few[name][0]} rows, {many[name][1]} for {many[name][0]}"
        for name in few
        if few[name][1] != many[name][1]
    ]
    assert not wrong, "\n".join(wrong)
    short = {name: found for name, (found, _) in many.items() if found < SHORTER.get(name, 100) and name not in ONE}
    assert not short, f"not really asked for many: {short}"
    assert caught_up(crowd, MANY) == caught_up_few
    assert {name: n for name, (n, _) in few.items() if n >= SHORTER.get(name, 100) and name not in TABLES} == {}


def caught_up(crowd: Crowd, missed: int) -> set[int]:
    """The queries of each page of a socket that missed so many changes of a group."""
    audience = crowd.group.members
    audience.refresh_from_db()
    cursor = audience.head - missed
    found, items = set(), 0
    while cursor < audience.head:
        with CaptureQueriesContext(connection) as counted:
            (batch,) = log.read({audience.pk: cursor})
        found.add(len(counted))
        cursor = batch.seq
        items += batch.text.count('"op"')
    assert items == missed
    return found


def test_the_count_would_notice(crowd):
    """A shape that looks up its owner row by row is seen: the measure itself."""
    from coordination.requests.models import Request

    def one_by_one(n: int) -> int:
        return queries(lambda: [r.owner.name for r in Request.objects.order_by("-pk")[:n]])

    assert one_by_one(5) < one_by_one(50)
