"""Who opens a socket: from our own pages alone, and somebody who is signed in."""

import pytest
from django.conf import settings

from portal.kernel.errors import Problem
from portal.live.visitor import check_origin, visitor
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    world.network()
    return world.person(world.organization("Harbor House"), "member", "Ann")


def scope(*origins, cookie=""):
    headers = [(b"origin", origin.encode()) for origin in origins]
    return {"headers": [*headers, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())]}


def code(call):
    with pytest.raises(Problem) as refusal:
        call()
    return refusal.value.code


def test_one_origin_and_our_own():
    own = settings.CSRF_TRUSTED_ORIGINS[0]
    check_origin(scope(own))
    for origins in ((), ("https://elsewhere.example",), (own, own), (own, "https://elsewhere.example")):
        assert code(lambda o=origins: check_origin(scope(*o))) == "foreign_origin", origins


def test_whoever_is_signed_in_and_active(ann):
    session = world.session(ann)
    assert visitor(scope(cookie=session)).person == ann
    for other in ("", "x" * 32):
        assert code(lambda o=other: visitor(scope(cookie=o))) == "not_authenticated"
    type(ann).objects.filter(pk=ann.pk).update(is_active=False)
    assert code(lambda: visitor(scope(cookie=session))) == "not_authenticated"
