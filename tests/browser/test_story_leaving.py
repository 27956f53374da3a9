"""A nurse leaves: what she sees to is handed over, her open screen empties, and a new employer begins anew."""

import re

import pytest
from playwright.sync_api import expect

from coordination.requests.models import Request
from coordination.rota.models import Shift
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import Tier
from tests import world
from tests.browser.mail import link
from tests.browser.places import connection, is_kept
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.organizations.handover import Handover

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "The night bus stops at the corner."


@pytest.fixture
def scene(transactional_db):
    found = Handover()
    found.admit(found.group, found.nora)
    found.say(found.nora, SAID)
    return found


def wizard(scene):
    return f"/settings/organizations/{scene.house.pk}/people/{scene.nora.pk}/leave"


def taken_over(page, heading, at=0):
    section = page.get_by_role("heading", name=heading, exact=True).locator("xpath=..")
    return section.get_by_label("Taken over by").nth(at)


def test_a_nurse_leaves_and_begins_elsewhere(scene, server, open_page, watch, keep_screenshot):
    watch.allow("status of (403|404|409|422)")  # what she lost is asked for once more; what is refused is refused
    nurse, admin = open_page(DESKTOP, scene.nora), open_page(DESKTOP, scene.dana)
    colleague = open_page(PHONE, scene.mara)
    received: list[str] = []
    nurse.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))))
    nurse.goto(f"/messages/{scene.group.channel_id}")
    expect(nurse.get_by_text(SAID)).to_be_visible()
    expect(connection(nurse)).to_have_text("Live")

    # 1, 2: the administrator marks her as leaving, and is told what somebody has to see to.
    admin.goto(f"/settings/organizations/{scene.house.pk}")
    admin.get_by_role("link", name="Nora leaves the organization").click()
    expect(admin.get_by_role("heading", level=1, name="Nora leaves Harbor House")).to_be_visible()
    for kind in ("Requests", "Backup for requests", "Promised help", "Events", "Needs", "Offers", "Shifts on call"):
        expect(admin.get_by_role("heading", name=kind, exact=True)).to_be_visible()
    leave = admin.get_by_role("button", name="Nora leaves now")
    expect(leave).to_be_disabled()
    check_axe(admin)
    keep_screenshot(admin, "leaving-desktop")

    # 4: she is the only lead of a group, and is not gone before it has another.
    expect(admin.get_by_role("heading", name="Group leadership")).to_be_visible()
    admin.get_by_label("One person for everything").select_option("Dana")
    taken_over(admin, "Backup for requests").select_option("Lucia")
    taken_over(admin, "Group leadership").select_option("Lucia")
    taken_over(admin, "Shifts on call", 1).select_option("Nobody: left open")
    expect(admin.get_by_text("9 of 9 decided")).to_be_visible()

    # What is chosen outlives a reload; what comes meanwhile is shown, and nothing is done before it is decided.
    check_axe(admin)
    is_kept(admin, str(scene.lucia.pk), "leave:")
    admin.reload()
    expect(admin.get_by_text("9 of 9 decided")).to_be_visible()
    scene.planned(96)
    leave.click()
    expect(admin.get_by_text("that has changed meanwhile")).to_be_visible()
    expect(admin.get_by_text("new", exact=True)).to_have_count(1)
    expect(admin.get_by_text("9 of 10 decided")).to_be_visible()
    assert is_member(scene.nora.pk, scene.house.members_id)
    taken_over(admin, "Shifts on call", 2).select_option("Lucia")

    # 3: with one press everything passes, and her access ends on her open screen.
    leave.click()
    expect(admin.get_by_text("Nora has left. Everything was handed over.")).to_be_visible()
    expect(admin.get_by_role("link", name="Nora leaves the organization")).to_have_count(0)
    expect(nurse.get_by_text(SAID)).to_have_count(0)
    assert Request.objects.get(pk=scene.sent.pk).posted_by == scene.dana
    assert {shift.person.name for shift in Shift.objects.all()} == {"Dana", "Lucia"}
    assert is_member(scene.lucia.pk, scene.led.leads_id)
    scene.say(scene.mara, "Said after she left.")
    nurse.wait_for_timeout(3000)  # longer than a sweep of the hub: silence must be waited for
    assert not [frame for frame in received if "Said after she left." in frame]
    for path in (
        f"channels/{scene.group.channel_id}/messages",
        f"requests/{scene.sent.pk}",
        f"events/{scene.event.pk}",
    ):
        status = nurse.evaluate("path => fetch(path).then(answer => answer.status)", f"/api/v1/{path}")
        assert status == 404, path

    # History says "former member".
    colleague.goto(f"/messages/{scene.group.channel_id}")
    expect(colleague.get_by_text(SAID)).to_be_visible()
    expect(colleague.get_by_text("former member")).to_be_visible()
    expect(colleague.get_by_text("Nora", exact=True)).to_have_count(0)
    keep_screenshot(colleague, "leaving-history-phone")

    # 5: a new employer invites her; she begins there with what is shared with it, and nothing of before.
    employer = Actor(world.person(scene.clinic, Tier.ADMINISTRATOR, "Ruth"), scene.clinic)
    organizations.invite(employer, scene.clinic, scene.nora.email, Tier.MEMBER)
    nurse.goto(link(server, scene.nora.email, "/join/"))
    nurse.get_by_role("button", name="Accept as Nora").click()
    expect(nurse).to_have_url(re.compile("/today"))
    nurse.goto("/messages")
    expect(connection(nurse)).to_have_text("Live")
    expect(nurse.get_by_role("link", name=re.compile("Housing"))).to_have_count(0)
    for path, status in (
        (f"channels/{scene.group.channel_id}", 404),
        (f"requests/{scene.promised.request_id}", 404),
        (f"organizations/{scene.house.pk}/people", 403),
        (f"organizations/{scene.clinic.pk}/people", 200),
        (f"requests/{scene.sent.pk}", 200),  # the clinic was asked
    ):
        assert nurse.evaluate("path => fetch(path).then(answer => answer.status)", f"/api/v1/{path}") == status, path
    nurse.goto(f"/messages/{scene.group.channel_id}")
    expect(nurse.get_by_text("This channel is not shared with you, or not any more.")).to_be_visible()


def test_somebody_leaves_by_themselves_on_the_phone(scene, open_page, watch, keep_screenshot):
    watch.allow("status of (403|404)")
    page = open_page(PHONE, scene.nora, color_scheme="dark", locale="es-ES")
    scene.nora.locale = "es"
    scene.nora.save(update_fields=["locale"])
    page.goto(f"/settings/organizations/{scene.house.pk}")
    page.get_by_role("link", name="Dejar la organización").click()
    expect(page.get_by_role("heading", level=1, name="Usted deja Harbor House")).to_be_visible()
    page.get_by_label("Una persona para todo").select_option("Lucia")
    expect(page.get_by_text("8 de 9 decididas")).to_be_visible()  # promised help is a matter of coordinators
    page.get_by_label("Una persona para todo").focus()
    page.keyboard.press("Tab")
    check_axe(page)
    keep_screenshot(page, "leaving-phone-dark")
    promised = page.get_by_role("heading", name="Ayuda prometida").locator("xpath=..")
    promised.get_by_label("Se hace cargo").select_option("Dana")
    page.get_by_role("button", name="Dejar la organización ahora").click()
    expect(page.get_by_text("Usted dejó la organización.")).to_be_visible()
    expect(page).to_have_url(re.compile("/settings$"))
    assert not is_member(scene.nora.pk, scene.house.members_id)
