"""Needs and offers as a table: who gets which rows, what stands in the cells, and what a spreadsheet would run."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.resources import tables
from coordination.resources.models import Need, Offer
from portal.api.tables import as_written
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db


def exported(person, what, **query):
    answer = world.client(person).get(f"{API}/{what}/export", query)
    assert answer.status_code == 200, answer.content
    return answer


def table(person, what, **query):
    """The row of tags, and each listing by the names of its columns."""
    text = exported(person, what, **query).content.decode()
    assert text.startswith("\ufeff")
    names, tags, *rows = csv.reader(StringIO(text.removeprefix("\ufeff")))
    return dict(zip(names, tags, strict=True)), [dict(zip(names, row, strict=True)) for row in rows]


def test_a_need_in_cells(scene):
    tags, (row,) = table(scene.mara, "needs")
    need = Need.objects.get()
    assert row["id"] == str(need.pk)
    assert (row["owner"], row["category"], row["unit"]) == ("County Agency", "emergency_bed", "bed_night")
    assert (row["quantity"], row["quantity_met"], row["urgency"]) == ("3", "0", need.urgency)
    assert (row["country"], row["state"], row["county"]) == ("US", "US-IA", "US-IA-113")
    assert (row["languages"], row["barriers"], row["exercise"]) == ("spa", "pets", "false")
    assert row["status"] == "open"
    assert row["valid_until"] == need.valid_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert tags["owner"] == "#org +name"
    assert (tags["category"], tags["quantity"], tags["status"]) == ("#service", "#need", "#status")
    assert (tags["state"], tags["county"], tags["id"]) == ("#adm1 +code", "#adm2 +code", "#meta +id")
    assert (tags["valid_from"], tags["valid_until"]) == ("#date +start", "#date +end")


def test_an_offer_in_cells(scene):
    hours = [{"days": ["monday", "friday"], "opens": "20:00", "closes": "06:00"}]
    hours.append({"days": ["sunday"], "opens": "00:00", "closes": "24:00"})
    Offer.objects.update(intake_hours=hours, area="US-IA", languages=["spa", "ase"], available=4, held=1)
    tags, (row,) = table(scene.mara, "offers")
    assert (row["maximum"], row["available"], row["held"], row["cost"]) == ("5", "4", "1", "free")
    assert row["intake_hours"] == "monday friday 20:00-06:00; sunday 00:00-24:00"
    assert row["languages"] == "spa; ase"
    assert (row["state"], row["county"]) == ("US-IA", "")
    assert (tags["maximum"], tags["available"]) == ("#capacity +max", "#capacity +available")


def test_it_is_a_file_that_nobody_keeps(scene):
    answer = exported(scene.mara, "offers")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="offers-20')
    asked = world.client(scene.mara).get(f"{API}/offers/export", headers={"Accept": "text/csv"})
    assert asked.content == answer.content


def test_each_gets_what_they_see(bare):
    mine = bare.needed(bare.house)
    assert [row["id"] for row in table(bare.mara, "needs")[1]] == [str(mine.pk)]
    assert [row["id"] for row in table(bare.dana, "needs")[1]] == [str(mine.pk)]
    assert table(bare.grace, "needs")[1] == []
    assert problem(denied(lambda: world.client().get(f"{API}/needs/export"))) == (401, "not_authenticated")


def test_the_filters_of_the_list(scene):
    food = scene.needed(category="food", unit="item", area="US-IA")
    assert [row["id"] for row in table(scene.dana, "needs")[1]] == [str(food.pk), str(scene.need.pk)]
    assert [row["category"] for row in table(scene.dana, "needs", top="basic_needs")[1]] == ["food"]
    assert [row["id"] for row in table(scene.dana, "needs", area="US-IA-113")[1]] == [str(scene.need.pk)]
    Need.objects.filter(pk=food.pk).update(state="closed")
    assert [row["id"] for row in table(scene.dana, "needs", open="true")[1]] == [str(scene.need.pk)]


@pytest.mark.parametrize(
    ("query", "code"),
    [({"area": "US-IA-1"}, "not_a_choice"), ({"limit": "5"}, "unknown_field"), ({"ids": ""}, "unknown_field")],
)
def test_a_filter_that_makes_no_sense(scene, query, code):
    refusal = denied(lambda: world.client(scene.dana).get(f"{API}/needs/export", query, headers={"Accept": "text/csv"}))
    assert faults(refusal) == [(next(iter(query)), code)]
    assert refusal["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("note", ['=HYPERLINK("http://x.example")', "+1", "-2 beds", "@sum", "\t=1+1"])
def test_no_cell_is_a_formula(scene, note):
    Need.objects.update(note=note)
    _, (row,) = table(scene.mara, "needs")
    assert row["note"] == f"'{note}"
    assert as_written(row.values())[list(row).index("note")] == note


def test_what_is_left_out_is_said(scene, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    newest = scene.needed()
    text = exported(scene.mara, "needs").content.decode().splitlines()
    assert len(text) == 4
    assert text[2].startswith(str(newest.pk))
    assert text[3].startswith("Only the newest 1 are in this file.")


def test_as_many_queries_for_many_as_for_few(scene):
    counts = []
    exported(scene.mara, "needs")
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            exported(scene.mara, "needs")
        counts.append(len(seen))
        for _ in range(10):
            scene.needed()
    assert counts[0] == counts[1]
