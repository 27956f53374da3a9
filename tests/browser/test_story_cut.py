"""The network is cut in the middle of an operation: what was written stays, what others took meanwhile is theirs.

An urgent message waits for whoever has no signal, and wakes them again until they have acknowledged it.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coordination.requests.models import Answer
from messaging.models import Message
from messaging.services import call_again
from portal.kernel import clock
from tests.browser.places import banner, composer, connection, go_offline, is_kept, wait_until, write
from tests.browser.test_offline import CONTROLLED, sent, unsent
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
CUT = timedelta(minutes=3)
URGENT = "Everybody out by the north door."
WRITTEN = ["At the side door.", "Two people, calm.", "Waiting for the interpreter."]


@pytest.fixture
def scene(transactional_db):
    return Scene()


def later(page):
    """Three minutes on, as this device sees it."""
    page.clock.set_fixed_time(clock.now() + CUT)


def times(page):
    """When each message that waits was written, as it stands beside it."""
    return [words.split("·")[0].strip() for words in page.locator("[data-unsent] .by .soft").all_inner_texts()]


def repeat(message):
    """Five minutes have passed, and the portal has looked."""
    Message.objects.filter(pk=message.pk).update(calls_at=clock.now())
    return call_again(Message.objects.select_related("channel").get(pk=message.pk))


def each_is_there_once(page):
    """The first may have come through as the signal went, its answer lost: it is not sent once more."""
    expect(sent(page)).to_have_count(1 + len(WRITTEN))
    assert [body for body in sent(page).all_inner_texts() if body != URGENT] == WRITTEN


def test_cut_off_in_the_middle_of_an_operation(scene, open_page, woken_at, watch, keep_screenshot):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("409")
    asked = scene.post(scene.house, scene.clinic, slots={"advocate": 2, "interpreter": 1})
    scene.answer(asked, scene.dana, takes={"advocate": 1})
    request, channel = f"/requests/{asked.pk}", None

    # The coordinator opens a channel; the advocate is in it.
    coordinator, advocate = open_page(person=scene.mara), open_page(PHONE, scene.dana)
    coordinator.goto(request)
    coordinator.get_by_role("button", name="Open a channel").click()
    expect(composer(coordinator)).to_be_visible()
    channel = coordinator.url
    advocate.goto(request)
    expect(advocate.get_by_role("button", name="Change the answer")).to_be_visible()
    answering = open_page(PHONE, scene.dana, color_scheme="dark")
    answering.goto(request)
    answering.get_by_role("button", name="Change the answer").click()
    answering.get_by_role("button", name="Yes, we can").click()
    answering.get_by_role("button", name="One more: Interpreter").click()
    advocate.goto(channel)
    expect(connection(advocate)).to_have_text("Live")
    advocate.evaluate(CONTROLLED)

    # She loses the signal; what she writes is loudly unsent, and stays over a reload.
    for page in (advocate, answering):
        go_offline(page)
        expect(connection(page)).to_have_text(re.compile(r"Offline since \d+:\d\d"))
    for words in WRITTEN:
        write(advocate, words)
    expect(unsent(advocate)).to_have_text(WRITTEN)
    expect(advocate.get_by_text("Not sent yet")).to_have_count(len(WRITTEN))
    expect(sent(coordinator)).to_have_count(0)
    written = times(advocate)
    is_kept(advocate, *WRITTEN)
    later(advocate)
    advocate.reload()
    expect(connection(advocate)).to_have_text(re.compile("Offline since"))
    expect(unsent(advocate)).to_have_text(WRITTEN)
    assert times(advocate) == written
    check_axe(advocate)
    keep_screenshot(advocate, "story-cut-unsent-phone")

    # The coordinator's urgent message does not reach her page; her telephone is woken, and again.
    telephone = woken_at(scene.dana)
    composer(coordinator).fill(URGENT)
    coordinator.get_by_role("checkbox", name="Urgent").check()
    coordinator.get_by_role("button", name="Send", exact=True).click()
    wait_until(lambda: len(telephone.came) == 1)
    urgent = Message.objects.get(urgent=True)
    repeat(urgent)
    wait_until(lambda: len(telephone.came) == 2)
    assert {told["text"] for told in telephone.came} == {"Something is waiting for you."}
    expect(banner(advocate)).to_have_count(0)

    # Meanwhile another organization takes the interpreter's place.
    scene.answer(asked, scene.grace, takes={"interpreter": 1})
    answering.get_by_role("button", name="Send the answer").click()
    expect(answering.get_by_role("alert")).to_be_visible()

    # The signal is back: each is sent once, in the order in which it was written.
    for page in (advocate, answering):
        page.context.set_offline(False)
        expect(connection(page)).to_have_text("Live")
    for page in (coordinator, advocate):
        each_is_there_once(page)
    expect(unsent(advocate)).to_have_count(0)
    coordinator.reload()
    each_is_there_once(coordinator)
    for message in Message.objects.filter(urgent=False):
        assert CUT <= message.posted_at - message.written_at < 2 * CUT
    expect(coordinator.get_by_text(re.compile("^written "))).to_have_count(len(WRITTEN))
    keep_screenshot(coordinator, "story-cut-sent")

    # The urgent one stands on both her screens until she has read it; then nothing wakes her any more.
    for page in (advocate, answering):
        expect(banner(page)).to_contain_text(URGENT)
    check_axe(advocate)
    keep_screenshot(advocate, "story-cut-urgent-phone")
    banner(advocate).get_by_role("button", name="I have read it").click()
    for page in (advocate, answering):
        expect(banner(page)).to_have_count(0)
    assert not Message.objects.get(urgent=True).calls
    coordinator.get_by_role("button", name="Who has acknowledged it").click()
    expect(coordinator.get_by_role("dialog")).to_contain_text("Everybody has")
    coordinator.keyboard.press("Escape")
    assert len(telephone.came) == 2

    # What was taken is said where it was chosen, and nothing is overwritten.
    expect(answering.get_by_text("none left")).to_be_visible()
    answering.get_by_role("button", name="Send the answer").click()
    expect(answering.get_by_role("alert")).to_contain_text("taken a moment ago")
    check_axe(answering)
    keep_screenshot(answering, "story-cut-conflict-phone")
    held = {a.organization_id: dict(a.takes.values_list("slot__role", "places")) for a in Answer.objects.all()}
    assert held == {scene.house.pk: {"advocate": 1}, scene.clinic.pk: {"interpreter": 1}}
    answering.get_by_role("button", name="One fewer: Interpreter").click()
    answering.get_by_role("button", name="One more: Advocate").click()
    answering.get_by_role("button", name="Send the answer").click()
    expect(answering.get_by_text("2 places are yours.")).to_be_visible()
    expect(answering.get_by_role("list", name="Roles").get_by_text("Advocate: 2 of 2 filled")).to_be_visible()
