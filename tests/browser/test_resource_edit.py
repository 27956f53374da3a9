"""A posted need or offer is edited; what somebody else changed meanwhile is shown beside it."""

import pytest
from playwright.sync_api import expect

from coordination.resources import services
from portal.kernel.writing import Actor
from tests.browser.places import is_kept
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    assert scene.need
    assert scene.offer
    return scene


def test_two_who_edit_see_both_versions(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 412")
    page = open_page(PHONE, scene.mara)
    page.goto(f"/resources/needs/{scene.need.pk}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("How much").fill("4")
    page.get_by_role("button", name="women", exact=True).click()
    check_axe(page)
    is_kept(page, '"women"')
    page.reload()
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("How much")).to_have_value("4")  # nothing typed is lost
    scene.need.refresh_from_db()
    services.edit_need(Actor(scene.mara), scene.need, scene.need.version, urgency="critical", quantity=6)
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert").filter(has_text="Both versions are shown")
    expect(alert.get_by_text("6 bed-nights")).to_be_visible()
    check_axe(page)
    alert.scroll_into_view_if_needed()
    keep_screenshot(page, "resources-edit-conflict-phone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("0 of 4 promised")).to_be_visible()
    scene.need.refresh_from_db()
    assert (scene.need.quantity, "women" in scene.need.populations) == (4, True)


def test_an_offer_is_edited_by_those_who_may(scene, open_page, keep_screenshot):
    page, agency = open_page(DESKTOP, scene.dana, color_scheme="dark"), open_page(DESKTOP, scene.mara)
    agency.goto(f"/resources/offers/{scene.offer.pk}")
    expect(agency.get_by_role("heading", name="Emergency bed")).to_be_visible()
    expect(agency.get_by_role("button", name="Edit")).to_have_count(0)
    page.goto(f"/resources/offers/{scene.offer.pk}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Cost").select_option("by income")
    check_axe(page)
    keep_screenshot(page, "resources-edit-dark")
    page.get_by_role("button", name="Save").click()
    expect(agency.get_by_text("by income")).to_be_visible()
    scene.offer.refresh_from_db()
    assert (scene.offer.cost, scene.offer.maximum) == ("sliding_scale", 5)
