"""What is done about a message: said better, replied to, pinned, linked to; two people, two screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from messaging import services as messaging
from messaging.models import Message
from portal.kernel.writing import Actor
from tests.browser.places import Room, act, composer, go_offline, is_kept, message, open_channel, wait_until, write
from tests.browser.watch import PHONE, check_axe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(transactional_db: None) -> Room:
    return Room()


def editor(page: Page):
    return page.get_by_role("textbox", name="Edit the message")


def in_view(page: Page, words: str) -> bool:
    box = page.get_by_role("log").locator("..").bounding_box()
    at = message(page, words).bounding_box()
    assert box
    assert at
    return bool(box["y"] <= at["y"] and at["y"] + at["height"] <= box["y"] + box["height"] + 1)


def test_it_is_edited_in_place_and_the_other_sees_what_it_said_before(room, open_page, keep_screenshot):
    dana, mara = open_page(person=room.dana), open_page(PHONE, room.mara, color_scheme="dark")
    open_channel(dana, room)
    open_channel(mara, room)
    write(dana, "Two beds are fre")
    for page in (dana, mara):
        expect(message(page, "Two beds are fre")).to_be_visible()
    expect(composer(dana)).to_be_focused()

    # The last one by the arrow; Escape leaves it as it was.
    composer(dana).press("ArrowUp")
    expect(editor(dana)).to_have_value("Two beds are fre")
    expect(editor(dana)).to_be_focused()
    editor(dana).press("Escape")
    expect(editor(dana)).to_have_count(0)
    composer(dana).focus()
    composer(dana).press("ArrowUp")
    editor(dana).fill("Two beds are free.")
    check_axe(dana)
    keep_screenshot(dana, "message-edit")
    editor(dana).press("Enter")
    for page in (dana, mara):
        expect(message(page, "Two beds are free.").get_by_role("button", name="edited")).to_be_visible()

    message(mara, "Two beds are free.").get_by_role("button", name="edited").click()
    history = mara.get_by_role("dialog", name="What it said before")
    expect(history.get_by_text("Two beds are fre", exact=True)).to_be_visible()
    expect(history.get_by_text("as it is now")).to_be_visible()
    check_axe(mara)
    keep_screenshot(mara, "message-history-phone")
    # It is edited once more while she reads.
    stored = Message.objects.get()
    messaging.edit_message(Actor(room.dana), stored, stored.version, body="One bed is free.")
    expect(history.get_by_text("One bed is free.", exact=True)).to_be_visible()
    mara.keyboard.press("Escape")
    # Nobody else's words are hers to edit.
    mara.get_by_role("button", name=re.compile("^Actions for")).click()
    expect(mara.get_by_role("button", name="Reply")).to_be_visible()
    expect(mara.get_by_role("button", name="Delete")).to_be_visible()
    check_axe(mara)
    keep_screenshot(mara, "message-menu-phone")
    expect(mara.get_by_role("button", name="Edit", exact=True)).to_have_count(0)


def test_an_edit_that_comes_too_late_shows_both_and_loses_nothing(room, open_page, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("status of 412")
    (stored,) = room.said(room.dana, "Two beds.")
    dana = open_page(person=room.dana)
    open_channel(dana, room)
    expect(message(dana, "Two beds.")).to_be_visible()
    composer(dana).press("ArrowUp")
    editor(dana).fill("Two beds, and a cot.")

    # It was changed on another of her devices.
    messaging.edit_message(Actor(room.dana), stored, stored.version, body="Three beds.")
    expect(dana.get_by_text("This was changed meanwhile.")).to_be_visible()
    expect(dana.get_by_text("Three beds.")).to_be_visible()
    check_axe(dana)
    is_kept(dana, "Two beds, and a cot.")
    dana.reload()
    expect(editor(dana)).to_have_value("Two beds, and a cot.")
    expect(dana.get_by_text("Three beds.")).to_be_visible()

    # Without a connection it says so, and keeps what was typed.
    go_offline(dana)
    dana.get_by_role("button", name="Save mine").click()
    expect(dana.get_by_text("The portal cannot be reached. What you typed is kept.")).to_be_visible()
    dana.context.set_offline(False)
    dana.get_by_role("button", name="Save mine").click()
    expect(editor(dana)).to_have_count(0)
    expect(message(dana, "Two beds, and a cot.")).to_be_visible()

    # A pin moves the version, and is nothing to decide about.
    composer(dana).focus()
    composer(dana).press("ArrowUp")
    editor(dana).fill("Two beds and a cot.")
    dana.context.set_offline(True)
    messaging.pin_message(Actor(room.mara), Message.objects.get())
    dana.context.set_offline(False)
    editor(dana).press("Enter")
    expect(message(dana, "Two beds and a cot.")).to_contain_text("Pinned by Mara Ortiz")


def test_a_reply_quotes_and_leads_to_what_it_replies_to_however_far(room, open_page, keep_screenshot):
    room.said(room.mara, "Who has a van on Friday?")
    room.said(room.dana, *[f"Line {n}" for n in range(220)])
    dana, mara = open_page(PHONE, room.dana), open_page(person=room.mara)
    question = Message.objects.get(position=1)

    dana.goto(f"{room.address}?at={question.position}")
    expect(message(dana, "Who has a van on Friday?")).to_be_visible()
    expect(message(dana, "Line 219")).to_have_count(0)
    act(dana, "Who has a van on Friday?", "Reply")
    check_axe(dana)
    write(dana, "We do, the whole day.")
    expect(message(dana, "We do, the whole day.")).to_be_visible()

    open_channel(mara, room)
    answer = message(mara, "We do, the whole day.")
    expect(answer.get_by_text("Who has a van on Friday?")).to_be_visible()
    expect(mara.locator("[data-position='1']")).to_have_count(0)
    check_axe(mara)
    keep_screenshot(mara, "message-reply")
    answer.get_by_role("button", name=re.compile("^In reply to")).click()
    expect(mara.locator("[data-position='1']")).to_be_focused()
    wait_until(lambda: in_view(mara, "Who has a van on Friday?"))
    # A deleted original is told as one; its words live on nowhere.
    messaging.delete_message(Actor(room.mara), Message.objects.get(pk=question.pk))
    mara.get_by_role("button", name="To the newest").click()
    expect(answer.get_by_text("This message was deleted.")).to_be_visible()
    expect(mara.get_by_text("Who has a van on Friday?")).to_have_count(0)


def test_a_reply_waits_for_the_connection_like_every_message(room, open_page, watch):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    room.said(room.mara, "Who is on call?")
    dana = open_page(PHONE, room.dana)
    open_channel(dana, room)
    expect(message(dana, "Who is on call?")).to_be_visible()
    go_offline(dana)
    act(dana, "Who is on call?", "Reply")
    write(dana, "We are.")
    expect(dana.get_by_text("Not sent yet, waits for the connection")).to_be_visible()
    dana.get_by_role("button", name="Take back and edit").click()
    expect(composer(dana)).to_have_value("We are.")
    composer(dana).fill("We are, until midnight.")
    dana.get_by_role("button", name="Send", exact=True).click()
    dana.context.set_offline(False)
    expect(message(dana, "We are, until midnight.").get_by_text("Who is on call?")).to_be_visible()
    assert Message.objects.get(position=2).reply_to == Message.objects.get(position=1)


def test_a_pin_is_seen_by_the_other_and_leads_to_the_message(room, open_page, keep_screenshot):
    room.said(room.mara, "The rota is in the folder.")
    room.said(room.dana, *[f"Line {n}" for n in range(80)])
    mara, dana = open_page(person=room.mara), open_page(PHONE, room.dana)
    mara.goto(f"{room.address}?at=1")
    open_channel(dana, room)
    message(mara, "The rota is in the folder.").hover()
    check_axe(mara)
    keep_screenshot(mara, "message-toolbar")
    mara.get_by_role("button", name="Pin", exact=True).click()
    expect(message(mara, "The rota is in the folder.")).to_contain_text("Pinned by Mara Ortiz")

    dana.get_by_role("button", name="Pinned", exact=True).click()
    pins = dana.get_by_role("dialog", name="Pinned messages")
    expect(pins.get_by_text("The rota is in the folder.")).to_be_visible()
    expect(pins.get_by_role("button", name="Unpin")).to_have_count(0)
    check_axe(dana)
    keep_screenshot(dana, "pins-phone")
    pins.get_by_role("button", name="Go to it").click()
    expect(dana.locator("[data-position='1']")).to_be_focused()
    wait_until(lambda: in_view(dana, "The rota is in the folder."))

    act(mara, "The rota is in the folder.", "Unpin")
    expect(message(dana, "The rota is in the folder.")).not_to_contain_text("Pinned by")
    dana.get_by_role("button", name="Pinned", exact=True).click()
    expect(dana.get_by_text("Nothing is pinned here")).to_be_visible()


def test_a_link_opens_exactly_there_and_the_keyboard_reaches_everything(room, open_page):
    room.said(room.dana, *[f"Line {n}" for n in range(300)])
    mara = open_page(person=room.mara)
    mara.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mara.goto(f"{room.address}?at=7")
    seventh = mara.locator("[data-position='7']")
    expect(seventh).to_be_focused()
    expect(seventh).to_have_class(re.compile("found"))
    mara.keyboard.press("ArrowDown")
    expect(mara.locator("[data-position='8']")).to_be_focused()
    mara.keyboard.press("Tab")
    mara.keyboard.press("Tab")
    mara.keyboard.press("Tab")
    expect(
        mara.get_by_role("button", name=re.compile("^Actions for")).locator("visible=true").and_(mara.locator(":focus"))
    ).to_have_count(1)
    mara.keyboard.press("Enter")
    mara.get_by_role("button", name="Copy a link to it").press("Enter")
    expect(mara.get_by_text("The link is copied.")).to_be_visible()
    link = mara.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"{room.address}?at=8")
    # Written into the channel, it leads there without leaving the page.
    mara.get_by_role("button", name=re.compile("new message|To the newest")).click()
    write(mara, f"See {link}")
    mara.get_by_role("link", name=link).click()
    expect(mara.locator("[data-position='8']")).to_be_focused()
    expect(mara).to_have_url(link)
    assert len(mara.context.pages) == 1


def test_a_deletion_is_confirmed_and_leaves_nothing_on_any_screen(room, open_page):
    (stored,) = room.said(room.dana, "Sent to the wrong channel.")
    room.said(room.dana, "Good evening.")
    dana, mara = open_page(PHONE, room.dana), open_page(person=room.mara)
    open_channel(dana, room)
    open_channel(mara, room)
    act(dana, "Sent to the wrong channel.", "Delete")
    asked = dana.get_by_role("dialog", name="Delete this message?")
    asked.get_by_role("button", name="Cancel").click()
    expect(asked).to_have_count(0)
    expect(message(mara, "Sent to the wrong channel.")).to_be_visible()

    act(dana, "Sent to the wrong channel.", "Delete")
    asked.get_by_role("button", name="Delete").click()
    for page in (dana, mara):
        expect(page.get_by_text("This message was deleted.")).to_be_visible()
        expect(page.get_by_text("Sent to the wrong channel.")).to_have_count(0)
    stored.refresh_from_db()
    assert (stored.deleted, stored.body) == (True, "")
