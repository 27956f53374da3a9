"""A coordinator plans who is on call; the hole is seen, and whoever is asked reads who is asked first."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.rota import services
from portal.kernel import clock
from portal.people.models import User
from tests import world
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Scene()


def wall(hours):
    """As the field takes it, to people whose zone is UTC."""
    return (clock.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_a_shift_is_planned_with_a_hole_before_it(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")
    at = clock.now()
    services.plan_shift(scene.acting(scene.dana), scene.dana.pk, at - timedelta(hours=1), at + timedelta(hours=3))
    assert set(User.objects.values_list("time_zone", flat=True)) == {"UTC"}
    page, phone = open_page(person=scene.dana), open_page(PHONE, scene.lucia, color_scheme="dark")
    for each in (page, phone):
        each.goto(f"/settings/organizations/{scene.house.pk}")
    page.get_by_label("Who").select_option("Lucia")
    page.get_by_label("From").fill(wall(2))
    page.get_by_label("Until").fill(wall(10))
    page.get_by_role("button", name="Plan the shift").click()
    expect(page.get_by_text("Somebody is on call for this at that time already.")).to_be_visible()
    page.get_by_label("From").fill(wall(5))
    page.get_by_role("button", name="Plan the shift").click()
    rota = phone.locator("section").filter(has=phone.get_by_role("heading", name="On call"))
    expect(rota.get_by_text("Nobody is on call", exact=True)).to_be_visible()
    expect(rota.get_by_role("listitem")).to_have_count(3)
    expect(rota.get_by_role("button")).to_have_count(2)  # to hand over or swap the one of her own
    for each, name in ((page, "rota"), (phone, "rota-phone-dark")):
        check_axe(each)
        each.get_by_role("heading", name="On call").scroll_into_view_if_needed()
        keep_screenshot(each, name)
    request = scene.post(scene.house)
    phone.goto(f"/requests/{request.pk}")
    expect(phone.get_by_text("On call: Dana, until")).to_be_visible()
    check_axe(phone)
    keep_screenshot(phone, "rota-asked-phone-dark")
    phone.goto(f"/settings/organizations/{scene.house.pk}")
    page.get_by_role("button", name="Hand over Dana").click()
    page.get_by_label("To whom").select_option("Lucia")
    page.get_by_role("button", name="Hand over", exact=True).last.click()
    expect(page.get_by_text("Another shift of theirs is less than 8 hours away.")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Cancel").click()
    rota.get_by_role("button", name="Hand over Lucia").click()
    rota.get_by_label("To whom").select_option("Dana")
    check_axe(phone)
    keep_screenshot(phone, "rota-hand-over-phone-dark")
    scene.nadia = world.person(scene.house, "member", "Nadia")
    rota.get_by_label("To whom").select_option("Nadia")
    rota.get_by_role("button", name="Hand over", exact=True).click()
    expect(rota.get_by_role("listitem").filter(has_text="Nadia")).to_be_visible()
    expect(rota.get_by_role("button", name="Hand over")).to_have_count(0)
    page.get_by_role("button", name="Take off").last.click()
    expect(page.get_by_role("listitem").filter(has_text="Nadia").filter(has_text="Every kind")).to_have_count(0)
