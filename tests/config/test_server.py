"""The embedded server as strangers meet it: host names, headers, health, limits of a body."""

import http.client
import socket

import pytest

from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def ask(server, path, host, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_hosts_headers_and_limits(server):
    network_missing = ask(server, "/api/v1/session", f"localhost:{server.port}")
    assert network_missing[0] == 503
    assert b"not set up yet" in network_missing[2]
    world.network()
    status, _, body = ask(server, "/api/health/live", "any.host.example")
    assert (status, body) == (200, b"live\n")
    assert ask(server, "/api/v1/session", "evil.example")[0] == 400
    status, headers, _ = ask(server, "/sign-in?next=/today", f"127.0.0.1:{server.port}")
    assert (status, headers["location"]) == (302, f"{server.origin}/sign-in?next=/today")
    status, headers, _ = ask(server, "/api/v1/session", f"localhost:{server.port}")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers
    status, _, body = ask(server, "/api/v1/nowhere", f"localhost:{server.port}")
    assert status == 404
    assert b'"not_found"' in body


def test_a_body_that_never_ends_holds_no_thread(server):
    """More half-sent bodies than there are threads, and the portal still answers."""
    world.network()
    half = []
    for _ in range(12):
        one = socket.create_connection(("127.0.0.1", server.port))
        one.sendall(
            f"POST /api/v1/requests HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
        )
        half.append(one)
    assert ask(server, "/api/v1/session", f"localhost:{server.port}")[0] == 200
    for one in half:
        one.close()


def test_a_body_over_the_limit_is_refused_before_it_is_read(server):
    world.network()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as one:
        one.sendall(
            f"POST /api/v1/requests HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n".encode()
        )
        assert b" 413 " in one.recv(4096)
