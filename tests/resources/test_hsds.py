"""HSDS services as offers: what becomes of a file from elsewhere."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.resources import services
from coordination.resources.models import Offer
from portal.kernel.writing import Actor
from tests import world
from tests.resources.test_hsds_export import taken
from tests.resources.test_import import fates, offered, previewed
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db
PK = "ac148810-d857-441c-9679-408f346de14b"


def term(code="", name="", taxonomy="Concord"):
    return {"link_type": "service", "taxonomy_term": {"code": code, "name": name or code, "taxonomy": taxonomy}}


def service(pk=PK, **changed):
    found = {
        "id": pk,
        "name": "Night beds",
        "status": "active",
        "attributes": [term("emergency_bed")],
        "service_areas": [{"id": str(uuid4()), "name": "Linn County, Iowa"}],
        **changed,
    }
    return {name: value for name, value in found.items() if value is not ...}


def file(*services, **changed):
    return json.dumps({"contents": list(services), **changed})


def row(bare, found=None, **chosen):
    answer = previewed(bare, file(found or service()), **chosen)
    assert answer.status_code == 200, answer.content
    (only,) = answer.json()["rows"]
    return only


def errors(found):
    return [(e["field"], e["code"]) for e in found["errors"]]


def test_a_service_as_an_offer(bare):
    found = row(
        bare,
        service(
            description="Beds by night.",
            languages=[{"code": "es"}, {"name": "English"}, {"code": "xx"}],
            schedules=[{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "20:00:00", "closes_at": "06:00-06:00"}],
            fees_description="Ask us",
        ),
    )
    assert found["title"] == "Night beds"
    assert found["errors"] == []
    assert {name: found["offer"][name] for name in ("category", "unit", "maximum", "area", "note", "cost")} == {
        "category": "emergency_bed",
        "unit": "bed_night",
        "maximum": 1,
        "area": "US-IA-113",
        "note": "Beds by night.",
        "cost": "paid",
    }
    assert found["offer"]["languages"] == ["spa", "eng"]
    assert found["offer"]["intake_hours"] == [{"days": ["monday", "tuesday"], "opens": "20:00", "closes": "06:00"}]
    (posted,) = offered(bare, [found["offer"]]).json()
    assert (posted["external_id"], posted["category"]) == (PK, "emergency_bed")


@pytest.mark.parametrize(
    "schedule",
    [
        {"opens_at": "09:00-10:00", "closes_at": "17:00-10:00"},
        {"opens_at": "09:00Z", "closes_at": "17:00Z"},
        {"opens_at": "09:00", "closes_at": "17:00", "interval": 2},
        {"opens_at": "09:00", "closes_at": "17:00", "freq": "MONTHLY", "byday": "2MO"},
    ],
    ids=["elsewhere", "UTC", "every other week", "monthly"],
)
def test_hours_that_cannot_be_said_here_are_not_kept_and_that_is_said(bare, schedule):
    lasts = {"valid_from": "2026-01-01", "valid_to": "2030-01-01"}
    found = row(bare, service(schedules=[{"freq": "WEEKLY", "byday": "MO", **schedule}, lasts]))
    assert (found["offer"].get("intake_hours", []), found["left_out"]) == ([], ["schedules"])


def test_twice_is_once_and_what_has_changed_is_brought_up_to_it(bare):
    bed = row(bare)["offer"]
    (first,) = offered(bare, [bed]).json()
    known = row(bare)
    assert (known["posted"], known.get("changed", [])) == (first["id"], [])
    assert offered(bare, [bed]).json()[0]["version"] == first["version"]

    news = row(bare, service(description="Beds by day."))
    assert news["changed"] == ["note"]
    (second,) = offered(bare, [news["offer"]]).json()
    assert (second["id"], second["note"]) == (first["id"], "Beds by day.")
    assert second["version"] > first["version"]
    assert Offer.objects.count() == 1


def test_how_much_is_left_is_said_by_the_file_within_what_is_promised(bare):
    several = service(attributes=[term("emergency_bed"), {"link_type": "offer", "label": "maximum", "value": "3"}])
    (posted,) = offered(bare, [row(bare, several)["offer"]]).json()
    Offer.objects.filter(pk=posted["id"]).update(available=1, held=2)
    answer = offered(bare, [row(bare, several)["offer"]])
    assert faults(answer) == [("available", "too_high")]


def test_an_offer_does_not_become_something_else(bare):
    offered(bare, [row(bare)["offer"]])
    other = row(bare, service(attributes=[term("food")]))
    assert (other["offer"], errors(other)[0]) == (None, ("category", "invalid"))
    body = {"category": "food", "unit": "item", "maximum": 1, "area": "US-IA", "external_id": PK}
    assert faults(offered(bare, [body])) == [("category", "invalid")]


def test_who_may_not_edit_an_offer_does_not_bring_it_up_to_anything(bare):
    bed = row(bare)["offer"]
    offered(bare, [bed])
    answer = denied(lambda: offered(bare, [{**bed, "note": "Else"}], who=bare.lucia))
    assert problem(answer) == (403, "not_allowed")


def test_the_same_id_twice_in_a_file(bare):
    answer = previewed(bare, file(service(), service(description="Else")))
    first, second = answer.json()["rows"]
    assert (first.get("same_as"), second["same_as"]) == (None, 1)


def test_ids_that_are_no_uuids_are_the_same_each_time(bare):
    found = row(bare, service("beds-1"))["offer"]["external_id"]
    assert (
        found
        == row(bare, service("beds-1"))["offer"]["external_id"]
        != row(bare, service("beds-2"))["offer"]["external_id"]
    )


def test_streets_phones_and_people_are_not_kept_and_that_is_said(bare):
    secret = "14 Kestrel Lane"
    found = row(
        bare,
        service(
            email="kestrel@example.org",
            service_areas=...,
            service_at_locations=[
                {
                    "id": str(uuid4()),
                    "contacts": [{"name": "Ann Kestrel"}],
                    "phones": [{"number": "kestrel"}],
                    "location": {
                        "latitude": 41.9,
                        "addresses": [{"address_1": secret, "city": "Kestrel", "state_province": "IA"}],
                    },
                }
            ],
        ),
    )
    assert found["left_out"] == ["addresses", "contacts", "email", "latitude", "phones"]
    assert (found["offer"]["area"], found["area_name"]) == ("US-IA", "Iowa")
    assert "kestrel" not in json.dumps(found).lower()


@pytest.mark.parametrize(
    ("attribute", "category"),
    [
        (term("1121", "Emergency Shelter", "Open Eligibility"), "emergency_bed"),
        (term("1390", "x", "https://openeligibility.org"), "interpreter"),
        (term("BH-1800", "Emergency bed", "211"), "emergency_bed"),
        (term("food", "x", "x"), "food"),
    ],
)
def test_words_that_mean_one_of_ours(bare, attribute, category):
    found = row(bare, service(attributes=[attribute]))
    assert found["offer"]["category"] == category


def test_a_word_that_is_not_known_is_asked_for(bare):
    strange = service(attributes=[term("1121", "Youth Hostel", "Another")])
    answer = previewed(bare, file(strange)).json()
    assert (answer["unknown"], errors(answer["rows"][0])) == (["Youth Hostel"], [("category", "required")])
    found = row(bare, strange, categories={"Youth Hostel": "transitional_housing"})
    assert found["offer"]["category"] == "transitional_housing"
    nameless = previewed(bare, file(service(attributes=...))).json()
    assert nameless["unknown"] == ["Night beds"]
    wrong = previewed(bare, file(strange), categories={"Youth Hostel": "castle"})
    assert faults(wrong) == [("categories.Youth Hostel", "not_a_choice")]


def test_an_area_that_is_not_said_is_asked_for(bare):
    nowhere = service(service_areas=[{"name": "14 Kestrel Lane"}])
    assert errors(row(bare, nowhere)) == [("area", "required")]
    assert row(bare, nowhere, area="US-IA")["offer"]["area"] == "US-IA"
    assert row(bare, area="US-IA")["offer"]["area"] == "US-IA-113"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", ("file.services", "invalid")),
        ('{"contents": {}}', ("file.services", "invalid")),
        ('{"services": []}', ("file", "blank")),
        ("[" * 100_000, ("file.services", "invalid")),
        ('{"contents": ' + "[" * 900 + "]" * 900 + "}", None),
        (file(*[{}] * 2001), ("file", "too_long")),
    ],
    ids=["cut off", "no list", "empty", "bottomless", "deep", "long"],
)
def test_a_file_that_makes_no_sense(bare, text, fault):
    answer = previewed(bare, text)
    if fault:
        assert faults(answer) == [fault]
    else:
        assert errors(answer.json()["rows"][0]) == [("service", "invalid")]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"id": 7}, ("id", "invalid")),
        ({"name": ...}, ("service", "invalid")),
        ({"languages": "English"}, ("languages", "invalid")),
        (
            {"attributes": [term("emergency_bed"), {"link_type": ["offer"]}]},
            ("attributes[1].link_type", "invalid"),
        ),
        ({"description": "a\x00b"}, ("note", "invalid")),
        (
            {"attributes": [term("emergency_bed"), {"link_type": "offer", "label": "maximum", "value": "-1"}]},
            ("maximum", "wrong_type"),
        ),
        (
            {"attributes": [term("emergency_bed"), {"link_type": "offer", "label": "valid_until", "value": "2020"}]},
            ("valid_until", "not_a_date"),
        ),
    ],
)
def test_a_service_that_makes_no_sense_is_refused_alone(bare, changed, fault):
    answer = previewed(bare, file(service(**changed), service(str(uuid4())))).json()
    assert (errors(answer["rows"][0]), errors(answer["rows"][1])) == ([fault], [])


def test_what_is_too_long_is_shortened_and_that_is_said(bare):
    found = row(bare, service(description="w" * 600))
    assert (len(found["offer"]["note"]), found["left_out"]) == (500, ["description"])


def test_what_a_service_says_is_text_and_stays_text(bare):
    hostile = "<script>alert(1)</script> =cmd()"
    found = row(bare, service(description=hostile))
    assert found["offer"]["note"] == hostile


def test_nothing_of_a_batch_is_posted_where_one_is_wrong(bare):
    good = row(bare)["offer"]
    bad = {**good, "external_id": str(uuid4()), "maximum": 0}
    assert faults(offered(bare, [good, bad])) == [("offers.1.maximum", "too_low")]
    assert not Offer.objects.exists()


def test_round_trip(bare):
    """Taken, brought to another organization, taken there: the same services, under the same ids."""
    hours = [
        {"days": ["monday"], "opens": "20:00", "closes": "06:00"},
        {"days": ["sunday"], "opens": "08:00", "closes": "24:00"},
    ]
    ends = timezone.now() + timedelta(days=9)
    bare.offered(bare.agency, intake_hours=hours, available=2, cost="sliding_scale", valid_until=ends)
    bare.offered(bare.agency, category="food", unit="item", languages=[], populations=[], barriers=[], note="")
    first = taken(bare.mara)
    Offer.objects.update(state="closed")

    acting = {"acting_for": str(bare.clinic.pk)}
    body = {**acting, "file": json.dumps(first)}
    seen = world.client(bare.grace).post(f"{API}/offers/import/preview", body).json()
    assert [errors(r) for r in seen["rows"]] == [[], []]
    assert seen["unknown"] == []
    offered(bare, [r["offer"] for r in seen["rows"]], who=bare.grace, **acting)
    second = taken(bare.grace)

    def plain(page):
        said = {s["id"]: {**s, "organization": ..., "organization_id": ...} for s in page["contents"]}
        for one in said.values():
            one["attributes"] = [a for a in one["attributes"] if a.get("label") != "updated"]
        return said

    assert plain(second) == plain(first)


def test_the_database_itself_refuses_a_second_of_the_same_source(bare):
    offered(bare, [row(bare)["offer"]])
    other = bare.offered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=other.pk).update(external_id=PK)
    services.close_offer(Actor(bare.dana), Offer.objects.get(external_id=PK))
    Offer.objects.filter(pk=other.pk).update(external_id=PK)


def test_a_table_is_still_a_table(bare):
    (found,) = fates(bare, "category,maximum,county", "emergency_bed,3,US-IA-113")
    assert found["offer"]["maximum"] == 3
