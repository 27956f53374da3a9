"""Passkeys: the browser's own ceremony, with a device that Chromium plays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.authenticator import Authenticator
from tests.browser.places import Room, connection, sign_in, sign_out
from tests.browser.watch import PHONE, check_axe

SECURITY = "/settings/security"


@pytest.fixture
def room(transactional_db):
    return Room()


def is_in(page: Page) -> None:
    expect(connection(page)).to_have_text("Live")


def set_up_first(page: Page) -> list[str]:
    """In settings; the recovery codes that come with it."""
    page.goto(SECURITY)
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_role("heading", name="Save these recovery codes")).to_be_visible()
    codes = page.locator("section li").all_text_contents()
    page.get_by_role("button", name="I have saved them").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    return codes


def use(page: Page) -> None:
    page.get_by_role("button", name="Use a passkey").click()


def test_a_passkey_is_set_up_and_signs_in_alone(room, open_page, watch, keep_screenshot):
    watch.allow("status of 40[14]")
    page = open_page(person=room.dana)
    Authenticator(page)
    set_up_first(page)
    check_axe(page)
    keep_screenshot(page, "passkeys")
    sign_out(page)
    check_axe(page)
    keep_screenshot(page, "sign-in")
    use(page)
    is_in(page)
    page.goto(SECURITY)
    expect(page.get_by_text(re.compile("last used"))).to_be_visible()


def test_a_passkey_is_renamed_and_a_removed_one_opens_nothing(room, open_page, watch):
    watch.allow("status of 40[014]")
    page = open_page(PHONE, room.dana, color_scheme="dark")
    Authenticator(page)
    set_up_first(page)
    page.get_by_role("button", name=re.compile("^Rename")).click()
    page.get_by_label("Name", exact=True).fill("My phone")
    check_axe(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Remove My phone").click()
    check_axe(page)
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("My phone is removed.")).to_be_visible()
    sign_out(page)
    use(page)
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, "dana.kim@example.org")
    is_in(page)


def test_after_the_password_the_passkey_or_a_recovery_code(room, open_page, watch):
    watch.allow("status of 40[14]")
    page = open_page(person=room.dana)
    Authenticator(page)
    codes = set_up_first(page)
    sign_out(page)
    sign_in(page, "dana.kim@example.org")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    check_axe(page)
    use(page)
    is_in(page)
    sign_out(page)
    sign_in(page, "dana.kim@example.org")
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    is_in(page)


def test_where_a_second_factor_is_demanded_a_passkey_comes_first(transactional_db, open_page, watch):
    watch.allow("status of 40[134]")
    Room(second_factor=True)
    page = open_page(PHONE)
    Authenticator(page)
    page.goto("/today")
    sign_in(page, "dana.kim@example.org")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    expect(page.get_by_role("button", name="Use an authenticator app instead")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_role("heading", name="Save these recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have saved them").click()
    is_in(page)
    page.goto(SECURITY)
    expect(page.get_by_text("not used yet")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)


def test_whoever_the_device_does_not_know_stays_out(room, open_page, watch):
    watch.allow("status of 40[14]")
    page = open_page(person=room.dana)
    device = Authenticator(page)
    set_up_first(page)
    sign_out(page)
    device.refuse()
    use(page)
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not given.")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_second_passkey_of_one_device_is_not_needed(room, open_page, watch):
    watch.allow("status of 40[14]")
    page = open_page(person=room.dana)
    Authenticator(page)
    set_up_first(page)
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This device has a passkey for your account already.")
