"""A bed at nine in the evening: three shelters are asked, one has a room, and everybody sees one bed less."""

import re

import pytest
from playwright.sync_api import Page, expect

from coordination.requests import services
from coordination.requests.models import Request
from portal.kernel import clock
from tests.browser.places import wait_until
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def waits_for_me(page: Page) -> None:
    """A shelter's screen, where it comes by itself."""
    page.goto("/today")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


SENTENCE = {"name": "Concord", "neutral": False, "text": "Something is waiting for you."}


def test_a_bed_at_nine_in_the_evening(scene, open_page, woken_at, keep_screenshot):
    telephones = [woken_at(person) for person in (scene.dana, scene.grace, scene.otto)]
    scene.offered(maximum=3)
    scene.offered(by=scene.grace, category="hotel_voucher", unit="voucher", maximum=2)
    advocate, coordinator = open_page(PHONE, scene.jonas), open_page(DESKTOP, scene.mara)
    house, clinic = open_page(PHONE, scene.dana, color_scheme="dark"), open_page(person=scene.grace)
    office = open_page(PHONE, scene.otto)
    for page in (house, clinic, office, coordinator):
        waits_for_me(page)

    # The advocate asks three organizations, and names nobody.
    advocate.goto("/requests/new")
    advocate.get_by_role("radio", name="Emergency shelter").check()
    advocate.get_by_label("Adults").fill("1")
    advocate.get_by_label("Children").fill("2")
    advocate.get_by_label("Search a language").fill("Portuguese")
    advocate.get_by_label("Search a language").press("Enter")
    advocate.get_by_label("Area").select_option("Johnson County")
    for name in ("Harbor House", "Second Clinic", "Outside Office"):
        advocate.get_by_label(name).check()
    advocate.get_by_role("button", name="Send for County Agency").click()
    for page in (house, clinic, office):
        expect(page.get_by_text(re.compile("Portuguese")).first).to_be_visible()
    request = Request.objects.get()

    # Their telephones say that something waits, and no more.
    for telephone in telephones:
        wait_until(lambda telephone=telephone: telephone.came)
        assert telephone.came == [SENTENCE]

    # Two may be able to, one is not: nothing firm when it was to be answered.
    for page in (house, clinic):
        page.get_by_role("button", name="Maybe").locator("visible=true").first.click()
    wait_until(lambda: request.answers.filter(state="maybe").count() == 2)
    office.get_by_role("button", name="No", exact=True).locator("visible=true").first.click()
    office.get_by_label("Why not?").select_option("No room at the moment")
    office.get_by_role("button", name="Send the answer", exact=True).click()
    advocate.goto(f"/requests/{request.pk}")
    expect(advocate.get_by_text("No room at the moment")).to_be_visible()
    Request.objects.filter(pk=request.pk).update(answer_by=clock.now(), rings_at=clock.now())
    services.ring_clock(request)
    expect(coordinator.get_by_role("heading", name="No firm answer yet")).to_be_visible()
    keep_screenshot(coordinator, "story-bed-coordinator")

    # The coordinator sees what else there is: two vouchers.
    coordinator.goto("/resources?category=hotel_voucher")
    expect(coordinator.get_by_text("2 of 2 available")).to_be_visible()
    check_axe(coordinator)

    # A shelter says yes; its beds go from three to two on every screen.
    house.goto(f"/requests/{request.pk}")
    house.get_by_role("button", name="Change the answer").click()
    house.get_by_role("button", name="Yes, we can").click()
    expect(house.get_by_text("A place is yours.").first).to_be_visible()
    coordinator.goto("/resources?category=emergency_bed")
    expect(coordinator.get_by_text("3 of 3 available")).to_be_visible()
    house.goto("/resources")
    house.get_by_role("button", name="Offers").click()
    house.get_by_role("button", name="One less").click()
    expect(coordinator.get_by_text("2 of 3 available")).to_be_visible()

    # Nothing is closed without an outcome.
    advocate.get_by_role("button", name="Close", exact=True).click()
    closing = advocate.get_by_role("dialog")
    closing.get_by_role("button", name="Close the request").click()
    expect(closing).to_be_visible()
    closing.get_by_label("Met", exact=True).check()
    closing.get_by_role("button", name="Close the request").click()
    expect(advocate.get_by_text("closed it: Met")).to_be_visible()
    keep_screenshot(advocate, "story-bed-closed-phone")
