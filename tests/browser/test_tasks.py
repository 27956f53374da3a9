"""Tasks: added, given to a colleague, ticked; on Today when they are due; nobody's when somebody has left."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.requests import services as requests
from coordination.requests.models import Answer
from coordination.tasks.models import Task
from portal.kernel import clock
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    found = Scene()
    found.answer(found.request, found.dana)
    return found


def test_added_given_and_done(scene, open_page, keep_screenshot):
    address = f"/requests/{scene.request.pk}"
    agency, house = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    for page in (agency, house):
        page.goto(address)
    expect(agency.get_by_text("Your first task brings you into the request’s channel")).to_be_visible()
    expect(house.get_by_role("heading", name="What happened")).to_be_visible()
    expect(house.get_by_role("heading", name="Tasks")).to_have_count(0)

    agency.get_by_role("button", name="Add a task").click()
    agency.get_by_label("What is to be done").fill("Bring a car seat")
    is_kept(agency, "Bring a car seat")
    agency.reload()
    expect(agency.get_by_label("What is to be done")).to_have_value("Bring a car seat")
    agency.get_by_role("button", name="Add", exact=True).click()
    expect(house.get_by_text("Bring a car seat")).to_be_visible()
    agency.get_by_label("Who does this: Bring a car seat").select_option("Dana")
    expect(house.get_by_label("Who does this: Bring a car seat")).to_have_value(str(scene.dana.pk))
    check_axe(house)
    house.get_by_role("heading", name="Tasks").scroll_into_view_if_needed()
    keep_screenshot(house, "tasks-phone")
    house.get_by_role("checkbox", name="Bring a car seat").check()
    expect(agency.get_by_text("done by Dana")).to_be_visible()
    check_axe(agency)
    agency.get_by_role("heading", name="Tasks").scroll_into_view_if_needed()
    keep_screenshot(agency, "tasks")
    agency.get_by_role("checkbox", name="Bring a car seat").uncheck()
    expect(house.get_by_role("checkbox", name="Bring a car seat")).not_to_be_checked()

    requests.withdraw_answer(scene.acting(scene.dana), Answer.objects.get(organization=scene.house))
    expect(agency.get_by_text("Whose it was is not in the channel any more.")).to_be_visible()
    expect(house.get_by_text("Bring a car seat")).to_have_count(0)
    agency.get_by_role("button", name="Edit Bring a car seat").click()
    agency.get_by_label("What is to be done").fill("Bring two car seats")
    agency.get_by_role("button", name="Save").click()
    agency.get_by_role("button", name="Remove Bring two car seats").click()
    expect(agency.get_by_role("checkbox", name="Bring two car seats")).to_have_count(0)


def test_what_is_due_is_done_on_today_and_can_be_taken_back(scene, open_page, keep_screenshot):
    late = scene.task(assigned_to=scene.dana.pk, words="Open door B", due_at=clock.now() - timedelta(hours=2))
    scene.task(assigned_to=scene.dana.pk, words="Next month", due_at=clock.now() + timedelta(days=30))
    house = open_page(PHONE, scene.dana)
    house.goto("/today")
    expect(house.get_by_role("heading", name="Yours to do")).to_be_visible()
    expect(house.get_by_text("was due 2 hours ago")).to_be_visible()
    expect(house.get_by_text("Next month")).to_have_count(0)
    check_axe(house)
    keep_screenshot(house, "tasks-today-phone")
    house.get_by_role("button", name="Done Open door B").click()
    expect(house.get_by_role("heading", name="Yours to do")).to_have_count(0)
    assert Task.objects.get(pk=late.pk).done_by == scene.dana
    house.get_by_role("button", name="Undo").click()
    expect(house.get_by_text("was due 2 hours ago")).to_be_visible()
    assert Task.objects.get(pk=late.pk).done_at is None
