"""Needs and offers: posting, seeing, editing, ending, filters."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.resources import services
from coordination.resources.jobs import expire_listings
from coordination.resources.models import Need, Offer
from coordination.resources.policy import OFFERS
from coordination.resources.taxonomy import BARRIERS, CATEGORIES, TOPS
from portal.kernel.models import AuditRecord, Change
from portal.kernel.standing import forget_standings
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, denied, faults, listing, problem, refused

pytestmark = pytest.mark.django_db


def form(scene, **changed):
    found = {
        "acting_for": str(scene.agency.pk),
        "category": "emergency_bed",
        "area": "US-IA-113",
        "urgency": "urgent",
        "quantity": 3,
        "everyone": True,
        **changed,
    }
    return {name: value for name, value in found.items() if value is not ...}


def offer_form(scene, **changed):
    return form(scene, **{"urgency": ..., "quantity": ..., "maximum": 5, **changed})


def post(person, what, body):
    return world.client(person).post(f"{API}/{what}", body)


def edit(person, listing, version, **fields):
    path = f"{API}/{listing.kind}s/{listing.pk}"
    return world.client(person).patch(
        path, fields, content_type="application/json", headers={"If-Match": f'"{version}"'}
    )


def ids(person, what, **query):
    answer = world.client(person).get(f"{API}/{what}", query)
    assert answer.status_code == 200, answer.content
    return {found["id"] for found in answer.json()["results"]}


def test_the_taxonomy_is_that_of_the_field():
    assert (len(TOPS), len(CATEGORIES), len(BARRIERS)) == (12, 64, 20)
    assert CATEGORIES["emergency_bed"].units == ("bed_night",)
    assert CATEGORIES["interpreter"].units == ("hour",)
    assert len(CATEGORIES["food"].units) > 1


def test_the_taxonomy_is_served_for_forms(bare):
    found = world.client(bare.jonas).get(f"{API}/resource-categories").json()
    bed = next(c for c in found if c["category"] == "emergency_bed")
    assert bed == {"category": "emergency_bed", "top": "safety_shelter", "units": ["bed_night"], "fresh_minutes": 720}
    assert len(found) == 64


# posting


def test_a_need_is_posted_to_the_whole_network(bare):
    answer = post(bare.jonas, "needs", form(bare, languages=["spa"], populations=["children"], barriers=["pets"]))
    assert answer.status_code == 201, answer.content
    made = answer.json()["result"]
    assert (made["state"], made["unit"], made["quantity"], made["quantity_met"]) == ("open", "bed_night", 3, 0)
    need = Need.objects.get(pk=made["id"])
    assert need.valid_until - need.valid_from == timedelta(days=14)
    told = set(Change.objects.filter(subject=need.pk, op="put").values_list("audience", flat=True))
    assert told == {bare.agency.members_id, bare.network.everyone_id}
    for who in (bare.mara, bare.dana, bare.grace, bare.otto):
        assert ids(who, "needs") == {made["id"]}
    record = AuditRecord.objects.get(action="need.post", subject=need.pk)
    assert (record.actor, record.acting_for) == (bare.jonas.pk, bare.agency.pk)


def test_an_offer_is_seen_by_whom_it_was_posted_to(bare):
    made = post(bare.mara, "offers", offer_form(bare, everyone=False, organizations=[str(bare.house.pk)]))
    assert made.status_code == 201
    pk = made.json()["result"]["id"]
    for who, status in ((bare.jonas, 200), (bare.lucia, 200), (bare.grace, 404), (bare.otto, 404)):
        assert world.client(who).get(f"{API}/offers/{pk}").status_code == status
    owners = world.client(bare.jonas).get(f"{API}/offers/{pk}").json()["mine"]
    assert {a["name"] for a in owners["audiences"]} == {"County Agency", "Harbor House"}
    others = world.client(bare.dana).get(f"{API}/offers/{pk}").json()["mine"]
    assert ({a["name"] for a in others["audiences"]}, others["others"]) == ({"Harbor House"}, True)


def test_a_group_is_told_from_within(bare):
    assert post(bare.mara, "needs", form(bare, everyone=False, working_groups=[str(bare.group.pk)])).status_code == 201
    refusal = denied(lambda: post(bare.jonas, "needs", form(bare, everyone=False, working_groups=[str(bare.group.pk)])))
    assert faults(refusal) == [("working_groups", "not_a_member")]


def test_all_of_an_offer_is_available_unless_told_otherwise(bare):
    assert post(bare.mara, "offers", offer_form(bare)).json()["result"]["available"] == 5
    assert post(bare.mara, "offers", offer_form(bare, available=2)).json()["result"]["available"] == 2
    assert faults(denied(lambda: post(bare.mara, "offers", offer_form(bare, available=6)))) == [
        ("available", "too_high")
    ]


HOURS = {"days": ["monday"], "opens": "20:00", "closes": "06:00"}


@pytest.mark.parametrize(
    ("what", "changed", "field", "code"),
    [
        ("needs", {"category": "party"}, "category", "not_a_choice"),
        ("needs", {"category": "safety_shelter"}, "category", "not_a_choice"),
        ("needs", {"category": "food"}, "unit", "required"),
        ("needs", {"unit": "hour"}, "unit", "not_a_choice"),
        ("needs", {"area": "Linn County"}, "area", "not_a_choice"),
        ("needs", {"area": "US-IA-113-1"}, "area", "not_a_choice"),
        ("needs", {"area": 5}, "area", "wrong_type"),
        ("needs", {"languages": ["spanish"]}, "languages.0", "not_a_choice"),
        ("needs", {"languages": ["xxx"]}, "languages.0", "not_a_choice"),
        ("needs", {"barriers": ["weather"]}, "barriers.0", "not_a_choice"),
        ("needs", {"populations": ["Ana"]}, "populations.0", "not_a_choice"),
        ("needs", {"urgency": ...}, "urgency", "required"),
        ("needs", {"quantity": 0}, "quantity", "too_low"),
        ("needs", {"quantity": 10**9}, "quantity", "too_high"),
        ("needs", {"everyone": "yes"}, "everyone", "wrong_type"),
        ("needs", {"everyone": False}, "organizations", "nobody"),
        ("needs", {"valid_until": "2020-01-01T00:00:00Z"}, "valid_until", "in_the_past"),
        ("needs", {"maximum": 3}, "maximum", "unknown_field"),
        ("offers", {"maximum": ...}, "maximum", "required"),
        ("offers", {"cost": "cheap"}, "cost", "not_a_choice"),
        ("offers", {"intake_hours": [{**HOURS, "days": []}]}, "intake_hours.0.days", "required"),
        ("offers", {"intake_hours": [{**HOURS, "opens": "25:00"}]}, "intake_hours.0.opens", "not_a_date"),
    ],
)
def test_a_field_that_makes_no_sense(bare, what, changed, field, code):
    body = form(bare, **changed) if what == "needs" else offer_form(bare, **changed)
    assert faults(denied(lambda: post(bare.mara, what, body))) == [(field, code)]


def test_what_ends_before_it_begins(bare):
    now = timezone.now()
    times = {"valid_from": (now + timedelta(days=2)).isoformat(), "valid_until": (now + timedelta(days=1)).isoformat()}
    assert faults(denied(lambda: post(bare.mara, "needs", form(bare, **times)))) == [("valid_until", "wrong_order")]


def test_hours_over_midnight_are_kept(bare):
    made = post(bare.mara, "offers", offer_form(bare, intake_hours=[HOURS])).json()["result"]
    assert made["intake_hours"] == [HOURS]


# editing and ending


def test_who_steers(scene):
    by_member = scene.needed(by=scene.jonas)
    for who, one, verbs in (
        (scene.jonas, by_member, ["close", "edit", "share", "unshare"]),
        (scene.jonas, scene.need, []),
        (scene.mara, by_member, ["close", "edit", "pledge", "share", "unshare"]),
        (scene.grace, scene.need, ["pledge"]),
        (scene.lucia, scene.offer, ["set_capacity"]),
        (scene.dana, scene.offer, ["close", "edit", "pledge", "set_capacity", "share", "unshare"]),
    ):
        answer = world.client(who).get(f"{API}/{one.kind}s/{one.pk}").json()
        assert answer["mine"]["allowed"] == verbs, who.name
    assert problem(denied(lambda: edit(scene.grace, scene.need, 1, note="x"))) == (403, "not_allowed")


def test_an_edit_says_what_it_changes_and_which_version_it_saw(scene):
    answer = edit(scene.mara, scene.need, scene.need.version, quantity=4)
    assert (answer.status_code, answer.json()["result"]["quantity"]) == (200, 4)
    kept = Need.objects.get()
    assert (kept.note, kept.languages, kept.barriers) == (scene.need.note, ["spa"], ["pets"])
    assert problem(denied(lambda: edit(scene.mara, scene.need, scene.need.version, quantity=5))) == (
        412,
        "version_mismatch",
    )
    assert faults(denied(lambda: edit(scene.mara, scene.need, kept.version, category="food"))) == [
        ("category", "unknown_field")
    ]


def test_a_need_does_not_fall_below_what_is_met(scene):
    scene.accepted(2)
    need = Need.objects.get()
    assert faults(denied(lambda: edit(scene.mara, need, need.version, quantity=1))) == [("quantity", "too_low")]
    assert edit(scene.mara, need, need.version, quantity=2).json()["result"]["state"] == "met"
    need.refresh_from_db()
    assert edit(scene.mara, need, need.version, quantity=3).json()["result"]["state"] == "open"


def test_what_is_closed_stays_as_it_is(scene):
    path = f"{API}/offers/{scene.offer.pk}"
    caller = world.client(scene.dana)
    assert caller.post(f"{path}/close").json()["result"]["state"] == "closed"
    version = Offer.objects.get().version
    for call in (
        lambda: caller.post(f"{path}/close"),
        lambda: caller.post(f"{path}/set-capacity", {"available": 1}),
        lambda: edit(scene.dana, scene.offer, version, note="x"),
    ):
        assert problem(denied(call)) == (409, "wrong_state")
    assert caller.get(path).json()["mine"]["allowed"] == ["unshare"]


def test_only_what_is_over_expires(scene):
    other = scene.needed()
    begun = timezone.now() - timedelta(days=2)
    for rows in (Need.objects.filter(pk=other.pk), Offer.objects.filter(pk=scene.offer.pk)):
        rows.update(valid_from=begun, valid_until=begun + timedelta(days=1))
    pledge = scene.pledged(1, offer=scene.offered())
    expire_listings()
    expire_listings()
    assert dict(Need.objects.values_list("pk", "state")) == {scene.need.pk: "open", other.pk: "expired"}
    assert Offer.objects.get(pk=scene.offer.pk).state == "expired"
    assert AuditRecord.objects.filter(action__in=["need.expire", "offer.expire"]).count() == 2
    pledge.refresh_from_db()
    assert pledge.state == "proposed"


def test_proposals_end_with_what_they_are_about_and_promises_do_not(scene):
    proposed, promised = scene.pledged(1), scene.accepted(2, offer=scene.offered())
    services.close_need(Actor(scene.mara), scene.need)
    for pledge, state in ((proposed, "withdrawn"), (promised, "accepted")):
        pledge.refresh_from_db()
        assert pledge.state == state
    assert Need.objects.get().state == "closed"


# lists


def test_filters(scene):
    need, offer = str(scene.need.pk), str(scene.offer.pk)
    food = str(scene.needed(category="food", unit="item", area="US-IA", languages=[], exercise=True).pk)
    assert ids(scene.dana, "needs") == {need, food}
    assert ids(scene.dana, "needs", category="food") == {food}
    assert ids(scene.dana, "needs", top="safety_shelter") == {need}
    assert ids(scene.dana, "needs", area="US-IA-113") == {need}
    assert ids(scene.dana, "needs", area="US-IA") == {need, food}
    assert ids(scene.dana, "needs", area="US") == {need, food}
    assert ids(scene.dana, "needs", language="spa") == {need}
    assert ids(scene.dana, "needs", exercise="true") == {food}
    assert ids(scene.dana, "needs", exercise="false") == {need}
    assert ids(scene.dana, "offers", mine="true") == {offer}
    assert ids(scene.dana, "needs", mine="true") == set()
    assert ids(scene.dana, "needs", mine="false") == {need, food}
    shared = str(scene.needed(working_groups=[scene.group]).pk)
    assert ids(scene.dana, "needs", working_group=str(scene.group.pk)) == {shared}
    assert ids(scene.otto, "needs", working_group=str(scene.group.pk)) == set()
    Need.objects.filter(pk=shared).update(state="closed")
    Need.objects.filter(pk=food).update(state="closed")
    assert ids(scene.dana, "needs", open="true") == {need}
    assert ids(scene.dana, "needs", state="closed") == {food, shared}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"area": "US-IA-1"}, "not_a_choice"),
        ({"language": "xx"}, "not_a_choice"),
        ({"category": "party"}, "not_a_choice"),
        ({"open": "maybe"}, "not_a_choice"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_filters_that_make_no_sense(scene, query, code):
    assert faults(denied(lambda: world.client(scene.dana).get(f"{API}/needs", query))) == [(next(iter(query)), code)]


# what the database never takes


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Need, {"quantity_met": 4}),
        (Need, {"state": "met"}),
        (Need, {"state": "lost"}),
        (Need, {"valid_until": "2020-01-01T00:00:00Z"}),
        (Offer, {"available": 6}),
        (Offer, {"held": 1}),
        (Offer, {"state": "met"}),
        (Offer, {"maximum": 4}),
    ],
)
def test_the_database_refuses(scene, model, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**wrong)


def test_a_service_refuses_whom_the_form_would(scene):
    outsider = Actor(scene.otto, scene.agency)
    assert refused(lambda: services.post_need(outsider, everyone=True, **need_fields())) == "not_allowed"


def need_fields():
    from tests.scene import listing

    return {**listing(), "urgency": "soon", "quantity": 1}


# a suspended organization


def test_what_a_suspended_organization_offered_is_closed_and_its_promises_free(scene):
    pledge = scene.accepted(3)
    told = scene.needed(scene.house)
    assert Need.objects.get(pk=scene.need.pk).state == "met"
    scene.suspend(scene.house)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.reason, pledge.by) == ("withdrawn", "inactive", None)
    need, offer = Need.objects.get(pk=scene.need.pk), Offer.objects.get()
    assert (need.state, need.quantity_met) == ("open", 0)
    assert (offer.state, offer.available, offer.held) == ("closed", 5, 0)
    assert ids(scene.dana, "needs") == set()
    assert str(told.pk) in ids(scene.mara, "needs")
    assert ids(scene.dana, "pledges") == set()
    assert ids(scene.mara, "pledges") == {str(pledge.pk)}


def test_who_posted_it_and_works_there_no_more_does_not_steer_it(scene):
    """Their place has run out, and no sweep has come by; where they work besides, they see it still."""
    offer = scene.offered()
    Offer.objects.filter(pk=offer.pk).update(posted_by=scene.lucia)
    world.seat(scene.clinic, scene.lucia)
    assert OFFERS.can(scene.lucia, "edit", offer)
    world.expire(OrganizationMember.objects.get(user=scene.lucia, group=scene.house.members_id))
    forget_standings()
    assert OFFERS.allowed(scene.lucia, [offer]) == {offer.pk: []}


def test_what_another_directory_knows_is_offered_anew_after_it_was_closed(scene):
    said = {**listing(), "maximum": 5, "external_id": str(uuid4()), "exercise": False}
    dana = scene.acting(scene.dana)
    (first,) = services.post_offers(dana, [said], everyone=True)
    assert services.post_offers(dana, [said], everyone=True) == [first]
    services.close_offer(Actor(scene.dana), first)
    (second,) = services.post_offers(dana, [said], everyone=True)
    assert (second.state, second.pk == first.pk) == ("open", False)
