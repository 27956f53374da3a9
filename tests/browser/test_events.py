"""A monthly course over a change of the clock: posted, filled, waited for, moved up to, and cancelled on one date."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from coordination.events import services
from portal.people.models import User
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.events.gathering import course, dates, in_days, register
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
    is_kept(mara, TITLE, '"seats":2')
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


def cell(page: Page, days: int) -> Locator:
    return page.locator(f'[data-day="{in_days(days):%Y-%m-%d}"]')


def test_a_month_by_keyboard_and_on_a_phone(scene, one_day, open_page, keep_screenshot):
    User.objects.update(time_zone="America/Chicago")
    weekly = course(scene.acting(scene.mara), [scene.house], title=TITLE, local_start=in_days(2), seats=40)
    course(
        scene.acting(scene.mara),
        [scene.house],
        title="Roll call",
        event_kind="roll_call_briefing",
        rule="",
        local_start=in_days(2, 11),
    )
    services.cancel_date(scene.acting(scene.mara), dates(weekly)[1])
    register(scene, scene.dana, dates(weekly)[0])

    page = open_page(person=scene.dana)
    page.goto("/events")
    expect(page.get_by_role("link", name="Post an event")).to_be_visible()
    expect(cell(page, 0)).to_have_attribute("aria-current", "date")
    expect(cell(page, 0)).to_have_attribute("tabindex", "0")
    cell(page, 0).focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(cell(page, 2)).to_be_focused()
    expect(cell(page, 2)).to_have_attribute("aria-selected", "true")
    expect(cell(page, 2)).to_contain_text(re.compile(f"2 events.*{TITLE}"))
    expect(page).to_have_url(re.compile(f"date={in_days(2):%Y-%m-%d}"))
    that_day = page.locator("section").filter(has=page.get_by_role("link", name=TITLE))
    expect(that_day.get_by_text("You come")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "events-month")
    page.keyboard.press("ArrowDown")
    expect(cell(page, 9)).to_be_focused()
    expect(page.get_by_role("link", name=TITLE).get_by_text("Cancelled")).to_be_visible()
    # faster than months change
    for key, weeks, day in (("ArrowDown", 9, 72), ("ArrowUp", 10, 2)):
        for _ in range(weeks):
            page.keyboard.press(key)
        expect(cell(page, day)).to_be_focused()
        expect(cell(page, day)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("PageDown")
    expect(page.locator("td:focus")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("PageUp")
    expect(page.locator("td:focus")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    expect(page.locator("td:focus")).to_have_count(1)
    page.goto(f"/events?date={in_days(2):%Y-%m-%d}")
    page.get_by_label("Kind of event").select_option("Roll-call briefing")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    expect(page.get_by_role("link", name="Roll call")).to_be_visible()
    page.get_by_label("Kind of event").select_option("All kinds")
    page.get_by_label("Whose").select_option("Where I come")
    expect(page.get_by_role("link", name="Roll call")).to_have_count(0)
    page.get_by_role("button", name="Week", exact=True).click()
    expect(page.get_by_role("grid")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "events-week")

    phone = open_page(PHONE, scene.lucia, color_scheme="dark", locale="es-ES")
    phone.goto("/events")
    expect(phone.get_by_role("link", name=TITLE)).to_have_count(3)
    check_axe(phone)
    keep_screenshot(phone, "events-agenda-phone-dark")
    # from a day of the same week: whatever the date, one month shows both
    beside = 3 if in_days(2).isoweekday() == 7 else 1
    phone.goto(f"/events?date={in_days(beside):%Y-%m-%d}")
    phone.get_by_role("button", name="Month").click()
    cell(phone, 2).click()
    expect(cell(phone, 2)).to_have_attribute("aria-selected", "true")
    expect(phone.get_by_role("link", name=TITLE)).to_have_count(1)
    check_axe(phone)
    keep_screenshot(phone, "events-month-phone-dark")
    # what is posted meanwhile comes by itself, and what is not shown to her does not
    course(scene.acting(scene.mara), [scene.house], title="Harbor evening", rule="", local_start=in_days(2, 18))
    course(scene.acting(scene.mara), [], title="Agency only", rule="", local_start=in_days(2, 19))
    expect(phone.get_by_role("link", name="Harbor evening")).to_be_visible()
    expect(phone.get_by_text("Agency only")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_today_is_read_in_the_next_month_too(scene, open_page):
    page = open_page(person=scene.dana)
    page.clock.set_fixed_time(datetime(2026, 11, 30, 18, tzinfo=UTC))
    page.goto("/events?date=2026-12-01")
    expect(page.locator('[data-day="2026-11-30"]')).to_have_attribute("aria-current", "date")
    check_axe(page)
