"""Offers as HSDS services: who may take what, and what is in it."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.resources import services
from coordination.resources.hsds import export
from coordination.resources.models import Offer
from portal.kernel import clock
from portal.kernel.models import AuditRecord
from tests import world
from tests.resources.hsds import check
from tests.scene import API, CANARY, denied, faults

pytestmark = pytest.mark.django_db


def taken(person, **query):
    answer = world.client(person).get(f"{API}/offers/hsds", query)
    assert answer.status_code == 200
    return check(json.loads(b"".join(answer.streaming_content)))


def test_an_offer_as_a_service(bare):
    hours = [{"days": ["monday", "friday"], "opens": "20:00", "closes": "06:00"}]
    offer = bare.offered(intake_hours=hours, maximum=5, available=3, note="By phone.")
    (found,) = taken(bare.mara)["contents"]
    assert (found["id"], found["name"], found["description"]) == (str(offer.pk), "Emergency bed", "By phone.")
    assert found["organization"]["name"] == "Harbor House"
    assert [language["code"] for language in found["languages"]] == ["spa"]
    assert [(a["name"], a["extent"]) for a in found["service_areas"]] == [("Linn County, Iowa", "US-IA-113")]
    ((days, opens, closes),) = [(s["byday"], s["opens_at"][:5], s["closes_at"][:5]) for s in found["schedules"]]
    assert (days, opens, closes) == ("MO,FR", "20:00", "06:00")
    said = {a["label"]: a["value"] for a in found["attributes"] if a["link_type"] == "offer"}
    assert (said["maximum"], said["available"]) == ("5", "3")
    codes = {(a["link_type"], a["taxonomy_term"]["code"]) for a in found["attributes"] if "taxonomy_term" in a}
    assert {("service", "emergency_bed"), ("unit", "bed_night"), ("eligibility", "children")} <= codes
    assert ("barrier_removed", "pets") in codes


@pytest.mark.parametrize(("month", "offset"), [(1, "-07:00"), (7, "-06:00")])
def test_a_time_says_by_which_clock(month, offset):
    with clock.at(datetime(2027, month, 5, tzinfo=UTC)):
        assert export.on_the_clock("08:00", ZoneInfo("America/Denver")) == f"08:00{offset}"
        assert export.on_the_clock("24:00", ZoneInfo("America/Denver")) == f"23:59{offset}"


def test_no_person_is_in_it_and_no_drill(bare):
    bare.offered()
    bare.offered(exercise=True)
    page = taken(bare.mara)
    assert page["total_items"] == 1
    assert not {"Dana", "dana", "Mara"} & set(json.dumps(page).replace('"', " ").split())


def test_each_takes_what_they_see_and_what_is_to_be_had(bare):
    for_mara = bare.offered(bare.agency)
    services.close_offer(bare.acting(bare.dana), bare.offered())
    assert [s["id"] for s in taken(bare.mara)["contents"]] == [str(for_mara.pk)]
    assert taken(bare.grace) == {
        "contents": [],
        "total_items": 0,
        "total_pages": 1,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
    }
    assert CANARY not in json.dumps(taken(bare.otto))


def test_the_filters_of_the_list(bare):
    food = bare.offered(category="food", unit="item")
    bare.offered()
    assert [s["id"] for s in taken(bare.mara, category="food")["contents"]] == [str(food.pk)]
    assert faults(denied(lambda: world.client(bare.mara).get(f"{API}/offers/hsds", {"colour": "red"}))) == [
        ("colour", "unknown_field")
    ]


def test_who_coordinates_takes_it_and_that_is_recorded(bare):
    bare.offered()
    waiting = world.person(world.organization("Waiting", verified=False), "administrator", "Wendy")
    for person, code in ((bare.jonas, 403), (waiting, 403), (None, 401)):
        assert world.client(person).get(f"{API}/offers/hsds").status_code == code
    assert not AuditRecord.objects.filter(action="offer.export").exists()
    taken(bare.mara)
    record = AuditRecord.objects.get(action="offer.export")
    assert (record.actor, record.detail) == (bare.mara.pk, {"form": "hsds"})


def test_a_step_at_a_time_and_each_at_one_cost(bare, monkeypatch):
    for _ in range(5):
        bare.offered()
    monkeypatch.setattr(export, "AT_ONCE", 2)
    rows = Offer.objects.all()
    with CaptureQueriesContext(connection) as few:
        page = json.loads(b"".join(export.package(rows)))
    assert [s["id"] for s in page["contents"]] == [str(o.pk) for o in rows.order_by("-pk")]
    assert (page["total_items"], page["empty"]) == (5, False)
    monkeypatch.setattr(export, "AT_ONCE", 500)
    with CaptureQueriesContext(connection) as once:
        b"".join(export.package(rows))
    # what one step costs does not depend on how many rows it holds
    assert len(few) - 1 == 3 * (len(once) - 2) + 1
