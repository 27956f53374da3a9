"""Many who register, leave and edit at the same moment: no seat is given twice, none is left empty."""

import pytest

from coordination.events import services
from coordination.events.models import Occurrence, Registration
from portal.kernel.writing import Actor
from tests import world
from tests.events.gathering import course, dates, register, registration
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.people = [world.person(scene.house, "member", f"Guest {n}") for n in range(8)]
    return scene


def occurrence(scene, seats):
    return dates(course(scene.acting(scene.mara), [scene.house], seats=seats))[0]


def fresh(date):
    return Occurrence.objects.select_related("event__owner").get(pk=date.pk)


def states(date):
    found = Registration.objects.filter(occurrence=date).order_by("ticket")
    return [held.state for held in found]


def test_as_many_come_as_there_are_seats(scene):
    date = occurrence(scene, 3)
    world.at_once(*(lambda who=who: services.register(Actor(who, scene.house), fresh(date)) for who in scene.people))
    assert states(date) == ["registered"] * 3 + ["waiting"] * 5
    assert (fresh(date).seats_taken, fresh(date).waiting) == (3, 5)


def test_two_who_leave_make_room_for_two(scene):
    date = occurrence(scene, 2)
    for who in scene.people[:5]:
        services.register(Actor(who, scene.house), fresh(date))
    first, second, *_ = scene.people
    world.at_once(
        *(lambda who=who: services.cancel_registration(Actor(who), registration(who, date)) for who in (first, second))
    )
    assert states(date) == ["cancelled"] * 2 + ["registered"] * 2 + ["waiting"]
    assert (fresh(date).seats_taken, fresh(date).waiting) == (2, 1)


def test_one_who_registers_twice_at_once_has_one_seat(scene):
    date = occurrence(scene, 3)
    outcomes = world.at_once(*(lambda: services.register(scene.acting(scene.lucia), fresh(date)) for _ in range(3)))
    assert sorted(getattr(o, "code", "") for o in outcomes) == ["", "already_registered", "already_registered"]
    assert (states(date), fresh(date).seats_taken) == (["registered"], 1)


def test_fewer_seats_and_one_more_who_comes_at_once(scene):
    """Whichever is first, there are never more taken than there are."""
    date = occurrence(scene, 2)
    register(scene, scene.lucia, date)
    version = fresh(date).version
    world.at_once(
        lambda: services.change_date(Actor(scene.mara), fresh(date), version, seats=1),
        lambda: services.register(scene.acting(scene.dana), fresh(date)),
    )
    now = fresh(date)
    assert now.seats_taken <= now.seats
    assert now.seats_taken == states(date).count("registered")
    assert now.waiting == states(date).count("waiting")
