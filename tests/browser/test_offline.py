"""Without a connection: the app opens, what was written stays, and is sent once when it comes back."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.people.services import end_sessions
from tests.browser.places import Room, composer, connection, go_offline, is_kept, open_channel, write
from tests.browser.watch import PHONE, check_axe

WRITTEN = ["Two beds are free.", "Three beds are free.", "The family room is taken."]
CONTROLLED = """navigator.serviceWorker.controller ||
  new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', () => done(true)))"""
OFFLINE = re.compile("Offline since")
KEPT_ADDRESSES = """caches.keys().then((names) => Promise.all(names.map(async (name) =>
  (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))
).then((lists) => lists.flat())"""


@pytest.fixture
def room(transactional_db):
    return Room()


def wait_until_kept(page: Page) -> None:
    """The service worker has all it needs and answers for this page."""
    page.evaluate(CONTROLLED)


def sent(page: Page):
    return page.locator("[data-message] > .body")


def unsent(page: Page):
    return page.locator("[data-unsent] > p.body:not(.cluster)")


def test_written_offline_it_survives_a_reload_and_is_sent_once_in_order(room, open_page, watch, keep_screenshot):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    mara, dana = open_page(person=room.mara), open_page(PHONE, room.dana)
    open_channel(mara, room)
    open_channel(dana, room)
    wait_until_kept(dana)

    go_offline(dana)
    expect(connection(dana)).to_have_text(OFFLINE)
    for words in WRITTEN:
        write(dana, words)
    composer(dana).fill("Not finished yet")
    expect(unsent(dana)).to_have_text(WRITTEN)
    is_kept(dana, *WRITTEN, "Not finished yet")

    dana.reload()
    expect(connection(dana)).to_have_text(OFFLINE)
    expect(unsent(dana)).to_have_text(WRITTEN)
    expect(composer(dana)).to_have_value("Not finished yet")
    check_axe(dana)
    keep_screenshot(dana, "offline-phone")
    dana.goto("/messages")
    expect(dana.get_by_role("link", name="3 unsent")).to_be_visible()
    check_axe(dana)
    dana.get_by_role("link", name="3 unsent").click()

    dana.context.set_offline(False)
    expect(connection(dana)).to_have_text("Live")
    for page in (mara, dana):
        expect(sent(page)).to_have_text(WRITTEN)
    expect(unsent(dana)).to_have_count(0)
    expect(composer(dana)).to_have_value("Not finished yet")
    mara.reload()
    expect(sent(mara)).to_have_text(WRITTEN)


def test_once_the_session_has_ended_the_app_opens_offline_for_nobody(room, open_page, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page = open_page(person=room.dana)
    open_channel(page, room)
    composer(page).fill("For tonight only")
    wait_until_kept(page)
    page.goto("about:blank")
    end_sessions(room.dana)
    page.goto(room.address)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    page.context.set_offline(True)
    page.goto(room.address)
    expect(page.get_by_text("The portal cannot be reached.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    assert "Dana" not in page.content()


def test_the_app_alone_is_kept_and_no_older_one(room, open_page):
    page = open_page(person=room.dana)
    page.goto("/robots.txt")
    page.evaluate("caches.open('concord-app-1').then((cache) => cache.add('/robots.txt?older'))")
    open_channel(page, room)
    wait_until_kept(page)
    page.goto("/today")
    expect(connection(page)).to_have_text("Live")
    assert len(page.evaluate("caches.keys()")) == 1
    kept = page.evaluate(KEPT_ADDRESSES)
    files = re.compile(r"/(_app/immutable/.+|200\.html|robots\.txt|icon.*\.svg|manifest.*\.webmanifest)")
    assert "/200.html" in kept
    assert [address for address in kept if not files.fullmatch(address)] == []


@pytest.mark.parametrize("neutral", [False, True])
def test_it_can_be_installed_under_a_name_that_tells_nothing(room, open_page, neutral):
    page = open_page(person=room.dana)
    page.goto("/settings/device")
    page.get_by_label("Neutral tab title and icon").set_checked(neutral)
    address = page.evaluate("document.querySelector('link[rel=manifest]').href")
    manifest = page.request.get(address)
    assert manifest.headers["content-type"] == "application/manifest+json"
    assert manifest.json()["name"] == ("Notes" if neutral else "Concord")
    for icon in manifest.json()["icons"]:
        assert page.request.get(icon["src"]).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("address", ["/", "/today", "/200.html", "/service-worker.js", "/manifest.webmanifest"])
def test_what_keeps_its_name_is_asked_for_again(open_page, address):
    assert open_page().request.get(address).headers["cache-control"] == "no-cache"
