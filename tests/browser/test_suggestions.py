"""What may fit: on a need's page, on an offer's, and on Today, with its reasons in words; pledged, or put away."""

import pytest
from playwright.sync_api import expect

from coordination.resources.models import Pledge, Suggestion
from tests import world
from tests.browser.places import wait_until
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def scene(transactional_db):
    """The agency needs three beds, the house offers five, and there is another offer that fits less."""
    scene = Scene()
    assert scene.need
    assert scene.offer
    scene.offered(area=world.JOHNSON, maximum=1)
    world.work()
    return scene


def fitting(page):
    return page.get_by_role("region", name="What may fit")


def test_what_fits_is_said_with_its_reasons_and_pledged(scene, open_page, keep_screenshot):
    agency, house = open_page(PHONE, scene.mara), open_page(DESKTOP, scene.dana, color_scheme="dark")
    agency.goto(f"/resources/needs/{scene.need.pk}")
    items = fitting(agency).get_by_role("article")
    expect(items).to_have_count(2)
    expect(items.first.get_by_text("Enough: 3 bed-nights")).to_be_visible()
    expect(items.first.get_by_text("In the same area")).to_be_visible()
    expect(items.last.get_by_text("1 of 3 bed-nights")).to_be_visible()
    check_axe(agency)
    assert agency.evaluate(SIDEWAYS) == 0
    fitting(agency).scroll_into_view_if_needed()
    keep_screenshot(agency, "suggestions-need-phone")
    house.goto(f"/resources/offers/{scene.offer.pk}")
    expect(fitting(house).get_by_role("article")).to_have_count(1)
    check_axe(house)
    keep_screenshot(house, "suggestions-offer-dark")
    fitting(house).get_by_role("button", name="Offer ours").click()
    dialog = house.get_by_role("dialog")
    expect(dialog.get_by_label("How much")).to_have_value("3")
    expect(dialog.get_by_label("Which of our offers")).to_have_value(str(scene.offer.pk))
    dialog.get_by_role("button", name="Propose").click()
    expect(house.get_by_text("Proposed. County Agency decides.")).to_be_visible()
    assert Pledge.objects.get().quantity == 3
    expect(fitting(house).get_by_role("article")).to_have_count(0)
    expect(items).to_have_count(1)


def test_put_away_and_taken_back(scene, open_page):
    page = open_page(DESKTOP, scene.dana)
    page.goto(f"/resources/offers/{scene.offer.pk}")
    items = fitting(page).get_by_role("article")
    items.get_by_role("button", name="Not for us").click()
    expect(items).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(items).to_have_count(1)
    items.get_by_role("button", name="Not for us").click()
    expect(items).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    suggestions = Suggestion.objects.filter(offer=scene.offer)
    wait_until(lambda: suggestions.get().dismissed_by_offer_owner)  # the portal is told
    assert not suggestions.get().dismissed_by_need_owner
    page.reload()
    expect(page.get_by_text("Nothing fits yet.")).to_be_visible()


def test_today_shows_the_newest_of_it(scene, open_page, keep_screenshot):
    scene.mara.locale = "es"
    scene.mara.save()
    house, agency = open_page(PHONE, scene.dana, color_scheme="dark"), open_page(DESKTOP, scene.mara)
    house.goto("/today")
    matches = house.get_by_role("region", name="Matches for your needs and offers")
    expect(matches.get_by_role("article")).to_have_count(2)
    expect(matches.get_by_text("From County Agency, for ours: Emergency bed")).to_have_count(2)
    check_axe(house)
    assert house.evaluate(SIDEWAYS) == 0
    keep_screenshot(house, "today-matches-phone-dark")
    agency.goto("/today")
    theirs = agency.get_by_role("region", name="Coincidencias con sus necesidades y ofertas")
    expect(theirs.get_by_text("Suficiente: 3 noches de cama")).to_be_visible()
    check_axe(agency)
    keep_screenshot(agency, "today-matches-desktop-es")
    member = open_page(DESKTOP, scene.lucia)
    member.goto("/today")
    expect(member.get_by_role("heading", level=1).first).to_be_visible()
    expect(member.get_by_role("region", name="Matches for your needs and offers")).to_have_count(0)
