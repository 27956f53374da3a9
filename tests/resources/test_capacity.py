"""What is left of an offer: said with one tap, stale after a while, asked for once."""

from datetime import timedelta

import pytest

from coordination.resources import services
from coordination.resources.jobs import remind_of_capacity
from coordination.resources.models import Offer
from portal.kernel import clock
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db


def say(person, offer, **form):
    return world.client(person).post(f"{API}/offers/{offer.pk}/set-capacity", form)


def test_anybody_who_works_there_says_what_is_left(scene):
    answer = say(scene.lucia, scene.offer, available=2)
    assert (answer.status_code, answer.json()["result"]["available"]) == (200, 2)
    told = set(Change.objects.filter(subject=scene.offer.pk, version=2).values_list("audience", flat=True))
    assert told == {scene.house.members_id, scene.network.everyone_id}
    assert problem(denied(lambda: say(scene.mara, scene.offer, available=1))) == (403, "not_allowed")


def test_the_whole_can_grow_and_shrink(scene):
    assert say(scene.dana, scene.offer, available=8, maximum=8).json()["result"]["maximum"] == 8
    assert say(scene.dana, scene.offer, available=0, maximum=1).json()["result"]["available"] == 0


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"available": 4}, "At most 3: there are 5, and 2 are promised."),
        ({"available": 1, "maximum": 2}, "At most 0: there are 2, and 2 are promised."),
    ],
)
def test_what_is_promised_stays_promised(scene, form, message):
    scene.accepted(2)
    refusal = denied(lambda: say(scene.dana, scene.offer, **form))
    assert faults(refusal) == [("available", "too_high")]
    assert refusal.json()["errors"][0]["message"] == message


def test_what_nobody_has_confirmed_goes_stale_and_its_owner_is_asked_once(scene):
    rides = scene.offered(category="urgent_ride", unit="ride")
    shaped = world.client(scene.mara).get(f"{API}/offers/{scene.offer.pk}").json()["result"]
    assert shaped["reminded_at"] is None
    later = clock.now() + timedelta(hours=13)
    with clock.at(later):
        remind_of_capacity()
        remind_of_capacity()
        offer = Offer.objects.get(pk=scene.offer.pk)
        assert (offer.reminded_at, offer.version) == (later, 2)
        assert offer.stale_at < later
        assert Offer.objects.get(pk=rides.pk).reminded_at is None
        services.set_capacity(Actor(scene.dana), offer, 5)
        remind_of_capacity()
    offer.refresh_from_db()
    assert (offer.reminded_at, offer.capacity_updated_at) == (None, later)
    with clock.at(later + timedelta(hours=13)):
        remind_of_capacity()
    offer.refresh_from_db()
    assert offer.reminded_at == later + timedelta(hours=13)


def test_what_is_closed_is_not_asked_for(scene):
    services.close_offer(Actor(scene.dana), scene.offer)
    with clock.at(clock.now() + timedelta(days=2)):
        remind_of_capacity()
    assert Offer.objects.get().reminded_at is None
