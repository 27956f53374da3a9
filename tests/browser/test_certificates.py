"""From the mark of who was there to the stranger who checks a code; and what anybody may read of an event."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from portal.kernel import clock
from tests.browser.watch import PHONE, check_axe
from tests.events.gathering import course, dates, in_days, register
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Interviewing with care"


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_who_was_there_prints_a_certificate_and_anybody_checks_it_until_it_is_taken_back(
    scene, open_page, keep_screenshot
):
    with clock.at(clock.now() - timedelta(days=5)):
        told = {"title": TITLE, "rule": "", "local_start": in_days(2), "certificate": True, "places": []}
        event = course(scene.acting(scene.mara), [scene.house], **told)
        register(scene, scene.lucia, dates(event)[0])
    lucia = open_page(PHONE, scene.lucia)
    lucia.goto("/settings/certificates")
    expect(lucia.get_by_text("No certificates yet")).to_be_visible()

    mara = open_page(person=scene.mara)
    mara.goto(f"/events/{event.pk}")
    was = mara.get_by_role("group", name="Whether Lucia was there")
    was.get_by_role("button", name="Was there").click()

    expect(lucia.get_by_role("heading", name=TITLE)).to_be_visible()
    check_axe(lucia)
    keep_screenshot(lucia, "certificates-phone")
    with lucia.expect_download() as download:
        lucia.get_by_role("link", name=re.compile("PDF")).click()
    (paper,) = PdfReader(BytesIO(download.value.path().read_bytes())).pages
    code = re.search("([A-Z2-9]{3}-){8}[A-Z2-9]{3}", paper.extract_text())[0]
    expect(lucia.get_by_text(code)).to_be_visible()

    stranger = open_page(PHONE, java_script_enabled=False)

    def check():
        stranger.goto("/en/certificate")
        stranger.get_by_label("Code of the certificate").fill(code.lower())
        stranger.get_by_role("button", name="Check").click()
        return stranger.get_by_role("status")

    expect(check()).to_contain_text(f"Lucia took part in {TITLE}")
    expect(stranger.get_by_role("status")).to_contain_text("2 hours")
    keep_screenshot(stranger, "certificate-stands-phone")

    was.get_by_role("button", name="Was there").click()
    expect(lucia.get_by_text("Taken back")).to_be_visible()
    expect(lucia.get_by_role("link", name=re.compile("PDF"))).to_have_count(0)
    expect(check()).to_have_text("This certificate was taken back by its organizers.")


def test_what_is_published_stands_for_anybody_without_its_link_until_it_is_taken_back(
    scene, open_page, keep_screenshot
):
    event = course(scene.acting(scene.mara), [scene.house], title=TITLE, rule="")
    mara = open_page(PHONE, scene.mara)
    mara.goto(f"/events/{event.pk}")
    stranger = open_page(java_script_enabled=False)

    def public():
        stranger.goto("/en/public-events")
        return stranger.get_by_role("heading", name=TITLE)

    expect(public()).to_have_count(0)
    mara.get_by_role("button", name="Put on the public pages").click()
    asked = mara.get_by_role("dialog")
    expect(asked).to_contain_text("County Agency")
    check_axe(mara)
    keep_screenshot(mara, "event-publish-phone")
    asked.get_by_role("button", name="Put on the public pages").click()
    expect(mara.get_by_role("link", name="See the public pages")).to_be_visible()
    expect(mara.get_by_role("button", name="Take off the public pages")).to_be_focused()

    expect(public()).to_be_visible()
    told = stranger.content()
    assert "kestrel about" in told
    assert "https://kestrel.example.org" not in told
    assert "kestrel directions" not in told
    keep_screenshot(stranger, "public-events")

    mara.get_by_role("button", name="Take off the public pages").click()
    expect(mara.get_by_role("button", name="Put on the public pages")).to_be_visible()
    expect(public()).to_have_count(0)
