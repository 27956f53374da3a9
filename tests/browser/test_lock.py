"""The lock: what was shown is gone from the page, in every tab, until somebody says who they are."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.people.models import Session
from tests import world
from tests.browser.authenticator import Authenticator
from tests.browser.places import Room, composer, connection, go_offline, kept_databases, open_channel, wait_until, write
from tests.browser.watch import PHONE, check_axe


@pytest.fixture
def room(transactional_db):
    return Room()


def is_locked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    for telling in ("Dana", "Mara", "Victim Services", "Harbor House", "Half a sentence", "Concord", "Test Network"):
        assert telling not in page.evaluate("document.documentElement.outerHTML + document.title"), telling


def unlock(page: Page, password: str = world.PASSWORD) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Unlock").click()


def lock_by_time(room: Room) -> None:
    """As if nobody had touched any of Dana's sessions for long enough."""
    Session.objects.filter(user=room.dana).update(locks_at=timezone.now() - timedelta(seconds=1))


def test_by_hand_it_takes_everything_off_every_tab_and_keeps_what_was_typed(room, open_page, watch, keep_screenshot):
    watch.allow("status of 40[01]")
    page = open_page(person=room.dana)
    open_channel(page, room)
    write(page, "Three beds tonight.")
    expect(page.get_by_text("Three beds tonight.")).to_be_visible()
    composer(page).fill("Half a sentence")
    other = page.context.new_page()
    other.goto("/settings/you")
    expect(connection(other)).to_have_text("Live")
    page.bring_to_front()
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    assert "Three beds" not in page.content()
    is_locked(other)
    check_axe(page)
    keep_screenshot(page, "locked")

    unlock(page, "not this one, surely")
    expect(page.get_by_role("alert")).to_contain_text("This password is not right.")
    is_locked(page)
    unlock(page)
    expect(composer(page)).to_have_value("Half a sentence")
    expect(connection(page)).to_have_text("Live")
    expect(page.get_by_text("Three beds tonight.")).to_be_visible()
    expect(other.get_by_label("Your name")).to_have_value("Dana Kim")


def test_a_reload_shows_the_lock_and_no_address_leads_around_it(room, open_page, watch, keep_screenshot):
    watch.allow("status of 401")
    page = open_page(PHONE, room.dana, color_scheme="dark")
    page.goto("/settings")
    expect(connection(page)).to_have_text("Live")
    page.get_by_role("button", name="Lock", exact=True).locator("visible=true").click()
    is_locked(page)
    check_axe(page)
    keep_screenshot(page, "locked-phone")
    for address in (page.url, "/today", "/sign-in", "/settings/sessions"):
        page.goto(address)
        is_locked(page)
    unlock(page)
    expect(page.get_by_role("heading", name="Devices and sign-ins")).to_be_visible()
    expect(connection(page)).to_have_text("Live")


def test_when_the_portal_locks_the_page_locks(room, open_page, watch):
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    open_channel(page, room)
    composer(page).fill("Half a sentence")
    lock_by_time(room)
    is_locked(page)
    unlock(page)
    expect(composer(page)).to_have_value("Half a sentence")


def test_without_touch_it_locks_by_itself_whatever_arrives(room, open_page, watch):
    """The clock runs fast; the page's own traffic is no touch."""
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    page.clock.install()
    open_channel(page, room)
    page.clock.fast_forward("14:00")
    expect(connection(page)).to_have_text("Live")
    page.mouse.move(200, 200)
    page.mouse.move(210, 210)
    page.clock.fast_forward("14:00")
    expect(page.get_by_role("heading", name="Victim Services")).to_be_visible()
    with page.expect_request("**/session/lock"):
        page.clock.fast_forward("01:30")
    is_locked(page)


def test_what_a_person_does_is_reported_and_nothing_else(room, open_page):
    page = open_page(person=room.dana)
    page.clock.install()
    open_channel(page, room)
    reports = []
    page.on("request", lambda request: reports.append(request) if "/session/activity" in request.url else None)
    for _ in range(3):
        page.clock.fast_forward("02:00")
        expect(connection(page)).to_have_text("Live")
    assert not reports
    with page.expect_response("**/session/activity") as answer:
        composer(page).press("a")
    assert answer.value.status == 204
    composer(page).press("b")
    page.clock.fast_forward("00:10")
    assert len(reports) == 1


def test_a_passkey_unlocks(room, open_page, watch):
    watch.allow("status of 40[14]")
    page = open_page(person=room.dana)
    Authenticator(page)
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="I have saved them").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("last used")).to_be_visible()


def test_one_signs_out_from_there_and_leaves_nothing(room, open_page, watch):
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    open_channel(page, room)
    composer(page).fill("Half a sentence")
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not Session.objects.filter(user=room.dana).exists()
    wait_until(lambda: kept_databases(page) == [])


def test_a_session_ended_while_locked_leads_to_sign_in(room, open_page, watch):
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    open_channel(page, room)
    with page.expect_response("**/session/lock"):
        page.keyboard.press("Control+Shift+L")
    is_locked(page)
    Session.objects.filter(user=room.dana).delete()
    unlock(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_locked_without_a_connection_it_stays_locked(room, open_page, watch):
    watch.allow("status of 401|Failed to load|net::ERR|WebSocket")
    page = open_page(person=room.dana)
    open_channel(page, room)
    go_offline(page)
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    page.context.set_offline(False)
    page.reload()
    is_locked(page)
    assert Session.objects.get(user=room.dana).locks_at <= timezone.now()
    unlock(page)
    expect(page.get_by_role("heading", name="Victim Services")).to_be_visible()
