"""Groups in a browser: one that few know of is founded, somebody is invited, reads its rule and comes in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from coordination.requests.services import post_request
from coordination.resources.services import post_need, post_offer
from coordination.working_groups import services
from coordination.working_groups.jobs import end_working_groups
from coordination.working_groups.models import WorkingGroup
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests import world
from tests.browser.places import Room, connection
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.scene import details, listing

pytestmark = pytest.mark.django_db(transaction=True)
RULE = "No names, no stories, no addresses."


@pytest.fixture
def room(transactional_db: None) -> Any:
    """Victim Services, led by Mara; Dana is in it. Otto works elsewhere."""
    found = Room()
    found.office = world.organization("Outside Office", "legal_provider")
    found.otto = world.person(found.office, "coordinator", "Otto Beck")
    return found


def live(page: Any) -> None:
    expect(connection(page)).to_have_text(re.compile("Live|En vivo"))


def test_an_unlisted_group_a_rule_and_whom_it_is_for(room, open_page, watch, keep_screenshot):
    watch.allow("status of 404")  # whoever is asked in looks whether the group itself is there already
    lead, invited = open_page(DESKTOP, room.mara), open_page(PHONE, room.dana)
    outside = open_page(DESKTOP, room.otto)
    for page in (invited, outside):
        page.goto("/groups")
        live(page)
        expect(page.get_by_role("link", name=re.compile("Victim Services"))).to_be_visible()

    # The lead founds it, with a rule, and opens a channel.
    lead.goto("/groups/new")
    live(lead)
    lead.get_by_label("Name").fill("Night line")
    lead.get_by_label("Kind").locator("visible=true").last.select_option("rapid_response")
    lead.get_by_label("Purpose").fill("Who takes the calls at night.")
    lead.get_by_role("radio", name=re.compile("^Unlisted")).check()
    lead.get_by_label("Rule").fill(RULE)
    check_axe(lead)
    lead.get_by_role("button", name="Found it for County Agency").click()
    expect(lead.get_by_role("heading", level=1, name="Night line")).to_be_visible()
    lead.get_by_role("button", name="I have read it and accept").click()
    expect(lead.get_by_text("You accepted it.")).to_be_visible()
    lead.get_by_role("button", name="Open a channel").click()
    lead.get_by_label("Name").fill("Rota")
    lead.get_by_label("For announcements").check()
    lead.get_by_role("button", name="Open a channel").click()
    expect(lead.get_by_role("link", name=re.compile("^Rota"))).to_be_visible()
    expect(lead.get_by_text("You opened the channel Rota")).to_be_visible()

    # It invites Harbor House, whose coordinator hears of it without a reload, and says who comes.
    lead.get_by_role("button", name="Invite an organization").click()
    check_axe(lead)
    lead.get_by_label("Organization").select_option("Harbor House")
    lead.get_by_label("Note").fill("You answer at night already.")
    lead.get_by_role("button", name="Invite", exact=True).click()
    expect(lead.get_by_text("Invited, and not answered yet")).to_be_visible()
    invited.get_by_role("link", name=re.compile("Night line")).click()
    expect(invited.get_by_text("You answer at night already.")).to_be_visible()
    invited.get_by_role("button", name="Say who comes").click()
    check_axe(invited)
    invited.get_by_label("Dana Kim").check()
    invited.get_by_role("button", name="Accept for them").click()
    expect(invited.get_by_text(RULE)).to_be_visible()
    expect(lead.get_by_text("Asked to accept it")).to_be_visible()
    check_axe(invited)
    keep_screenshot(invited, "group-rule-phone")

    # The rule changes while she reads: the new text stands there. She accepts it and is in.
    group = WorkingGroup.objects.get(name="Night line")
    services.edit_working_group(Actor(room.mara), group, group.version, rule=f"{RULE} Answer within ten minutes.")
    expect(invited.get_by_text("Answer within ten minutes.")).to_be_visible()
    invited.get_by_role("button", name="I have read it and accept").click()
    expect(invited.get_by_role("link", name=re.compile("^Rota"))).to_be_visible()
    expect(invited.get_by_text("You joined for Harbor House")).to_be_visible()

    # The lead's screen says so by itself, and that the lead accepted an earlier rule.
    expect(lead.get_by_text("Dana Kim joined for Harbor House")).to_be_visible()
    expect(lead.get_by_text("The rule changed since you accepted it.")).to_be_visible()
    expect(lead.get_by_text("1 of 2 people accepted it as it is now.")).to_be_visible()
    check_axe(lead)
    keep_screenshot(lead, "group-unlisted")

    # Nobody else heard of any of it.
    expect(outside.get_by_role("link", name=re.compile("Victim Services"))).to_be_visible()
    expect(outside.get_by_text("Night line")).to_have_count(0)
    outside.goto(f"/groups/{group.pk}")
    expect(outside.get_by_text("This group is not shared with you, or not any more.")).to_be_visible()


def test_it_leaves_everybody_s_directory_and_comes_back(room, open_page, watch):
    watch.allow("status of 404")
    lead, outside = open_page(DESKTOP, room.mara), open_page(PHONE, room.otto)
    group = WorkingGroup.objects.get()
    for page in (lead, outside):
        page.goto(f"/groups/{group.pk}")
        live(page)
        expect(page.get_by_role("heading", level=1, name="Victim Services")).to_be_visible()
    lead.get_by_role("button", name="Edit", exact=True).click()
    lead.get_by_role("radio", name=re.compile("^Unlisted")).check()
    expect(lead.get_by_text("Everybody who is not in it stops seeing the group at once.")).to_be_visible()
    lead.get_by_role("button", name="Save").click()
    expect(outside.get_by_text("This group is not shared with you, or not any more.").first).to_be_visible()
    expect(outside.get_by_role("link", name=re.compile("Victim Services"))).to_have_count(0)
    lead.get_by_role("button", name="Edit", exact=True).click()
    lead.get_by_role("radio", name=re.compile("^Open")).check()
    lead.get_by_role("button", name="Save").click()
    expect(outside.get_by_role("link", name=re.compile("Victim Services"))).to_be_visible()
    outside.get_by_role("link", name=re.compile("Victim Services")).click()
    outside.get_by_role("button", name="Join").click()
    outside.get_by_label("Otto Beck").check()
    outside.get_by_role("button", name="Join", exact=True).click()
    expect(outside.get_by_role("link", name="Open the channel")).to_be_visible()
    expect(lead.get_by_text("Otto Beck joined for Outside Office")).to_be_visible()


def test_it_is_archived_and_reopened(room, open_page, keep_screenshot):
    lead, member = open_page(DESKTOP, room.mara), open_page(PHONE, room.dana)
    group = WorkingGroup.objects.get()
    for page in (lead, member):
        page.goto(f"/groups/{group.pk}")
        live(page)
    lead.get_by_role("button", name="Archive").click()
    dialog = lead.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("Nobody can join, write or change anything"))).to_be_visible()
    check_axe(lead)
    dialog.get_by_role("button", name="Archive").click()
    expect(member.get_by_text("This group is archived")).to_be_visible()
    lead.get_by_role("button", name="Undo").click()
    expect(member.get_by_text("This group is archived")).to_have_count(0)
    expect(member.get_by_text("Mara Ortiz reopened the group")).to_be_visible()
    lead.get_by_role("button", name="Archive").click()
    lead.get_by_role("dialog").get_by_role("button", name="Archive").click()
    for page in (lead, member):
        expect(page.get_by_text("This group is archived")).to_be_visible()
    check_axe(member)
    lead.goto("/groups")
    live(lead)
    expect(lead.get_by_role("link", name=re.compile("Victim Services"))).to_have_count(0)
    lead.get_by_label("Which groups").select_option("archived")
    expect(lead).to_have_url(re.compile("which=archived"))
    expect(lead.get_by_role("link", name=re.compile("Victim Services"))).to_be_visible()
    check_axe(lead)
    keep_screenshot(lead, "groups-archived")


def test_what_is_shared_with_it_stands_on_its_page_and_its_last_day_ends_it(room, open_page, keep_screenshot):
    lead, member = open_page(DESKTOP, room.mara), open_page(PHONE, room.dana)
    group = WorkingGroup.objects.get()
    for page in (lead, member):
        page.goto(f"/groups/{group.pk}")
        live(page)
        expect(page.get_by_role("heading", level=1, name="Victim Services")).to_be_visible()
    acting = Actor(room.mara, room.agency)
    told = {"organizations": (), "working_groups": [group]}
    post_request(acting, request_kind="emergency_shelter", details=details(), **told)
    post_need(acting, urgency="urgent", quantity=3, **told, **listing())
    post_offer(Actor(room.dana, room.house), maximum=5, **told, **listing())
    for page in (lead, member):
        for section, row in (
            ("Requests", "Emergency shelter"),
            ("Needs", "Emergency bed"),
            ("Offers", "Emergency bed"),
        ):
            shared = page.locator("section").filter(has=page.get_by_role("heading", name=section, exact=True))
            expect(shared.get_by_role("link", name=re.compile(row))).to_be_visible()
    check_axe(member)
    keep_screenshot(member, "group-shared-phone")
    keep_screenshot(lead, "group-shared")

    # The lead gives it a last day; when that is over it ends by itself on both screens.
    last = clock.now().date() + timedelta(days=30)
    lead.get_by_role("button", name="Edit", exact=True).click()
    lead.get_by_label("Its last day").fill(last.isoformat())
    check_axe(lead)
    lead.get_by_role("button", name="Save").click()
    written = f"{last:%B} {last.day}, {last.year}"
    expect(member.get_by_text(f"Last day: {written}")).to_be_visible()
    expect(member.get_by_text(f"Mara Ortiz changed its last day from none to {written}")).to_be_visible()
    with clock.at(clock.now() + timedelta(days=32)):
        end_working_groups()
    for page in (lead, member):
        expect(page.get_by_text("Its last day was over: the group was archived")).to_be_visible()
        expect(page.get_by_text("This group is archived")).to_be_visible()
