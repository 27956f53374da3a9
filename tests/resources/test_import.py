"""Offers from a file: each row's fate said beforehand, and all of a batch posted or none of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.resources import services
from coordination.resources.models import Offer
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db

HEAD = "category,maximum,county"
BED = "emergency_bed,3,US-IA-113"


def previewed(bare, *lines, **changed):
    body = {"acting_for": str(bare.house.pk), "file": "\n".join(lines), **changed}
    return world.client(bare.dana).post(f"{API}/offers/import/preview", body)


def fates(bare, *lines):
    answer = previewed(bare, *lines)
    assert answer.status_code == 200, answer.content
    return answer.json()["rows"]


def offered(bare, offers, who=None, **changed):
    body = {"acting_for": str(bare.house.pk), "everyone": True, "offers": offers, **changed}
    headers = {"Idempotency-Key": body.pop("key", str(uuid4()))}
    return world.client(who or bare.dana).post(
        f"{API}/offers/import", body, content_type="application/json", headers=headers
    )


# what is read


def test_a_row_is_what_would_be_posted(bare):
    head = "Category;Maximum;Available;State;Languages;Intake hours;Note;Exercise;Cost"
    row = 'interpreter;8;6;US-IA;"spa; ase";"monday friday 20:00-06:00";\'=evenings;TRUE;sliding_scale'
    (fate,) = fates(bare, head, row)
    assert fate == {
        "line": 2,
        "offer": {
            "category": "interpreter",
            "maximum": 8,
            "area": "US-IA",
            "available": 6,
            "cost": "sliding_scale",
            "intake_hours": [{"days": ["monday", "friday"], "opens": "20:00", "closes": "06:00"}],
            "languages": ["spa", "ase"],
            "note": "=evenings",
            "exercise": True,
        },
        "area_name": "Iowa",
        "errors": [],
        "posted": None,
        "same_as": None,
        "changed": [],
        "title": "",
        "left_out": [],
    }
    assert not Offer.objects.exists()


def test_columns_by_their_tags(bare):
    head = ("What,How many,,Where", "#service,#capacity+max,#meta +id,#adm2+code")
    (fate,) = fates(bare, *head, "emergency_bed,3,x,US-IA-113")
    assert (fate["line"], fate["offer"]) == (3, {"category": "emergency_bed", "maximum": 3, "area": "US-IA-113"})


def test_what_is_exported_is_imported(scene):
    hours = [{"days": ["monday"], "opens": "20:00", "closes": "24:00"}]
    Offer.objects.update(
        intake_hours=hours, note='-2 beds, "upstairs"\nand more', available=4, held=1, barriers=["pets"]
    )
    exported = world.client(scene.dana).get(f"{API}/offers/export").content.decode()
    answer = previewed(scene, exported).json()
    assert answer["ignored"] == ["id", "owner", "held", "status", "posted_at", "valid_from", "valid_until"]
    (fate,) = answer["rows"]
    assert offered(scene, [fate["offer"]]).status_code == 201
    old, new = Offer.objects.order_by("pk")
    assert new.pk != old.pk
    for name in ("category", "unit", "area", "maximum", "available", "cost", "intake_hours", "note"):
        assert getattr(new, name) == getattr(old, name), name
    for name in ("populations", "languages", "barriers", "exercise"):
        assert getattr(new, name) == getattr(old, name), name
    assert new.held == 0


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("party,3,US-IA-113", [("category", "not_a_choice")]),
        (",3,US-IA-113", [("category", "required")]),
        ("food,3,US-IA-113", [("unit", "required")]),
        ("emergency_bed,three,US-IA-113", [("maximum", "wrong_type")]),
        ("emergency_bed,-3,US-IA-113", [("maximum", "wrong_type")]),
        ("emergency_bed,0,US-IA-113", [("maximum", "too_low")]),
        ("emergency_bed,9999999999999999999,US-IA-113", [("maximum", "too_high")]),
        ("emergency_bed,,", [("country", "required"), ("maximum", "required")]),
        ("emergency_bed,3,Linn County", [("county", "not_a_choice")]),
        ("emergency_bed,3", [("", "too_short")]),
        ("emergency_bed,3,US-IA-113,spa", [("", "too_long")]),
    ],
)
def test_a_row_that_makes_no_sense(bare, row, wrong):
    first, faulty, last = fates(bare, HEAD, BED, row, BED)
    assert first["offer"]
    assert last["offer"]
    assert (faulty["line"], faulty["offer"]) == (3, None)
    assert sorted((e["field"], e["code"]) for e in faulty["errors"]) == wrong


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("available", "4", "too_high"),
        ("unit", "hour", "not_a_choice"),
        ("cost", "cheap", "not_a_choice"),
        ("languages", "spa; spanish", "not_a_choice"),
        ("populations", "Ana", "not_a_choice"),
        ("barriers", "weather", "not_a_choice"),
        ("intake_hours", "someday 20:00-06:00", "not_a_choice"),
        ("intake_hours", "monday 25:00-06:00", "not_a_date"),
        ("intake_hours", "evenings", "required"),
        ("exercise", "perhaps", "wrong_type"),
        ("note", "x" * 501, "too_long"),
        ("state", "US-IL", "not_a_choice"),
    ],
)
def test_a_cell_that_makes_no_sense(bare, column, cell, code):
    (fate,) = fates(bare, f"{HEAD},{column}", f"{BED},{cell}")
    named = "county" if column == "state" else column
    assert (fate["errors"][0]["field"], fate["errors"][0]["code"]) == (named, code)


def test_empty_lines_count_and_are_no_rows(bare):
    assert [row["line"] for row in fates(bare, HEAD, "", BED, ",,", BED, "")] == [3, 5]


@pytest.mark.parametrize(
    ("lines", "faulty"),
    [
        ([], [("file", "blank")]),
        (["", ""], [("file.category", "required"), ("file.maximum", "required"), ("file.county", "required")]),
        ([HEAD], [("file", "blank")]),
        (["category,maximum", "emergency_bed,3"], [("file.county", "required")]),
        ([f"{HEAD},colour", f"{BED},red"], [("file.colour", "unknown_field")]),
        (["#service,#capacity+max,#adm2+code,#x_colour", f"{BED},red"], [("file.#x_colour", "unknown_field")]),
        ([f"{HEAD},County", f"{BED},US-IA-103"], [("file.county", "duplicate")]),
        ([HEAD, "emergency_bed,3,\ufffd"], [("file", "invalid")]),
        (["\x00c\x00a\x00t", BED], [("file", "invalid")]),
        ([HEAD, 'emergency_bed,3,"US-IA-113'], [("file.2", "invalid")]),
        ([HEAD, *[BED] * 2_001], [("file", "too_long")]),
    ],
)
def test_a_file_that_makes_no_sense(bare, lines, faulty):
    """The path names the column or the line, so that the fault can be said in any language."""
    assert faults(denied(lambda: previewed(bare, *lines))) == faulty


def test_two_thousand_rows_are_read_and_a_hundred_thousand_are_not(bare):
    assert len(fates(bare, HEAD, *[BED] * 2_000)) == 2_000
    refusal = denied(lambda: previewed(bare, HEAD, *[BED] * 100_000))
    assert problem(refusal) == (413, "too_large")


def test_a_preview_of_nothing(bare):
    assert faults(denied(lambda: previewed(bare, file=5))) == [("file", "wrong_type")]
    refusal = denied(lambda: world.client(bare.dana).post(f"{API}/offers/import/preview", {}))
    assert faults(refusal) == [("acting_for", "required"), ("file", "required")]


# each row once


def test_a_mended_file_posts_what_is_new_in_it(bare):
    """Word for word or not: a row is what it says, whatever the order and the number of its columns."""
    (bed,) = fates(bare, HEAD, BED)
    (posted,) = offered(bare, [bed["offer"]]).json()
    head = "Maximum,Category,County,Available,Unit"
    known, mended = fates(bare, head, "3,emergency_bed,US-IA-113,3,bed_night", "4,emergency_bed,US-IA-113,,")
    assert (known["posted"], mended["posted"]) == (posted["id"], None)
    again = offered(bare, [known["offer"], mended["offer"]])
    assert [offer["id"] == posted["id"] for offer in again.json()] == [True, False]
    assert sorted(bare.house.offers.values_list("maximum", flat=True)) == [3, 4]


def test_two_rows_that_say_the_same_are_one_offer(bare):
    rows = fates(bare, HEAD, BED, "emergency_bed,4,US-IA-113", BED, "emergency_bed,,", BED)
    assert [row["same_as"] for row in rows] == [None, None, 2, None, 2]
    one, other = offered(bare, [rows[0]["offer"], rows[2]["offer"]]).json()
    assert one["id"] == other["id"]
    assert bare.house.offers.count() == 1


def test_what_is_no_longer_offered_is_posted_again(bare):
    (row,) = fates(bare, HEAD, BED)
    for count in (1, 2):
        assert offered(bare, [row["offer"]]).status_code == 201
        services.set_capacity(Actor(bare.dana), bare.house.offers.get(state="open"), 1)
        assert fates(bare, HEAD, BED)[0]["posted"]
        services.close_offer(Actor(bare.dana), bare.house.offers.get(state="open"))
        assert fates(bare, HEAD, BED)[0]["posted"] is None
        assert bare.house.offers.count() == count


def test_a_row_is_known_to_its_own_organization(bare):
    (row,) = fates(bare, HEAD, BED)
    assert offered(bare, [row["offer"]]).status_code == 201
    assert offered(bare, [row["offer"]], who=bare.mara, acting_for=str(bare.agency.pk)).status_code == 201
    assert Offer.objects.count() == 2
    refusal = denied(lambda: previewed(bare, HEAD, BED, acting_for=str(bare.agency.pk)))
    assert faults(refusal) == [("acting_for", "not_yours")]


def test_a_row_is_open_once(bare):
    (row,) = fates(bare, HEAD, BED)
    assert offered(bare, [row["offer"]]).status_code == 201
    offer = Offer.objects.get()
    offer.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        offer.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_file_sent_several_times_at_once_posts_each_row_once(bare):
    lines = [f"emergency_bed,{count},US-IA-113" for count in range(1, 6)]
    rows = [row["offer"] for row in fates(bare, HEAD, *lines)]
    answers = world.at_once(*[lambda: offered(bare, rows)] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({tuple(offer["id"] for offer in answer.json()) for answer in answers}) == 1
    assert sorted(bare.house.offers.values_list("maximum", flat=True)) == [1, 2, 3, 4, 5]


# what is posted


def rows(count=2, **changed):
    return [{"category": "emergency_bed", "maximum": each + 1, "area": "US-IA-113", **changed} for each in range(count)]


def test_all_of_them_are_posted_to_the_same(bare):
    answer = offered(bare, rows(3), everyone=False, organizations=[str(bare.agency.pk)])
    assert answer.status_code == 201, answer.content
    assert [offer["maximum"] for offer in answer.json()] == [1, 2, 3]
    for who, count in ((bare.dana, 3), (bare.mara, 3), (bare.grace, 0)):
        assert len(world.client(who).get(f"{API}/offers").json()["results"]) == count
    assert AuditRecord.objects.filter(action="offer.post").count() == 3


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"available": 9}, "offers.1.available", "too_high"),
        ({"category": "party"}, "offers.1.category", "not_a_choice"),
        ({"everyone": True}, "offers.1.everyone", "unknown_field"),
    ],
)
def test_one_wrong_row_and_nothing_is_posted(bare, changed, field, code):
    first, second = rows()
    refusal = denied(lambda: offered(bare, [first, {**second, **changed}]))
    assert faults(refusal) == [(field, code)]
    assert not Offer.objects.exists()


def test_what_the_service_refuses_leaves_nothing_behind(bare):
    first, second = rows()
    later, sooner = ((timezone.now() + timedelta(days=days)).isoformat() for days in (2, 1))
    wrong = {**second, "valid_from": later, "valid_until": sooner}
    assert faults(denied(lambda: offered(bare, [first, wrong]))) == [("valid_until", "wrong_order")]
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("count", "code"), [(0, "required"), (101, "too_long")])
def test_a_batch_of_another_size(bare, count, code):
    assert faults(denied(lambda: offered(bare, rows(count)))) == [("offers", code)]


def test_a_batch_sent_twice_is_posted_once(bare):
    first, second = (offered(bare, rows(), key="batch") for _ in range(2))
    assert first.json() == second.json()
    assert Offer.objects.count() == 2
    refusal = denied(lambda: offered(bare, rows(3), key="batch"))
    assert problem(refusal) == (409, "idempotency_key_reused")


def test_for_ones_own_verified_organization_only(bare):
    assert faults(denied(lambda: offered(bare, rows(), who=bare.mara))) == [("acting_for", "not_yours")]
    assert faults(denied(lambda: offered(bare, rows(), everyone=False))) == [("organizations", "nobody")]
    assert problem(denied(lambda: world.client().post(f"{API}/offers/import/preview", {"file": HEAD}))) == (
        401,
        "not_authenticated",
    )
