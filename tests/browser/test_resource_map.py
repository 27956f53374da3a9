"""Needs and offers on a map of the network's counties: read, chosen by press or key, and kept in the address."""

import pytest
from playwright.sync_api import expect

from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    assert scene.need
    assert scene.offer
    return scene


def areas(page):
    return page.get_by_role("region", name="By area")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_county_is_chosen_on_the_map(scene, open_page, keep_screenshot, screen, colours):
    page = open_page(screen, scene.dana, color_scheme=colours)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/areas/" in request.url else None)
    page.goto("/resources?mine=false")
    expect(page.get_by_role("button", name="Map")).to_be_visible()
    assert not asked
    page.get_by_role("button", name="Map").click()
    linn = areas(page).get_by_role("button", name="Linn County 1 need")
    expect(linn).to_contain_text("3 bed-nights")
    expect(areas(page).get_by_role("button", name="Johnson County no needs")).to_be_visible()
    expect(areas(page).locator("path.ours")).to_have_count(2)
    assert [url.rpartition("/")[2] for url in asked] == ["US-IA.json"]
    check_axe(page)
    keep_screenshot(page, f"resources-map-{colours}")
    areas(page).locator("path.step-1").click()
    expect(linn).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url("/resources?mine=false&view=map&area=US-IA-113")
    expect(page.get_by_role("region", name="Needs").get_by_role("listitem")).to_have_count(1)
    check_axe(page)
    keep_screenshot(page, f"resources-map-chosen-{colours}")
    page.reload()
    expect(linn).to_have_attribute("aria-pressed", "true")
    linn.press("Enter")
    expect(page).to_have_url("/resources?mine=false&view=map")
    page.get_by_role("button", name="Offers").click()
    expect(areas(page).get_by_role("button", name="Linn County no offers")).to_be_visible()


def test_what_is_posted_is_counted_at_once(scene, open_page):
    page = open_page(person=scene.mara)
    page.goto("/resources?view=map&side=offer")
    expect(areas(page).get_by_role("button", name="Linn County 1 offer")).to_be_visible()
    scene.offered()
    expect(areas(page).get_by_role("button", name="Linn County 2 offers")).to_be_visible()


def test_where_a_whole_state_is_the_network_s_each_of_its_counties_is_a_filter(scene, open_page, keep_screenshot):
    scene.network.areas = ["US-IA"]
    scene.network.save()
    assert scene.needed(area="US-IA-153")
    page = open_page(person=scene.dana)
    page.goto("/resources?view=map")
    areas(page).get_by_role("button", name="Polk County, Iowa 1 need").click()
    expect(page).to_have_url("/resources?view=map&area=US-IA-153")
    needs = page.get_by_role("region", name="Needs").get_by_role("listitem")
    expect(needs).to_have_count(1)
    expect(needs).to_contain_text("Polk County, Iowa")
    expect(page.get_by_label("Area", exact=True)).to_have_value("US-IA-153")
    keep_screenshot(page, "resources-map-state")
    page.get_by_role("button", name="List").click()
    page.reload()
    expect(needs).to_have_count(1)
    page.get_by_label("Area", exact=True).select_option("Iowa")
    expect(needs).to_have_count(2)


def test_areas_without_shapes_are_a_list(scene, open_page):
    scene.network.areas = ["MX-SON", "MX-CHH"]
    scene.network.save()
    page = open_page(person=scene.dana)
    page.goto("/resources?view=map")
    expect(areas(page)).to_contain_text("There is no map of these areas here.")
    expect(areas(page).get_by_role("button", name="Linn County, Iowa 1 need")).to_be_visible()
    expect(areas(page).get_by_role("button", name="Sonora no needs")).to_be_visible()
    check_axe(page)
