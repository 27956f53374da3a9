"""Roles: named in the form, filled one by one, and a role that goes meanwhile is said where it was chosen."""

import pytest
from playwright.sync_api import expect

from coordination.requests.models import Request
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def places(page, role):
    return page.get_by_role("group", name=role, exact=True).get_by_role("status")


def filled(page, words):
    return page.get_by_role("list", name="Roles").get_by_text(words)


def more(page, role, times=1):
    for _ in range(times):
        page.get_by_role("button", name=f"One more: {role}", exact=True).click()


def test_roles_are_named_and_the_draft_survives(scene, open_page, keep_screenshot):
    page = open_page(PHONE, scene.mara)
    page.goto("/requests/new")
    page.get_by_role("radio", name="Joint training").check()
    page.get_by_role("button", name="Name roles").click()
    page.get_by_label("Role").select_option("Trainer")
    more(page, "Trainer")
    page.get_by_role("button", name="Add a role").click()
    page.get_by_label("Role").last.select_option("Interpreter")
    check_axe(page)
    page.get_by_role("heading", name="How many, and by when").scroll_into_view_if_needed()
    keep_screenshot(page, "slots-form-phone")
    is_kept(page, '"interpreter"')
    page.reload()
    expect(places(page, "Trainer")).to_have_text("2")
    page.get_by_label("Subject").fill("First contact")
    page.get_by_role("button", name="a trainer").click()
    page.get_by_label("Participants", exact=True).fill("20")
    page.get_by_label("How", exact=True).select_option("in person")
    page.get_by_label("Area").select_option("Johnson County")
    page.get_by_label("Harbor House").check()
    page.get_by_role("button", name="Send for County Agency").click()
    expect(filled(page, "Trainer: 0 of 2 filled")).to_be_visible()
    request = Request.objects.get()
    assert dict(request.slots.values_list("role", "places")) == {"trainer": 2, "interpreter": 1}
    page.get_by_role("button", name="Edit").click()
    more(page, "Interpreter")
    page.get_by_role("button", name="Save").click()
    expect(filled(page, "Interpreter: 0 of 2 filled")).to_be_visible()


def test_a_role_that_is_gone_meanwhile_is_said_and_the_choice_stays(scene, open_page, watch, keep_screenshot):
    watch.allow("409")
    asked = scene.post(scene.house, scene.clinic, slots={"interpreter": 2, "advocate": 1})
    address = f"/requests/{asked.pk}"
    agency, house = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    for page in (agency, house):
        page.goto(address)
    house.get_by_role("button", name="Yes, we can").click()
    expect(places(house, "Interpreter")).to_have_text("1")
    more(house, "Interpreter")
    more(house, "Advocate")
    house.get_by_label("Note").fill("Both speak Spanish")
    check_axe(house)
    keep_screenshot(house, "slots-answer-phone")

    scene.answer(asked, scene.grace, takes={"interpreter": 1, "advocate": 1})
    for said in ("1 left", "none left"):
        expect(house.get_by_text(said, exact=True)).to_be_visible()
    house.get_by_role("button", name="Send the answer").click()
    expect(house.get_by_role("alert")).to_contain_text("taken a moment ago")
    for role, number in (("Interpreter", "2"), ("Advocate", "1")):
        expect(places(house, role)).to_have_text(number)
    expect(house.get_by_label("Note")).to_have_value("Both speak Spanish")
    check_axe(house)
    keep_screenshot(house, "slots-conflict-phone")
    for role in ("Interpreter", "Advocate"):
        house.get_by_role("button", name=f"One fewer: {role}").click()
    house.get_by_role("button", name="Send the answer").click()
    expect(house.get_by_text("A place is yours.")).to_be_visible()
    expect(filled(agency, "Interpreter: 2 of 2 filled")).to_be_visible()
    expect(agency.get_by_role("row", name="Harbor House").get_by_text("Interpreter: 1")).to_be_visible()
    check_axe(agency)
    keep_screenshot(agency, "slots-answers")
    keep_screenshot(house, "slots-yes-phone")
