"""Many who register, leave and edit at the same moment: no seat is given twice, none is left empty."""

import pytest

from coordination.calendars.models import CalendarFeed
from coordination.certificates.models import Certificate
from coordination.events import services
from coordination.events.models import Occurrence, Registration
from coordination.events.queries import published_dates
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from tests import world
from tests.calendars.reading import fetched, subscribed
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


def test_a_seat_that_is_given_back_goes_to_who_waits_and_not_to_who_comes_at_that_moment(scene):
    date = occurrence(scene, 1)
    held, waits, comes, *_ = scene.people
    for who in (held, waits):
        services.register(Actor(who, scene.house), fresh(date))
    world.at_once(
        lambda: services.cancel_registration(Actor(held), registration(held, date)),
        lambda: services.register(Actor(comes, scene.house), fresh(date)),
    )
    assert [registration(who, date).state for who in (held, waits, comes)] == ["cancelled", "registered", "waiting"]
    assert (fresh(date).seats_taken, fresh(date).waiting) == (1, 1)


def test_what_is_cancelled_while_it_is_published_is_read_by_nobody(scene):
    date = occurrence(scene, None)
    world.at_once(
        lambda: services.publish_event(Actor(scene.mara), fresh(date).event),
        lambda: services.cancel_event(Actor(scene.mara), fresh(date).event),
    )
    assert (fresh(date).event.state, fresh(date).state) == ("cancelled", "cancelled")
    assert not published_dates(clock.now()).exists()


def test_who_is_marked_as_there_and_as_not_at_once_holds_one_certificate_or_none_that_stands(scene):
    event = course(scene.acting(scene.mara), [scene.house], certificate=True, rule="")
    held = register(scene, scene.lucia, dates(event)[0])

    def mark(there):
        with clock.at(held.occurrence.starts_at):
            services.mark_attendance(Actor(scene.mara), registration(scene.lucia, held.occurrence), there)

    world.at_once(*(lambda there=there: mark(there) for there in (True, None, True, False)))
    certificates = Certificate.objects.filter(registration=held)
    there = registration(scene.lucia, held.occurrence).attended is True
    assert [one.stands for one in certificates] in ([there], *([] if there else [[]]))
    mark(True)
    assert certificates.get().stands


def test_a_calendar_that_is_read_while_its_person_is_removed_is_over(scene):
    date = occurrence(scene, None)
    register(scene, scene.lucia, date)
    path = subscribed(scene.lucia)
    member = OrganizationMember.objects.get(group=scene.house.members_id, user=scene.lucia)
    answer, *_ = world.at_once(
        lambda: fetched(path),
        lambda: organizations.remove_person(Actor(scene.dana), member),
    )
    assert answer.status_code in (200, 404)
    assert fetched(path).status_code == 404
    assert not CalendarFeed.objects.exists()
