"""A lead leaves her group and names who follows in the same step; then she closes her account, and is nowhere."""

import re

import pytest
from playwright.sync_api import expect

from coordination.requests.models import Request
from portal.kernel.models import Membership
from portal.kernel.standing import is_member, members
from portal.people.models import Session, User
from tests import world
from tests.browser.places import connection
from tests.browser.test_story_leaving import SAID, taken_over
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.organizations.handover import Handover

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    found = Handover()
    found.admit(found.group, found.nora)
    found.say(found.nora, SAID)
    return found


def test_the_only_lead_leaves_the_group_with_an_heir(scene, open_page, watch, keep_screenshot):
    watch.allow("status of (403|404)")  # what she lost is asked for once more
    page = open_page(PHONE, scene.nora)
    page.goto(f"/groups/{scene.led.pk}")
    expect(connection(page)).to_have_text("Live")

    # Alone in it she stays, and is told why.
    page.get_by_role("button", name="Leave", exact=True).click()
    dialog = page.get_by_role("dialog", name="Leave Training?")
    expect(dialog.get_by_text("A group needs at least one lead.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Leave the group")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()

    scene.admit(scene.led, scene.grace, by=scene.nora)
    page.get_by_role("button", name="Leave", exact=True).click()
    now = dialog.get_by_role("button", name="Leave the group")
    expect(dialog.get_by_text("0 of 1 decided")).to_be_visible()
    expect(now).to_be_disabled()
    taken_over(dialog, "Group leadership").select_option("Grace")
    check_axe(page)
    keep_screenshot(page, "leaving-group-phone")
    now.click()
    expect(page.get_by_text("You left Training.")).to_be_visible()
    expect(page).to_have_url(re.compile("/groups$"))
    assert members(scene.led.leads_id) == members(scene.led.members_id) == {scene.grace.pk}
    assert is_member(scene.nora.pk, scene.house.members_id)


def test_an_account_is_closed(scene, open_page, watch, keep_screenshot):
    watch.allow("status of (40[0-4]|410)")  # who is there is asked first; then nobody is
    world.with_password(scene.nora)
    email = scene.nora.email
    page, phone = open_page(DESKTOP, scene.nora), open_page(PHONE, scene.nora)
    colleague = open_page(PHONE, scene.mara)
    phone.goto(f"/messages/{scene.group.channel_id}")
    expect(phone.get_by_text(SAID)).to_be_visible()
    expect(connection(phone)).to_have_text("Live")

    page.goto("/settings/you")
    page.get_by_role("link", name=re.compile("Close your account")).click()
    expect(page.get_by_role("heading", level=1, name="Close your account")).to_be_visible()
    now = page.get_by_role("button", name="Close my account now")
    expect(now).to_be_disabled()
    page.get_by_label("One person for everything").select_option("Dana")
    taken_over(page, "Backup for requests").select_option("Lucia")
    expect(page.get_by_text("9 of 9 decided")).to_be_visible()
    check_axe(page)
    keep_screenshot(page, "leaving-network-desktop")

    world.age_proofs(scene.nora)
    now.click()
    proof = page.get_by_role("dialog", name="Is it you?")
    assert Membership.objects.filter(user=scene.nora).exists()
    proof.get_by_label("Password", exact=True).fill(world.PASSWORD)
    proof.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_text("Your account is closed.")).to_be_visible()

    # Her other screen is empty and signed out by itself; nothing opens another.
    expect(phone).to_have_url(re.compile("/sign-in"))  # the hub's next look at the sessions
    expect(phone.get_by_text(SAID)).to_have_count(0)
    assert not Membership.objects.filter(user=scene.nora).exists()
    assert not Session.objects.filter(user=scene.nora).exists()
    assert not User.objects.filter(email=email).exists()
    assert Request.objects.get(pk=scene.sent.pk).posted_by == scene.dana
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()

    # History says "former member".
    colleague.goto(f"/messages/{scene.group.channel_id}")
    expect(colleague.get_by_text("former member")).to_be_visible()
    expect(colleague.get_by_text("Nora", exact=True)).to_have_count(0)
