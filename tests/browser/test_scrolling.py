"""Ten thousand stored messages: read from end to end, opened in the middle, and while others write.

How long a frame takes is a figure (`make bench`); here is counted what is on the page.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from messaging.models import Message, ReadMark
from tests.browser.places import Room, connection, message, open_channel, wait_until, write
from tests.browser.watch import PHONE, check_axe

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10_000
MOST_SHOWN = 260  # the 200 of a full part and what comes in while one reads
MOST_NODES = 6000

# Scrolls one way, a part of the box a frame, until it stands at the last; what is still to come is waited for. Tells
# which positions it saw, in the order of their first sight, the most that were on the page, and how far what was read
# ever moved by itself.
SCROLL = """async ([way, last, steps]) => {
  const box = document.querySelector('[role=log]').parentElement;
  const frame = () => new Promise(requestAnimationFrame);
  const shown = () => [...box.querySelectorAll('[data-position]')];
  const seen = new Set();
  let [most, nodes, holes, jump, still] = [0, 0, 0, 0, 0];
  const until = performance.now() + 240_000;
  for (let step = 0; step < steps && still < 90 && performance.now() < until; ) {
    const all = shown().map((each) => Number(each.dataset.position));
    holes += all.filter((position, at) => at && position !== all[at - 1] + 1).length;
    all.forEach((position) => seen.add(position));
    most = Math.max(most, all.length);
    nodes = Math.max(nodes, document.querySelectorAll('*').length);
    const {top} = box.getBoundingClientRect();
    const read = shown().find((each) => each.getBoundingClientRect().bottom > top + 40);
    const before = read.getBoundingClientRect().bottom;
    const from = box.scrollTop;
    box.scrollTop += way * 0.9 * box.clientHeight;
    const moved = box.scrollTop - from;
    if (moved) step += 1;
    still = moved || !all.includes(last) ? 0 : still + 1;
    await frame();
    if (read.isConnected) jump = Math.max(jump, Math.abs(read.getBoundingClientRect().bottom - (before - moved)));
  }
  return {seen: [...seen], most, nodes, holes, jump};
}"""


@pytest.fixture
def room(transactional_db: None) -> Any:
    return Room()


def fill(room: Any, count: int) -> None:
    """Of many lengths, by two people in turns."""
    for first in range(1, count + 1, 500):
        for person, start in ((room.mara, first), (room.dana, first + 250)):
            room.said(person, *[f"Message {n} " + "and more " * (n % 17) for n in range(start, start + 250)])


def shown(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('[data-position]')].map((each) => Number(each.dataset.position))"
    )
    return found


def top_of(page: Page, position: int) -> float:
    box = page.locator(f"[data-position='{position}']").bounding_box()
    assert box
    return float(box["y"])


def at_rest(page: Page, position: int) -> float:
    """Where it stands, as soon as it has stood there for half a second."""
    found = [top_of(page, position)]
    while len(found) < 6 or len(set(found[-6:])) > 1:
        page.wait_for_timeout(100)
        found.append(top_of(page, position))
    return found[-1]


def test_ten_thousand_are_read_from_end_to_end_on_a_bounded_page(room, open_page, keep_screenshot):
    fill(room, MANY)
    assert Message.objects.count() == MANY
    dana = open_page(person=room.dana)
    dana.set_default_timeout(240_000)
    open_channel(dana, room)
    expect(dana.locator(f"[data-position='{MANY}']")).to_be_visible()
    assert shown(dana)[0] > MANY - MOST_SHOWN, "the newest come first"

    for way, last in ((-1, 1), (1, MANY)):
        told = dana.evaluate(SCROLL, [way, last, 6000])
        assert (len(told["seen"]), told["holes"]) == (MANY, 0), "none is missing and none is there twice"
        assert shown(dana)[0 if way < 0 else -1] == last
        assert told["most"] <= MOST_SHOWN
        assert told["nodes"] <= MOST_NODES
        assert told["jump"] <= 2, "what is read stays where it is"


def test_a_link_far_back_opens_there_and_goes_on_both_ways(room, open_page, keep_screenshot):
    fill(room, 2000)
    mara = open_page(PHONE, room.mara)
    mara.goto(f"{room.address}?at=1000")
    expect(mara.locator("[data-position='1000']")).to_be_focused()
    expect(mara.locator("[data-position='1000']")).to_be_in_viewport()
    expect(connection(mara)).to_have_text("Live")
    assert len(shown(mara)) <= MOST_SHOWN
    check_axe(mara)
    keep_screenshot(mara, "message-linked-phone")
    for way, last, steps in ((-1, 1, 60), (1, 2000, 80)):
        told = mara.evaluate(SCROLL, [way, last, steps])
        assert (told["holes"], told["jump"] <= 2) == (0, True)
    assert min(told["seen"]) < 1000 < max(told["seen"])

    # Somebody writes meanwhile: nothing moves, and a press leads to it.
    reading = shown(mara)[len(shown(mara)) // 2]
    mara.locator(f"[data-position='{reading}']").scroll_into_view_if_needed()
    before = at_rest(mara, reading)
    room.said(room.dana, "Said while you read.")
    told = mara.get_by_role("button", name=re.compile("new message"))
    expect(told).to_be_visible()
    assert abs(at_rest(mara, reading) - before) <= 2
    told.click()
    expect(message(mara, "Said while you read.")).to_be_in_viewport()
    write(mara, "I saw it.")
    expect(message(mara, "I saw it.")).to_be_in_viewport()


def test_what_is_new_is_told_and_led_to(room, open_page, keep_screenshot):
    room.said(room.mara, *[f"Old {n}" for n in range(30)])
    dana = open_page(person=room.dana)
    open_channel(dana, room)
    expect(dana.get_by_text("New from here")).to_be_in_viewport()  # it opens there, and is scrolled after that
    dana.get_by_role("log").locator("..").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(message(dana, "Old 29")).to_be_in_viewport()
    wait_until(lambda: ReadMark.objects.filter(person=room.dana, position=30).exists())
    dana.goto("/today")
    expect(connection(dana)).to_have_text("Live")
    room.said(room.mara, *[f"New {n}" for n in range(150)])

    open_channel(dana, room)
    bar = dana.get_by_role("button", name=re.compile("^150 new since"))
    expect(bar).to_be_visible()
    expect(message(dana, "New 149")).to_be_in_viewport()
    check_axe(dana)
    keep_screenshot(dana, "unread-bar")
    bar.click()
    expect(message(dana, "New 0")).to_be_in_viewport()
    expect(dana.get_by_text("New from here")).to_be_in_viewport()
    expect(bar).to_have_count(0)
    check_axe(dana)
    keep_screenshot(dana, "unread-line")


def test_reading_a_part_leaves_the_rest_unread(room, open_page):
    room.said(room.mara, *[f"Line {n}" for n in range(40)])
    dana = open_page(PHONE, room.dana)
    open_channel(dana, room)
    expect(dana.get_by_text("New from here")).to_be_in_viewport()
    wait_until(lambda: ReadMark.objects.filter(person=room.dana, position__gt=0).exists())
    dana.goto("/messages")
    left = dana.get_by_role("link", name=re.compile(r"Victim Services.*\d+ unread"))
    expect(left).to_be_visible()
    unread = int(re.search(r"(\d+) unread", left.inner_text()).group(1))  # type: ignore[union-attr]
    assert 0 < unread < 40
