"""A request that nobody answers: it comes to the backup's screen, then to the coordinators', then to the network's."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.requests import services
from coordination.requests.models import Request
from coordination.rota import services as rota
from portal.kernel import clock
from tests import world
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "No firm answer yet"


@pytest.fixture
def scene(transactional_db):
    return Scene()


def ring(request):
    """What a worker does at the moment for which the clock is set."""
    request.refresh_from_db()
    with clock.at(request.rings_at):
        services.ring_clock(request)


def test_nobody_is_left_waiting(scene, open_page, keep_screenshot):
    lead = open_page(person=scene.mara)
    backup = open_page(PHONE, scene.jonas, color_scheme="dark")
    house, chief = open_page(PHONE, scene.lucia), open_page(person=world.administrator(), color_scheme="dark")
    for page in (backup, chief):
        page.goto("/today")
    lead.goto("/requests/new")
    lead.get_by_role("radio", name="Emergency shelter").check()
    lead.get_by_label("Adults").fill("1")
    lead.get_by_label("Area").select_option("Johnson County")
    lead.get_by_label("Harbor House").check()
    lead.get_by_label("Backup").select_option("Jonas")
    check_axe(lead)
    lead.get_by_label("Backup").scroll_into_view_if_needed()
    keep_screenshot(lead, "escalation-form")
    lead.get_by_role("button", name="Send for County Agency").click()
    expect(lead.get_by_text("Backup: Jonas.")).to_be_visible()
    request = Request.objects.get()
    house.goto(f"/requests/{request.pk}")

    ring(request)
    expect(backup.get_by_role("heading", name=NOBODY)).to_be_visible()
    check_axe(backup)
    keep_screenshot(backup, "escalation-today-phone")
    expect(lead.get_by_text("Not answered: passed on to the backup")).to_be_visible()
    expect(lead.get_by_text("reminded once")).to_be_visible()
    expect(house.get_by_text("A reminder: nobody here has said that it was seen.")).to_be_visible()
    check_axe(house)
    keep_screenshot(house, "escalation-asked-phone")

    ring(request)
    ring(request)
    expect(chief.get_by_role("heading", name="Unanswered in the network")).to_be_visible()
    expect(chief.get_by_text("asked by County Agency")).to_be_visible()
    check_axe(chief)
    keep_screenshot(chief, "escalation-network-dark")
    check_axe(lead)
    keep_screenshot(lead, "escalation-request")

    house.get_by_role("button", name="We have seen it").click()
    expect(chief.get_by_text("asked by County Agency")).to_be_hidden()
    expect(backup.get_by_role("heading", name=NOBODY)).to_be_hidden()


def test_whoever_is_on_call_for_coordination_is_told_before_the_network(scene, open_page, keep_screenshot):
    vera, kofi = (world.person(scene.agency, "coordinator", name) for name in ("Vera", "Kofi"))
    at, hour = clock.now(), timedelta(hours=1)
    rota.plan_shift(scene.acting(scene.mara), vera.pk, at - hour, at + hour, "coordination")
    request = scene.post(scene.house)
    on_call, other = open_page(PHONE, vera), open_page(person=kofi)
    for page in (on_call, other):
        page.goto("/today")
    ring(request)
    expect(on_call.get_by_role("heading", name=NOBODY)).to_be_visible()
    other.goto(f"/requests/{request.pk}")
    expect(other.get_by_text("Not answered: passed on to the duty coordinator of who asks")).to_be_visible()
    check_axe(other)
    keep_screenshot(other, "escalation-duty-coordinator")
    other.goto("/today")
    expect(other.get_by_role("heading", name="Your requests")).to_be_visible()
    expect(other.get_by_role("heading", name=NOBODY)).to_be_hidden()


def test_an_edit_names_the_backup(scene, open_page):
    request = scene.post(scene.house)
    page = open_page(person=scene.mara)
    page.goto(f"/requests/{request.pk}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Backup").select_option("Jonas")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Backup: Jonas.")).to_be_visible()
