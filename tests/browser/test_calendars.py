"""A calendar elsewhere: an address is made, shown once, read by a program, and ended; reminders and mail are chosen."""

import re

import pytest
from playwright.sync_api import expect

from coordination.calendars.models import CalendarPreferences
from tests import world
from tests.browser.places import is_kept
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.calendars.reading import fetched, path_of
from tests.events.gathering import course, dates, register
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    scene.event = course(scene.acting(scene.mara), [scene.house])
    register(scene, scene.lucia, dates(scene.event)[0])
    return scene


def test_an_address_is_made_shown_once_and_ended(scene, open_page, keep_screenshot):
    page = open_page(PHONE, scene.lucia)
    page.goto("/events")
    page.get_by_role("link", name="Subscribe").click()
    expect(page.get_by_text("No calendar reads your dates.")).to_be_visible()
    page.get_by_label("Which program or device").fill("Work phone")
    check_axe(page)
    is_kept(page, "Work phone")
    page.reload()
    expect(page.get_by_label("Which program or device")).to_have_value("Work phone")
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_text("Whoever has this address reads your calendar.")).to_be_visible()
    address = page.get_by_label("Address", exact=True).input_value()
    opens = page.get_by_role("link", name="Open in this device’s calendar")
    expect(opens).to_have_attribute("href", re.compile("^webcal://"))
    check_axe(page)
    keep_screenshot(page, "calendar-address-phone")
    assert b"SUMMARY:kestrel course" in fetched(path_of(address)).content
    page.get_by_role("button", name="I have put it in").click()
    expect(page.get_by_label("Address", exact=True)).to_have_count(0)
    page.reload()
    row = page.get_by_role("listitem").filter(has_text="Work phone")
    expect(row).to_contain_text("Those I come to")
    expect(row).to_contain_text("last read")
    expect(page.get_by_text(address)).to_have_count(0)
    page.get_by_role("button", name="End the address for Work phone").click()
    expect(row).to_have_count(0)
    assert fetched(path_of(address)).status_code == 404


def test_who_has_not_said_lately_who_they_are_is_asked(scene, open_page, watch):
    watch.allow("status of 403 .*/calendar-feeds")
    world.with_password(scene.lucia)
    page = open_page(DESKTOP, scene.lucia)
    page.goto("/settings/calendar")
    world.age_proofs(scene.lucia)
    page.get_by_label("Which program or device").fill("Laptop")
    page.get_by_role("button", name="Make an address").click()
    page.get_by_role("dialog").get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Whoever has this address reads your calendar.")).to_be_visible()


def test_reminders_and_mail_are_chosen_in_spanish_at_night(scene, open_page, keep_screenshot):
    type(scene.lucia).objects.filter(pk=scene.lucia.pk).update(locale="es")
    page = open_page(DESKTOP, scene.lucia, color_scheme="dark")
    page.goto("/settings/calendar")
    page.get_by_label("Un día y una hora antes").check()
    page.get_by_label("Solo con la hora").check()
    check_axe(page)
    is_kept(page, '"both"', '"without_title"')
    page.reload()
    expect(page.get_by_label("Un día y una hora antes")).to_be_checked()
    expect(page.get_by_label("Solo con la hora")).to_be_checked()
    keep_screenshot(page, "calendar-preferences-dark-es")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado")).to_be_visible()
    chosen = CalendarPreferences.objects.get()
    assert (chosen.reminders, chosen.mail) == ("both", "without_title")


def test_one_date_is_a_file(scene, open_page):
    page = open_page(PHONE, scene.lucia)
    page.goto(f"/events/{scene.event.pk}")
    with page.expect_download() as found:
        page.get_by_role("link", name="Add to my calendar (file)").click()
    assert found.value.suggested_filename == "calendar.ics"
    assert b"SUMMARY:kestrel course" in found.value.path().read_bytes()
