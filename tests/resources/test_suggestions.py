"""Suggestions: recorded after each change, told to those who see both sides, gone when they no longer hold."""

import pytest

from coordination.resources import services
from coordination.resources.models import Need, Offer, Suggestion
from portal.kernel import clock
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, problem

pytestmark = pytest.mark.django_db
PATH = f"{API}/suggestions"


@pytest.fixture
def matched(scene):
    world.work()
    return scene


def seen(person):
    return [(s["need"], s["offer"]) for s in world.client(person).get(PATH).json()["results"]]


def test_who_coordinates_either_side_is_told(matched):
    pair = [(str(matched.need.pk), str(matched.offer.pk))]
    for who, told in (
        (matched.mara, pair),
        (matched.dana, pair),
        (matched.jonas, []),
        (matched.lucia, []),
        (matched.grace, []),
    ):
        assert seen(who) == told, who.name
    suggestion = Suggestion.objects.get()
    shaped = world.client(matched.mara).get(f"{PATH}/{suggestion.pk}").json()
    assert 0 < shaped["result"]["score"] <= 1
    assert "same_category" in {reason["code"] for reason in shaped["result"]["reasons"]}
    assert shaped["mine"]["allowed"] == ["dismiss"]


def test_to_look_again_changes_nothing(matched):
    with clock.at(clock.now()):
        services.record_suggestions(Need.objects.get())
        before, changes = Suggestion.objects.values().get(), Change.objects.count()
        services.record_suggestions(Need.objects.get())
        assert (Suggestion.objects.values().get(), Change.objects.count()) == (before, changes)


def test_a_side_that_does_not_see_the_other_is_not_told(bare):
    assert bare.needed(bare.clinic)
    assert bare.offer
    world.work()
    assert len(seen(bare.mara)) == 1
    assert seen(bare.dana) == []


def test_what_only_a_working_group_sees_is_suggested_to_nobody_outside(bare):
    assert bare.needed(working_groups=[bare.group])
    assert bare.offered(working_groups=[bare.group])
    world.work()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("end", ["close", "capacity", "pledge", "suspend"])
def test_what_no_longer_holds_is_gone(matched, end):
    suggestion = Suggestion.objects.get()
    if end == "close":
        services.close_offer(Actor(matched.dana), matched.offer)
    elif end == "capacity":
        services.set_capacity(Actor(matched.dana), matched.offer, 0)
    elif end == "pledge":
        matched.pledged()
    else:
        matched.suspend(matched.house)
        assert not Suggestion.objects.exists(), "at once, before any job"
    world.work()
    assert not Suggestion.objects.exists()
    told = Change.objects.filter(subject=suggestion.pk, op="deleted").values_list("audience", flat=True)
    assert set(told) == {matched.agency.coordinators_id, matched.house.coordinators_id}


def test_an_exercise_never_meets_what_is_real(bare):
    assert bare.need
    assert bare.offered(exercise=True)
    world.work()
    assert not Suggestion.objects.exists()


def test_a_side_dismisses_it_for_itself(matched):
    suggestion = Suggestion.objects.get()
    assert problem(denied(lambda: world.client(matched.jonas).post(f"{PATH}/{suggestion.pk}/dismiss"))) == (
        404,
        "not_found",
    )
    assert world.client(matched.mara).post(f"{PATH}/{suggestion.pk}/dismiss").status_code == 200
    services.set_capacity(Actor(matched.dana), Offer.objects.get(), 4)
    world.work()
    assert seen(matched.mara) == []
    assert len(seen(matched.dana)) == 1
