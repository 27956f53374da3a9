"""From a need to a request for it, and back: what is taken over, who is told, and the need closed with the request."""

import pytest
from playwright.sync_api import expect

from coordination.requests import services as requests
from coordination.requests.models import Request
from coordination.resources.models import Need
from portal.kernel.writing import Actor
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene, canary
from tests.stands_for.asked import asked_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_asked_for_and_closed_with_it(scene, open_page, keep_screenshot):
    page, house = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    page.goto(f"/resources/needs/{scene.need.pk}")
    page.get_by_role("link", name="Ask others for it").click()
    expect(page.get_by_role("radio", name="Emergency shelter")).to_be_checked()
    expect(page.get_by_label("Area")).to_have_value("US-IA-113")
    expect(page.get_by_text("Spanish", exact=True).first).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("")
    assert canary("listing") not in page.content()
    page.get_by_label("Adults").fill("2")
    is_kept(page, '"adults":2')
    page.reload()
    expect(page.get_by_label("Adults")).to_have_value("2")
    page.get_by_label("Harbor House").check()
    check_axe(page)
    keep_screenshot(page, "stands-for-form")
    page.get_by_role("button", name="Send for County Agency").click()
    expect(page.get_by_role("link", name="Emergency bed, Linn County")).to_be_visible()
    request = Request.objects.get()
    assert request.details["adults"] == 2

    house.goto(f"/resources/needs/{scene.need.pk}")
    expect(house.get_by_role("link", name="Emergency shelter")).to_be_visible()
    expect(house.get_by_role("link", name="Ask others for it")).to_have_count(0)
    check_axe(house)
    keep_screenshot(house, "stands-for-need-phone-dark")

    expect(page.get_by_role("button", name="Close the need too")).to_have_count(0)
    page.get_by_role("main").get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("radio", name="Met", exact=True).check()
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_role("button", name="Close the need too")).to_be_visible()
    expect(page.get_by_role("button", name="Close the request")).to_have_count(0)
    assert Need.objects.get().state == "open"
    check_axe(page)
    keep_screenshot(page, "stands-for-met")
    page.get_by_role("button", name="Close the need too").click()
    expect(page.get_by_role("button", name="Close the need too")).to_have_count(0)
    assert Need.objects.get().state == "closed"


def test_nothing_is_offered_where_it_was_not_met(scene, open_page):
    request = asked_for(scene, scene.need)
    requests.close_request(Actor(scene.mara), request, "not_met")
    page = open_page(person=scene.mara)
    page.goto(f"/requests/{request.pk}")
    expect(page.get_by_role("link", name="Emergency bed, Linn County")).to_be_visible()
    expect(page.get_by_role("button", name="Close the need too")).to_have_count(0)


def test_who_sees_one_is_not_told_of_the_other(scene, open_page):
    need = scene.needed(scene.clinic)
    request = asked_for(scene, need)
    house, clinic = open_page(person=scene.dana), open_page(person=scene.grace)
    house.goto(f"/requests/{request.pk}")
    expect(house.get_by_role("heading", name="What happened")).to_be_visible()
    expect(house.get_by_text("For the need")).to_have_count(0)
    clinic.goto(f"/resources/needs/{need.pk}")
    expect(clinic.get_by_role("heading", name="Emergency bed")).to_be_visible()
    expect(clinic.get_by_role("heading", name="Requests for it")).to_have_count(0)
