"""A planned operation: three organizations' people on call hear of it, one stands aside, and nobody else ever knows."""

import pytest
from playwright.sync_api import Locator, Page, expect

from coordination.requests.models import Request
from tests import world
from tests.browser.places import message, write
from tests.browser.watch import PHONE, check_axe
from tests.requests.operation import Operation

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "EXERCISE · Support of an operation"


@pytest.fixture
def scene(transactional_db):
    found = Operation()
    found.on_call(found.outside, found.otto, -1, 12)
    return found


def waiting(page: Page) -> Locator:
    return page.get_by_role("link", name=TITLE)


def take(page: Page, role: str) -> None:
    """This role and no other."""
    more = page.get_by_role("button", name=f"One more: {role}", exact=True)
    expect(more).to_be_visible()
    for one in page.get_by_role("button", name="One fewer").all():
        if one.is_enabled():
            one.click()
    more.click()


def knows_nothing(page: Page, request: Request) -> None:
    page.goto("/today")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/requests")
    expect(page.get_by_text("No request yet")).to_be_visible()
    page.goto(f"/requests/{request.pk}")
    expect(page.get_by_text("This request is not shared with you")).to_be_visible()
    expect(waiting(page)).to_have_count(0)


def test_support_of_an_operation(scene, open_page, watch, keep_screenshot):
    watch.allow("status of 404")
    office = open_page(person=scene.sam)
    house, next_on_call = open_page(PHONE, scene.lucia), open_page(PHONE, scene.nina, color_scheme="dark")
    clinic, lawyers = open_page(person=scene.grace, color_scheme="dark"), open_page(PHONE, scene.otto)
    for page in (house, next_on_call, clinic, lawyers):
        page.goto("/today")

    # The liaison says roughly what is planned, and reads who will know of it.
    office.goto("/requests/new")
    office.get_by_role("radio", name="Support of an operation").check()
    office.get_by_label("When").select_option("within two weeks of being asked")
    office.get_by_role("button", name="interpreters").click()
    office.get_by_role("button", name="legal help").click()
    office.get_by_label("People expected").select_option("6–10 people")
    office.get_by_label("Minors").select_option("minors possible")
    office.get_by_label("Search a language").fill("Portuguese")
    office.get_by_label("Search a language").press("Enter")
    office.get_by_label("Area").select_option("Linn County")
    for name in ("Harbor House", "Second Clinic", "Outside Office"):
        office.get_by_label(name).check()
    expect(office.get_by_text("Only those on call at Harbor House, Outside Office, and Second Clinic")).to_be_visible()
    office.get_by_role("button", name="Name roles").click()
    office.get_by_label("Role").select_option("Interpreter")
    office.get_by_role("button", name="Add a role").click()
    office.get_by_label("Role").last.select_option("Attorney")
    office.get_by_label("This is an exercise").check()
    check_axe(office)
    keep_screenshot(office, "story-operation-form")
    office.get_by_role("button", name="Send for Sheriff's Office").click()
    expect(office.get_by_text("those on call at Harbor House (1 person)")).to_be_visible()
    request = Request.objects.get()
    path = f"/requests/{request.pk}"

    # Those on call hear of it where they are; to everybody else it does not exist.
    for page in (house, clinic, lawyers):
        expect(waiting(page).first).to_be_visible()
    expect(waiting(next_on_call)).to_have_count(0)
    for person in (scene.dana, scene.olga, scene.rosa, world.administrator()):
        other = open_page(person=person)
        knows_nothing(other, request)
        other.close()

    # Each says that it was seen; one is not the right person, and the next on the rota is asked.
    for page in (house, clinic, lawyers):
        page.goto(path)
        page.get_by_role("button", name="We have seen it").click()
    for name in ("Harbor House", "Second Clinic", "Outside Office"):
        expect(office.get_by_text(f"{name} has seen it")).to_be_visible()
    house.get_by_role("button", name="Not me: ask the next on call").click()
    check_axe(house)
    keep_screenshot(house, "story-operation-not-me-phone")
    house.get_by_role("button", name="Ask the next on call").click()
    expect(house.get_by_text("This request is not shared with you")).to_be_visible()
    expect(waiting(next_on_call).first).to_be_visible()
    expect(office.get_by_text("Who was on call at Harbor House stood aside")).to_be_visible()

    # Each role is filled on its own.
    for page, role in ((next_on_call, "Interpreter"), (lawyers, "Attorney")):
        page.goto(path)
        page.get_by_role("button", name="Yes, we can").click()
        take(page, role)
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("A place is yours.")).to_be_visible()
        expect(office.get_by_role("list", name="Roles").get_by_text(f"{role}: 1 of 1 filled")).to_be_visible()
    keep_screenshot(next_on_call, "story-operation-next-phone-dark")

    # Who helps is in its channel, and sees of the others only there.
    office.get_by_role("button", name="Open a channel").click()
    write(office, "Thursday's room is free.")
    for page in (next_on_call, lawyers):
        page.get_by_role("link", name="Go to its channel").click()
        expect(message(page, "Thursday's room is free.")).to_be_visible()
    clinic.goto(path)
    expect(clinic.get_by_text("Sheriff's Office").first).to_be_visible()
    expect(clinic.get_by_role("link", name="Go to its channel")).to_have_count(0)
    expect(clinic.get_by_text("Outside Office")).to_have_count(0)
    keep_screenshot(clinic, "story-operation-asked-dark")

    # It is over: what was said can be read, and nothing added.
    office.goto(path)
    expect(office.get_by_role("button", name="Close", exact=True)).to_be_visible()
    check_axe(office)
    keep_screenshot(office, "story-operation-office")
    office.get_by_role("button", name="Close", exact=True).click()
    closing = office.get_by_role("dialog")
    closing.get_by_label("Met", exact=True).check()
    closing.get_by_role("button", name="Close the request").click()
    for page in (next_on_call, lawyers):
        expect(page.get_by_text("The request is over: this can be read until")).to_be_visible()
        expect(message(page, "Thursday's room is free.")).to_be_visible()
        expect(page.get_by_text("Exercise").locator("visible=true").first).to_be_visible()
        check_axe(page)
    keep_screenshot(lawyers, "story-operation-over-phone")
