"""An urgent message asks everybody who was there to acknowledge it, again every five minutes, and not for ever."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from messaging import jobs, services
from messaging.models import MOST_ROUNDS, Message
from messaging.waking import urgent
from portal.jobs.models import Job
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests import world
from tests.messaging.message_calls import again, get, of, post, put
from tests.scene import API, denied, problem

FIVE = timedelta(minutes=5)


@pytest.fixture
def message(scene):
    """Of Mara, to Dana and Lucia."""
    scene.admit(scene.group, scene.dana, scene.lucia)
    return scene.say(scene.mara, urgent=True)


def woken(message):
    return urgent(message.pk).people


def rounds(message, number):
    """So many more times five minutes, each looked at by the portal."""
    at = again(message).calls_at or clock.now()
    for n in range(number):
        with clock.at(at + n * FIVE):
            jobs.call_again()
    return again(message)


def acknowledge(person, message):
    return services.acknowledge_message(Actor(person), again(message))


def test_moderators_alone_post_them(scene):
    channel, talk = scene.group.channel, scene.talk
    said = post(scene.mara, channel, urgent=True).json()["result"]
    assert (said["urgent"], said["rounds"], said["calls"]) == (True, 0, True)
    assert problem(denied(lambda: post(scene.dana, channel, urgent=True))) == (403, "not_allowed")
    assert problem(denied(lambda: post(scene.mara, talk, urgent=True))) == (403, "not_allowed")
    assert problem(denied(lambda: post(scene.otto, channel, urgent=True))) == (404, "not_found")


def test_the_same_id_is_not_once_urgent_and_once_not(scene):
    once = {"id": str(uuid4())}
    assert post(scene.mara, scene.group.channel, **once).status_code == 201
    refusal = denied(lambda: post(scene.mara, scene.group.channel, urgent=True, **once))
    assert problem(refusal) == (409, "message_id_reused")


def test_it_waits_for_those_who_were_there(scene, message):
    def waits(person):
        return [m["id"] for m in world.client(person).get(f"{API}/urgent-messages").json()["results"]]

    scene.say(scene.mara)
    with clock.at(clock.now() + timedelta(seconds=1)):
        scene.admit(scene.group, scene.grace)
    assert woken(message) == {scene.dana.pk, scene.lucia.pk}
    late = [scene.mara, scene.grace, scene.otto]
    assert [waits(p) for p in (scene.dana, scene.lucia, *late)] == [[str(message.pk)], [str(message.pk)], [], [], []]
    assert put(scene.dana, message, "/acknowledgement").json()["mine"]["acknowledged"]
    assert (waits(scene.dana), waits(scene.lucia)) == ([], [str(message.pk)])
    assert woken(message) == {scene.lucia.pk}


def test_its_author_sees_who_has_and_who_has_not(scene, message):
    acknowledge(scene.dana, message)
    told = world.client(scene.mara).get(of(message, "/acknowledgements")).json()
    assert [each["person"]["name"] for each in told["results"]] == ["Dana"]
    assert [each["name"] for each in told["waiting"]] == ["Lucia"]
    assert problem(denied(lambda: get(scene.dana, message.channel, f"/messages/{message.pk}/acknowledgements"))) == (
        403,
        "not_allowed",
    )


def test_every_five_minutes_and_no_sooner(scene, message):
    assert message.calls_at == message.posted_at + FIVE
    with clock.at(message.calls_at - timedelta(seconds=1)):
        jobs.call_again()
    assert again(message).rounds == 0
    with clock.at(message.calls_at):
        jobs.call_again()
        jobs.call_again()
    found = again(message)
    assert (found.rounds, found.calls_at) == (1, message.calls_at + FIVE)
    assert Job.objects.filter(kind="notify.call", payload__reason="messaging.urgent").count() == 2


def test_twelve_times_and_then_no_more(scene, message):
    assert rounds(message, MOST_ROUNDS).calls
    over = rounds(message, 5)
    assert (over.rounds, over.calls) == (MOST_ROUNDS, False)
    assert woken(message) == set()
    assert world.client(scene.lucia).get(f"{API}/urgent-messages").json()["results"]


def test_not_when_all_have_acknowledged_it(scene, message):
    acknowledge(scene.dana, message)
    assert again(message).calls
    acknowledge(scene.lucia, message)
    assert not again(message).calls
    assert rounds(message, 2).rounds == 0


def test_not_when_whoever_it_waits_for_is_gone(scene, message):
    scene.suspend(scene.house)
    assert woken(message) == set()
    assert not rounds(message, 1).calls


@pytest.mark.parametrize("end", [services.delete_message, lambda actor, m: services.archive_channel(actor, m.channel)])
def test_not_when_it_is_deleted_or_its_channel_archived(scene, message, end):
    end(Actor(scene.mara), again(message))
    assert woken(message) == set()
    assert not rounds(message, 1).calls


def test_what_is_acknowledged_while_it_is_repeated_is_not_sent(scene, message):
    """Called again, and acknowledged before the call went out."""
    acknowledge(scene.lucia, message)
    rounds(message, 1)
    assert woken(message) == {scene.dana.pk}
    acknowledge(scene.dana, message)
    assert woken(message) == set()


def test_what_can_never_be(scene, message):
    other = scene.say(scene.mara)
    for fields in ({"calls_at": clock.now()}, {"rounds": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=other.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(rounds=MOST_ROUNDS + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(deleted=True, body="")


@pytest.mark.django_db(transaction=True)
def test_acknowledged_and_repeated_at_once(transactional_db):
    """Whoever comes first: in the end nobody is woken."""
    from tests.scene import Scene

    scene = Scene()
    message = scene.say(scene.mara, urgent=True)
    Message.objects.filter(pk=message.pk).update(calls_at=clock.now())
    world.at_once(
        lambda: services.acknowledge_message(Actor(scene.dana), again(message)),
        lambda: services.call_again(again(message)),
        lambda: services.call_again(again(message)),
    )
    found = again(message)
    assert (found.calls, woken(found)) == (False, set())
    assert found.rounds <= 1
