"""Today: what waits in Resources, dealt with in place."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.resources.models import Offer, Pledge
from portal.kernel import clock
from tests import world
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def scene(transactional_db):
    return Scene()


def promised(page):
    return page.get_by_role("region", name="Pledges that wait for you")


def test_a_pledge_is_dealt_with_on_today(scene, open_page, keep_screenshot):
    assert scene.need
    assert scene.offer
    agency, house = open_page(PHONE, scene.mara), open_page(DESKTOP, scene.dana)
    watcher = open_page(PHONE, scene.jonas)
    for page in (agency, watcher):
        page.goto("/today")
    expect(agency.get_by_text("Nothing waits for County Agency.")).to_be_visible()
    house.goto(f"/resources/needs/{scene.need.pk}")
    house.get_by_role("button", name="Offer something for it").click()
    dialog = house.get_by_role("dialog")
    dialog.get_by_label("Which of our offers").select_option(index=1)
    dialog.get_by_label("How much").fill("2")
    dialog.get_by_role("button", name="Propose").click()

    expect(agency.get_by_text("One thing waits for County Agency.")).to_be_visible()
    expect(promised(agency).get_by_text("Harbor House for County Agency")).to_be_visible()
    check_axe(agency)
    assert agency.evaluate(SIDEWAYS) == 0
    keep_screenshot(agency, "today-pledge-phone")
    promised(agency).get_by_role("button", name="Accept").click()
    expect(promised(agency)).to_have_count(0)
    expect(agency.get_by_text("Nothing waits for County Agency.")).to_be_visible()
    house.goto("/today")
    promised(house).get_by_role("button", name="It is delivered").click()
    expect(promised(house)).to_have_count(0)
    promised(agency).get_by_role("button", name="It came").click()
    expect(promised(agency)).to_have_count(0)
    assert Pledge.objects.get().state == "confirmed"
    expect(promised(watcher)).to_have_count(0)  # no coordinator: nothing of it was theirs to decide


def test_a_pledge_is_declined_on_today_in_spanish(scene, open_page, keep_screenshot):
    scene.mara.locale = "es"
    scene.mara.save()
    scene.pledged(2)
    page = open_page(DESKTOP, scene.mara, color_scheme="dark")
    page.goto("/today")
    pledges = page.get_by_role("region", name="Compromisos que esperan por usted")
    expect(pledges.get_by_role("link")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "today-pledge-desktop-dark")
    pledges.get_by_role("button", name="Rechazar").click()
    page.get_by_label("Motivo").select_option("eligibility")
    page.get_by_role("dialog").get_by_role("button", name="Rechazar").click()
    expect(pledges).to_have_count(0)
    assert Pledge.objects.get().reason == "eligibility"


def test_beds_of_which_nobody_has_said_for_long_are_said_on_today(scene, open_page, keep_screenshot):
    with clock.at(clock.now() - timedelta(days=2)):
        assert scene.offer
        other = scene.offered(category="hotel_voucher", unit="voucher")
    page = open_page(PHONE, scene.lucia, color_scheme="dark")
    page.goto("/today")
    offers = page.get_by_role("region", name="Still right? Say how much is left")
    beds = offers.get_by_role("listitem").filter(has_text="Emergency bed")
    expect(page.get_by_text("Two things wait for Harbor House.")).to_be_visible()
    check_axe(page)
    assert page.evaluate(SIDEWAYS) == 0
    keep_screenshot(page, "today-capacity-phone-dark")
    # Two beds fewer are two taps: what is being counted stays.
    beds.get_by_role("button", name="One less").click()
    expect(beds.get_by_text("4 of 5 available")).to_be_visible()
    beds.get_by_role("button", name="One less").click()
    expect(beds.get_by_text("3 of 5 available")).to_be_visible()
    expect(page.get_by_text("One thing waits for Harbor House.")).to_be_visible()
    offers.get_by_role("listitem").filter(has_text="Hotel voucher").get_by_role("button", name="Still right").click()
    expect(offers.get_by_text("Hotel voucher")).to_have_count(0)
    expect(page.get_by_text("Nothing waits for Harbor House.")).to_be_visible()
    assert Offer.objects.get(pk=scene.offer.pk).available == 3
    other.refresh_from_db()
    assert other.capacity_updated_at > clock.now() - timedelta(minutes=5)
    page.reload()
    expect(page.get_by_text("Nothing waits for Harbor House.")).to_be_visible()
    expect(offers).to_have_count(0)


def test_those_who_work_elsewhere_say_nothing_of_it(scene, open_page):
    with clock.at(clock.now() - timedelta(days=2)):
        assert scene.offer
    page = open_page(DESKTOP, world.person(scene.agency, "coordinator", "Noor"))
    page.goto("/today")
    expect(page.get_by_text("Nothing waits for County Agency.")).to_be_visible()
