"""The pages that anybody may read, as a stranger sees them: on a phone, without script, and left quickly."""

import pytest
from playwright.sync_api import expect

from coordination.events import services
from coordination.public_pages.pages import LANGUAGES, NAMES
from portal.kernel.writing import Actor
from portal.organizations.models import Application
from tests.browser.places import Room, press_quickly
from tests.browser.test_sign_in import OUTSIDE
from tests.browser.watch import PHONE, check_axe
from tests.events.gathering import course


@pytest.fixture
def room(transactional_db):
    return Room()


def published(room):
    told = {"title": "Signs for neighbors", "about": "All are welcome.", "rule": "", "places": []}
    event = course(Actor(room.mara, room.agency), [], **told)
    return services.publish_event(Actor(room.mara), event)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reads_well_on_a_phone_by_day_and_by_night(room, open_page, keep_screenshot, language):
    published(room)
    for scheme in ("light", "dark"):
        page = open_page(PHONE, color_scheme=scheme)
        for name in (*NAMES, "apply", "certificate"):
            page.goto(f"/{language}/{name}")
            check_axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            keep_screenshot(page, f"public-{name}-{language}-{scheme}")


def test_one_leaves_quickly_and_does_not_come_back_to_it(room, open_page, watch):
    watch.allow("request to another host")
    page = open_page()
    press_quickly(page)
    page.route(OUTSIDE, lambda route: route.fulfill(body="elsewhere"))
    page.goto("/en/about")
    page.goto("/en/help")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(OUTSIDE)
    page.go_back()
    expect(page.get_by_role("heading", name="How to get help")).to_have_count(0)
    page.goto("/en/help")
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(OUTSIDE)


def test_a_stranger_applies_without_script(room, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/en/about")
    page.get_by_role("link", name="Apply to join").click()
    page.get_by_label("Organization").fill("River Shelter")
    page.get_by_label("What it is").select_option("shelter_operator")
    page.get_by_label("What it does").fill("Twelve beds.")
    page.get_by_label("Role of the contact").fill("Director")
    page.get_by_label("E-mail address").fill("office@river.example.org")
    page.get_by_label("Why it wants to join").fill("We take people at night.")
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you.")
    assert Application.objects.get().name == "River Shelter"
