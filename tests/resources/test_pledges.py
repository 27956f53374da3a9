"""Pledges: who proposes, who decides, what is taken and given back; and races."""

import pytest
from django.db import IntegrityError, transaction

from coordination.resources import services
from coordination.resources.models import Need, Offer, Pledge
from portal.kernel.errors import Problem
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/pledges"


def propose(scene, person, quantity=2, **changed):
    form = {
        "acting_for": str(scene.employer(person).pk),
        "need": str(scene.need.pk),
        "offer": str(scene.offer.pk),
        "quantity": quantity,
        **changed,
    }
    return world.client(person).post(PATH, form)


def do(person, pledge, verb, **form):
    return world.client(person).post(f"{PATH}/{pledge.pk}/{verb}", form)


def counts():
    """(available, held) of the offer, (met, state) of the need."""
    offer, need = Offer.objects.get(), Need.objects.get()
    return (offer.available, offer.held), (need.quantity_met, need.state)


FREE = (5, 0), (0, "open")


# proposing


@pytest.mark.parametrize("side", ["need", "offer"])
def test_either_side_proposes_and_the_other_decides(scene, side):
    mine, theirs = (scene.mara, scene.dana) if side == "need" else (scene.dana, scene.mara)
    made = propose(scene, mine)
    assert made.status_code == 201, made.content
    assert counts() == FREE
    pledge = Pledge.objects.get()
    assert "accept" not in made.json()["mine"]["allowed"]
    assert problem(denied(lambda: do(mine, pledge, "accept"))) == (403, "not_allowed")
    accepted = do(theirs, pledge, "accept")
    assert (accepted.status_code, accepted.json()["result"]["state"]) == (200, "accepted")
    assert counts() == ((3, 2), (2, "open"))


def test_only_the_two_owners_see_it(scene):
    pledge = scene.pledged()
    for who, status in ((scene.jonas, 200), (scene.lucia, 200), (scene.grace, 404), (scene.otto, 404)):
        assert world.client(who).get(f"{PATH}/{pledge.pk}").status_code == status
    assert problem(denied(lambda: do(scene.lucia, pledge, "withdraw"))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.grace, pledge, "accept"))) == (404, "not_found")


def test_a_third_organization_promises_nothing_of_others(scene):
    assert faults(denied(lambda: propose(scene, scene.grace))) == [("acting_for", "not_yours")]
    assert problem(denied(lambda: propose(scene, scene.lucia))) == (403, "not_allowed")


def test_nothing_is_promised_to_oneself(scene):
    own = scene.offered(by=scene.mara)
    assert faults(denied(lambda: propose(scene, scene.mara, offer=str(own.pk)))) == [("offer", "invalid")]


def test_an_exercise_and_what_is_real_do_not_mix(scene):
    drill = scene.offered(exercise=True)
    assert faults(denied(lambda: propose(scene, scene.dana, offer=str(drill.pk)))) == [("offer", "invalid")]


def test_what_is_not_shared_with_me_is_absent(scene):
    hidden = scene.offered(scene.clinic)
    answer = denied(lambda: propose(scene, scene.mara, offer=str(hidden.pk)))
    absent = propose(scene, scene.mara, offer=str(scene.need.pk))
    assert faults(answer) == [("offer", "does_not_exist")]
    assert answer.content == absent.content


def test_no_more_than_is_left_or_needed(scene):
    assert faults(denied(lambda: propose(scene, scene.dana, 4))) == [("quantity", "too_high")]
    services.set_capacity(Actor(scene.dana), scene.offer, 1)
    refusal = denied(lambda: propose(scene, scene.dana, 2))
    assert faults(refusal) == [("quantity", "too_high")]
    assert refusal.json()["errors"][0]["message"] == "At most 1: 1 are left, and 3 are still needed."


def test_one_living_pledge_between_two(scene):
    pledge = scene.pledged(1)
    assert problem(denied(lambda: propose(scene, scene.mara, 1))) == (409, "already_pledged")
    do(scene.mara, pledge, "decline", reason="capacity")
    assert propose(scene, scene.mara, 1).status_code == 201
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(state="accepted")


