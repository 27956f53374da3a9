"""What somebody sees to: not what is over, not what others see to, and nobody follows who is not there."""

from datetime import timedelta

import pytest

from coordination.events.models import Occurrence
from coordination.requests import services as requests
from coordination.resources import services as resources
from coordination.tasks import services as tasks
from messaging import services as messaging
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.people.models import User
from tests.organizations.handover import Handover, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Handover()


def of_kind(scene, kind):
    return [item for item in scene.told(scene.nora)["items"] if item["kind"] == kind]


def followers(scene, kind):
    """By name, of the one there is."""
    told = scene.told(scene.nora)
    names = {person["id"]: person["name"] for person in told["people"]}
    (item,) = [item for item in told["items"] if item["kind"] == kind]
    return {names[person] for person in item["successors"]}


def task(scene, words, person):
    return scene.task(request=scene.promised.request, words=words, assigned_to=person.pk)


def test_what_is_over_is_not_handed_over(scene):
    task(scene, "Bring a car seat", scene.nora)
    desk = scene.opened(scene.lucia)
    nora, begun = Actor(scene.nora), clock.now() - timedelta(days=1)
    requests.close_request(Actor(scene.mara), scene.promised.request, "met")
    requests.withdraw_request(nora, scene.sent)
    requests.withdraw_request(Actor(scene.dana), scene.backed)
    resources.close_need(nora, scene.needed_by_nora)
    resources.close_offer(nora, scene.offered_by_nora)
    messaging.archive_channel(nora, desk)
    Occurrence.objects.filter(event=scene.event).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
    assert titles(scene.told(scene.nora)) == [("shift", ""), ("shift", ""), ("working_group", "Training")]


def test_what_others_see_to_and_what_is_done_is_not_hers(scene):
    task(scene, "Hers", scene.nora)
    task(scene, "Of Mara", scene.mara)
    tasks.finish_task(Actor(scene.nora), task(scene, "Done", scene.nora))
    scene.admit(scene.group, scene.nora)
    messaging.create_private_channel(Actor(scene.mara), "Of Mara", people=[scene.nora])
    assert [item["name"] for item in of_kind(scene, "task")] == ["Hers"]
    assert [item["name"] for item in of_kind(scene, "working_group")] == ["Training"]
    assert of_kind(scene, "channel") == []


def test_a_task_is_followed_by_who_is_in_its_channel(scene):
    task(scene, "Bring a car seat", scene.nora)
    assert followers(scene, "task") == {"Mara"}


def test_a_channel_is_followed_by_who_stays_in_it(scene):
    scene.opened(scene.lucia, scene.dana)
    assert followers(scene, "channel") == {"Dana", "Lucia"}


def test_nobody_follows_who_cannot_sign_in(scene):
    for person in (scene.grace, scene.mara):
        scene.admit(scene.led, person, by=scene.nora)
    scene.opened(scene.lucia, scene.dana)
    User.objects.filter(pk__in=[scene.dana.pk, scene.grace.pk]).update(is_active=False)
    assert followers(scene, "request") == {"Lucia"}
    assert followers(scene, "channel") == {"Lucia"}
    assert followers(scene, "working_group") == {"Lucia", "Mara"}
    task(scene, "Bring a car seat", scene.nora)
    User.objects.filter(pk=scene.mara.pk).update(is_active=False)
    assert followers(scene, "task") == set()
