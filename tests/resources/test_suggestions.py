"""Suggestions: recorded after each change, told to those who see both sides, gone when they no longer hold."""

from datetime import timedelta

import pytest

from coordination.resources import jobs, matching, services
from coordination.resources.models import Need, Offer, Suggestion, SuggestionGroupPermission
from coordination.resources.policy import SUGGESTIONS
from coordination.working_groups import services as working_groups
from portal.kernel import clock, memberships
from portal.kernel.models import Change, Overlap
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember, Tier
from tests import world
from tests.scene import API, denied, problem, queries

pytestmark = pytest.mark.django_db
PATH = f"{API}/suggestions"


@pytest.fixture
def matched(scene):
    world.work()
    return scene


def seen(person):
    return [(s["need"], s["offer"]) for s in world.client(person).get(PATH).json()["results"]]


def place(organization, person):
    return OrganizationMember.objects.get(group=organization.members_id, user=person)


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


# what a part of an organization sees


@pytest.fixture
def grouped(bare):
    """Need and offer are shared with the group alone: Mara and Dana are in it, Sol coordinates the house and is not."""
    bare.sol = world.person(bare.house, "coordinator", "Sol")
    bare.need = bare.needed(working_groups=[bare.group])
    bare.offer = bare.offered(working_groups=[bare.group])
    world.work()
    return bare


def test_who_coordinates_an_owner_and_is_in_the_group_is_told(grouped):
    pair = [(str(grouped.need.pk), str(grouped.offer.pk))]
    assert seen(grouped.mara) == seen(grouped.dana) == pair
    suggestion = Suggestion.objects.get()
    for who in (grouped.sol, grouped.jonas, grouped.lucia, grouped.grace, grouped.otto):
        assert seen(who) == [], who.name
        assert problem(denied(lambda who=who: world.client(who).get(f"{PATH}/{suggestion.pk}"))) == (404, "not_found")


def test_a_group_without_a_coordinator_of_an_owner_hears_nothing(bare):
    bare.admit(bare.group, bare.grace)
    bare.need = bare.needed(working_groups=[bare.group])
    assert bare.offered(by=bare.otto)
    world.work()
    assert len(seen(bare.mara)) == 1
    assert seen(bare.otto) == seen(bare.grace) == seen(bare.dana) == []


def test_whoever_comes_in_is_told(grouped):
    grouped.admit(grouped.group, grouped.dana, grouped.sol)
    assert len(seen(grouped.sol)) == 1


def test_the_first_of_an_organization_who_comes_in_is_told_in_the_background(bare):
    assert bare.needed(working_groups=[bare.group])
    assert bare.offered(by=bare.grace)
    world.work()
    assert seen(bare.grace) == []
    bare.admit(bare.group, bare.grace)
    world.work()
    assert len(seen(bare.grace)) == 1


def test_whoever_comes_to_coordinate_is_told(bare):
    bare.admit(bare.group, bare.dana, bare.lucia)
    assert bare.needed(working_groups=[bare.group])
    assert bare.offered(working_groups=[bare.group])
    world.work()
    assert seen(bare.lucia) == []
    world.seat(bare.house, bare.lucia, "coordinator")
    assert len(seen(bare.lucia)) == 1


@pytest.mark.parametrize("end", ["group", "tier", "organization", "suspension"])
def test_whoever_leaves_either_is_told_no_more(grouped, end):
    assert seen(grouped.dana)
    epoch = Overlap.objects.get(one=grouped.house.coordinators_id, other=grouped.group.members_id).audience.epoch
    if end == "group":
        working_groups.remove_member(grouped.acting(grouped.mara), grouped.group, grouped.member(grouped.dana))
    elif end == "tier":
        world.seat(grouped.house, grouped.sol, "administrator")
        organizations.change_tier(Actor(grouped.sol, grouped.house), place(grouped.house, grouped.dana), Tier.MEMBER)
    elif end == "organization":
        world.seat(grouped.house, grouped.sol, "administrator")
        world.remove(Actor(grouped.sol, grouped.house), place(grouped.house, grouped.dana))
    else:
        grouped.suspend(grouped.house)
    assert seen(grouped.dana) == []
    assert Overlap.objects.get(one=grouped.house.coordinators_id).audience.epoch > epoch
    world.work()
    assert seen(grouped.dana) == []


