"""On a slow line or a slow machine: answers that come late or out of order, and hands that are faster than they."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from coordination.working_groups import services as working_groups
from messaging.models import Message, ReadMark
from portal.kernel.writing import Actor
from tests import world
from tests.browser.places import Room, composer, connection, message, open_channel, sign_in, sign_out
from tests.events.gathering import course, in_days

pytestmark = pytest.mark.django_db(transaction=True)
OUTSIDE = "https://www.wikipedia.org/"


@pytest.fixture
def room(transactional_db: None) -> Any:
    """Victim Services, led by Mara; Dana is in it, Jonas works with Mara."""
    found: Any = Room()
    found.jonas = world.person(found.agency, "member", "Jonas Webb")
    return found


class Held:
    """What the portal answers to these requests is known here and kept back, until it is let go."""

    def __init__(self, page: Page, address: Any, most: int | None = None) -> None:
        self.page, self.address, self.most = page, address, most
        self.taken = 0
        self.released = False
        self.kept: list[tuple[Route, APIResponse]] = []
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self.taken == self.most:
            route.fallback()
            return
        self.taken += 1
        answer = route.fetch()
        if self.released:
            route.fulfill(response=answer)
        else:
            self.kept.append((route, answer))

    def wait(self) -> None:
        wait_in(self.page, lambda: self.kept)

    def release(self) -> None:
        self.released, self.most = True, self.taken
        for route, answer in self.kept:
            with self.page.expect_event("requestfinished", lambda request, let_go=route.request: request == let_go):
                route.fulfill(response=answer)
        # what is wrong would come with the answer
        self.page.evaluate("new Promise((done) => setTimeout(done, 500))")


def wait_in(page: Page, so: Callable[[], object]) -> None:
    """Unlike `wait_until` it lets the page be served meanwhile."""
    for _ in range(150):
        if so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")


def test_enter_takes_nobody_from_a_list_that_is_of_other_words(room, open_page):
    page = open_page(person=room.mara)
    page.goto("/messages/new?kind=private")
    people = page.get_by_role("combobox", name="People")
    people.focus()
    options = page.get_by_role("option")
    expect(options).to_have_text([re.compile("Dana Kim"), re.compile("Jonas Webb")])
    held = Held(page, re.compile("/channels/candidates"))
    people.press_sequentially("jon")
    people.press("Enter")
    held.wait()
    people.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Leave .* out$"))).to_have_count(0)
    held.release()
    expect(options).to_have_text([re.compile("Jonas Webb")])
    people.press("Enter")
    expect(page.get_by_role("button", name="Leave Jonas Webb out")).to_be_visible()


def test_who_is_mentioned_is_chosen_from_the_list_of_what_is_written(room, open_page):
    page = open_page(person=room.mara)
    open_channel(page, room)
    offered = page.get_by_role("listbox", name="People in this channel").get_by_role("option")
    composer(page).press_sequentially("Ask @da")
    expect(offered).to_have_count(1)
    held = Held(page, re.compile(r"/people\?"))
    composer(page).press_sequentially(" today")
    composer(page).press("Enter")
    held.wait()
    composer(page).press("Enter")
    expect(composer(page)).to_have_value("Ask @da today")
    held.release()
    expect(offered).to_have_count(0)
    # Whoever went on to another place is not called back by a list.
    composer(page).fill("")
    held = Held(page, re.compile(r"/people\?"))
    composer(page).press_sequentially("@da")
    held.wait()
    page.get_by_role("button", name="Pinned", exact=True).focus()
    held.release()
    expect(offered).to_have_count(0)


def test_who_will_see_it_is_told_by_the_newest_answer(room, open_page):
    def joins(name: str) -> None:
        house = world.organization(f"House of {name}", "shelter_operator")
        person = world.person(house, "coordinator", name)
        asked = working_groups.apply_to_join(Actor(person, house), room.group, [person])
        working_groups.accept_application(Actor(room.mara, room.agency), asked)

    page = open_page(person=room.mara)
    open_channel(page, room)
    seen_by = page.get_by_text(re.compile("^Will be seen by the group Victim Services"))
    expect(seen_by).to_contain_text("2 people")
    held = Held(page, re.compile(r"/channels/[^/]+/audience$"), most=1)
    joins("Ines Roth")
    held.wait()
    joins("Otto Beck")
    expect(seen_by).to_contain_text("4 people")
    held.release()
    expect(seen_by).to_contain_text("4 people")


def test_of_two_jumps_the_last_counts(room, open_page):
    first = room.said(room.mara, "The first question?")[0]
    room.said(room.dana, *[f"Early {n}" for n in range(119)])
    second = room.said(room.mara, "The second question?")[0]
    room.said(room.dana, *[f"Late {n}" for n in range(140)])
    for number, original in enumerate((first, second), 1):
        reply = room.said(room.dana, f"Answer {number}")[0]
        Message.objects.filter(pk=reply.pk).update(reply_to=original)
    page = open_page(person=room.dana)
    open_channel(page, room)
    expect(message(page, "Answer 2").get_by_text("The second question?")).to_be_visible()
    held = Held(page, re.compile(r"/messages\?after=1&"))
    message(page, "Answer 1").get_by_role("button", name=re.compile("^In reply to")).click()
    held.wait()
    message(page, "Answer 2").get_by_role("button", name=re.compile("^In reply to")).click()
    expect(page.locator("[data-position='121']")).to_be_focused()
    held.release()
    expect(page.locator("[data-position='121']")).to_be_focused()


def test_how_far_one_read_is_told_again_when_the_line_that_took_it_was_dead(room, open_page):
    page, sockets = open_page(person=room.dana), []

    def through(socket: Any) -> None:
        portal = socket.connect_to_server()
        sockets.append(socket)
        dead = len(sockets) == 1
        socket.on_message(lambda said: None if dead and '"seen"' in said else portal.send(said))

    page.route_web_socket(re.compile("/api/v1/live"), through)
    room.said(room.mara, "Two beds are free.")
    open_channel(page, room)
    expect(message(page, "Two beds are free.")).to_be_visible()
    page.wait_for_timeout(1_000)  # it is said a moment after it was seen
    marks = ReadMark.objects.filter(person=room.dana, channel=room.channel)
    assert marks.get().position == 0
    sockets[0].close(code=1011, reason="gone")
    wait_in(page, lambda: len(sockets) == 2)
    expect(connection(page)).to_have_text("Live")
    wait_in(page, lambda: marks.get().position == 1)


def test_unlocking_is_not_undone_by_an_answer_from_before(room, open_page, watch):
    watch.allow("status of 401")
    page = open_page(person=room.dana)
    page.goto("/requests")
    expect(connection(page)).to_have_text("Live")
    with page.expect_response("**/session/lock"):
        page.keyboard.press("Control+Shift+L")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    held = Held(page, "**/api/v1/session", most=1)
    # Another tab says so, and is mistaken.
    page.evaluate("new BroadcastChannel('concord').postMessage('unlocked')")
    held.wait()
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    with page.expect_response("**/auth/reauthenticate"):
        page.get_by_role("button", name="Unlock").click()
    held.release()
    expect(page.get_by_role("heading", level=1, name="Requests")).to_be_visible()


def test_escape_three_times_leaves_however_slowly_it_is_handled(room, open_page, watch):
    watch.allow(re.escape(OUTSIDE))
    watch.allow("status of 401")  # what signing out answers
    page = open_page(person=room.dana)
    page.goto("/today")
    expect(connection(page)).to_have_text("Live")
    page.route(OUTSIDE, lambda route: route.fulfill(body="Elsewhere", content_type="text/html"))
    with page.expect_request(OUTSIDE):
        # Pressed at once; the machine is busy for a second after each.
        page.evaluate("""() => {
          const busy = () => { for (const until = performance.now() + 1000; performance.now() < until;); };
          addEventListener('keydown', busy);
          const pressed = [1, 2, 3].map(() => new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
          for (const each of pressed) document.body.dispatchEvent(each);
        }""")
    expect(page.get_by_text("Elsewhere")).to_be_visible()


def test_two_filters_in_one_breath_both_count(room, open_page):
    page = open_page(person=room.dana)
    page.goto("/requests")
    expect(connection(page)).to_have_text("Live")
    expect(page.get_by_role("combobox")).not_to_have_count(0)
    page.evaluate("""() => {
      const [box, state] = document.querySelectorAll('.filters select');
      for (const [select, value] of [[box, 'received'], [state, 'open']]) {
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }""")
    expect(page).to_have_url(re.compile("box=received&state=open$"))


def test_a_month_turned_twice_in_one_breath_is_two_months_on(room, open_page):
    page = open_page(person=room.dana)
    page.goto("/events?view=month&date=2027-01-31")
    expect(page.get_by_role("heading", name="January 2027")).to_be_visible()
    page.evaluate("""() => {
      const next = document.querySelectorAll('.turn button')[2];
      next.click();
      next.click();
    }""")
    expect(page.get_by_role("heading", name="March 2027")).to_be_visible()


def test_whoever_went_elsewhere_is_not_fetched_back_by_an_answer(room, open_page):
    page = open_page(person=room.mara)
    page.goto("/messages/new")
    page.get_by_role("combobox", name="With whom").fill("dana")
    page.get_by_role("option", name=re.compile("Dana Kim")).click()
    held = Held(page, "**/api/v1/channels/direct")
    page.get_by_role("button", name="Open the conversation").click()
    held.wait()
    page.get_by_role("link", name="Requests").click()
    expect(page.get_by_role("heading", level=1, name="Requests")).to_be_visible()
    held.release()
    expect(page).to_have_url(re.compile("/requests$"))


def test_what_is_sent_before_the_next_letter_is_written_is_no_draft(room, open_page):
    page = open_page(person=room.dana)
    open_channel(page, room)
    # Encrypting takes its time: what is typed is on its way to the store when it is sent.
    page.evaluate("""() => {
      const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
      crypto.subtle.encrypt = async (...given) => {
        await new Promise((done) => setTimeout(done, 400));
        return encrypt(...given);
      };
    }""")
    composer(page).fill("Two beds are free.")
    page.wait_for_timeout(200)
    composer(page).press("Enter")
    expect(message(page, "Two beds are free.")).to_be_visible()
    page.wait_for_timeout(1_000)
    page.reload()
    expect(message(page, "Two beds are free.")).to_be_visible()
    expect(composer(page)).to_have_value("")


def test_of_two_files_the_last_is_looked_at(room, open_page):
    page = open_page(person=room.mara)
    page.goto("/resources/import")
    chosen, found = page.get_by_label("File", exact=True), page.get_by_role("row", name="2 ")
    head = "category,maximum,county,unit\n"
    held = Held(page, "**/offers/import/preview", most=1)
    for row in ("emergency_bed,3,US-IA-113,", "food,12,US-IA-103,item"):
        file = {"name": "offers.csv", "mimeType": "text/csv", "buffer": f"{head}{row}\n".encode()}
        chosen.set_input_files(file)
        held.wait()
    held.release()
    expect(found).to_contain_text("Food")


def test_of_two_weeks_the_last_shows_its_dates(room, open_page):
    lead = Actor(room.mara, room.agency)
    for title, day in (("Roll call", 2), ("Second roll call", 16)):
        told = {"title": title, "rule": "", "local_start": in_days(day), "places": []}
        course(lead, [], working_groups=[room.group], **told)
    page = open_page(person=room.mara)
    page.goto(f"/events?view=week&date={in_days(2):%Y-%m-%d}&group={room.group.pk}")
    expect(page.get_by_role("link", name="Roll call").first).to_be_visible()
    held = Held(page, re.compile("working_group="), most=1)
    turn = page.get_by_role("button", name="Later")
    turn.click()
    held.wait()
    turn.click()
    later = page.get_by_role("link", name="Second roll call").first
    expect(later).to_be_visible()
    held.release()
    expect(later).to_be_visible()


def test_another_tab_that_signs_out_takes_nothing_from_who_was_never_in(room, open_page, watch):
    watch.allow("status of 401")  # what signing out answers
    page = open_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("half.written@exam")
    other = page.context.new_page()
    other.goto("/sign-in")
    sign_in(other, "dana.kim@example.org")
    expect(connection(other)).to_have_text("Live")
    sign_out(other)
    page.wait_for_timeout(500)
    assert page.url.endswith("/sign-in")
    expect(page.get_by_label("E-mail address")).to_have_value("half.written@exam")