@pytest.mark.parametrize("state", ["closed", "expired"])
def test_what_is_over_is_not_promised(scene, state):
    pledge = scene.pledged()
    Offer.objects.update(state=state)
    assert problem(denied(lambda: propose(scene, scene.dana))) == (409, "no_longer_open")
    assert problem(denied(lambda: do(scene.mara, pledge, "accept"))) == (409, "no_longer_open")


def test_what_has_run_out_is_over_before_the_portal_says_so(scene):
    Offer.objects.update(valid_from="2020-01-01T00:00:00Z", valid_until="2020-01-02T00:00:00Z")
    assert problem(denied(lambda: propose(scene, scene.dana))) == (409, "no_longer_open")


# its way


def test_promised_delivered_confirmed(scene):
    pledge = scene.accepted(3)
    assert counts() == ((2, 3), (3, "met"))
    assert problem(denied(lambda: do(scene.dana, pledge, "confirm"))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.mara, pledge, "confirm"))) == (409, "wrong_state")
    assert do(scene.dana, pledge, "deliver").json()["result"]["state"] == "delivered"
    assert counts() == ((2, 0), (3, "met"))
    assert do(scene.mara, pledge, "confirm").json()["result"]["state"] == "confirmed"
    assert counts() == ((2, 0), (3, "met"))
    for verb, form in (("fail", {"reason": "other"}), ("withdraw", {}), ("deliver", {}), ("accept", {})):
        for who in (scene.mara, scene.dana):
            assert problem(denied(lambda w=who, v=verb, f=form: do(w, pledge, v, **f)))[0] in (403, 409)


@pytest.mark.parametrize(
    ("who", "verb", "form"),
    [("dana", "withdraw", {}), ("mara", "fail", {"reason": "not_delivered"}), ("dana", "fail", {"reason": "capacity"})],
)
def test_what_comes_to_nothing_is_free_again(scene, who, verb, form):
    pledge = scene.accepted(3)
    answer = do(getattr(scene, who), pledge, verb, **form)
    assert answer.status_code == 200, answer.content
    assert counts() == FREE


def test_what_failed_after_delivery_is_free_as_far_as_there_is_room(scene):
    pledge = scene.accepted(3)
    do(scene.dana, pledge, "deliver")
    services.set_capacity(Actor(scene.dana), scene.offer, 4)
    do(scene.mara, pledge, "fail", reason="not_delivered")
    assert counts() == FREE


def test_a_refusal_says_why(scene):
    pledge = scene.pledged()
    assert faults(denied(lambda: do(scene.mara, pledge, "decline"))) == [("reason", "required")]
    assert faults(denied(lambda: do(scene.mara, pledge, "decline", reason="mood"))) == [("reason", "not_a_choice")]
    declined = do(scene.mara, pledge, "decline", reason="eligibility", note="Families only.").json()["result"]
    assert (declined["state"], declined["reason"], declined["reason_note"]) == (
        "declined",
        "eligibility",
        "Families only.",
    )
    assert counts() == FREE


def test_who_accepts_last_is_told_that_it_is_gone(scene):
    first, second = scene.pledged(3), scene.pledged(3, offer=scene.offered())
    services.accept_pledge(Actor(scene.mara), first)
    assert problem(denied(lambda: do(scene.mara, second, "accept"))) == (409, "no_longer_open")
    short = scene.pledged(2, need=scene.needed(), offer=scene.offer)
    services.set_capacity(Actor(scene.dana), scene.offer, 1)
    refusal = denied(lambda: do(scene.mara, short, "accept"))
    assert problem(refusal) == (409, "not_enough_left")
    assert [(e["field"], e["code"]) for e in refusal.json()["errors"]] == [("quantity", "too_high")]


