"""A device is woken: allowed by a press of a button, shown by the service worker, and it says one sentence."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from portal.notify.jobs import message
from portal.notify.models import PushSubscription, QuietHours
from tests.browser.places import is_kept, wait_until
from tests.browser.test_offline import CONTROLLED
from tests.browser.watch import PHONE, check_axe
from tests.scene import Scene

KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
# a browser without a network reaches no push service of its maker: it is the portal's part that is tried
SUBSCRIBES = """
const subscription = {
  toJSON: () => ({ endpoint: 'https://web.push.apple.com/kestrel',
    keys: { p256dh: 'KEY', auth: 'BTBZMqHH6r4Tts7J_aSIgg' } }),
  unsubscribe: async () => { PushManager.subscribed = null; return true; },
};
PushManager.prototype.getSubscription = async () => PushManager.subscribed ?? null;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  window.subscribedWith = applicationServerKey;
  return PushManager.subscribed = subscription;
};
Notification.requestPermission = async () => 'granted';
Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
""".replace("KEY", KEY)
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, icon }) => ({ title, body, tag, icon: new URL(icon).pathname }))"""
REFUSED = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
HANGS = """Notification.requestPermission = async () => 'granted';
PushManager.prototype.subscribe = () => new Promise(() => {})"""


@pytest.fixture
def scene(transactional_db):
    return Scene()


def deliver(page, said):
    """As the browser hands a push message to the service worker."""
    page.evaluate(CONTROLLED)
    session = page.context.new_cdp_session(page)
    found = {}
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.update(event))
    session.send("ServiceWorker.enable")
    wait_until(lambda: page.evaluate("true") and found.get("registrations"))  # what it tells comes with an answer
    registration = found["registrations"][0]["registrationId"]
    parts = urlsplit(page.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    session.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": said.decode()}
    )


def test_a_push_is_shown_once_and_says_one_sentence(scene, open_page):
    page = open_page(PHONE, scene.dana, permissions=["notifications"])
    page.goto("/today")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(3):
        deliver(page, message(PushSubscription(person=scene.dana, neutral=False)))
    sentence = "Something is waiting for you."
    told = [{"title": "Concord", "body": sentence, "tag": "waiting", "icon": "/icon.svg"}]
    wait_until(lambda: page.evaluate(SHOWN) == told)
    scene.dana.locale = "es"
    deliver(page, message(PushSubscription(person=scene.dana, neutral=True)))
    # the last of them: what stands there now is all that is left of four
    neutral = {"title": "Notas", "body": "Algo le espera.", "tag": "waiting", "icon": "/icon-neutral.svg"}
    wait_until(lambda: page.evaluate(SHOWN) == [neutral])


def test_a_device_is_allowed_and_stopped(scene, open_page, keep_screenshot):
    page = open_page(PHONE, scene.dana)
    page.add_init_script(SUBSCRIBES)
    page.goto("/settings/waking")
    page.evaluate(CONTROLLED)
    assert not PushSubscription.objects.exists()
    page.get_by_role("button", name="Allow notifications here").click()
    expect(page.get_by_text(re.compile("^This device is woken until"))).to_be_visible()
    found = PushSubscription.objects.get()
    assert (found.person, found.public_key, found.neutral) == (scene.dana, KEY, False)
    assert len(page.evaluate("subscribedWith")) == 87
    check_axe(page)
    keep_screenshot(page, "waking-phone")
    page.get_by_role("button", name="Stop notifications here").click()
    expect(page.get_by_role("button", name="Allow notifications here")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_what_a_browser_refuses_or_never_answers_is_said(scene, open_page, keep_screenshot):
    refused = open_page(person=scene.dana)
    refused.add_init_script(REFUSED)
    refused.goto("/settings/waking")
    expect(refused.get_by_text(re.compile("^The browser refuses notifications"))).to_be_visible()
    keep_screenshot(refused, "waking-refused")
    silent = open_page(PHONE, scene.dana)
    silent.add_init_script(HANGS)
    silent.goto("/settings/waking")
    silent.evaluate(CONTROLLED)
    silent.get_by_role("button", name="Allow notifications here").click()
    expect(silent.get_by_role("alert").get_by_text(re.compile("did not answer"))).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_quiet_hours_are_kept_and_dropped(scene, open_page):
    page = open_page(PHONE, scene.dana, color_scheme="dark")
    page.goto("/settings/waking")
    page.get_by_label("From").fill("21:30")
    is_kept(page, "21:30")
    page.reload()
    expect(page.get_by_label("From")).to_have_value("21:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Quiet from 21:30 to 07:00")).to_be_visible()
    check_axe(page)
    assert str(QuietHours.objects.get().begins) == "21:30:00"
    page.get_by_role("button", name="No quiet hours").click()
    expect(page.get_by_text("You have no quiet hours.")).to_be_visible()
    assert not QuietHours.objects.exists()


def test_the_sentence_is_all_there_is(scene):
    said = message(PushSubscription(person=scene.dana, neutral=False))
    assert json.loads(said) == {"name": "Concord", "neutral": False, "text": "Something is waiting for you."}
    assert len(said) == 256
