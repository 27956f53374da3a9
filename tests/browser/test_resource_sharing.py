"""A posted need is shared further and taken back, and leaves the screens of those it was taken from."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import is_kept
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    assert scene.group
    scene.need = scene.needed(scene.house)
    return scene


def test_a_need_is_shared_further_and_taken_back(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 4(22|04)")
    page = open_page(PHONE, scene.mara)
    house = open_page(DESKTOP, scene.dana)
    clinic = open_page(DESKTOP, scene.grace, color_scheme="dark")
    address = f"/resources/needs/{scene.need.pk}"
    for each in (house, clinic):
        each.goto("/resources")
    expect(house.get_by_text("3 bed-nights needed")).to_be_visible()
    expect(clinic.get_by_text("3 bed-nights needed")).to_have_count(0)
    house.goto(address)
    expect(house.get_by_role("button", name="Sharing")).to_have_count(0)

    page.goto(address)
    page.get_by_role("button", name="Sharing").click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("region", name="Who it is shared with").get_by_role("alert")).to_be_visible()
    page.get_by_label("Second Clinic").check()
    check_axe(page)
    is_kept(page, str(scene.clinic.pk))
    page.reload()
    page.get_by_role("button", name="Sharing").click()
    expect(page.get_by_label("Second Clinic")).to_be_checked()  # nothing chosen is lost
    keep_screenshot(page, "resources-sharing-phone")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("button", name="Take back from everybody at Second Clinic")).to_be_visible()
    expect(clinic.get_by_text("3 bed-nights needed")).to_be_visible()

    page.get_by_role("button", name="Take back from everybody at Harbor House").click()
    check_axe(page)
    keep_screenshot(page, "resources-take-back-phone")
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Take back from everybody at Harbor House")).to_have_count(0)
    expect(house.get_by_text("is not there")).to_be_visible()
    expect(clinic.get_by_text("3 bed-nights needed")).to_be_visible()
    keep_screenshot(clinic, "resources-shared-dark")
