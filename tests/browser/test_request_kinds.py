"""Every kind of request has its own form, drawn from the portal's table, and is read by those it was put to."""

import re

import pytest
from playwright.sync_api import expect

from coordination.requests.kinds import KINDS
from coordination.requests.models import Request
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_a_referral_is_asked_for_by_pressing_words(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")
    agency, house = open_page(PHONE, scene.mara, color_scheme="dark"), open_page(person=scene.dana)
    house.goto("/today")
    agency.goto("/requests/new")
    agency.get_by_role("radio", name=re.compile("^Service referral")).check()
    agency.get_by_label("Adults").fill("1")
    agency.get_by_label("Area").select_option("Johnson County")
    expect(agency.get_by_role("heading", name="Usually asked")).to_be_visible()
    agency.get_by_label("Harbor House").check()
    services = agency.get_by_role("group", name="Services")
    agency.get_by_role("button", name=re.compile("^Send for")).click()
    expect(services.get_by_text("Needed.")).to_be_visible()
    services.get_by_role("button", name="mental health", exact=True).click()
    services.get_by_role("button", name="legal help").press("Enter")
    agency.get_by_label("This is an exercise").check()
    check_axe(agency)
    keep_screenshot(agency, "request-referral-phone")
    is_kept(agency, '"legal"')
    agency.reload()
    expect(services.get_by_role("button", name="legal help")).to_have_attribute("aria-pressed", "true")
    agency.get_by_role("button", name=re.compile("^Send for")).click()
    expect(house.get_by_text("mental health and legal help").first).to_be_visible()
    expect(house.get_by_text("EXERCISE · Service referral").first).to_be_visible()
    request = Request.objects.get()
    assert request.details["services"] == ["mental_health", "legal"]
    house.goto(f"/requests/{request.pk}")
    expect(house.get_by_text("Can Harbor House take this?")).to_be_visible()
    expect(house.get_by_text("Johnson County").first).to_be_visible()


def test_every_kind_has_its_form_in_words(scene, open_page, keep_screenshot):
    page = open_page(person=scene.mara)
    page.goto("/requests/new")
    kinds = page.get_by_role("radio")
    expect(kinds).to_have_count(len(KINDS))
    for number in range(len(KINDS)):
        kinds.nth(number).check()
        expect(page.get_by_role("heading", name="What is needed")).to_be_visible()
        assert "_" not in page.get_by_role("form").or_(page.locator("form")).first.inner_text()
        check_axe(page)
    keep_screenshot(page, "request-kinds")
