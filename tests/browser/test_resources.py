"""Needs and offers: found by their filters, pledged in part, and how much is left seen by everybody at once."""

import re

import pytest
from playwright.sync_api import expect

from coordination.resources.models import Offer, Pledge
from tests import world
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


def needs(page):
    return page.get_by_role("region", name="Needs")


def offers(page):
    return page.get_by_role("region", name="Offers")


def test_a_need_is_met_in_part(scene, open_page, keep_screenshot):
    house, agency = open_page(person=scene.dana), open_page(person=scene.mara, color_scheme="dark")
    house.goto("/resources")
    agency.goto(f"/resources/needs/{scene.need.pk}")
    expect(agency.get_by_text("Nothing is pledged yet.")).to_be_visible()
    expect(offers(house).get_by_text("5 of 5 available")).to_be_visible()
    check_axe(house)
    keep_screenshot(house, "resources-desktop")
    needs(house).get_by_role("listitem").get_by_role("link").first.click()
    house.get_by_role("button", name="Offer something for it").click()
    dialog = house.get_by_role("dialog")
    dialog.get_by_label("Which of our offers").select_option(index=1)
    dialog.get_by_label("How much").fill("2")
    check_axe(house)
    keep_screenshot(house, "resources-pledge")
    dialog.get_by_role("button", name="Propose").click()
    expect(house.get_by_text("Proposed. County Agency decides.")).to_be_visible()
    agency.get_by_role("button", name="Accept").click()
    expect(agency.get_by_text("accepted", exact=True)).to_be_visible()
    expect(agency.get_by_text("2 of 3 promised")).to_be_visible()
    check_axe(agency)
    keep_screenshot(agency, "resources-need-dark")
    expect(house.get_by_role("button", name="It is delivered")).to_be_visible()
    house.get_by_role("button", name="It is delivered").click()
    agency.get_by_role("button", name="It came").click()
    expect(house.get_by_text("confirmed", exact=True)).to_be_visible()
    assert Pledge.objects.get().state == "confirmed"


def test_a_pledge_is_declined_with_a_reason(scene, open_page):
    scene.pledged(2)
    agency, house = open_page(person=scene.mara), open_page(person=scene.dana)
    agency.goto(f"/resources/needs/{scene.need.pk}")
    house.goto(f"/resources/offers/{scene.offer.pk}")
    expect(house.get_by_role("button", name="Withdraw")).to_be_visible()
    agency.get_by_role("button", name="Decline").click()
    agency.get_by_label("Reason").select_option("eligibility")
    agency.get_by_role("dialog").get_by_role("button", name="Decline").click()
    expect(house.get_by_text("declined", exact=True)).to_be_visible()
    expect(house.get_by_role("button", name="Withdraw")).to_have_count(0)


def test_beds_are_updated_by_one_tap_and_seen_by_others_at_once(scene, open_page, keep_screenshot):
    house, agency = open_page(PHONE, scene.lucia, color_scheme="dark"), open_page(person=scene.mara)
    agency.goto("/resources")
    expect(offers(agency).get_by_text("5 of 5 available")).to_be_visible()
    house.goto("/resources")
    expect(needs(house).get_by_text("Emergency bed")).to_be_visible()
    check_axe(house)
    keep_screenshot(house, "resources-needs-phone")
    house.get_by_role("button", name="Offers").click()
    expect(needs(house)).to_be_hidden()
    house.get_by_role("button", name="One less").click()
    expect(offers(house).get_by_text("4 of 5 available")).to_be_visible()
    expect(offers(agency).get_by_text("4 of 5 available")).to_be_visible()
    expect(offers(agency).get_by_role("button", name="One less")).to_have_count(0)
    check_axe(house)
    keep_screenshot(house, "resources-offers-phone")
    assert Offer.objects.get().available == 4


def test_filters_are_an_address(scene, open_page):
    elsewhere = scene.needed(area=world.JOHNSON, category="interpreter", unit="hour")
    page = open_page(DESKTOP, scene.dana)
    page.goto("/resources?area=US-IA-103")
    expect(needs(page).get_by_role("listitem").get_by_role("link")).to_have_count(1)
    expect(needs(page).get_by_text("Interpreter")).to_be_visible()
    page.get_by_label("Kind", exact=True).select_option("Safety and shelter")
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?area=US-IA-103&top=safety_shelter")
    expect(needs(page).get_by_text("Nothing fits these filters.")).to_be_visible()
    page.get_by_label("Area", exact=True).select_option("All areas")
    expect(needs(page).get_by_text("Emergency bed")).to_be_visible()
    expect(needs(page).get_by_text("Interpreter")).to_have_count(0)
    page.go_back()
    page.goto(f"/resources/needs/{elsewhere.pk}")
    expect(page.get_by_role("heading", name="Interpreter")).to_be_visible()


