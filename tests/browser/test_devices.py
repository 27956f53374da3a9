"""The list of devices: one is signed out from another, and its page leaves at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import Room, composer, connection, open_channel, sign_in
from tests.browser.watch import PHONE, check_axe

SESSIONS = "/settings/sessions"


@pytest.fixture
def room(transactional_db):
    return Room()


def test_a_device_is_signed_out_from_another(room, open_page, watch, keep_screenshot):
    watch.allow("status of 401")
    laptop, phone = open_page(), open_page(PHONE)
    for page in (phone, laptop):
        page.goto("/sign-in")
        sign_in(page, "dana.kim@example.org")
        expect(connection(page)).to_have_text("Live")
    open_channel(phone, room)
    composer(phone).fill("Half a sentence")
    laptop.goto(SESSIONS)
    expect(laptop.get_by_text("This device", exact=True).last).to_be_visible()
    expect(laptop.get_by_role("button", name=re.compile("^Sign out Chrome"))).to_have_count(1)
    check_axe(laptop)
    keep_screenshot(laptop, "sessions")
    laptop.get_by_role("button", name=re.compile("^Sign out Chrome")).click()
    expect(laptop.get_by_text(re.compile("is signed out"))).to_be_visible()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Dana" not in phone.content()
    expect(connection(laptop)).to_have_text("Live")
    expect(laptop.get_by_role("button", name=re.compile("^Sign out Chrome"))).to_have_count(0)

    sign_in(phone, "dana.kim@example.org")
    expect(composer(phone)).to_have_value("Half a sentence")
    phone.goto(SESSIONS)
    phone.get_by_role("button", name="Sign out everywhere else").click()
    expect(laptop.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(connection(phone)).to_have_text("Live")


def test_who_tried_is_told_after_the_next_sign_in(room, open_page, watch, keep_screenshot):
    watch.allow("status of 40[01]")
    page = open_page(PHONE)
    page.goto("/sign-in")
    sign_in(page, "dana.kim@example.org", "not this one, surely")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, "dana.kim@example.org")
    expect(connection(page)).to_have_text("Live")
    page.goto(SESSIONS)
    expect(page.get_by_text("Wrong password")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "sign-ins")
