"""A monthly course over a change of the clock: posted, filled, waited for, moved up to, and cancelled on one date."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.people.models import User
from tests.browser.watch import PHONE, check_axe
from tests.events.gathering import in_days
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Interviewing with care"


@pytest.fixture
def scene(transactional_db):
    return Scene()


def all_dates(page: Page) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name="12 dates"))


def seats(page: Page, words: str) -> None:
    expect(page.get_by_role("status").get_by_text(words)).to_be_visible()


def test_story_10_a_monthly_course(scene, open_page, keep_screenshot):
    User.objects.filter(pk=scene.dana.pk).update(time_zone="America/Chicago")
    mara = open_page(person=scene.mara)
    mara.goto("/events/new")
    mara.get_by_label("Kind of event").select_option("Professional training")
    mara.get_by_label("Title").fill(TITLE)
    mara.get_by_label("Day", exact=True).fill(f"{in_days(3):%Y-%m-%d}")
    mara.get_by_label("Time", exact=True).fill("18:30")
    mara.get_by_label("Lasts").select_option("2 hr")
    mara.get_by_label("By the clock of").select_option("America/Chicago")
    mara.get_by_label("Repeats").select_option("monthly_by_place")
    mara.get_by_label("Dates").fill("12")
    expect(
        mara.get_by_text(re.compile(r"every month on the \w+ \w+, 12 dates. After the first: ", re.IGNORECASE))
    ).to_be_visible()
    mara.get_by_label("Online link").fill("https://meet.example.org/course")
    mara.get_by_label("Seats").fill("2")
    check_axe(mara)
    keep_screenshot(mara, "event-form")
    mara.reload()
    expect(mara.get_by_label("Title")).to_have_value(TITLE)
    mara.get_by_role("button", name="Post for County Agency").click()
    expect(mara.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(mara.get_by_text("0 of 2 seats taken").first).to_be_visible()
    address = mara.url

    # by the clock of the place it is always at half past six, in UTC it is not
    dana, grace = open_page(PHONE, scene.dana, color_scheme="dark"), open_page(person=scene.grace)
    for page in (dana, grace):
        page.goto(address)
    rows = all_dates(dana).get_by_role("listitem")
    expect(rows).to_have_count(12)
    assert all("6:30 PM" in words for words in rows.all_inner_texts())
    theirs = all_dates(grace)
    expect(theirs.get_by_text("11:30 PM").first).to_be_visible()
    expect(theirs.get_by_text("12:30 AM").first).to_be_visible()
    expect(grace.get_by_text("6:30 PM in Chicago").first).to_be_visible()

    # the link is there for who holds a seat
    lucia = open_page(person=scene.lucia)
    lucia.goto(address)
    expect(dana.get_by_role("link", name="https://meet.example.org/course")).to_have_count(0)
    dana.get_by_role("button", name="Register", exact=True).click()
    expect(dana.get_by_text("You come").first).to_be_visible()
    expect(dana.get_by_role("link", name="https://meet.example.org/course")).to_be_visible()
    lucia.get_by_role("button", name="Register", exact=True).click()
    seats(lucia, "2 of 2 seats taken")
    seats(grace, "2 of 2 seats taken")
    grace.get_by_role("button", name="Join the wait list").click()
    expect(grace.get_by_text("You wait, number 1")).to_be_visible()
    expect(mara.locator("li").filter(has_text="Grace").get_by_text("Waits")).to_be_visible()
    for page, name in ((mara, "event-organizer"), (dana, "event-phone-dark"), (grace, "event-waiting")):
        check_axe(page)
        keep_screenshot(page, name)

    # a seat is given back: whoever waits moves up on an open screen, and reads so in Today
    dana.get_by_role("button", name="Give my seat back").click()
    expect(grace.get_by_text("You come").first).to_be_visible()
    expect(dana.get_by_role("link", name="https://meet.example.org/course")).to_have_count(0)
    grace.goto("/today")
    expect(grace.get_by_text("You moved up from the wait list: a seat is yours.")).to_be_visible()
    check_axe(grace)
    keep_screenshot(grace, "today-events")
    grace.get_by_role("button", name=re.compile("^I know")).click()
    expect(grace.get_by_text("You moved up from the wait list: a seat is yours.")).to_have_count(0)
    expect(grace.get_by_role("heading", name="Coming up")).to_be_visible()

    # a storm: one date is cancelled, what will happen is said first, and open screens say so
    mara.get_by_role("button", name="Cancel this date").click()
    dialog = mara.get_by_role("dialog")
    expect(dialog.get_by_text("2 people are told, once.")).to_be_visible()
    check_axe(mara)
    dialog.get_by_role("button", name="Cancel this date").click()
    expect(lucia.get_by_text("Cancelled").first).to_be_visible()
    expect(grace.get_by_text(re.compile("It was cancelled"))).to_be_visible()
    expect(all_dates(lucia).get_by_text("Cancelled")).to_have_count(1)
