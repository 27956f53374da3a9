"""What opens doors asks once more who is there: one dialog, and what was typed survives it."""

import pytest
from playwright.sync_api import expect

from portal.organizations.models import Invitation
from tests import world
from tests.browser.authenticator import Authenticator
from tests.browser.places import Room
from tests.browser.watch import PHONE, check_axe


@pytest.fixture
def room(transactional_db):
    return Room()


def begin(page, room):
    """An invitation to administer the house, about to be sent by who signed in long ago."""
    page.goto(f"/settings/organizations/{room.house.pk}")
    page.get_by_label("E-mail address").fill("nia@example.org")
    page.get_by_label("Tier", exact=True).select_option("administrator")
    world.age_proofs(room.dana)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("dialog", name="Is it you?")).to_be_visible()


def test_the_password_is_asked_for_and_the_act_goes_on_by_itself(room, open_page, watch, keep_screenshot):
    watch.allow("status of 40[03]")
    page = open_page(person=room.dana)
    begin(page, room)
    dialog = page.get_by_role("dialog", name="Is it you?")
    check_axe(page)
    keep_screenshot(page, "proof")
    dialog.get_by_label("Password", exact=True).fill("not this one, surely")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This password is not right.")
    assert not Invitation.objects.exists()

    dialog.get_by_label("Password", exact=True).fill(world.PASSWORD)
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("The invitation to nia@example.org is on its way.")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert Invitation.objects.get().tier == "administrator"


def test_whoever_says_no_loses_nothing_that_was_typed(room, open_page, watch):
    watch.allow("status of 403")
    page = open_page(PHONE, room.dana, color_scheme="dark")
    begin(page, room)
    check_axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text("Confirm that it is you first.")
    expect(page.get_by_label("E-mail address")).to_have_value("nia@example.org")
    expect(page.get_by_label("Tier", exact=True)).to_have_value("administrator")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("dialog", name="Is it you?")).to_be_visible()


def test_a_passkey_will_do(room, open_page, watch):
    watch.allow("status of 40[34]")
    page = open_page(person=room.dana)
    Authenticator(page)
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="I have saved them").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    begin(page, room)
    page.get_by_role("dialog", name="Is it you?").get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The invitation to nia@example.org is on its way.")).to_be_visible()
