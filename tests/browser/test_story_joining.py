"""An organization joins: it applies, agrees, is verified, brings its people in; its agreement lapses and is renewed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from coordination.events import services as events
from coordination.working_groups import services as working_groups
from portal.kernel import clock
from portal.kernel.models import Network
from portal.kernel.writing import Actor
from portal.organizations import jobs
from portal.organizations.models import Agreement, Organization
from portal.people.models import User
from tests import world
from tests.browser import mail
from tests.browser.places import Room, composer, connection, is_kept, message, wait_until, write
from tests.browser.test_sign_in import NEW_PASSWORD, code_now
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.events.gathering import course, dates, in_days
from tests.organizations.agreed import agreed, lapse

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE, NIA, OLA = "office@river.example.org", "nia@river.example.org", "ola@river.example.org"


@pytest.fixture
def room(transactional_db):
    """Mara leads two groups, one of which asks for a training; Dana leads a third. One event is for anybody."""
    found = Room(second_factor=True)
    mara, dana = Actor(found.mara, found.agency), Actor(found.dana, found.house)
    found.desk = working_groups.create_working_group(
        mara, name="Interview desk", group_kind="victim_services", certificate="professional_training"
    )
    found.legal = working_groups.create_working_group(dana, name="Legal table", group_kind="legal_services")
    for title in ("Plenary", "Know the signs"):
        event = course(
            mara, [], title=title, event_kind="awareness_campaign", rule="", places=[], everyone=True, about="Come."
        )
    events.publish_event(Actor(found.mara), event)
    found.chief = world.administrator()
    return found


def come_in(page: Page, server, email: str, name: str) -> User:
    """By the mailed link, in three steps; nothing opens before there is a second factor."""
    page.goto(mail.link(server, email, "/join/"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.goto("/groups")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("button", name="Use an authenticator app instead").click()
    expect(page.locator("code")).not_to_be_empty()
    secret = (page.locator("code").text_content() or "").replace(" ", "")
    page.get_by_label("Code shown by the app").fill(code_now(secret))
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("button", name="I have saved them").click()
    expect(connection(page)).to_have_text("Live")
    return User.objects.get(email=email)


def ask(page: Page, group, *names: str) -> None:
    page.goto(f"/groups/{group.pk}")
    page.get_by_role("button", name="Ask to join").click()
    for name in names:
        page.get_by_label(name).check()
    page.get_by_role("button", name="Ask", exact=True).click()


def record(page: Page, days: int) -> None:
    """An agreement that was signed today, on the screen of its organization."""
    today = Network.current().day(clock.now())
    page.get_by_label("Signed on").fill(today.isoformat())
    page.get_by_label("To be looked at again on").fill((today + timedelta(days=days)).isoformat())
    page.get_by_label("Countersigned by").fill("Chair of the steering committee")
    page.get_by_label("Where the paper is").fill("Folder 7 of the coordinator")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The agreement is recorded.")).to_be_visible()


def test_an_organization_joins(room, server, open_page, watch, keep_screenshot):
    watch.allow("status of 40[0134]")  # a second step is asked for; what is not theirs yet is refused
    watch.allow("status of (409|422)")  # no agreement, no certificate

    # 1. Somebody applies on the public page, where there is no script.
    stranger = open_page(DESKTOP, java_script_enabled=False)
    stranger.goto("/en/apply")
    stranger.get_by_label("Organization").fill("River Shelter")
    stranger.get_by_label("What it is").select_option("shelter_operator")
    stranger.get_by_label("What it does").fill("Twelve beds, open at night.")
    stranger.get_by_label("Role of the contact").fill("Director")
    stranger.get_by_label("E-mail address").fill(OFFICE)
    stranger.get_by_label("Why it wants to join").fill("We take people at night. Our agreement is in folder 7.")
    stranger.get_by_role("button", name="Send the application").click()
    expect(stranger.get_by_role("status")).to_contain_text("Thank you.")

    # The network asks for agreements; an administrator reads what was written and accepts.
    chief = open_page(DESKTOP, room.chief)
    chief.goto("/settings/network")
    needs = chief.get_by_label("An organization needs an agreement before it is verified")
    needs.check()
    wait_until(lambda: Network.current().agreement_required)
    check_axe(chief)
    keep_screenshot(chief, "joining-network-desktop")
    chief.goto("/settings/network/applications")
    expect(chief.get_by_text("Our agreement is in folder 7.")).to_be_visible()
    check_axe(chief)
    keep_screenshot(chief, "joining-application-desktop")
    chief.get_by_role("button", name="Accept").click()
    expect(chief.get_by_text("River Shelter is accepted.")).to_be_visible()
    river = Organization.objects.get(name="River Shelter")

    # 2. Who wrote comes in by mail. Until it is verified, they see what anybody sees, and nothing else.
    office = open_page(PHONE)
    come_in(office, server, OFFICE, "Rosa Vale")
    office.goto("/events")
    expect(office.get_by_role("heading", level=1, name="Events")).to_be_visible()
    for path in ("occurrences", "events", "working-groups", "requests", "needs", "offers"):
        found = office.evaluate(
            "path => fetch(path).then(a => a.json()).then(a => a.results.length)", f"/api/v1/{path}"
        )
        assert found == 0, path
    office.goto("/en/public-events")
    expect(office.get_by_text("Know the signs")).to_be_visible()
    expect(office.get_by_text("Plenary")).to_have_count(0)

    # 3. No agreement, no verification; with it, it is in the network on its open screen.
    office.goto(f"/settings/organizations/{river.pk}")
    expect(connection(office)).to_have_text("Live")
    chief.goto("/settings/network")
    chief.get_by_role("button", name="Verify").click()
    expect(chief.get_by_text("This network asks for an agreement first.")).to_be_visible()
    chief.get_by_role("link", name="River Shelter").click()
    chief.get_by_role("button", name="Record an agreement").click()
    check_axe(chief)
    record(chief, 25)
    expect(office.get_by_text("Folder 7 of the coordinator")).to_be_visible()
    chief.goto("/settings/network")
    chief.get_by_role("button", name="Verify").click()
    expect(chief.get_by_text("River Shelter is verified.")).to_be_visible()
    expect(office.get_by_text("Verified", exact=True)).to_be_visible()

    # Its administrator invites two people; both have to set up a second factor.
    for email, tier in ((NIA, "coordinator"), (OLA, "member")):
        office.get_by_label("E-mail address").fill(email)
        office.get_by_label("Tier").locator("visible=true").last.select_option(tier)
        office.get_by_role("button", name="Invite").click()
        expect(office.get_by_text(f"The invitation to {email} is on its way.")).to_be_visible()
    nia, ola = open_page(DESKTOP), open_page(PHONE)
    bell = come_in(nia, server, NIA, "Nia Bell")
    come_in(ola, server, OLA, "Ola Reed")

    # 4. They ask to join two groups: one lead accepts, the other declines and says why.
    ask(nia, room.group, "Nia Bell", "Ola Reed")
    expect(nia.get_by_text("Asked. The leads of the group decide.")).to_be_visible()
    ask(nia, room.legal, "Nia Bell")
    expect(nia.get_by_text("Asked. The leads of the group decide.")).to_be_visible()
    mara, dana = open_page(DESKTOP, room.mara), open_page(PHONE, room.dana)
    mara.goto(f"/groups/{room.group.pk}")
    mara.get_by_role("button", name="Accept").click()
    dana.goto(f"/groups/{room.legal.pk}")
    dana.get_by_role("button", name="Decline").click()
    dana.get_by_label("Why?").fill("This table is for attorneys. Ask again once you have one.")
    dana.get_by_role("button", name="Send", exact=True).click()
    expect(nia.get_by_text("This table is for attorneys.")).to_be_visible()
    check_axe(nia)
    keep_screenshot(nia, "joining-declined-desktop")
    ola.goto(f"/groups/{room.group.pk}")
    expect(ola.get_by_role("link", name="Open the channel")).to_be_visible()

    # A third asks for a training. Without it: a plain sentence. A lead marks who was there, and they are let in.
    ask(nia, room.desk, "Nia Bell")
    expect(nia.get_by_text("Each of them needs the certificate that this group asks for.").first).to_be_visible()
    check_axe(nia)
    keep_screenshot(nia, "joining-certificate-desktop")
    with clock.at(clock.now() - timedelta(days=5)):
        training = course(
            Actor(room.mara, room.agency),
            [river],
            title="Safe interviews",
            rule="",
            places=[],
            local_start=in_days(2),
            certificate=True,
        )
        events.register(Actor(bell, river), dates(training)[0])
    mara.goto(f"/events/{training.pk}?date={dates(training)[0].pk}")
    mara.get_by_role("group", name="Whether Nia Bell was there").get_by_role("button", name="Was there").click()
    nia.goto("/settings/certificates")
    expect(nia.get_by_text("Safe interviews")).to_be_visible()
    ask(nia, room.desk, "Nia Bell")
    expect(nia.get_by_text("Asked. The leads of the group decide.")).to_be_visible()
    mara.goto(f"/groups/{room.desk.pk}")
    mara.get_by_role("button", name="Accept").click()
    expect(nia.get_by_text("You are in it").or_(nia.get_by_role("link", name="Open the channel")).first).to_be_visible()


def test_an_agreement_lapses_and_is_renewed(room, server, open_page, watch, keep_screenshot):
    watch.allow("status of 409")
    chief_acts = Actor(room.chief)
    agreement = agreed(chief_acts, room.house, 20)

    # 5. Thirty and seven days before its end the administrators of both sides are told, by mail and on Today.
    jobs.tell_of_agreements()
    both = [room.dana.email, room.chief.email]
    wait_until(lambda: mail.addressees(server) == both)
    with clock.at(agreement.until - timedelta(days=6)):
        jobs.tell_of_agreements()
    assert Agreement.objects.get().told_before == 7
    dana = open_page(PHONE, room.dana)
    dana.goto("/today")
    expect(dana.get_by_role("heading", name="Agreements that end")).to_be_visible()

    # It lapses while somebody writes. A banner says so; what was typed stays, and is not sent.
    dana.goto(room.address)
    expect(connection(dana)).to_have_text("Live")
    write(dana, "We have two beds.")
    expect(message(dana, "We have two beds.")).to_be_visible()
    composer(dana).fill("And one more tomorrow.")
    lapse(room.house)
    dana.get_by_role("button", name="Send", exact=True).click()
    expect(dana.get_by_text("The agreement of this organization has lapsed.").first).to_be_visible()
    expect(dana.get_by_text("And one more tomorrow.")).to_be_visible()
    composer(dana).fill("Half a sentence")
    banner = dana.get_by_role("region", name="Agreement that has lapsed")
    expect(banner).to_contain_text("The agreement of Harbor House has lapsed.")
    expect(composer(dana)).to_have_value("Half a sentence")
    is_kept(dana, "Half a sentence", "And one more tomorrow.")
    dana.reload()
    expect(banner).to_be_visible()
    expect(composer(dana)).to_have_count(0)
    expect(dana.get_by_text("And one more tomorrow.")).to_be_visible()
    expect(message(dana, "We have two beds.")).to_be_visible()
    check_axe(dana)
    keep_screenshot(dana, "lapsed-channel-phone")

    # Nothing new is begun, nobody new invited; what to do is said. What was said can be taken back.
    dana.goto("/requests/new")
    expect(dana.get_by_text("Nothing is written for it until it is renewed.").first).to_be_visible()
    banner.get_by_role("link", name="What to do").click()
    expect(dana.get_by_text("Its administrators agree on a renewal")).to_be_visible()
    expect(dana.get_by_role("heading", name="Invite")).to_be_visible()
    expect(dana.get_by_role("button", name="Invite")).to_have_count(0)
    expect(dana.get_by_role("button", name="Edit")).to_have_count(0)
    check_axe(dana)
    keep_screenshot(dana, "lapsed-organization-phone")
    dana.goto(f"/groups/{room.group.pk}")
    expect(dana.get_by_role("button", name="Leave", exact=True)).to_be_visible()
    mara = open_page(DESKTOP, room.mara)
    mara.goto(f"/groups/{room.desk.pk}")
    mara.get_by_role("button", name="Invite an organization").click()
    expect(mara.get_by_label("Organization").get_by_role("option", name="Harbor House")).to_have_count(0)

    # Renewed: on the open screen all of it works again, and what was not sent goes out.
    dana.goto(room.address)
    expect(banner).to_be_visible()
    expect(connection(dana)).to_have_text("Live")
    chief = open_page(DESKTOP, room.chief)
    chief.goto(f"/settings/organizations/{room.house.pk}")
    expect(chief.get_by_text("Over", exact=True).or_(chief.get_by_text("In force", exact=True)).first).to_be_visible()
    chief.get_by_role("button", name="Record its renewal").click()
    record(chief, 365)
    expect(banner).to_have_count(0)
    expect(composer(dana)).to_have_value("Half a sentence")
    dana.get_by_role("button", name="Try again").click()
    expect(message(dana, "And one more tomorrow.")).to_be_visible()
    mara.goto(room.address)
    expect(message(mara, "And one more tomorrow.")).to_be_visible()
