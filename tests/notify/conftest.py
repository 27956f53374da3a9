from datetime import timedelta

import pytest

from portal.jobs.models import Job
from portal.kernel import clock
from portal.notify import services
from portal.people.models import Session
from tests import world
from tests.notify.push_service import Browser, running
from tests.scene import Scene


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def service(settings):
    with running() as found:
        settings.PUSH_SERVICES = [found.origin]
        yield found


@pytest.fixture
def device(service):
    """`device(person)`: signed in on it an hour ago, and let be woken."""

    def device(person, **choices):
        browser = Browser(service, person)
        browser.session = world.session(person)
        services.subscribe(person, browser.session, **{"neutral": False, **browser.form, **choices})
        Session.objects.filter(pk=browser.session).update(active_at=clock.now() - timedelta(hours=1))
        return browser

    return device


@pytest.fixture
def after(service):
    """`after(minutes)`: who was woken by all that is due then, so long from now."""
    Job.objects.all().delete()

    def after(minutes=1):
        began = len(service.came)
        began_at = clock.now()
        for seconds in (0, 10):  # what is not for safety is sent a few seconds later
            with clock.at(began_at + timedelta(minutes=minutes, seconds=seconds)):
                world.work()
        return sorted(service.woken[began:])

    return after