def test_filters(scene):
    pledge, other = scene.pledged(1), scene.pledged(1, offer=scene.offered())

    def ids(**query):
        return {p["id"] for p in world.client(scene.jonas).get(PATH, query).json()["results"]}

    assert ids() == {str(pledge.pk), str(other.pk)}
    assert ids(offer=str(scene.offer.pk)) == {str(pledge.pk)}
    assert ids(need=str(scene.need.pk)) == ids()
    assert ids(state="accepted") == set()


def test_what_waits_is_for_the_side_whose_turn_it_is(scene):
    pledge = scene.pledged(1)

    def waits(person):
        return [p["id"] for p in world.client(person).get(PATH, {"waiting": "true"}).json()["results"]]

    assert (waits(scene.mara), waits(scene.dana)) == ([str(pledge.pk)], [])
    services.accept_pledge(Actor(scene.mara), pledge)
    assert (waits(scene.mara), waits(scene.dana)) == ([], [str(pledge.pk)])
    services.deliver_pledge(Actor(scene.dana), pledge)
    assert (waits(scene.mara), waits(scene.dana)) == ([str(pledge.pk)], [])
    services.confirm_pledge(Actor(scene.mara), pledge)
    assert (waits(scene.mara), waits(scene.dana)) == ([], [])


# races

SIMULTANEOUS, PLACES = 100, 7


@pytest.mark.django_db(transaction=True)
def test_a_hundred_simultaneous_accepts_take_what_there_is_and_no_more(bare):
    offer = bare.offered(maximum=PLACES)
    pledges = [bare.pledged(1, need=bare.needed(quantity=1), offer=offer) for _ in range(SIMULTANEOUS)]
    outcomes = world.at_once(
        *(lambda p=p: services.accept_pledge(Actor(bare.mara), Pledge.objects.get(pk=p.pk)) for p in pledges)
    )
    codes = [getattr(o, "code", "accepted") for o in outcomes]
    assert (codes.count("accepted"), codes.count("not_enough_left")) == (PLACES, SIMULTANEOUS - PLACES)
    offer.refresh_from_db()
    assert (offer.available, offer.held) == (0, PLACES)
    assert Pledge.objects.filter(state="accepted").count() == Need.objects.filter(state="met").count() == PLACES


@pytest.mark.django_db(transaction=True)
def test_accepting_releasing_and_saying_what_is_left_at_once_keep_the_sums(bare):
    offer = bare.offered(maximum=6)
    pledges = [bare.pledged(1, need=bare.needed(quantity=1), offer=offer) for _ in range(8)]
    for pledge in pledges[:3]:
        services.accept_pledge(Actor(bare.mara), pledge)
    outcomes = world.at_once(
        *(lambda p=p: services.fail_pledge(Actor(bare.mara), fresh(p), "other") for p in pledges[:3]),
        *(lambda p=p: services.accept_pledge(Actor(bare.mara), fresh(p)) for p in pledges[3:]),
        lambda: services.set_capacity(Actor(bare.dana), Offer.objects.get(), 1),
    )
    refusals = {o.code for o in outcomes if isinstance(o, Problem)}
    assert refusals <= {"not_enough_left", "invalid"}
    offer.refresh_from_db()
    assert offer.held == Pledge.objects.filter(state="accepted").count() == Need.objects.filter(state="met").count()
    assert offer.available + offer.held <= offer.maximum


def fresh(pledge):
    return Pledge.objects.get(pk=pledge.pk)


@pytest.mark.django_db(transaction=True)
def test_both_sides_propose_at_once(bare):
    assert bare.need
    assert bare.offer
    outcomes = world.at_once(
        *(lambda w=w: services.propose_pledge(bare.acting(w), bare.need, bare.offer, 1) for w in (bare.mara, bare.dana))
    )
    assert sorted(getattr(o, "code", "proposed") for o in outcomes) == ["already_pledged", "proposed"]


def test_a_service_refuses_whom_the_form_would(scene):
    assert refused(lambda: services.propose_pledge(scene.acting(scene.grace), scene.need, scene.offer, 1)) == "invalid"
