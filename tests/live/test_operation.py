"""An operation over the wire: with the seat of who was on call it is gone, and the next hears of it."""

from uuid import uuid4

import pytest

from coordination.requests import services
from coordination.rota import services as rota
from messaging import services as messaging
from portal.kernel.writing import Actor
from tests.requests.operation import Operation, answer_of, stand_aside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return Operation()


def test_who_stands_aside_hears_no_word_more_of_it(scene, wire):
    lucia, nina = wire(scene.lucia), wire(scene.nina)
    lucia.hello()
    nina.hello()
    request = scene.plan()
    channel = services.open_request_channel(scene.acting(scene.sam), request)
    scene.answer(request, scene.lucia)
    seat = str(answer_of(request, scene.house).on_call.uuid)
    granted(lucia, seat)
    granted(lucia, str(channel.audience.uuid))
    nina.quiet()
    assert not nina.items

    assert stand_aside(scene, request, scene.lucia).status_code == 204
    lost = {lucia.until(lambda f: f["type"] == "revoked")["audience"] for _ in range(2)}
    assert lost == {seat, str(channel.audience.uuid)}
    granted(nina, seat)
    heard = len(lucia.items)
    messaging.post_message(Actor(scene.sam, scene.office), channel, uuid4(), "We begin at the second hour.")
    services.withdraw_request(scene.acting(scene.sam), request)
    nina.item(lambda i: i["subject"] == str(request.pk) and i["data"]["state"] == "withdrawn")
    lucia.quiet()
    assert not lucia.items[heard:]


def test_with_the_shift_it_is_gone_for_who_was_on_call(scene, wire):
    request = scene.plan(scene.house, scene.clinic)
    seat = str(answer_of(request, scene.house).on_call.uuid)
    lucia, grace = wire(scene.lucia), wire(scene.grace)
    lucia.hello()
    grace.hello()
    rota.remove_shift(Actor(scene.dana), scene.first)
    lucia.until(lambda f: f["type"] == "revoked" and f["audience"] == seat)
    heard = len(lucia.items)
    services.withdraw_request(scene.acting(scene.sam), request)
    grace.item(lambda i: i["subject"] == str(request.pk) and i["data"]["state"] == "withdrawn")
    lucia.quiet()
    # of her own organization's rota she goes on hearing
    assert {item["kind"] for item in lucia.items[heard:]} <= {"shift"}


def granted(wire, audience):
    wire.until(lambda f: f["type"] == "granted" and f["audience"] == audience)
