"""What was not met as a file."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.kernel import clock
from tests import world
from tests.scene import API
from tests.unmet.ended import ended

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def exported(person, path, **query):
    with clock.at(datetime(2026, 4, 15, tzinfo=UTC)):
        answer = world.client(person).get(f"{API}/{path}unmet-need/export", query, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    return answer["Content-Disposition"], list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))


def own(scene, **query):
    return exported(scene.mara, f"organizations/{scene.agency.pk}/", **query)


def test_an_organizations_own(scene):
    ended(scene, scene.agency, MARCH, 2, places=3)
    type(scene.agency).objects.filter(pk=scene.agency.pk).update(name="=County")
    name, (names, tags, *rows) = own(scene)
    assert name == 'attachment; filename="unmet-need-2026-04-15.csv"'
    assert dict(zip(names, tags, strict=True)) == {
        "owner": "#org +name",
        "month": "#date +month",
        "kind": "#service",
        "country": "#country +code",
        "state": "#adm1 +code",
        "county": "#adm2 +code",
        "requests": "#need +unmet +requests",
        "places_left": "#need +unmet +places",
    }
    assert rows == [["'=County", "2026-03", "emergency_shelter", "US", "US-IA", "US-IA-113", "2", "6"]]
    assert own(scene, until="2026-02")[1][2:] == []


def test_the_networks_says_that_it_does_not_tell_all(scene):
    for owner in (scene.agency, scene.house, scene.clinic):
        ended(scene, owner, MARCH, 3)
    ended(scene, scene.agency, MARCH, 9, area=world.JOHNSON)
    name, (names, _, *rows, last) = exported(world.administrator(), "")
    assert name == 'attachment; filename="unmet-need-of-network-2026-04-15.csv"'
    assert names == ["month", "kind", "country", "state", "county", "requests"]
    assert rows == [["2026-03", "emergency_shelter", "US", "US-IA", "US-IA-113", "9"]]
    assert last == [
        "Numbers that are too small to be told are not in this file, and in no sum: what is missing need not be 0."
    ]


def test_as_many_queries_for_many_as_for_few(scene):
    numbers = set()
    own(scene)
    for many in (1, 50):
        for area in (world.LINN, world.JOHNSON, "US-IA-031"):
            ended(scene, scene.agency, MARCH, many, area=area)
        with CaptureQueriesContext(connection) as seen:
            own(scene)
        numbers.add(len(seen))
    assert len(numbers) == 1
