"""Where a network blocks websockets the app stays live by the event stream, and says so in a tooltip alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import Room, connection, open_channel, write
from tests.services.proxy import without_websockets


@pytest.fixture
def room(transactional_db):
    return Room()


def test_the_app_falls_back_by_itself(room, server, open_page, watch):
    watch.allow("WebSocket connection to .* failed: Establishing a tunnel")
    with without_websockets(server.port) as proxy:
        blocked = open_page(person=room.dana, proxy={"server": proxy, "bypass": "<-loopback>"})
        open_channel(blocked, room)
        expect(connection(blocked)).to_have_text("Live")
        expect(connection(blocked)).to_have_attribute(
            "title", "This network blocks the direct line; changes come by a slower one."
        )
        mara = open_page(person=room.mara)
        open_channel(mara, room)
        expect(connection(mara)).not_to_have_attribute("title", "This network")
        write(mara, "Two beds are free.")
        expect(blocked.locator("[data-message] > .body")).to_have_text("Two beds are free.")
        write(blocked, "We take one.")
        expect(mara.locator("[data-message] > .body")).to_have_text(["Two beds are free.", "We take one."])
        blocked.context.close()
