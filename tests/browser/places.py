"""A small network for browser tests, and what every test does on its pages."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from coordination.working_groups import services as working_groups
from messaging.models import Channel, Message
from messaging.posting import Post, post_messages
from portal.kernel.ids import uuid7
from portal.kernel.writing import Actor
from portal.people.models import User
from tests import world

# What lies on the device, as the app itself reads it.
KEPT = """async () => {
  const answered = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result)
    asked.onerror = failed
  })
  const texts = []
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('concord-')) continue
    const database = await answered(indexedDB.open(name))
    const stores = database.transaction(['keys', 'kept'])
    const [[key], kept] = await Promise.all(
      ['keys', 'kept'].map((store) => answered(stores.objectStore(store).getAll())))
    database.close()
    for (const { iv, data } of kept)
      texts.push(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data)))
  }
  return texts
}"""


class Room:
    """A group's channel, with an administrator of each of two organizations in it."""

    def __init__(self, *, second_factor: bool = False) -> None:
        world.network(second_factor=second_factor)
        self.agency = world.organization("County Agency", "local_government")
        self.house = world.organization("Harbor House", "shelter_operator")
        self.mara = world.with_password(world.person(self.agency, "administrator", "Mara Ortiz"))
        self.dana = world.with_password(world.person(self.house, "administrator", "Dana Kim"))
        lead = Actor(self.mara, self.agency)
        group = working_groups.create_working_group(lead, name="Victim Services", group_kind="victim_services")
        asked = working_groups.apply_to_join(Actor(self.dana, self.house), group, [self.dana])
        working_groups.accept_application(lead, asked)
        self.group = group
        self.channel = group.channel
        self.address = f"/messages/{group.channel.pk}"

    def said(self, person: User, *words: str, channel: Channel | None = None) -> list[Message]:
        """Stored at once, as if this person had written all of it."""
        posts = [Post(person=person, acting_for=None, client_id=uuid7(), body=each) for each in words]
        stored = post_messages((channel or self.channel).pk, posts)
        assert all(isinstance(message, Message) for message in stored), stored
        return stored  # type: ignore[return-value]


def sign_in(page: Page, email: str, password: str = world.PASSWORD) -> None:
    """Through the form that stands on the page."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def connection(page: Page) -> Locator:
    """The mark that is shown at this width."""
    return page.locator("[data-connection]").locator("visible=true")


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a message")


def open_channel(page: Page, room: Room) -> None:
    page.goto(room.address)
    expect(page.get_by_role("heading", name="Victim Services")).to_be_visible()
    expect(connection(page)).to_have_text("Live")


def write(page: Page, words: str) -> None:
    composer(page).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def message(page: Page, words: str) -> Locator:
    """The message that says this."""
    return page.locator("[data-message]").filter(has=page.locator(".body").get_by_text(words, exact=True))


def act(page: Page, words: str, action: str) -> None:
    """Choose an action in the menu of a message."""
    message(page, words).get_by_role("button", name=re.compile("^Actions for")).click()
    page.get_by_role("button", name=action, exact=True).locator("visible=true").last.click()


def kept_databases(page: Page) -> list[str]:
    """The databases that the app keeps in this browser."""
    found: list[str] = page.evaluate("indexedDB.databases().then((all) => all.map((each) => each.name))")
    return [name for name in found if re.match("concord-", name)]


def is_kept(page: Page, *words: str) -> None:
    """What was typed lies on the device, which takes a moment after the last key: the page may go."""
    wait_until(lambda: all(any(each in text for text in page.evaluate(KEPT)) for each in words))


def go_offline(page: Page) -> None:
    """Once the page has all of itself that it fetches by itself."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


def press_quickly(page: Page) -> None:
    """However slow the machine is: keys that are pressed one after the other are pressed within a moment."""
    page.add_init_script("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => performance.now() / 100 })")


def banner(page: Page) -> Locator:
    """The urgent message that waits for whoever this is."""
    return page.get_by_role("region", name="Urgent message")


def wait_until(so: Callable[[], object], otherwise: str = "it did not happen", seconds: float = 60) -> None:
    """What happens in the background, where no page shows it."""
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)
