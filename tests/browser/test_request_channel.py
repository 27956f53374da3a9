"""A request's own channel: opened by who asks, found by who helps, over with the request."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import message, write
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

ABOUT_CHANNELS = re.compile(r"/api/v1/channels(/[0-9a-f-]{36})?(\?|$)")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def title(page):
    return page.get_by_role("heading", level=1).get_by_role("link", name="Emergency shelter")


def test_those_who_help_find_the_channel_and_read_it_until_it_is_purged(scene, open_page, keep_screenshot):
    page = f"/requests/{scene.request.pk}"
    agency, house = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    for each in (agency, house):
        each.goto(page)
    agency.get_by_role("button", name="Open a channel").click()
    expect(agency.get_by_role("heading", name="Emergency shelter")).to_be_visible()
    write(agency, "Door B is open.")

    link = house.get_by_role("link", name="Go to its channel")
    expect(house.get_by_role("button", name="Yes, we can")).to_be_visible()
    expect(link).to_have_count(0)
    house.get_by_role("button", name="Yes, we can").click()
    link.click()
    expect(message(house, "Door B is open.")).to_be_visible()
    expect(title(house)).to_have_attribute("href", page)
    expect(house.get_by_text("Will be seen by Emergency shelter (2 organizations, 2 people).")).to_be_visible()
    check_axe(house)
    keep_screenshot(house, "request-channel-phone")
    write(house, "Ten minutes away.")
    expect(message(agency, "Ten minutes away.")).to_be_visible()

    title(agency).click()
    expect(agency.get_by_role("link", name="Go to its channel")).to_be_visible()
    keep_screenshot(agency, "request-channel")
    agency.get_by_role("button", name="Close", exact=True).click()
    closing = agency.get_by_role("dialog")
    closing.get_by_role("radio").first.check()
    closing.get_by_role("button", name="Close the request").click()
    expect(house.get_by_text("The request is over: this can be read until")).to_be_visible()
    expect(message(house, "Ten minutes away.")).to_be_visible()


def test_what_opening_it_answers_is_enough_to_write(scene, open_page):
    page, held = open_page(person=scene.mara), []
    page.goto(f"/requests/{scene.request.pk}")
    page.route(ABOUT_CHANNELS, lambda route: held.append(route))
    page.get_by_role("button", name="Open a channel").click()
    write(page, "Door B is open.")
    expect(message(page, "Door B is open.")).to_be_visible()
    assert held
    for route in held:
        route.continue_()
