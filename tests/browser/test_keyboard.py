"""With the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests import world
from tests.browser.places import Room, composer, connection, press_quickly, wait_until

SEEN = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 &&
    box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
}"""


@pytest.fixture
def room(transactional_db):
    return Room()


def tab_to(page: Page, wanted) -> None:
    """Tab until it has the focus; wherever the focus goes on the way, it is seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        focused = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        wait_until(lambda: page.evaluate(SEEN), f"the focus is not seen: {focused}")  # motion takes a moment
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_signing_in_and_sending_a_message(room, desktop):
    desktop.goto("/sign-in")
    expect(desktop.get_by_role("button", name="Sign in")).to_be_visible()
    tab_to(desktop, desktop.get_by_label("E-mail address"))
    desktop.keyboard.type("dana.kim@example.org")
    tab_to(desktop, desktop.get_by_label("Password", exact=True))
    desktop.keyboard.type(world.PASSWORD)
    desktop.keyboard.press("Enter")
    expect(connection(desktop)).to_have_text("Live")

    desktop.goto("/messages")
    expect(desktop.get_by_role("link", name="Victim Services")).to_be_visible()
    tab_to(desktop, desktop.get_by_role("link", name="Go to the content"))
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#main")).to_be_focused()
    tab_to(desktop, desktop.get_by_role("link", name="Victim Services"))
    desktop.keyboard.press("Enter")
    expect(composer(desktop)).to_be_visible()
    tab_to(desktop, composer(desktop))
    desktop.keyboard.type("One line")
    desktop.keyboard.press("Shift+Enter")
    desktop.keyboard.type("and another")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("[data-message] > .body")).to_have_text("One line\nand another", use_inner_text=True)
    expect(composer(desktop)).to_be_focused()


def test_letters_lead_to_places_and_a_question_mark_tells_them(room, open_page):
    page = open_page(person=room.dana)
    # So the page is young, too, however late it is: a letter alone must not be taken for the second of two.
    press_quickly(page)
    page.goto("/today")
    expect(connection(page)).to_have_text("Live")
    steps = page.evaluate("history.length")
    page.keyboard.press("m")
    for letter, heading in (("r", "Requests"), ("m", "Messages"), ("g", "Groups"), ("s", "Settings")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    assert page.evaluate("history.length") == steps + 4
    for _ in range(3):
        page.keyboard.down("g")  # held for too long, it is not pressed twice
    page.keyboard.up("g")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1, name="Directory")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
