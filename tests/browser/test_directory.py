"""The directory: who is in the network and what they offer now; services of another directory brought in; who asks
from outside to be let in."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from coordination.resources import services as resources
from portal.organizations.models import Application, Organization
from tests import outside, world
from tests.browser.places import connection, is_kept, press_quickly
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    assert scene.group
    assert scene.offer
    return scene


def row(page, name):
    return page.get_by_role("link", name=re.compile(f"^{name}"))


def test_organizations_are_found_by_what_they_are_and_offer(scene, open_page, keep_screenshot):
    resources.post_offer(
        scene.acting(scene.grace),
        organizations=[scene.agency],
        category="interpreter",
        unit="hour",
        area="US-IA-103",
        languages=["por"],
        maximum=3,
        valid_from=scene.offer.valid_from,
        valid_until=scene.offer.valid_until,
    )
    page = open_page(person=scene.mara)
    press_quickly(page)
    page.goto("/today")
    expect(connection(page)).to_have_text("Live")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Directory", level=1)).to_be_visible()
    for name in ("County Agency", "Harbor House", "Second Clinic", "Outside Office"):
        expect(row(page, name)).to_be_visible()
    expect(row(page, "Harbor House")).to_contain_text("Shelter · 2 people · 1 coordinator")
    expect(row(page, "Harbor House")).to_contain_text("Emergency bed")
    check_axe(page)
    keep_screenshot(page, "directory")

    page.get_by_label("Languages").select_option("por")
    expect(row(page, "Harbor House")).to_have_count(0)
    expect(row(page, "Second Clinic")).to_be_visible()
    page.reload()
    expect(row(page, "Second Clinic")).to_be_visible()
    expect(row(page, "Outside Office")).to_have_count(0)
    page.get_by_label("Languages").select_option("")
    page.get_by_label("Search organizations").fill("harbor")
    expect(row(page, "Second Clinic")).to_have_count(0)
    expect(page).to_have_url(re.compile("text=harbor"))

    row(page, "Harbor House").click()
    expect(page.get_by_role("heading", name="Harbor House", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Housing")).to_be_visible()
    expect(page.get_by_text("5 of 5 available")).to_be_visible()
    resources.set_capacity(scene.acting(scene.dana), scene.offer, available=2)
    expect(page.get_by_text("2 of 5 available")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "directory-organization")

    # what was shared with one organization is in nobody else's directory
    other = open_page(PHONE, scene.otto, color_scheme="dark")
    other.goto("/groups")
    other.get_by_role("link", name="Directory").click()
    expect(row(other, "Second Clinic")).to_be_visible()
    expect(other.get_by_text("Interpreter")).to_have_count(0)
    other.get_by_label("What they offer").select_option("language")
    expect(other.get_by_text("No organization fits this search")).to_be_visible()
    check_axe(other)
    keep_screenshot(other, "directory-phone-dark")


def test_services_of_another_directory_are_brought_in(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")

    def service(name, word, **said):
        term = {"taxonomy_term": {"code": "x", "name": word, "taxonomy": "Another"}}
        return {"id": str(uuid4()), "name": name, "status": "active", "attributes": [term], **said}

    linn = [{"id": str(uuid4()), "name": "Linn County, Iowa"}]
    hostel = service("Hostel", "Youth Hostel", service_areas=linn, email="hostel@example.org")
    file = {"contents": [hostel, service("Meals", "food")]}

    def upload(what, name="services.json"):
        chosen = {"name": name, "mimeType": "application/json", "buffer": json.dumps(what).encode()}
        page.get_by_label("File", exact=True).set_input_files(chosen)

    page = open_page(PHONE, scene.dana)
    page.goto("/resources/import")
    upload({"contents": "none"})
    expect(page.get_by_text("There is no list of HSDS services in this file.")).to_be_visible()
    upload(file)
    expect(page.get_by_text("No row can be posted.")).to_be_visible()
    page.get_by_label("Youth Hostel").select_option("transitional_housing")
    expect(page.get_by_text("1 row can be posted.")).to_be_visible()
    expect(page.get_by_text("Not kept: e-mail addresses")).to_be_visible()
    page.get_by_label("Where are the services that do not say?").select_option(world.JOHNSON)
    expect(page.get_by_text("2 rows can be posted.")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "directory-import")
    is_kept(page, "Youth Hostel", world.JOHNSON)
    page.reload()
    expect(page.get_by_text("2 rows can be posted.")).to_be_visible()
    page.get_by_role("button", name="Post 2 offers for Harbor House").click()
    expect(page.get_by_text("2 of 2 offers are posted.")).to_be_visible()
    assert {o.category for o in scene.house.offers.exclude(external_id="")} == {"transitional_housing", "food"}

    page.reload()
    hostel["description"] = "Four rooms."
    upload(file)
    page.get_by_label("Youth Hostel").select_option("transitional_housing")
    page.get_by_label("Where are the services that do not say?").select_option(world.JOHNSON)
    expect(page.get_by_text("Posted already: note will be changed")).to_be_visible()
    page.get_by_role("button", name="Post 1 offer for Harbor House").click()
    expect(page.get_by_text("1 of 1 offer is posted.")).to_be_visible()
    assert scene.house.offers.exclude(external_id="").count() == 2

    with page.expect_download() as download:
        page.goto("/resources?side=offer")
        page.get_by_role("link", name="As HSDS services").click()
    taken = json.loads(download.value.path().read_text())
    assert {s["description"] for s in taken["contents"]} >= {"Four rooms.", "Food"}


def test_who_asks_from_outside_is_decided_about(scene, open_page, watch, keep_screenshot):
    chief = world.administrator()
    outside.apply("Harbor House", "Also by night")
    watch.allow("status of 422")
    page = open_page(person=chief)
    page.goto("/today")
    expect(page.get_by_role("heading", name="Asks from outside to join")).to_be_visible()
    page.get_by_role("link", name="Harbor House").click()
    expect(page.get_by_role("heading", name="Applications from outside", level=1)).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    page.get_by_label("Under which name?").fill("Harbor House North")
    check_axe(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted", exact=True)).to_be_visible()
    assert Organization.objects.get(name="Harbor House North").status == "applied"

    # the next one comes while the page is open
    outside.apply("Night Line", "Calls by night")
    expect(page.get_by_role("heading", name="Night Line")).to_be_visible()
    page.get_by_role("button", name="Decline").click()
    page.get_by_label("Reason").fill("Another county")
    check_axe(page)
    keep_screenshot(page, "applications")
    page.get_by_role("button", name="Decline and send").click()
    expect(page.get_by_text("Declined", exact=True)).to_be_visible()
    assert Application.objects.get(name="Night Line").reason == "Another county"
