"""Somebody asks a colleague to swap shifts; it waits on the colleague's Today, and the answer comes back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.rota import services
from coordination.rota.models import Shift
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests import world
from tests.browser.places import is_kept
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    found = Scene()
    found.nadia = world.person(found.house, "member", "Nadia")
    found.hers = plan(found, found.lucia, 10, 18)
    found.nadias = plan(found, found.nadia, 34, 42)
    return found


def plan(scene, person, begins, ends, duty=""):
    at, hour = clock.now(), timedelta(hours=1)
    return services.plan_shift(scene.acting(scene.dana), person.pk, at + begins * hour, at + ends * hour, duty)


def rota_of(page, scene):
    page.goto(f"/settings/organizations/{scene.house.pk}")
    return page.locator("section").filter(has=page.get_by_role("heading", name="On call"))


def ask(page, scene, name="Nadia"):
    rota = rota_of(page, scene)
    rota.get_by_role("button", name="Ask to swap").click()
    rota.get_by_label("For which shift").select_option(index=1)
    expect(rota.get_by_label("For which shift")).to_contain_text(name)
    return rota


def test_two_swap_by_keyboard_and_phone(scene, open_page, keep_screenshot):
    asking, asked = open_page(person=scene.lucia), open_page(PHONE, scene.nadia, color_scheme="dark")
    asked.goto("/today")
    rota = ask(asking, scene)
    is_kept(asking, str(scene.nadias.pk))
    asking.reload()
    rota = rota_of(asking, scene)
    rota.get_by_role("button", name="Ask to swap").press("Enter")
    expect(rota.get_by_label("For which shift")).not_to_have_value("")
    check_axe(asking)
    keep_screenshot(asking, "swap-form")
    rota.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(rota.get_by_text("You asked Nadia to swap")).to_be_visible()
    check_axe(asking)
    keep_screenshot(asking, "swap-asked")

    expect(asked.get_by_text("Lucia asks you to swap shifts")).to_be_visible()
    check_axe(asked)
    keep_screenshot(asked, "swap-today-phone-dark")
    asking.goto("/today")
    asked.get_by_role("button", name="Swap Lucia").press("Enter")
    expect(asked.get_by_text("Lucia asks you to swap shifts")).to_be_hidden()

    expect(asking.get_by_text("Nadia swapped shifts with you")).to_be_visible()
    check_axe(asking)
    keep_screenshot(asking, "swap-accepted-today")
    asking.get_by_role("button", name="All right").click()
    expect(asking.get_by_text("Nadia swapped shifts with you")).to_be_hidden()
    is_kept(asking, ":seen")
    asking.reload()
    expect(asking.get_by_role("heading", level=1)).to_be_visible()
    expect(asking.get_by_text("Nadia swapped shifts with you")).to_be_hidden()
    assert [s.person.name for s in Shift.objects.order_by("starts_at")] == ["Nadia", "Lucia"]


def test_a_no_comes_back_and_what_was_asked_is_taken_back(scene, open_page):
    asking, asked, other = (open_page(person=p) for p in (scene.lucia, scene.nadia, scene.dana))
    ask(asking, scene).get_by_role("button", name="Ask", exact=True).click()
    expect(rota_of(other, scene).get_by_text("Lucia asks Nadia to swap this shift.")).to_be_visible()
    rota_of(asked, scene).get_by_role("button", name="Keep mine").click()
    asking.goto("/today")
    expect(asking.get_by_text("Nadia does not swap shifts")).to_be_visible()
    rota = ask(asking, scene)
    rota.get_by_role("button", name="Ask", exact=True).click()
    asked.goto("/today")
    expect(asked.get_by_text("Lucia asks you to swap shifts")).to_be_visible()
    rota.get_by_role("button", name="Take it back").click()
    expect(asked.get_by_text("Lucia asks you to swap shifts")).to_be_hidden()


def test_who_has_too_little_rest_is_told_for_which_shift(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 422")
    services.propose_swap(Actor(scene.lucia), scene.hers, scene.nadias)
    plan(scene, scene.nadia, 2, 6, "interpreter_now")
    asked = open_page(PHONE, scene.nadia)
    asked.goto("/today")
    asked.get_by_role("button", name="Swap Lucia").click()
    expect(asked.get_by_text("Nadia cannot take")).to_contain_text("Another shift of theirs is less than 8 hours away.")
    check_axe(asked)
    keep_screenshot(asked, "swap-too-little-rest-phone")


def test_for_coordination_coordinators_are_named(scene, open_page, keep_screenshot):
    page = open_page(person=scene.dana)
    rota = rota_of(page, scene)
    expect(rota.get_by_label("Who").locator("option")).to_have_count(4)
    rota.get_by_label("For").select_option("coordination")
    expect(rota.get_by_label("Who").locator("option")).to_have_text(["Choose", "Dana"])
    check_axe(page)
    keep_screenshot(page, "rota-coordination")
