"""Real Chromium against the real server. Every page is watched: see watch.py."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import BrowserContext, Page, expect

from portal.notify import services
from portal.people.models import User
from tests import world
from tests.browser.watch import DESKTOP, PHONE, Watch
from tests.notify import push_service
from tests.notify.push_service import Browser, PushService
from tests.services import chromium
from tests.services.server import ASYNC_UNSAFE, Server, running


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.needs_browser)


# a machine may be busy with other tests, or slow
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def orm_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop in the main thread, where the tests use the ORM."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ASYNC_UNSAFE, "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.binary(), "args": chromium.FLAGS}


@pytest.fixture(scope="session")
def push_services() -> Iterator[PushService]:
    with push_service.running() as found:
        yield found


@pytest.fixture(scope="session")
def server(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    push_services: PushService,
) -> Iterator[Server]:
    """One portal process for all browser tests: each begins with empty tables."""
    folder = tmp_path_factory.mktemp("server")
    known = f"{push_services.origin},https://web.push.apple.com"
    with (
        django_db_blocker.unblock(),
        running(connection.settings_dict, folder, CONCORD_PUSH_SERVICES=known) as portal,
    ):
        yield portal


@pytest.fixture
def one_day() -> None:
    """By the clocks of the tests' places the test ends on the day on which it began: close to midnight it waits."""
    for zone in ("America/Chicago", "America/Denver"):
        now = datetime.now(ZoneInfo(zone))
        left = timedelta(days=1) - timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
        if left < timedelta(minutes=5):
            time.sleep(left.total_seconds())


@pytest.fixture
def woken_at(push_services: PushService, settings: Any) -> Callable[..., Browser]:
    """`woken_at(person)`: another device of theirs, which they let be woken; it remembers what came."""
    settings.PUSH_SERVICES = [push_services.origin]
    push_services.came.clear()

    def woken_at(person: User) -> Browser:
        device = Browser(push_services, person)
        services.subscribe(person, world.session(person), **device.form, neutral=False)
        return device

    return woken_at


@pytest.fixture(autouse=True)
def empty_mailbox(server: Server) -> None:
    for file in (server.log_file.parent / "mail").glob("*"):
        file.unlink()


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    watch = Watch(server.origin)
    yield watch
    assert not watch.complaints, "\n".join(["The pages did what no page may do:", *watch.complaints])


@pytest.fixture
def open_page(
    transactional_db: None, new_context: Callable[..., BrowserContext], server: Server, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """`open_page()` or `open_page(PHONE, person)`: a page of its own browser context, signed in as this person."""
    contexts: list[BrowserContext] = []

    def open_page(device: dict[str, Any] = DESKTOP, person: User | None = None, **options: Any) -> Page:
        context = new_context(base_url=server.origin, **{"locale": "en-US", **device, **options})
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        if person is not None:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": world.session(person), "url": server.origin}
            context.add_cookies([cookie])  # type: ignore[list-item]
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        for page in context.pages:
            # what the page still has to tell is told before the answer; one that hangs never gives it
            expect(page.locator("html")).to_be_attached()


@pytest.fixture
def desktop(open_page: Callable[..., Page]) -> Page:
    """A page 1280 px wide."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A touch page 390 px wide."""
    return open_page(PHONE)


@pytest.fixture
def keep_screenshot(pytestconfig: pytest.Config) -> Callable[[Page, str], None]:
    """`keep_screenshot(page, "requests-phone")` saves a picture when --screenshots-to names a folder."""
    folder = pytestconfig.getoption("--screenshots-to")

    def keep_screenshot(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    return keep_screenshot
