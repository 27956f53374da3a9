"""What becomes of a posted event: dates that change, colleagues who are registered, who was there, who sees what."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from coordination.events import services
from coordination.events.models import Event, Occurrence, Registration
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.people.models import User
from tests.browser.places import is_kept
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.events.gathering import course, dates, in_days, register
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Interviewing with care"


@pytest.fixture
def scene(transactional_db):
    scene = Scene()
    User.objects.update(time_zone="America/Chicago")
    scene.event = course(scene.acting(scene.mara), [scene.house], title=TITLE, places=[])
    return scene


def opened(open_page, person, event, *how, **more) -> Page:
    page = open_page(*how, person=person, **more)
    page.goto(f"/events/{event.pk}")
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    return page


def test_one_date_is_moved_and_those_who_come_are_told(scene, open_page, keep_screenshot):
    register(scene, scene.lucia, dates(scene.event)[0])
    lucia = open_page(PHONE, scene.lucia)
    lucia.goto("/today")
    mara = opened(open_page, scene.mara, scene.event, PHONE)
    mara.get_by_role("button", name="Edit", exact=True).click()
    mara.get_by_label("Time", exact=True).fill("16:45")
    check_axe(mara)
    keep_screenshot(mara, "event-edit-phone")
    is_kept(mara, "16:45")
    mara.reload()
    mara.get_by_role("button", name="Edit", exact=True).click()
    expect(mara.get_by_label("Time", exact=True)).to_have_value("16:45")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_text("4:45 PM – 6:45 PM").first).to_be_visible()
    expect(lucia.get_by_text(re.compile("It was moved|moved")).first).to_be_visible()
    assert [f"{date.local_start:%H:%M}" for date in dates(scene.event)] == ["16:45", "09:00", "09:00"]


def test_this_and_following_goes_on_as_an_event_of_its_own(scene, open_page):
    second = dates(scene.event)[1]
    mara = open_page(DESKTOP, scene.mara)
    mara.goto(f"/events/{scene.event.pk}?date={second.pk}")
    mara.get_by_role("button", name="Edit", exact=True).click()
    mara.get_by_role("button", name="This and following").click()
    mara.get_by_label("Title").fill("Interviewing with care, part two")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_role("heading", level=1, name="Interviewing with care, part two")).to_be_visible()
    expect(mara).not_to_have_url(re.compile(str(scene.event.pk)))
    expect(mara.get_by_role("heading", name="2 dates")).to_be_visible()
    assert Event.objects.count() == 2


def test_a_date_that_somebody_moves_meanwhile_is_shown_before_it_is_written_over(scene, open_page, keep_screenshot):
    mara = opened(open_page, scene.mara, scene.event, PHONE, color_scheme="dark")
    mara.get_by_role("button", name="Edit", exact=True).click()
    mara.get_by_label("Time", exact=True).fill("16:45")
    first = dates(scene.event)[0]
    services.change_date(Actor(scene.mara), first, first.version, local_start=in_days(2, 13))
    expect(mara.get_by_text("1:00 PM – 3:00 PM").first).to_be_visible()
    mara.get_by_role("button", name="Save").click()
    told = mara.get_by_role("alert")
    expect(told).to_contain_text("Somebody changed this meanwhile. Both versions are shown.")
    expect(told).to_contain_text("1:00 PM – 3:00 PM")
    expect(mara.get_by_label("Time", exact=True)).to_have_value("16:45")
    check_axe(mara)
    keep_screenshot(mara, "event-conflict-phone-dark")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_text("4:45 PM – 6:45 PM").first).to_be_visible()


def test_the_words_of_all_dates_are_changed_by_two_at_once(scene, open_page, watch):
    watch.allow("status of 412")
    mara = opened(open_page, scene.mara, scene.event)
    mara.get_by_role("button", name="Edit", exact=True).click()
    mara.get_by_role("button", name="All dates").click()
    mara.get_by_label("Title").fill("Mine")
    event = Event.objects.select_related("owner").get(pk=scene.event.pk)
    services.edit_event(Actor(scene.mara), event, event.version, title="Theirs")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_role("alert")).to_contain_text("Theirs")
    expect(mara.get_by_label("Title")).to_have_value("Mine")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_role("heading", level=1, name="Mine")).to_be_visible()


def test_a_coordinator_registers_colleagues(scene, open_page, keep_screenshot):
    lucia = opened(open_page, scene.lucia, scene.event)
    dana = opened(open_page, scene.dana, scene.event, PHONE)
    expect(lucia.get_by_role("button", name="Register colleagues")).to_have_count(0)
    dana.get_by_role("button", name="Register colleagues").click()
    dana.get_by_label("Lucia").check()
    is_kept(dana, str(scene.lucia.pk))
    dana.reload()
    dana.get_by_role("button", name="Register colleagues").click()
    expect(dana.get_by_label("Lucia")).to_be_checked()
    check_axe(dana)
    keep_screenshot(dana, "event-colleagues-phone")
    dana.get_by_role("button", name="Register 1 person").click()
    expect(dana.get_by_text("1 person registered.")).to_be_visible()
    expect(lucia.get_by_text("You come").first).to_be_visible()


def test_who_was_there_is_marked_and_taken_back(scene, open_page, keep_screenshot):
    with clock.at(clock.now() - timedelta(days=5)):
        begun = course(scene.acting(scene.mara), [scene.house], title=TITLE, rule="", local_start=in_days(2))
        register(scene, scene.lucia, dates(begun)[0])
    mara = opened(open_page, scene.mara, begun, PHONE)
    was = mara.get_by_role("group", name="Whether Lucia was there")
    was.get_by_role("button", name="Was there").click()
    expect(was.get_by_role("button", name="Was there")).to_have_attribute("aria-pressed", "true")
    check_axe(mara)
    keep_screenshot(mara, "event-attendance-phone")
    assert Registration.objects.get().attended is True
    was.get_by_role("button", name="Was there").click()
    expect(was.get_by_role("button", name="Was there")).to_have_attribute("aria-pressed", "false")
    assert Registration.objects.get().attended is None


def test_it_is_shared_further_and_taken_back(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 404")
    house = opened(open_page, scene.dana, scene.event)
    clinic = open_page(DESKTOP, scene.grace)
    clinic.goto("/events?view=agenda")
    expect(house.get_by_role("button", name="Sharing")).to_have_count(0)
    mara = opened(open_page, scene.mara, scene.event, PHONE)
    mara.get_by_role("button", name="Sharing").click()
    mara.get_by_label("Second Clinic").check()
    check_axe(mara)
    keep_screenshot(mara, "event-sharing-phone")
    mara.get_by_role("button", name="Share", exact=True).click()
    expect(mara.get_by_role("button", name="Take back from everybody at Second Clinic")).to_be_visible()
    expect(clinic.get_by_role("link", name=TITLE).first).to_be_visible()
    mara.get_by_role("button", name="Take back from everybody at Harbor House").click()
    mara.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(house.get_by_text("This event is not there, or not shared with you.")).to_be_visible()


def test_where_it_is_is_said_worded_anew_and_taken_away(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 4(04|12|22)")
    register(scene, scene.dana, dates(scene.event)[0])
    dana = opened(open_page, scene.dana, scene.event)
    lucia = opened(open_page, scene.lucia, scene.event)
    mara = opened(open_page, scene.mara, scene.event, PHONE)
    mara.get_by_role("button", name="Add directions").click()
    mara.get_by_label("Directions", exact=True).fill("By the ramp")
    mara.get_by_role("button", name="Save").click()
    expect(dana.get_by_text("By the ramp")).to_be_visible()
    expect(lucia.get_by_text("By the ramp")).to_have_count(0)
    mara.get_by_role("button", name="Add an online link").click()
    mara.get_by_label("Online link", exact=True).fill("http://meet.example.org")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_text("Write a link, such as https://")).to_be_visible()
    mara.get_by_role("button", name="Cancel", exact=True).click()

    mara.get_by_role("button", name="Edit: Directions").click()
    mara.get_by_label("Directions", exact=True).fill("By the lift")
    mara.get_by_label("Who sees the directions").select_option("Everybody who is invited")
    check_axe(mara)
    keep_screenshot(mara, "event-whereabouts-phone")
    said = scene.event.whereabouts.select_related("event__owner").get()
    services.edit_whereabouts(Actor(scene.mara), said, said.version, text="Round the back")
    mara.get_by_role("button", name="Save").click()
    expect(mara.get_by_role("alert")).to_contain_text("Round the back")
    mara.get_by_role("button", name="Save").click()
    for page in (mara, dana, lucia):
        expect(page.get_by_text("By the lift")).to_be_visible()
    mara.get_by_role("button", name="Remove: Directions").click()
    for page in (mara, dana, lucia):
        expect(page.get_by_text("By the lift")).to_have_count(0)


def test_the_calendar_in_spanish(scene, open_page, keep_screenshot):
    User.objects.filter(pk=scene.dana.pk).update(locale="es")
    register(scene, scene.dana, dates(scene.event)[0])
    page = open_page(DESKTOP, scene.dana)
    page.goto(f"/events?date={in_days(2):%Y-%m-%d}")
    expect(page.get_by_role("heading", level=1, name="Eventos")).to_be_visible()
    expect(page.get_by_role("columnheader").first).to_have_text(re.compile("lun", re.IGNORECASE))
    expect(page.get_by_role("link", name="Suscribirse")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "events-month-es")
    page.get_by_role("button", name="Semana", exact=True).click()
    check_axe(page)
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", name="3 fechas")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "event-es")
    assert Occurrence.objects.count() == 3
