"""An urgent message: on whatever screen somebody is, until they have read it; its author sees who has, live."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from messaging.models import Message
from messaging.services import call_again, delete_message
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests.browser.places import banner, composer, connection, message
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

WORDS = "Leave by the north door. Call the desk when you are out."


@pytest.fixture
def scene(transactional_db):
    found = Scene()
    found.admit(found.group, found.dana, found.lucia)
    return found


def post_urgent(page, scene):
    page.goto(f"/messages/{scene.group.channel.pk}")
    expect(connection(page)).to_have_text("Live")
    composer(page).fill(WORDS)
    page.get_by_role("checkbox", name="Urgent").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile("^Everybody in this channel is asked"))).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(message(page, WORDS)).to_be_visible()


def repeat(times):
    for _ in range(times):
        found = Message.objects.select_related("channel").get()
        Message.objects.filter(pk=found.pk).update(calls_at=clock.now() - timedelta(seconds=1))
        call_again(Message.objects.select_related("channel").get())


def test_it_stands_on_every_screen_until_it_is_read(scene, open_page, keep_screenshot):
    author, dana = open_page(person=scene.mara), open_page(PHONE, scene.dana, color_scheme="dark")
    dana.clock.install()
    dana.goto("/resources")
    expect(dana.get_by_role("heading", level=1)).to_be_visible()
    post_urgent(author, scene)
    expect(banner(dana)).to_contain_text(WORDS)
    check_axe(dana)
    keep_screenshot(dana, "urgent-phone")
    expect(banner(author)).to_have_count(0)

    # Put aside, it comes back; opened elsewhere, it is there too.
    banner(dana).get_by_role("button", name="In five minutes").click()
    expect(banner(dana)).to_have_count(0)
    dana.clock.fast_forward("05:01")
    expect(banner(dana)).to_be_visible()
    dana.goto("/settings")
    expect(banner(dana)).to_be_visible()

    # Those who have not are named to whoever wrote it; and it goes as it is acknowledged.
    item = message(author, WORDS)
    item.get_by_role("button", name="Who has acknowledged it").click()
    expect(author.get_by_role("dialog")).to_contain_text("2 people have not yet")
    keep_screenshot(author, "urgent-who")
    banner(dana).get_by_role("button", name="I have read it").click()
    expect(banner(dana)).to_have_count(0)
    expect(author.get_by_role("dialog")).to_contain_text("1 person has not yet")
    author.keyboard.press("Escape")
    repeat(2)
    expect(item.get_by_text(re.compile("Ring those"))).to_have_count(0)
    repeat(1)
    expect(item.get_by_text(re.compile("woken 3 times more. Ring those .*: Lucia"))).to_be_visible()
    check_axe(author)
    keep_screenshot(author, "urgent-author")
    repeat(10)
    expect(item.get_by_text(re.compile("Nobody is woken any more, after 12 times. .*Lucia"))).to_be_visible()


def test_deleted_it_is_gone_from_every_screen(scene, open_page):
    said = scene.say(scene.mara, WORDS, urgent=True)
    dana = open_page(person=scene.dana)
    dana.goto("/requests")
    expect(banner(dana)).to_contain_text(WORDS)
    expect(connection(dana)).to_have_text("Live")
    delete_message(Actor(scene.mara), said)
    expect(banner(dana)).to_have_count(0)


def test_who_does_not_moderate_is_not_offered_it(scene, open_page):
    page = open_page(PHONE, scene.dana)
    page.goto(f"/messages/{scene.group.channel.pk}")
    expect(connection(page)).to_have_text("Live")
    expect(composer(page)).to_be_visible()
    expect(page.get_by_role("checkbox", name="Urgent")).to_have_count(0)
