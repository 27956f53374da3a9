"""Settings: what is changed there shows at once, on other people's open pages too."""

import re

import pytest
from playwright.sync_api import expect

from tests import world
from tests.browser import mail
from tests.browser.places import Room, connection
from tests.browser.watch import PHONE, check_axe


@pytest.fixture
def room(transactional_db):
    return Room()


def test_another_language_changes_every_word_and_stays(room, open_page):
    page = open_page(person=room.dana)
    page.goto("/settings/you")
    page.get_by_label("Language").select_option("es")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Guardado")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Ajustes")).to_be_visible()
    expect(connection(page)).to_have_text("En vivo")
    assert page.evaluate("document.documentElement.lang") == "es"
    check_axe(page)
    page.goto("/messages")
    expect(page.get_by_role("heading", level=1, name="Mensajes")).to_be_visible()
    expect(page.get_by_role("link", name="Grupos")).to_be_visible()


def test_a_colleague_is_invited_appears_and_rises_without_a_reload(room, server, open_page, watch):
    watch.allow("status of 403 .*/invitations")  # asked once more after the right to it was lost
    dana, nia = open_page(person=room.dana), open_page(PHONE)
    dana.goto(f"/settings/organizations/{room.house.pk}")
    dana.get_by_label("E-mail address").fill("nia@example.org")
    dana.get_by_role("button", name="Invite").click()
    expect(dana.get_by_text("The invitation to nia@example.org is on its way.")).to_be_visible()
    pending = dana.get_by_role("listitem").filter(has_text="nia@example.org")
    expect(pending).to_be_visible()
    check_axe(dana)

    nia.goto(mail.link(server, "nia@example.org", "/join/"))
    nia.get_by_role("button", name="Go on").click()
    nia.get_by_label("Your name").fill("Nia Bell")
    nia.get_by_role("button", name="Go on").click()
    nia.get_by_label("Password", exact=True).fill(world.PASSWORD)
    nia.get_by_role("button", name="Join").click()
    expect(connection(nia)).to_have_text("Live")
    expect(dana.get_by_label("Tier of Nia Bell")).to_have_value("member")
    expect(pending).to_have_count(0)

    nia.goto("/settings")
    house = nia.get_by_role("link", name=re.compile("Harbor House"))
    expect(house).to_contain_text("Member")
    expect(connection(nia)).to_have_text("Live")
    dana.get_by_label("Tier of Nia Bell").select_option("administrator")
    expect(house).to_contain_text("Administrator")
    house.click()
    expect(nia.get_by_label("Tier of Dana Kim")).to_have_value("administrator")
    check_axe(nia)
    nia.get_by_label("Tier of Dana Kim").select_option("member")
    expect(dana.get_by_label("Tier of Nia Bell")).to_have_count(0)
    expect(dana.get_by_role("button", name="Invite")).to_have_count(0)


def test_an_organization_that_applied_is_verified(room, open_page):
    chapel = world.organization("Riverbend Chapel", "faith_based", verified=False)
    world.seat(chapel, pia := world.person(name="Pia Lund"), "administrator")
    network, applicant = open_page(person=world.administrator()), open_page(PHONE, pia)
    applicant.goto(f"/settings/organizations/{chapel.pk}")
    expect(applicant.get_by_text("Applied", exact=True)).to_be_visible()
    expect(connection(applicant)).to_have_text("Live")
    network.goto("/settings/network")
    expect(network.get_by_role("heading", name="Riverbend Chapel")).to_be_visible()
    check_axe(network)
    network.get_by_role("button", name="Verify").click()
    expect(network.get_by_text("Riverbend Chapel is verified.")).to_be_visible()
    expect(network.get_by_text("No application waits.")).to_be_visible()
    expect(applicant.get_by_text("Verified", exact=True)).to_be_visible()


def test_an_organization_is_suspended_and_comes_back(room, open_page, watch, keep_screenshot):
    watch.allow("status of 404 .*/channels/")  # asked once more after the right to it was lost
    network, dana, mara = (
        open_page(person=world.administrator()),
        open_page(PHONE, room.dana),
        open_page(person=room.mara),
    )
    dana.goto(room.address)
    expect(dana.get_by_role("heading", name="Victim Services")).to_be_visible()
    expect(connection(dana)).to_have_text("Live")
    mara.goto(f"/settings/organizations/{room.house.pk}")
    expect(mara.get_by_text("Verified", exact=True)).to_be_visible()

    network.goto("/settings/network")
    house = network.get_by_role("listitem").filter(has_text="Harbor House")
    house.get_by_role("button", name="Suspend").click()
    said = network.get_by_role("dialog", name="Suspend Harbor House")
    expect(said).to_contain_text("Its people lose every group and channel")
    expect(said).to_contain_text("Others read that it is not active at present")
    check_axe(network)
    keep_screenshot(network, "suspend-wide")
    said.get_by_role("button", name="Suspend").click()  # without a reason nothing happens
    said.get_by_label("Reason").fill("A complaint is looked into.")
    said.get_by_role("button", name="Suspend").click()
    expect(network.get_by_text("Harbor House is suspended.")).to_be_visible()
    expect(house).to_contain_text("A complaint is looked into.")
    expect(house).to_contain_text("Suspended by Network Administrator")
    check_axe(network)

    expect(dana.get_by_text("Victim Services")).to_have_count(0)
    expect(mara.get_by_text("Not active at present", exact=True)).to_be_visible()
    expect(mara.get_by_text("A complaint")).to_have_count(0)
    dana.goto(f"/settings/organizations/{room.house.pk}")
    expect(dana.get_by_text("This organization is suspended.")).to_be_visible()
    expect(dana.get_by_role("listitem").filter(has_text="Dana Kim")).to_be_visible()
    expect(dana.get_by_role("button", name="Edit")).to_have_count(0)
    check_axe(dana)
    keep_screenshot(dana, "suspended-phone")

    house.get_by_role("button", name="Reinstate").click()
    expect(network.get_by_text("Harbor House is in the network again.")).to_be_visible()
    expect(mara.get_by_text("Verified", exact=True)).to_be_visible()
    expect(dana.get_by_text("This organization is suspended.")).to_have_count(0)
