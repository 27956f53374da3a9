"""Every screen, wide and narrow, in both languages, by day and by night, with the demo's content."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coordination.requests.models import Request
from coordination.working_groups.models import WorkingGroup
from messaging.models import Channel
from portal.config import demo
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import Organization, Tier
from portal.people import links
from portal.people.models import User
from tests.browser import mail
from tests.browser.places import connection
from tests.browser.watch import DESKTOP, PHONE, check_axe
from tests.services.server import Server

NOBODYS = "00000000-0000-7000-8000-000000000000"
LIVE = {"en": "Live", "es": "En vivo"}
SIDEWAYS = """[...document.querySelectorAll('*')]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 &&
    (each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX)))
  .map((each) => `${each.tagName}.${each.className} ${each.scrollWidth} > ${each.clientWidth}`)"""


@pytest.fixture
def network(transactional_db: None) -> None:
    for _ in demo.seed():
        pass


def who(key: str) -> User:
    return User.objects.get(email=f"{key}@{demo.DOMAIN}")


def public_screens(server: Server) -> Iterator[tuple[str, str]]:
    yield "sign-in", "/sign-in"
    yield "forgotten", "/sign-in/forgotten"
    house = Organization.objects.get(name="Harbor House")
    organizations.invite(Actor(who("dana")), house, "nia@example.org", Tier.MEMBER)
    yield "join", mail.link(server, "nia@example.org", "/join/")
    yield "join-gone", "/join/not-a-token"
    yield "reset", "/reset/" + links.set_password(who("grace")).rpartition("/")[2]
    yield "reset-gone", "/reset/not-a-key"
    yield "no-such-page", "/no-such-page"


def agency_screens() -> Iterator[tuple[str, str]]:
    """As Mara sees it: she administers an agency and leads a group."""
    asked = {request.request_kind: request.pk for request in Request.objects.order_by("-pk")}
    groups = {group.name: group.pk for group in WorkingGroup.objects.all()}
    yield "today", "/today"
    yield "requests", "/requests"
    yield "request-own", f"/requests/{asked['emergency_shelter']}"
    yield "request-asked", f"/requests/{asked['information_request']}"
    yield "request-missing", f"/requests/{NOBODYS}"
    yield "request-new", "/requests/new"
    yield "requests-unmet", "/requests/unmet"
    yield "resources", "/resources"
    yield "resources-offers", "/resources?side=offer"
    yield "resource-missing", f"/resources/needs/{NOBODYS}"
    yield "resource-new", "/resources/new"
    yield "resource-import", "/resources/import"
    yield "groups", "/groups"
    yield "group-led", f"/groups/{groups['Victim Services']}"
    yield "group-joined", f"/groups/{groups['Legal Services']}"
    yield "group-missing", f"/groups/{NOBODYS}"
    yield "group-new", "/groups/new"
    yield "directory", "/directory"
    yield "directory-organization", f"/directory/{Organization.objects.get(name='Harbor House').pk}"
    yield "directory-missing", f"/directory/{NOBODYS}"
    yield "messages", "/messages"
    channel = Channel.objects.order_by("pk")[0].pk
    yield "channel", f"/messages/{channel}"
    yield "channel-details", f"/messages/{channel}/details"
    yield "channel-new-direct", "/messages/new"
    yield "channel-new-private", "/messages/new?kind=private"
    yield "channel-missing", f"/messages/{NOBODYS}"
    yield "settings", "/settings"
    yield "settings-you", "/settings/you"
    yield "settings-device", "/settings/device"
    yield "settings-security", "/settings/security"
    yield "settings-sessions", "/settings/sessions"
    yield "settings-calendar", "/settings/calendar"
    yield (
        "settings-organization",
        f"/settings/organizations/{Organization.objects.get(name='County Victim Services').pk}",
    )
    yield "settings-organization-new", "/settings/organizations/new"
    yield "no-such-page-inside", "/no-such-page"


def network_screens() -> Iterator[tuple[str, str]]:
    """As the network's administrator sees it, who works for no organization."""
    yield "today-administrator", "/today"
    yield "settings-network", "/settings/network"
    yield "settings-applications", "/settings/network/applications"
    yield "unmet-network", "/requests/unmet"


def look(page: Page, address: str, locale: str, *, inside: bool) -> None:
    page.goto(address)
    expect(page.locator("h1").locator("visible=true").first).to_be_visible()
    if inside:
        expect(connection(page)).to_have_text(LIVE[locale])
    else:
        page.wait_for_load_state("networkidle")
    expect(page.locator(".skeleton")).to_have_count(0)
    assert page.evaluate("document.documentElement.lang") == locale
    check_axe(page)
    assert page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize(
    ("size", "locale", "colours"),
    [
        pytest.param(DESKTOP, "en", "light", id="desktop-en-light"),
        pytest.param(PHONE, "es", "dark", id="phone-es-dark"),
    ],
)
def test_screens(network, server, open_page, watch, keep_screenshot, size: dict[str, Any], locale: str, colours: Any):
    watch.allow(f"status of 404 .*(not-a-token|{NOBODYS})")
    watch.allow("status of 400 .*password/reset")
    User.objects.update(locale=locale)
    failures = []
    for person, screens in (
        (None, public_screens(server)),
        (who("mara"), agency_screens()),
        (who("ada"), network_screens()),
    ):
        page = open_page(size, person, locale=locale, color_scheme=colours)
        for name, address in screens:
            try:
                look(page, address, locale, inside=person is not None and "no-such" not in name)
            except AssertionError as failure:
                failures.append(f"── {name}\n{failure}")
            keep_screenshot(page, f"{name}-{locale}")
    assert not failures, "\n".join(failures)
