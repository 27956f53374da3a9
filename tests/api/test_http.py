"""What a message must be before anybody looks at what it says; and the headers of every answer."""

import pytest
from django.conf import settings

from coordination.requests.models import Request
from portal.config.headers import LOCKED_DOWN, SECURITY
from tests import world
from tests.people.browser import Browser
from tests.scene import API, body, denied, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(populated, db):
    return populated


REQUESTS = f"{API}/requests"
JSON = "application/json"


def raw(person, data, content_type=JSON, **more):
    return world.client(person).generic("POST", REQUESTS, data, content_type, **more)


def strict(person):
    """A browser that is signed in and repeats the CSRF token."""
    browser = Browser()
    browser.cookies[settings.SESSION_COOKIE_NAME] = world.session(person)
    return browser


# the body


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"not json",
        b'{"kind": "\xff\xfe"}',
        b'{"kind": "\\ud800"}',
        b'{"kind": NaN}',
        b'{"a": 1,}',
        b"[]",
        b'"text"',
        b"5",
        b"null",
        b"\xef\xbb\xbf{}",
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 500_000,
    ],
)
def test_what_cannot_be_read(scene, data):
    assert problem(denied(lambda: raw(scene.mara, data))) == (400, "malformed")


def test_nesting_within_reason_is_a_fault_of_the_form(scene):
    bomb = b'{"details": ' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"}"
    assert problem(denied(lambda: raw(scene.mara, bomb))) == (422, "invalid")


def test_an_oversize_body(scene):
    big = b'{"note": "' + b"x" * settings.BODY_LIMIT + b'"}'
    assert problem(denied(lambda: raw(scene.mara, big))) == (413, "too_large")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "", "nonsense"],
)
def test_only_json_is_read(scene, content_type):
    for caller in (world.client(scene.mara), strict(scene.mara)):
        refusal = denied(lambda c=caller: c.generic("POST", REQUESTS, b"a=1", content_type, headers=token(c)))
        assert problem(refusal) in ((415, "unsupported_media_type"), (400, "malformed"))
    plain = raw(scene.mara, b"a=1", content_type)
    assert problem(plain) == (415, "unsupported_media_type")


def token(caller):
    cookie = caller.cookies.get(settings.CSRF_COOKIE_NAME)
    return {"X-CSRFToken": cookie.value} if cookie else {}


def test_only_json_is_spoken(scene):
    refusal = world.client(scene.mara).get(REQUESTS, headers={"Accept": "text/html"})
    assert problem(refusal) == (406, "not_acceptable")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PROPFIND"])
def test_a_method_that_is_not_there(scene, method):
    assert problem(denied(lambda: world.client(scene.mara).generic(method, REQUESTS))) == (405, "method_not_allowed")


# where it comes from


def test_a_write_repeats_the_token(scene):
    form = body(scene, scene.house)
    browser = strict(scene.mara)
    for headers in ({}, {"X-CSRFToken": "x" * 32}):
        refusal = denied(lambda h=headers: browser.post(REQUESTS, form, content_type=JSON, headers=h))
        assert problem(refusal) == (403, "csrf_failed")
    assert browser.send("POST", REQUESTS, form).status_code == 201


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://localhost:1"])
def test_a_write_comes_from_here(scene, origin):
    browser = strict(scene.mara)
    for method, path in (("POST", REQUESTS), ("PATCH", f"{API}/me"), ("DELETE", f"{REQUESTS}/{scene.request.pk}")):
        refusal = denied(lambda m=method, p=path: browser.send(m, p, {"name": "x"}, Origin=origin))
        assert problem(refusal) == (403, "csrf_failed")


@pytest.mark.parametrize("cookie", ["x", "x" * 32, "", '"aaaaaaaaaaaaaaaa\\000"', "é" * 20, "x" * 5000])
def test_a_cookie_that_is_none_is_a_stranger_s(scene, cookie):
    caller = world.client()
    caller.cookies[settings.SESSION_COOKIE_NAME] = ""
    answer = caller.get(REQUESTS, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    assert problem(answer) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Session"


# every answer


def answers(scene):
    caller, stranger = world.client(scene.mara), world.client()
    yield from (caller.get(f"{API}/{path}") for path in PATHS)
    yield caller.get(f"{REQUESTS}/{scene.request.pk}")
    yield caller.get(f"{REQUESTS}/{scene.request.pk}/audience")
    yield caller.get(f"{REQUESTS}/{scene.request.pk}/answers")
    yield caller.post(REQUESTS, body(scene, scene.house))
    yield caller.post(REQUESTS, {})
    yield raw(scene.mara, b"{")
    yield caller.delete(REQUESTS)
    yield caller.get(f"{API}/nowhere")
    yield caller.get(f"{REQUESTS}/x")
    yield stranger.get(REQUESTS)
    yield Browser().generic("POST", "/_allauth/browser/v1/auth/login", b"{}", JSON)


PATHS = [
    "session",
    "organizations",
    "working-groups",
    "join-applications",
    "requests",
    "answers",
    "channels",
    "request-kinds",
]


def test_nothing_personal_is_kept_and_nothing_is_run(scene):
    for answer in answers(scene):
        assert "no-store" in answer["Cache-Control"], answer.request["PATH_INFO"]
        assert {name: answer[name] for name in SECURITY} == SECURITY
        assert answer["Content-Security-Policy"] == LOCKED_DOWN
        assert answer["Content-Type"] in (JSON, "application/problem+json")
        assert "Server" not in answer.headers
    personal = world.client(scene.mara).get(REQUESTS)
    assert "Cookie" in personal["Vary"]


def test_the_pages_are_safe_too(scene):
    for path in ("/", "/api/docs", "/api/openapi.json", "/api/health/live", "/nowhere"):
        answer = world.client().get(path)
        assert {name: answer[name] for name in SECURITY} == SECURITY
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy
        assert "'unsafe-eval'" not in policy


def test_an_object_carries_its_version_as_etag(scene):
    answer = world.client(scene.mara).get(f"{REQUESTS}/{scene.request.pk}")
    assert answer["ETag"] == f'"{answer.json()["result"]["version"]}"'


@pytest.mark.parametrize("header", ["x", '"x"', "*", '"-1"', '"1.5"', "²", '""""'])
def test_an_if_match_that_is_no_version(scene, header):
    path = f"{REQUESTS}/{scene.request.pk}"
    call = lambda h: world.client(scene.mara).patch(path, {"note": "x"}, content_type=JSON, headers={"If-Match": h})  # noqa: E731
    assert problem(denied(lambda: call(header))) in ((400, "malformed"), (428, "if_match_required"))
    assert problem(denied(lambda: call("9" * 400))) == (412, "version_mismatch")
    assert Request.objects.get().note != "x"


def test_an_unexpected_error_says_nothing_of_itself(scene, monkeypatch):
    def burst(*_, **__):
        raise ValueError("SECRET WORDS")

    monkeypatch.setattr("coordination.requests.services.post_request", burst)
    refusal = denied(lambda: world.client(scene.mara).post(REQUESTS, body(scene, scene.house)))
    assert problem(refusal) == (500, "internal")
    assert b"SECRET" not in refusal.content