def test_a_language_is_a_filter(scene, open_page):
    scene.needed(category="interpreter", unit="hour", languages=["som"])
    page = open_page(PHONE, scene.dana)
    page.goto("/resources?language=som")
    expect(needs(page).get_by_role("listitem").get_by_role("link")).to_have_count(1)
    expect(needs(page).get_by_text("Interpreter")).to_be_visible()
    page.get_by_label("Languages", exact=True).select_option("Spanish")
    expect(needs(page).get_by_text("Emergency bed")).to_be_visible()
    expect(needs(page).get_by_text("Interpreter")).to_have_count(0)
    expect(page).to_have_url(re.compile("language=spa"))
    check_axe(page)
    page.get_by_label("Languages", exact=True).select_option("All languages")
    expect(needs(page).get_by_role("listitem").get_by_role("link")).to_have_count(2)


def test_hours_of_intake_are_said_and_changed(scene, open_page, keep_screenshot):
    page = open_page(PHONE, scene.dana, color_scheme="dark")
    page.goto("/resources/new")
    page.get_by_role("button", name="We offer").click()
    form = page.locator("form")
    form.get_by_label("Kind").select_option("Trauma therapy")
    form.get_by_label("Area").select_option("Linn County")
    page.get_by_role("button", name="Add hours").click()
    hours = page.get_by_role("group", name="Hours 1")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        hours.get_by_role("button", name=day).click()
    hours.get_by_role("button", name="Friday").click()  # the last day stays
    hours.get_by_label("Until").fill("02:00")
    check_axe(page)
    hours.scroll_into_view_if_needed()
    keep_screenshot(page, "resources-intake-phone-dark")
    is_kept(page, "02:00")
    page.reload()
    expect(hours.get_by_label("Until")).to_have_value("02:00")
    page.get_by_role("button", name="Post for Harbor House").click()
    expect(page.get_by_text("Friday, 08:00 to 02:00")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    hours.get_by_role("button", name="Saturday").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Friday and Saturday, 08:00 to 02:00")).to_be_visible()
    (kept,) = Offer.objects.get(category="trauma_therapy").intake_hours
    assert kept == {"days": ["friday", "saturday"], "opens": "08:00", "closes": "02:00"}


def test_a_list_is_exported_with_its_filters(scene, open_page, keep_screenshot):
    scene.needed(area=world.JOHNSON, category="interpreter", unit="hour")
    page = open_page(DESKTOP, scene.dana)
    page.goto("/resources?area=US-IA-103")
    expect(needs(page).get_by_role("listitem")).to_have_count(1)
    keep_screenshot(page, "resources-export")
    with page.expect_download() as started:
        page.get_by_role("link", name="Export needs").click()
    assert started.value.suggested_filename.startswith("needs-")
    _, _, *rows = started.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[2] for row in rows] == ["interpreter"]


FILE = """category,maximum,county,unit
emergency_bed,3,US-IA-113,
food,12,US-IA-103,item
interpreter,many,US-IA-113,
"""


