"""Reminders: once of each date where it is now, for whoever wanted it and holds a seat; they say nothing."""

from datetime import timedelta

import pytest

from coordination.calendars import services as calendars
from coordination.calendars.models import Mail, Reminder, Reminders
from coordination.events import services as events
from coordination.events.models import Occurrence, Registration
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.notify import services as notify
from portal.people.models import Session
from tests import world
from tests.events.gathering import cancel, course, dates, in_days, register, registration
from tests.notify.push_service import Browser, running
from tests.scene import Scene

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def service(settings):
    with running() as found:
        settings.PUSH_SERVICES = [found.origin]
        yield found


@pytest.fixture
def scene(db, service):
    scene = Scene()
    scene.event = course(scene.acting(scene.mara), [scene.house], rule="")
    (scene.date,) = dates(scene.event)
    register(scene, scene.lucia, scene.date)
    scene.browser = device(service, scene.lucia)
    wants(scene.lucia, Reminders.BOTH)
    return scene


def device(service, person):
    browser = Browser(service, person)
    browser.session = world.session(person)
    notify.subscribe(person, browser.session, neutral=False, **browser.form)
    Session.objects.filter(pk=browser.session).update(active_at=clock.now() - HOUR)
    return browser


def wants(person, reminders):
    calendars.choose(person, reminders, Mail.NONE)


@pytest.fixture
def woken(service):
    """`woken(when)`: how often somebody was, by all that is due then."""

    def woken(when):
        began = len(service.came)
        for seconds in (0, 10):
            with clock.at(when + timedelta(seconds=seconds)):
                calendars.remind()
                world.work()
        return len(service.came) - began

    return woken


def now(date):
    return Occurrence.objects.select_related("event__owner").get(pk=date.pk)


def test_a_day_before_and_an_hour_before_once_each(scene, woken):
    starts = scene.date.starts_at
    asked = [
        starts - DAY - MINUTE,
        starts - DAY + MINUTE,
        starts - DAY + 9 * MINUTE,
        starts - HOUR + MINUTE,
        starts - MINUTE,
    ]
    assert [woken(when) for when in asked] == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("chosen", "times"),
    [(Reminders.NONE, [0, 0]), (Reminders.DAY, [1, 0]), (Reminders.HOUR, [0, 1]), (Reminders.BOTH, [1, 1])],
)
def test_as_its_person_chose(scene, woken, chosen, times):
    wants(scene.lucia, chosen)
    starts = scene.date.starts_at
    assert [woken(starts - DAY + MINUTE), woken(starts - HOUR + MINUTE)] == times


def test_a_date_that_moved_is_reminded_of_where_it_is_now(scene, woken):
    before = scene.date.starts_at
    assert woken(before - DAY + MINUTE) == 1
    events.change_date(Actor(scene.mara), now(scene.date), now(scene.date).version, local_start=in_days(9))
    assert woken(before - HOUR + MINUTE) == 0
    after = now(scene.date).starts_at
    assert [woken(after - DAY + MINUTE), woken(after - HOUR + MINUTE)] == [1, 1]


def test_what_is_planned_is_asked_again_when_it_is_sent(scene, service):
    """The storm comes between the decision and the push."""
    when = scene.date.starts_at - HOUR + MINUTE
    storms = {
        "moved": lambda: events.change_date(
            Actor(scene.mara), now(scene.date), now(scene.date).version, local_start=in_days(9)
        ),
        "given up": lambda: cancel(scene.lucia, registration(scene.lucia, scene.date)),
        "chosen otherwise": lambda: wants(scene.lucia, Reminders.DAY),
        "unshared": lambda: events.unshare_event(
            scene.acting(scene.mara), now(scene.date).event, scene.house.members.uuid
        ),
        "cancelled": lambda: events.cancel_date(Actor(scene.mara), now(scene.date)),
    }
    for number, (name, storm) in enumerate(storms.items()):
        date = scene.date
        if number:
            scene.event = course(scene.acting(scene.mara), [scene.house], rule="")
            (scene.date,) = (date,) = dates(scene.event)
            register(scene, scene.lucia, date)
            wants(scene.lucia, Reminders.BOTH)
        when = date.starts_at - HOUR + MINUTE
        with clock.at(when):
            assert calendars.remind() == 1, name
        storm()
        with clock.at(when + timedelta(seconds=10)):
            world.work()
        assert service.came == [], name
        Registration.objects.filter(occurrence=date).update(state="cancelled")


def test_whoever_registers_late_has_just_read_of_it(scene, woken):
    starts = scene.date.starts_at
    with clock.at(starts - 3 * HOUR):
        register(scene, scene.dana, scene.date)
        wants(scene.dana, Reminders.BOTH)
        wants(scene.lucia, Reminders.NONE)
        assert calendars.remind() == 0
    with clock.at(starts - HOUR + MINUTE):
        assert calendars.remind() == 1


def test_who_waits_for_a_seat_is_not_reminded(scene, woken):
    Registration.objects.update(state="waiting")
    assert woken(scene.date.starts_at - HOUR + MINUTE) == 0


def test_quiet_hours_hold_it_back_and_after_the_date_it_is_dropped(scene, woken):
    starts = scene.date.starts_at
    first, last = (starts - 2 * HOUR).time(), (starts + HOUR).time()
    notify.set_quiet_hours(scene.lucia, first.replace(microsecond=0), last.replace(microsecond=0))
    assert woken(starts - HOUR + MINUTE) == 0
    assert woken(starts + HOUR + MINUTE) == 0


def test_it_says_what_every_push_says(scene, service, woken):
    woken(scene.date.starts_at - HOUR + MINUTE)
    assert [told["text"] for told in scene.browser.came] == ["Something is waiting for you."]


def test_what_is_over_is_forgotten(scene, woken):
    woken(scene.date.starts_at - HOUR + MINUTE)
    assert Reminder.objects.count() == 1
    with clock.at(scene.date.starts_at):
        calendars.forget_reminders()
    assert not Reminder.objects.exists()
