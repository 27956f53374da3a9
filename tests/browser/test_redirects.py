"""A shelter that has no room passes a request on, and the next one is asked at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_a_request_is_passed_on(scene, open_page, keep_screenshot):
    request = scene.post(scene.house)
    agency, house = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    clinic = open_page(person=scene.grace)
    clinic.goto("/today")
    agency.goto(f"/requests/{request.pk}")
    house.goto(f"/requests/{request.pk}")
    house.get_by_role("button", name="Pass it on").click()
    house.get_by_label("To whom").select_option("Second Clinic")
    house.get_by_label("Why not you?").select_option("No room at the moment")
    check_axe(house)
    keep_screenshot(house, "redirect-form-phone-dark")
    house.get_by_role("button", name="Pass it on").click()
    expect(house.get_by_text("Harbor House passed it on").first).to_be_visible()
    keep_screenshot(house, "redirect-done-phone-dark")
    expect(agency.get_by_text("passed on to Second Clinic")).to_be_visible()
    expect(agency.get_by_text("through Harbor House")).to_be_visible()
    check_axe(agency)
    keep_screenshot(agency, "redirect-owner")
    clinic.get_by_role("link", name="Emergency shelter").first.click()
    expect(clinic.get_by_text("Harbor House passed this on to you.")).to_be_visible()
    check_axe(clinic)
    keep_screenshot(clinic, "redirect-asked")
