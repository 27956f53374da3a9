"""Ctrl-C ends the server cleanly: every socket gets a close frame, and the client knows to come back."""

import signal

import pytest
from django.db import connection

from tests.live.wire import Wire
from tests.services.server import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_sockets_are_closed_with_a_frame(room, tmp_path, how):
    with running(connection.settings_dict, tmp_path) as server:
        sockets = [Wire(server, room.member) for _ in range(5)]
        for one in sockets:
            one.hello()
        server.process.send_signal(how)
        assert {one.closed() for one in sockets} == {1012}
        server.process.wait(20)
        assert "Traceback" not in server.log()