def test_a_place_that_ends_by_itself_ends_what_it_told(grouped):
    soon = clock.now() + timedelta(hours=1)
    with writing(THE_PORTAL) as w:
        memberships.join(w, grouped.sol, grouped.group.members, via=grouped.house.members, expires_at=soon)
    assert len(seen(grouped.sol)) == 1
    with clock.at(soon):
        assert not SUGGESTIONS.visible(grouped.sol).exists()
        assert SUGGESTIONS.visible(grouped.dana).exists()
    with writing(THE_PORTAL) as w:
        memberships.join(w, grouped.sol, grouped.group.members, via=grouped.house.members)
    with clock.at(soon):
        assert SUGGESTIONS.visible(grouped.sol).exists()


def test_dismissed_for_a_side_it_is_nobodys_there_who_comes_in(grouped):
    suggestion = Suggestion.objects.get()
    assert world.client(grouped.dana).post(f"{PATH}/{suggestion.pk}/dismiss").status_code == 200
    grouped.admit(grouped.group, grouped.dana, grouped.sol)
    world.work()
    assert seen(grouped.dana) == seen(grouped.sol) == []
    assert len(seen(grouped.mara)) == 1


def test_one_row_for_however_many_are_told(grouped):
    people = [world.person(grouped.house, "coordinator", f"Colleague {n}") for n in range(5)]
    grouped.admit(grouped.group, grouped.dana, grouped.sol, *people)
    world.work()
    assert all(len(seen(who)) == 1 for who in people)
    assert Suggestion.objects.count() == 1
    assert SuggestionGroupPermission.objects.count() == 2


# from the offer's side


def best(need):
    return dict(need.suggestions.values_list("offer", "score"))


def test_one_offer_is_looked_at_without_the_others(bare, monkeypatch):
    """As many are suggested as may be: a better one takes the place of the least, a worse one takes none, and
    one that becomes worse makes place."""
    monkeypatch.setattr(matching, "MOST", 2)
    assert bare.need
    good, fair, poor = (bare.offered(maximum=maximum) for maximum in (3, 2, 1))
    world.work()
    assert best(bare.need).keys() == {good.pk, fair.pk}
    services.set_capacity(Actor(bare.dana), good, 0)
    world.work()
    assert best(bare.need).keys() == {fair.pk, poor.pk}
    services.set_capacity(Actor(bare.dana), good, 3)
    world.work()
    assert best(bare.need).keys() == {good.pk, fair.pk}
    services.set_capacity(Actor(bare.dana), poor, 1)
    world.work()
    found = best(bare.need)
    services.record_suggestions(bare.need)
    assert best(bare.need) == found
    assert found.keys() == {good.pk, fair.pk}


def test_how_much_is_read_for_an_offer_does_not_grow_with_other_offers(bare):
    assert bare.need
    first = bare.offered()
    world.work()
    few = queries(lambda: jobs.match_offer(str(first.pk), first.version))
    for _ in range(8):
        bare.offered()
    world.work()
    first.refresh_from_db()
    assert queries(lambda: jobs.match_offer(str(first.pk), first.version)) == few


# when only time passes


@pytest.mark.parametrize("side", ["need", "offer"])
def test_what_is_over_is_suggested_no_more(matched, side):
    listing = getattr(matched, side)
    with clock.at(listing.valid_until):
        assert not SUGGESTIONS.visible(matched.mara).exists()
        assert not SUGGESTIONS.granted([matched.house.coordinators_id]).exists()
        assert Suggestion.objects.exists(), "nothing has run yet"
        jobs.expire_listings()
        world.work()
        assert not Suggestion.objects.exists()
    with clock.at(listing.valid_until - timedelta(seconds=1)):
        assert not SUGGESTIONS.visible(matched.mara).exists()


# how it ends


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
