"""The ways in and the ways out."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import Tier
from portal.people.models import Session
from portal.people.services import end_sessions
from tests.browser import mail
from tests.browser.places import Room, composer, connection, kept_databases, open_channel, sign_in, sign_out, wait_until
from tests.browser.watch import PHONE, check_axe
from tests.people.browser import code

NEW_PASSWORD = "a lantern over the quiet harbor"
OUTSIDE = "https://www.wikipedia.org/"


@pytest.fixture
def room(transactional_db):
    return Room()


def code_now(secret: str) -> str:
    """One that does not run out on its way."""
    if (left := 30 - time.time() % 30) < 10:
        time.sleep(left)
    return code(secret)


def is_in(page: Page) -> None:
    expect(connection(page)).to_have_text("Live")


def test_an_invitation_is_accepted_in_three_steps(room, server, phone):
    organizations.invite(Actor(room.dana), room.house, "nia@example.org", Tier.MEMBER)
    phone.goto(mail.link(server, "nia@example.org", "/join/"))
    expect(phone.get_by_text("You are invited to Harbor House as a member.")).to_be_visible()
    expect(phone.get_by_text("Step 1 of 3")).to_be_visible()
    check_axe(phone)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Your name").fill("Nia Bell")
    check_axe(phone)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    check_axe(phone)
    phone.get_by_role("button", name="Join").click()
    expect(phone).to_have_url(re.compile("/today$"))
    is_in(phone)
    expect(phone.get_by_text("Nothing waits for Harbor House.")).to_be_visible()


def test_a_second_factor_where_it_is_demanded(transactional_db, desktop, watch, keep_screenshot):
    watch.allow("status of 40[0134]")  # a second step is asked for; nothing is enrolled yet; a wrong code
    Room(second_factor=True)
    desktop.goto("/today")
    sign_in(desktop, "dana.kim@example.org")
    expect(desktop.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    desktop.get_by_role("button", name="Use an authenticator app instead").click()
    expect(desktop.get_by_role("img", name=re.compile("authenticator app"))).to_be_visible()
    check_axe(desktop)
    keep_screenshot(desktop, "second-factor")
    secret = (desktop.locator("code").text_content() or "").replace(" ", "")
    assert len(secret) >= 32
    desktop.goto("/requests")  # nothing opens before it is set up
    expect(desktop.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    desktop.get_by_role("button", name="Use an authenticator app instead").click()
    expect(desktop.locator("code")).not_to_be_empty()
    secret = (desktop.locator("code").text_content() or "").replace(" ", "")
    desktop.get_by_label("Code shown by the app").fill(code_now(secret))
    desktop.get_by_role("button", name="Activate").click()
    expect(desktop.get_by_role("heading", name="Save these recovery codes")).to_be_visible()
    check_axe(desktop)
    recovery = desktop.locator("section li").all_text_contents()
    assert len(recovery) == 10
    desktop.get_by_role("button", name="I have saved them").click()
    is_in(desktop)

    sign_out(desktop)
    sign_in(desktop, "dana.kim@example.org")
    desktop.get_by_label("Code from your authenticator app").fill("000000")
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_text("This code is not right, or it has expired.").first).to_be_visible()
    check_axe(desktop)
    desktop.get_by_label("Code from your authenticator app").fill(code_now(secret))
    desktop.get_by_role("button", name="Go on").click()
    is_in(desktop)

    sign_out(desktop)
    sign_in(desktop, "dana.kim@example.org")
    desktop.get_by_role("button", name="Use a recovery code instead").click()
    desktop.get_by_label("Recovery code").fill(recovery[0])
    desktop.get_by_role("button", name="Go on").click()
    is_in(desktop)


def test_a_wrong_password_keeps_the_address(room, desktop, watch):
    watch.allow("status of 400")
    desktop.goto("/sign-in")
    sign_in(desktop, "dana.kim@example.org", "not this one, surely")
    expect(desktop.get_by_role("alert")).to_contain_text("do not fit together")
    expect(desktop.get_by_label("E-mail address")).to_have_value("dana.kim@example.org")
    check_axe(desktop)
    sign_in(desktop, "dana.kim@example.org")
    is_in(desktop)


def test_a_forgotten_password_is_set_anew_by_mail(room, server, phone, watch):
    watch.allow("status of 401")  # the new password does not sign in by itself
    phone.goto("/sign-in/forgotten")  # the address that mails name
    phone.get_by_label("E-mail address").fill("dana.kim@example.org")
    check_axe(phone)
    phone.get_by_role("button", name="Send the link").click()
    expect(phone.get_by_text("If there is an account for this address")).to_be_visible()
    reset = mail.link(server, "dana.kim@example.org", "/reset/")
    phone.goto(reset)
    phone.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    check_axe(phone)
    phone.get_by_role("button", name="Set the password").click()
    expect(phone.get_by_text("Your password is changed.")).to_be_visible()
    phone.get_by_role("link", name="Sign in").click()
    sign_in(phone, "dana.kim@example.org", NEW_PASSWORD)
    is_in(phone)
    watch.allow("status of 400")
    phone.goto(reset)
    expect(phone.get_by_text("This link has expired or was used before.")).to_be_visible()


def test_a_session_ended_elsewhere_leads_to_sign_in_and_back_to_what_was_typed(room, open_page, watch):
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    open_channel(page, room)
    composer(page).fill("Half a sentence")
    end_sessions(room.dana)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "dana.kim@example.org")
    expect(page).to_have_url(re.compile(f"{room.address}$"))
    expect(composer(page)).to_have_value("Half a sentence")


@pytest.mark.parametrize("way", ["button", "Esc three times"])
def test_leaving_quickly(room, open_page, watch, way):
    watch.allow(re.escape(OUTSIDE))
    watch.allow("status of 401")  # what signing out answers
    page = open_page(PHONE, room.dana) if way == "button" else open_page(person=room.dana)
    page.clock.install()
    other = page.context.new_page()
    page.goto("/today")
    is_in(page)
    open_channel(page, room)
    composer(page).fill("For tonight only")
    other.goto("/robots.txt")
    assert kept_databases(other)
    before = page.evaluate("history.length")

    page.route(OUTSIDE, lambda route: route.fulfill(body="Elsewhere", content_type="text/html"))
    # However slow the machine is, what is pressed is pressed in a moment, and nothing is left behind for lack of time.
    page.clock.pause_at(clock.now() + timedelta(minutes=1))
    with page.expect_request(OUTSIDE) as outside:
        if way == "button":
            page.get_by_role("button", name="Leave quickly").locator("visible=true").click()
        else:
            for _ in range(3):
                page.keyboard.press("Escape")
    assert outside.value.is_navigation_request()
    expect(page.get_by_text("Elsewhere")).to_be_visible()
    wait_until(lambda: not Session.objects.filter(user=room.dana).exists())  # said while leaving, answered to nobody
    assert kept_databases(other) == []
    assert other.evaluate("sessionStorage.length") == 0
    assert page.evaluate("history.length") == before
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Dana" not in page.content()
    assert "next=%2Ftoday" in page.url, "the channel's address is gone from the history"
