"""Channels in a browser: opened, filled, mentioned in, announced in, muted, archived, left; two people, two screens."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coordination.working_groups import services as working_groups
from messaging import services as messaging
from messaging.models import Channel, ChannelKind, Message, ReadMark
from portal.kernel.writing import Actor
from tests import world
from tests.browser.places import Room, composer, connection, message, open_channel, wait_until, write
from tests.browser.watch import DESKTOP, PHONE, check_axe

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "Channels"


@pytest.fixture
def room(transactional_db: None) -> Any:
    """Victim Services, led by Mara; Dana is in it, Jonas works with Mara. Otto works elsewhere."""
    found: Any = Room()
    found.jonas = world.person(found.agency, "member", "Jonas Webb")
    found.office = world.organization("Outside Office", "legal_provider")
    found.otto = world.person(found.office, "coordinator", "Otto Beck")
    return found


def go(page: Page, address: str) -> None:
    page.goto(address)
    expect(connection(page)).to_have_text(re.compile("Live|En vivo"))


def row(page: Page, name: str):
    return page.get_by_role("region", name=LIST).get_by_role("link", name=re.compile(f"^{name}"))


def choose(page: Page, label: str, words: str, name: str) -> None:
    page.get_by_role("combobox", name=label).fill(words)
    page.get_by_role("option", name=re.compile(name)).click()
    expect(page.get_by_role("button", name=f"Leave {name} out")).to_be_visible()


def private(room: Any, **what: Any) -> Channel:
    """Mara moderates it, Dana is in it."""
    return messaging.create_private_channel(Actor(room.mara), **{"name": "Court day", "people": [room.dana], **what})


def test_only_those_in_the_channel_are_offered_and_whoever_is_mentioned_sees_it(room, open_page, keep_screenshot):
    mara, dana = open_page(person=room.mara), open_page(PHONE, room.dana, color_scheme="dark")
    open_channel(mara, room)
    go(dana, "/messages")
    composer(mara).press_sequentially("Thanks @")
    offered = mara.get_by_role("listbox", name="People in this channel").get_by_role("option")
    expect(offered).to_have_text(["Dana Kim Harbor House"])
    check_axe(mara)
    keep_screenshot(mara, "mention")
    composer(mara).press_sequentially("jon")
    expect(offered).to_have_count(0)
    for _ in "jon":
        composer(mara).press("Backspace")
    composer(mara).press_sequentially("da")
    expect(offered).to_have_count(1)
    composer(mara).press("Enter")
    expect(composer(mara)).to_have_value("Thanks @Dana Kim ")
    composer(mara).press_sequentially("for the cots")
    composer(mara).press("Shift+Enter")
    composer(mara).press_sequentially("and the van.")
    composer(mara).press("Enter")
    expect(mara.locator("[data-message] b.name")).to_have_text("@Dana Kim")

    expect(row(dana, "Victim Services")).to_have_accessible_name(re.compile("1 mentions you.*1 unread"))
    check_axe(dana)
    keep_screenshot(dana, "mentioned-phone")
    row(dana, "Victim Services").click()
    expect(dana.locator("[data-message] b.name.me")).to_have_text("@Dana Kim")
    check_axe(dana)
    wait_until(lambda: ReadMark.objects.filter(person=room.dana, position=1).exists())
    dana.go_back()
    expect(row(dana, "Victim Services")).not_to_have_accessible_name(re.compile("mention|unread"))
    assert list(Message.objects.get().mentions.values_list("person", flat=True)) == [room.dana.pk]


def test_a_private_channel_of_people_and_an_organization(room, open_page, watch, keep_screenshot):
    watch.allow("status of 404")  # what was open is asked for once more when access ends
    mara, otto, dana = open_page(person=room.mara), open_page(PHONE, room.otto), open_page(person=room.dana)
    go(otto, "/messages")
    go(dana, "/messages")
    go(mara, "/messages")
    mara.get_by_role("link", name="New conversation").click()
    mara.get_by_role("radio", name=re.compile("^Private channel")).check()
    mara.get_by_role("textbox", name="Name").fill("Court day")
    mara.get_by_label("What it is for").fill("Who goes with whom on Friday.")
    mara.get_by_role("combobox", name="People").fill("ot")
    expect(mara.get_by_text("No match")).to_be_visible()
    check_axe(mara)
    choose(mara, "People", "jon", "Jonas Webb")
    choose(mara, "Whole organizations", "outside", "Outside Office")
    expect(mara.get_by_text(re.compile("everybody at Outside Office"))).to_be_visible()
    check_axe(mara)
    keep_screenshot(mara, "channel-new-private-filled")
    mara.get_by_role("button", name="Open the private channel").click()
    expect(mara.get_by_role("heading", level=1, name="Court day")).to_be_visible()
    write(mara, "Who goes on Friday?")

    row(otto, "Court day").click()
    expect(message(otto, "Who goes on Friday?")).to_be_visible()
    write(otto, "I can.")
    expect(message(mara, "I can.")).to_be_visible()
    expect(row(dana, "Court day")).to_have_count(0)

    # Who is in it and by what right; a second moderator, one more person.
    mara.get_by_role("link", name="Details").click()
    members = mara.get_by_role("listitem").filter(has_text="Otto Beck")
    expect(members).to_contain_text("Outside Office")
    mara.get_by_role("button", name="Actions for Jonas Webb").click()
    mara.get_by_role("button", name="Make moderator").click()
    expect(mara.get_by_role("listitem").filter(has_text="Jonas Webb")).to_contain_text("Moderator")
    mara.get_by_role("button", name="Invite people or organizations").click()
    choose(mara, "People", "dana", "Dana Kim")
    check_axe(mara)
    mara.get_by_role("button", name="Invite", exact=True).click()
    expect(row(dana, "Court day")).to_be_visible()
    check_axe(mara)
    keep_screenshot(mara, "channel-details")

    # The organization goes: its person's open screen empties by itself; one person goes, too.
    mara.get_by_role("button", name="Remove Outside Office").click()
    check_axe(mara)
    mara.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(otto.get_by_text("This channel is not shared with you, or not any more.")).to_be_visible()
    expect(otto.get_by_text("Who goes on Friday?")).to_have_count(0)
    expect(mara.get_by_text("Otto Beck")).to_have_count(0)
    row(dana, "Court day").click()
    expect(message(dana, "I can.")).to_be_visible()
    mara.get_by_role("button", name="Actions for Dana Kim").click()
    mara.get_by_role("button", name="Remove", exact=True).locator("visible=true").last.click()
    mara.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(dana.get_by_text("I can.")).to_have_count(0)
    expect(row(dana, "Court day")).to_have_count(0)
    # The last of its moderators would have to name another one; there is one, so she may go.
    mara.get_by_role("button", name="Leave", exact=True).click()
    mara.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(mara.get_by_text("You left Court day.")).to_be_visible()
    expect(row(mara, "Court day")).to_have_count(0)


def test_a_direct_conversation_is_the_same_one_when_it_is_asked_for_again(room, open_page, keep_screenshot):
    mara, dana = open_page(PHONE, room.mara, color_scheme="dark"), open_page(person=room.dana)
    go(dana, "/messages")
    for words in ("Are you on call?", "Call me when you can."):
        go(mara, "/messages/new")
        choose(mara, "With whom", "dana", "Dana Kim")
        check_axe(mara)
        keep_screenshot(mara, "channel-new-direct-phone")
        mara.get_by_role("button", name="Open the conversation").click()
        expect(mara.get_by_role("heading", level=1, name="Dana Kim")).to_be_visible()
        write(mara, words)
        expect(message(mara, words)).to_be_visible()
    assert Channel.objects.filter(channel_kind=ChannelKind.DIRECT).count() == 1
    row(dana, "Mara Ortiz").click()
    expect(dana.locator("[data-message] > .body")).to_have_text(["Are you on call?", "Call me when you can."])
    expect(dana.get_by_role("heading", level=2, name="Direct conversations")).to_be_visible()
    # Among equals either may pin.
    message(dana, "Are you on call?").hover()
    dana.get_by_role("button", name="Pin", exact=True).click()
    expect(message(mara, "Are you on call?")).to_contain_text("Pinned by Dana Kim")


def test_an_announcement_is_acknowledged_and_the_moderator_sees_by_whom(room, open_page, keep_screenshot):
    board = private(room, name="Notices", announcement=True, people=[room.dana, room.jonas])
    mara, dana = open_page(person=room.mara), open_page(PHONE, room.dana)
    go(mara, f"/messages/{board.pk}")
    go(dana, f"/messages/{board.pk}")
    expect(dana.get_by_text("Only its moderators write in this channel.")).to_be_visible()
    expect(composer(dana)).to_have_count(0)
    write(mara, "The new safety plan is in force.")
    mara.get_by_role("button", name="Who has acknowledged it").click()
    dialog = mara.get_by_role("dialog", name="Who has acknowledged it")
    expect(dialog.get_by_text("2 people have not yet")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_text(["Dana Kim", "Jonas Webb"])
    check_axe(mara)

    dana.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(dana.get_by_text("You acknowledged it")).to_be_visible()
    check_axe(dana)
    keep_screenshot(dana, "announcement-phone")
    expect(dialog.get_by_text("1 person has not yet")).to_be_visible()
    expect(dialog.get_by_text("1 person has", exact=True)).to_be_visible()
    keep_screenshot(mara, "acknowledgements")
    dana.reload()
    expect(dana.get_by_text("You acknowledged it")).to_be_visible()
    expect(dana.get_by_role("button", name="Who has acknowledged it")).to_have_count(0)


def test_mute_is_for_oneself_on_all_devices(room, open_page):
    phone, desk = open_page(PHONE, room.dana), open_page(DESKTOP, room.dana)
    go(desk, "/today")
    go(phone, f"{room.address}/details")
    phone.get_by_role("button", name="Mute").click()
    expect(phone.get_by_role("button", name="Unmute")).to_be_visible()
    check_axe(phone)
    room.said(room.mara, "Not for now.")
    desk.get_by_role("navigation").get_by_role("link", name=re.compile("^Messages$")).click()
    expect(row(desk, "Victim Services")).to_have_accessible_name(re.compile("1 unread.*Mute"))
    expect(desk.get_by_role("navigation").get_by_role("link", name=re.compile("^Messages$"))).to_be_visible()
    phone.get_by_role("button", name="Unmute").click()
    expect(desk.get_by_role("navigation").get_by_role("link", name=re.compile("Messages.*1 unread"))).to_be_visible()


def test_it_is_renamed_archived_and_reopened_before_everybodys_eyes(room, open_page, keep_screenshot):
    channel = private(room)
    mara, dana = open_page(person=room.mara), open_page(PHONE, room.dana)
    go(mara, f"/messages/{channel.pk}/details")
    go(dana, f"/messages/{channel.pk}")
    mara.get_by_role("button", name="Edit").click()
    mara.get_by_label("Name").fill("Court week")
    mara.get_by_label("For announcements").check()
    check_axe(mara)
    mara.get_by_role("button", name="Save").click()
    expect(dana.get_by_role("heading", level=1, name="Court week")).to_be_visible()
    expect(dana.get_by_text("Only its moderators write in this channel.")).to_be_visible()

    mara.get_by_role("button", name="Archive").click()
    expect(dana.get_by_text("This channel is archived")).to_be_visible()
    expect(mara.get_by_role("region", name=LIST).get_by_text("1 archived channel")).to_be_visible()
    mara.get_by_role("button", name="Undo").click()
    expect(dana.get_by_text("This channel is archived")).to_have_count(0)
    expect(mara.get_by_role("region", name=LIST).get_by_text("1 archived channel")).to_have_count(0)
    mara.get_by_role("button", name="Archive").click()
    expect(dana.get_by_text("This channel is archived")).to_be_visible()
    check_axe(dana)


def test_the_channels_of_a_group_stand_under_it(room, open_page, keep_screenshot):
    group = room.group
    working_groups.open_group_channel(Actor(room.mara), group, name="Rota", topic="Who is on call.")
    private(room)
    messaging.open_direct_conversation(Actor(room.mara), [room.dana])
    dana = open_page(person=room.dana)
    go(dana, "/messages")
    section = dana.get_by_role("region", name=LIST)
    expect(section.get_by_role("heading", level=2)).to_have_text(
        ["Victim Services", "Private channels", "Direct conversations"]
    )
    check_axe(dana)
    keep_screenshot(dana, "channels")