def test_offers_are_imported_from_a_file(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")
    page, agency = open_page(PHONE, scene.dana), open_page(person=scene.mara)
    page.goto("/resources/new")
    page.get_by_role("link", name="Offers from a file").click()
    chosen = page.get_by_label("File", exact=True)
    chosen.set_input_files({"name": "utf-16.csv", "mimeType": "text/csv", "buffer": FILE.encode("utf-16")})
    expect(page.get_by_text("This file is not UTF-8.")).to_be_visible()
    chosen.set_input_files({"name": "colour.csv", "mimeType": "text/csv", "buffer": b"colour\nred\n"})
    expect(page.get_by_text("There is no column “colour”.")).to_be_visible()
    check_axe(page)
    chosen.set_input_files({"name": "offers.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    expect(page.get_by_text("2 rows can be posted.")).to_be_visible()
    expect(page.get_by_text("1 row needs mending, and is left out.")).to_be_visible()
    expect(page.get_by_role("row", name="2 Emergency bed")).to_contain_text("3 bed-nights · Linn County")
    expect(page.get_by_role("row", name="4 maximum")).to_be_visible()
    expect(page.get_by_role("row", name="4 maximum")).to_contain_text("Write a whole number")
    check_axe(page)
    keep_screenshot(page, "resources-import-preview")
    is_kept(page, "interpreter,many")
    page.reload()
    expect(page.get_by_text("2 rows can be posted.")).to_be_visible()
    page.get_by_label("Everybody in the network").uncheck()
    page.get_by_role("button", name="Post 2 offers for Harbor House").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("2 rows can be posted.")).to_be_visible()
    page.get_by_label("County Agency").check()
    page.get_by_role("button", name="Post 2 offers for Harbor House").click()
    expect(page.get_by_text("2 of 2 offers are posted.")).to_be_visible()
    expect(page.get_by_text("1 row was left out.")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "resources-import-done")
    page.reload()
    mended = FILE.replace("many", "8") + "food,12,US-IA-103,item\ninterpreter,8,US-IA-113,\n"
    chosen.set_input_files({"name": "offers.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    expect(page.get_by_text("1 row can be posted. 3 rows are posted already. 1 row says the same")).to_be_visible()
    expect(page.get_by_role("row", name="6 Interpreter")).to_contain_text("Same as line 4")
    check_axe(page)
    keep_screenshot(page, "resources-import-again")
    page.get_by_role("button", name="Post 1 offer for Harbor House").click()
    expect(page.get_by_text("1 of 1 offer is posted.")).to_be_visible()
    chosen.set_input_files({"name": "again.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    expect(page.get_by_text("No row can be posted. 5 rows are posted already.")).to_be_visible()
    expect(page.get_by_role("button", name="Post")).to_have_count(0)
    page.get_by_role("row", name="2 Emergency bed").get_by_role("link", name="Already posted").click()
    expect(page.get_by_role("heading", name="Emergency bed", level=1)).to_be_visible()
    agency.goto("/resources")
    expect(offers(agency).get_by_text("12 of 12 available")).to_be_visible()
    assert scene.house.offers.count() == 4


def test_a_need_is_posted_to_whom_it_concerns(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")
    agency, house = open_page(PHONE, scene.mara), open_page(person=scene.dana, color_scheme="dark")
    house.goto("/resources")
    agency.goto("/resources/new")
    form = agency.locator("form")
    form.get_by_label("Kind").select_option("Primary care")
    agency.get_by_label("Counted in").select_option("appointments")
    form.get_by_label("Area").select_option("Johnson County")
    agency.get_by_label("How much").fill("2")
    agency.get_by_role("button", name="women", exact=True).click()
    agency.get_by_label("Everybody in the network").uncheck()
    agency.get_by_role("button", name="Post for").click()
    expect(agency.get_by_role("alert").first).to_be_visible()
    check_axe(agency)
    keep_screenshot(agency, "resources-new-phone")
    is_kept(agency, '"women"')
    agency.reload()
    expect(agency.get_by_label("How much")).to_have_value("2")
    agency.get_by_label("Harbor House").check()
    agency.get_by_role("button", name="Post for").click()
    expect(agency.get_by_role("heading", name="Primary care")).to_be_visible()
    expect(needs(house).get_by_text("2 appointments needed")).to_be_visible()
    assert scene.agency.needs.get(category="primary_care").populations == ["women"]


def test_an_offer_is_posted_and_closed(scene, open_page, keep_screenshot):
    page = open_page(person=scene.dana)
    page.goto("/resources/new")
    page.get_by_role("button", name="We offer").click()
    form = page.locator("form")
    form.get_by_label("Kind").select_option("Trauma therapy")
    form.get_by_label("Area").select_option("Linn County")
    form.get_by_label("How much").fill("12")
    check_axe(page)
    keep_screenshot(page, "resources-new-desktop")
    page.get_by_role("button", name="Post for Harbor House").click()
    expect(page.get_by_role("heading", name="Trauma therapy")).to_be_visible()
    expect(page.get_by_text("12 of 12 available").first).to_be_visible()
    keep_screenshot(page, "resources-offer-desktop")
    page.locator("#main").get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
