"""Attorney hours that nobody answers for: one after the other is told, and another firm takes it."""

import pytest
from playwright.sync_api import expect

from coordination.requests import services
from coordination.requests.models import Request
from portal.kernel import clock
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


def test_attorney_hours_that_nobody_answers_for(scene, open_page, keep_screenshot):
    assert scene.group  # Mara leads it, Dana is in it
    house = open_page(PHONE, scene.dana)
    lead, backup = open_page(person=scene.mara), open_page(PHONE, scene.lucia, color_scheme="dark")
    firm, other = open_page(PHONE, scene.otto), open_page(person=scene.grace, color_scheme="dark")
    for page in (backup, lead, other):
        page.goto("/today")
    house.goto("/requests/new")
    house.get_by_role("radio", name="Urgent legal screening").check()
    house.get_by_role("button", name="immigration relief").click()
    house.get_by_label("How", exact=True).select_option("by phone")
    house.get_by_label("Area").select_option("Linn County")
    house.get_by_label("Outside Office").check()
    house.get_by_label("Housing").check()
    house.get_by_label("Backup").select_option("Lucia")
    house.get_by_role("button", name="Send for Harbor House").click()
    expect(house.get_by_text("Backup: Lucia.")).to_be_visible()
    request = Request.objects.get()

    # Backup, the group's lead, the owner's coordinator: each after the kind's own time.
    ring(request)
    expect(backup.get_by_role("heading", name=NOBODY)).to_be_visible()
    for steps in (2, 3):
        ring(request)
        expect(house.get_by_text("Not answered: passed on to")).to_have_count(steps)
    expect(lead.get_by_text("Waiting for your answer")).to_be_visible()
    check_axe(lead)
    keep_screenshot(lead, "story-unanswered-lead")

    # The firm cannot, for a reason, and names one that may.
    firm.goto(f"/requests/{request.pk}")
    firm.get_by_role("button", name="Pass it on").click()
    firm.get_by_label("To whom").select_option("Second Clinic")
    firm.get_by_label("Why not you?").select_option("Conflict of interest")
    firm.get_by_role("button", name="Pass it on").click()
    other.get_by_role("link", name="Urgent legal screening").first.click()
    other.get_by_role("button", name="Yes, we can").locator("visible=true").first.click()
    expect(house.get_by_text("1 of 1 place taken").locator("visible=true").first).to_be_visible()
    expect(backup.get_by_role("heading", name=NOBODY)).to_have_count(0)
    check_axe(house)
    keep_screenshot(house, "story-unanswered-answered-phone")
