"""Unmet need: an organization's own numbers, the network's without small ones, nothing for who may not read them."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.kernel import clock
from portal.kernel.models import Network
from tests import world
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene
from tests.unmet.ended import ended

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Unmet need"


@pytest.fixture
def scene(transactional_db):
    return Scene()


@pytest.fixture
def today(one_day):
    return Network.current().day(clock.now())


def row(page, kind):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=kind))


def test_an_organizations_own(scene, today, open_page, keep_screenshot):
    ended(scene, scene.agency, today, 2, places=3)
    ended(scene, scene.agency, today - timedelta(days=400), request_kind="safety_incident", area="")
    page = open_page(person=scene.mara)
    page.goto("/requests")
    page.get_by_role("link", name=TITLE).click()
    expect(row(page, "Emergency shelter Linn County").get_by_role("cell")).to_have_text(["2", "6"])
    expect(row(page, "Safety incident")).to_have_count(0)
    check_axe(page)
    keep_screenshot(page, "unmet-own")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a table").click()
    assert saved.value.suggested_filename.startswith("unmet-need-")

    page.get_by_role("link", name="A year earlier").click()
    expect(row(page, "Safety incident No area").get_by_role("cell")).to_have_text(["1", "1"])
    expect(page).to_have_url(re.compile("until="))
    page.get_by_role("link", name="A year earlier").click()
    expect(page.get_by_text("Nothing ended unmet in these months")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="A year later").click()
    expect(row(page, "Safety incident No area")).to_be_visible()
    page.get_by_role("link", name="A year later").click()
    expect(row(page, "Emergency shelter Linn County")).to_be_visible()
    expect(page.get_by_role("link", name="A year later")).to_have_count(0)


def test_the_networks(scene, today, open_page, keep_screenshot):
    last_month = today.replace(day=1) - timedelta(days=1)
    for owner in (scene.agency, scene.house, scene.clinic):
        ended(scene, owner, last_month, 4)
        ended(scene, owner, last_month, 1, area=world.JOHNSON)
        ended(scene, owner, today, 9)
    page = open_page(PHONE, world.administrator(), color_scheme="dark")
    page.goto("/requests/unmet")
    expect(row(page, "Emergency shelter Linn County").get_by_role("cell")).to_have_text(["12"])
    expect(page.get_by_role("rowheader")).to_have_count(2)
    expect(page.get_by_text("What is not listed is too small to be shown")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "unmet-network-phone-dark")


def test_who_is_both_chooses(scene, today, open_page):
    chief = world.administrator()
    world.seat(scene.agency, chief, "coordinator")
    ended(scene, scene.agency, today)
    page = open_page(person=chief)
    page.goto("/requests/unmet")
    expect(row(page, "Emergency shelter")).to_be_visible()
    page.get_by_role("button", name="The network").click()
    expect(page.get_by_text("No number is large enough to be shown")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No number is large enough to be shown")).to_be_visible()


def test_nothing_for_who_may_not_read_them(scene, open_page):
    page = open_page(person=scene.jonas)
    page.goto("/requests")
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    page.goto("/requests/unmet")
    expect(page.get_by_text("These numbers are for those who coordinate")).to_be_visible()


def test_what_cannot_be_fetched_can_be_tried_again(scene, today, open_page, watch):
    watch.allow("Failed to load resource")
    ended(scene, scene.agency, today)
    page = open_page(person=scene.mara)
    page.route("**/unmet-need*", lambda route: route.abort())
    page.goto("/requests/unmet")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute("**/unmet-need*")
    page.get_by_role("button", name="Try again").click()
    expect(row(page, "Emergency shelter")).to_be_visible()
