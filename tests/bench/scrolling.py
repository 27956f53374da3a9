"""Scrolling through a channel of 10,000 messages in Chromium, by the browser's own gesture and its own trace.

Each task of the page's main thread is timed by the browser: the longest of them is the longest that a frame waits.
"""

import json
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from messaging.posting import Post, post_messages
from portal.kernel.ids import uuid7
from tests.bench.fan_out import Contender
from tests.bench.figures import figure
from tests.bench.worlds import Room
from tests.services import chromium

MANY, TOGETHER = 10_000, 250
GESTURE = {"x": 900, "y": 400, "speed": 8000, "gestureSourceType": "mouse"}
STRETCH = 8000  # pixels a gesture
MOST_GESTURES = 400


def run(portal: Contender, room: Room) -> None:
    fill(room)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.binary(), args=chromium.FLAGS)
        page = opened(browser, portal, room)
        gestures = page.context.new_cdp_session(page)
        for way, last in ((1, 1), (-1, MANY)):
            browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
            scroll(page, gestures, way, last)
            tasks = main_thread_tasks(json.loads(browser.stop_tracing()))
            where = "older" if way == 1 else "newer"
            name = f"scrolling through {MANY:,} messages to {where} ones, longest task of the main thread"
            # what it worked, and what the clock says: where others use the machine it waits for its turn
            figure(f"{name}, processor time", max(t["tdur"] for t in tasks) / 1000, "ms", goal="<= 50")
            figure(f"{name}, by the clock", max(t["dur"] for t in tasks) / 1000, "ms", goal="<= 50")
        figure("elements on the page after it", page.evaluate("document.querySelectorAll('*').length"), "elements")
        browser.close()


def fill(room: Room) -> None:
    """Of many lengths, by all of the room in turns."""
    people = room.people
    for number, first in enumerate(range(0, MANY, TOGETHER)):
        person = people[number % len(people)]
        words = [f"Message {n} " + "and more " * (n % 17) for n in range(first, first + TOGETHER)]
        posts = [Post(person=person, acting_for=None, client_id=uuid7(), body=each) for each in words]
        post_messages(room.channel, posts)  # type: ignore[arg-type]


def opened(browser: Browser, portal: Contender, room: Room) -> Page:
    """The channel at its end, as its first member sees it."""
    origin = f"http://localhost:{portal.port}"
    context = browser.new_context(base_url=origin, viewport={"width": 1280, "height": 800})
    name, _, value = room.cookies[0].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": origin}])
    page = context.new_page()
    page.goto(f"/messages/{room.channel}?at={MANY}")
    page.locator(f"[data-position='{MANY}']").wait_for()
    page.wait_for_timeout(2000)
    return page


def scroll(page: Page, gestures: CDPSession, way: int, last: int) -> None:
    for _ in range(MOST_GESTURES):
        gestures.send("Input.synthesizeScrollGesture", {**GESTURE, "yDistance": way * STRETCH})
        if page.locator(f"[data-position='{last}']").count():
            return
    raise AssertionError(f"Message {last} was not reached")


def main_thread_tasks(trace: dict[str, Any]) -> list[dict[str, Any]]:
    """Of the process whose main thread worked most: the page's."""
    events = trace["traceEvents"]
    main = {
        (e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    tasks: dict[int, list[dict[str, Any]]] = {pid: [] for pid, _ in main}
    for event in events:
        if event["name"].endswith("RunTask") and "tdur" in event and (event["pid"], event["tid"]) in main:
            tasks[event["pid"]].append(event)
    return max(tasks.values(), key=lambda each: sum(task["dur"] for task in each))
