"""The main job in a browser: two people, two screens, the real server.

An agency asks for shelter, an NGO sees it, joins the working group, talks, loses the connection and
gets it back, takes the place; the request is closed; the NGO's person is removed and everything ends.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from coordination.working_groups import services as working_groups
from portal.kernel.writing import Actor
from tests import world
from tests.browser.places import go_offline, is_kept
from tests.browser.test_offline import CONTROLLED
from tests.browser.watch import PHONE, check_axe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(transactional_db: None) -> dict[str, Any]:
    world.network()
    agency = world.organization("County Victim Services", "local_government")
    house = world.organization("Harbor House", "shelter_operator")
    mara = world.with_password(world.person(agency, "coordinator", "Mara Ortiz"))
    dana = world.with_password(world.person(house, "coordinator", "Dana Kim"))
    group = working_groups.create_working_group(
        Actor(mara, agency), name="Victim Services", group_kind="victim_services", purpose="Who can help tonight."
    )
    return {"group": group, "mara": mara, "dana": dana}


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Live", exact=True).locator("visible=true").first).to_be_visible()


def go(page: Page, place: str) -> None:
    page.get_by_role("link", name=re.compile(rf"^{place}")).locator("visible=true").first.click()


def say(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Write a message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def frames_of(page: Page) -> list[str]:
    """Everything that this page's sockets receive from now on."""
    received: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(str(frame)))

    page.on("websocket", listen)
    return received


def test_the_main_job(story, server, open_page, watch, keep_screenshot):
    watch.allow("status of 404")  # the page asks once whether it may still see what it had
    watch.allow("ERR_INTERNET_DISCONNECTED")
    agency, ngo = open_page(), open_page(PHONE)
    received = frames_of(ngo)
    sign_in(agency, "mara.ortiz@example.org")
    sign_in(ngo, "dana.kim@example.org")
    go(ngo, "Today")
    expect(ngo.get_by_text("Nothing waits for Harbor House.")).to_be_visible()

    # The agency asks; the NGO's screen shows it without a reload.
    go(agency, "Requests")
    agency.get_by_role("link", name="New request").click()
    agency.get_by_role("radio", name=re.compile("Emergency shelter")).check()
    agency.get_by_label("Adults").fill("1")
    agency.get_by_label("Children").fill("2")
    agency.get_by_label("Nights").fill("3")
    agency.get_by_label("Area").select_option("Linn County")
    agency.get_by_label("Harbor House").check()
    check_axe(agency)
    agency.get_by_role("button", name="Send for County Victim Services").click()
    expect(ngo.get_by_text("Waiting for your answer")).to_be_visible()
    expect(ngo.get_by_text(re.compile("1 adult(,| and) 2 children")).first).to_be_visible()
    check_axe(ngo)
    keep_screenshot(ngo, "today-phone")

    # The NGO asks to join the group; a lead accepts; the channel appears by itself.
    go(ngo, "Messages")
    expect(ngo.get_by_text("No channel yet")).to_be_visible()
    go(ngo, "Groups")
    ngo.get_by_role("link", name=re.compile("Victim Services")).click()
    ngo.get_by_role("button", name="Ask to join").click()
    ngo.get_by_label("Dana Kim").check()
    ngo.get_by_role("button", name="Ask", exact=True).click()
    expect(ngo.get_by_text("Your request to join waits for an answer")).to_be_visible()
    go(ngo, "Messages")
    go(agency, "Today")
    expect(agency.get_by_text("Harbor House asks to join Victim Services")).to_be_visible()
    agency.get_by_role("button", name="Accept").click()
    ngo.get_by_role("link", name=re.compile("Victim Services")).click()

    # Both talk; one goes offline, writes, reloads, comes back: nothing lost, nothing doubled.
    go(agency, "Messages")
    agency.get_by_role("link", name=re.compile("Victim Services")).click()
    say(agency, "Good evening. Who is on call tonight?")
    expect(ngo.get_by_text("Good evening. Who is on call tonight?")).to_be_visible()
    say(ngo, "We are, until midnight.")
    expect(agency.get_by_text("We are, until midnight.")).to_be_visible()
    ngo.evaluate(CONTROLLED)
    go_offline(ngo)
    expect(ngo.get_by_text(re.compile("Offline|Reconnecting")).first).to_be_visible()
    say(ngo, "One family room is free.")
    expect(ngo.get_by_text("Not sent yet, waits for the connection")).to_be_visible()
    is_kept(ngo, "One family room is free.")
    ngo.reload()
    expect(ngo.get_by_text("One family room is free.")).to_be_visible()
    say(agency, "Thank you. Said while you were away.")
    ngo.context.set_offline(False)
    for page in (agency, ngo):
        for words in ("We are, until midnight.", "One family room is free.", "Thank you. Said while you were away."):
            expect(page.get_by_text(words)).to_have_count(1)
    expect(ngo.get_by_text("Not sent yet, waits for the connection")).to_have_count(0)
    check_axe(agency)
    check_axe(ngo)
    keep_screenshot(agency, "messages")

    # The NGO says yes: the place is taken. The agency progresses the request and closes it.
    go(ngo, "Today")
    ngo.get_by_role("link", name=re.compile("Emergency shelter")).first.click()
    expect(ngo.get_by_role("heading", level=1, name=re.compile("Emergency shelter"))).to_be_visible()
    ngo.get_by_role("button", name="Yes, we can").locator("visible=true").first.click()
    expect(ngo.get_by_text("A place is yours.").locator("visible=true").first).to_be_visible()
    go(agency, "Requests")
    agency.get_by_role("link", name=re.compile("Emergency shelter")).click()
    expect(agency.get_by_text("1 of 1 place taken").first).to_be_visible()
    agency.get_by_role("button", name="Help is on its way").click()
    expect(ngo.get_by_text("Mara Ortiz said that help is on its way")).to_be_visible()
    agency.get_by_role("main").get_by_role("button", name="Close", exact=True).click()
    dialog = agency.get_by_role("dialog")
    dialog.get_by_label("Met", exact=True).check()
    dialog.get_by_role("button", name="Close the request").click()
    expect(agency.get_by_text("closed it: Met")).to_be_visible()
    expect(ngo.get_by_text("Mara Ortiz closed it: Met")).to_be_visible()

    # The lead removes the NGO's person: the page empties by itself, the socket is silent, the API says 404.
    go(ngo, "Messages")
    ngo.get_by_role("link", name=re.compile("Victim Services")).click()
    expect(ngo.get_by_text("We are, until midnight.")).to_be_visible()
    go(agency, "Groups")
    agency.get_by_role("link", name=re.compile("Victim Services")).click()
    agency.get_by_role("button", name="Actions for Dana Kim").click()
    agency.get_by_role("menuitem", name="Remove").or_(agency.get_by_role("button", name="Remove")).first.click()
    agency.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(ngo.get_by_text("We are, until midnight.")).to_have_count(0)
    expect(ngo.get_by_text("This channel is not shared with you, or not any more.")).to_be_visible()
    agency.get_by_role("link", name="Open the channel").click()
    say(agency, "Said after the removal.")
    expect(agency.get_by_text("Said after the removal.")).to_be_visible()
    ngo.wait_for_timeout(3000)  # longer than a sweep of the hub: silence must be waited for
    assert not [frame for frame in received if "Said after the removal." in frame]
    assert [frame for frame in received if "Who is on call tonight" in frame], "the listening itself works"
    channel = story["group"].channel.pk
    status = ngo.evaluate("path => fetch(path).then(answer => answer.status)", f"/api/v1/channels/{channel}/messages")
    assert status == 404
