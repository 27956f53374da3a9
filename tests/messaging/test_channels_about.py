"""Channels about an object of another slice: here a request."""

from datetime import timedelta
from uuid import uuid4

import pytest

from messaging import jobs, services
from messaging.models import Channel, Message, MessageEdit
from portal.kernel import clock
from portal.kernel.models import AuditRecord, Change
from tests import world
from tests.scene import API, denied, problem, refused, unchanged

pytestmark = pytest.mark.django_db
NAME = "Emergency shelter"


@pytest.fixture
def talk(scene):
    """Mara opened it for Dana."""
    return services.open_channel_about(scene.acting(scene.mara), scene.request, NAME, [scene.dana])


def seen(person, channel):
    return world.client(person).get(f"{API}/channels/{channel.pk}")


def say(scene, person, channel, body="Door B is open.", **more):
    return services.post_message(scene.acting(person), channel, uuid4(), body, **more)


def end(scene, channel, after=timedelta(days=30)):
    return services.end_channel(scene.acting(scene.mara), channel, clock.now() + after)


def test_it_is_seen_by_those_it_was_opened_for_and_says_what_it_is_about(scene, talk):
    told = seen(scene.dana, talk).json()["result"]
    assert (told["name"], told["about"]) == (NAME, {"kind": "request", "id": str(scene.request.pk)})
    assert [problem(seen(person, talk)) for person in (scene.lucia, scene.jonas, scene.grace)] == [
        (404, "not_found")
    ] * 3


def test_there_is_one_about_each_object(scene, talk):
    again = services.open_channel_about(scene.acting(scene.mara), scene.request, NAME, [scene.grace])
    assert again.pk == talk.pk
    assert seen(scene.grace, talk).status_code == seen(scene.dana, talk).status_code == 200


def test_into_a_closed_circle_nobody_is_invited(scene):
    acting = scene.acting(scene.mara)
    talk = services.open_channel_about(acting, scene.request, NAME, [scene.dana], closed_circle=True)
    assert "invite" not in seen(scene.mara, talk).json()["mine"]["allowed"]
    for invite in (
        lambda: services.add_people(acting, talk, [scene.jonas]),
        lambda: services.add_organization(acting, talk, scene.clinic),
    ):
        with unchanged():
            assert refused(invite) == "not_allowed"


def test_who_is_not_concerned_any_more_is_out(scene, talk):
    services.bring_in(scene.acting(scene.mara), talk, [scene.grace])
    services.take_out(scene.acting(scene.mara), talk, scene.dana)
    assert [seen(person, talk).status_code for person in (scene.grace, scene.dana)] == [200, 404]
    assert Change.objects.filter(audience=scene.dana.audience, op=Change.Op.REVOKED).exists()


def test_once_it_has_ended_it_is_only_read_and_not_reopened(scene, talk):
    say(scene, scene.dana, talk)
    end(scene, talk)
    said = {"id": str(uuid4()), "body": "Too late", "acting_for": str(scene.house.pk)}
    refused = denied(lambda: world.client(scene.dana).post(f"{API}/channels/{talk.pk}/messages", said))
    assert problem(refused) == (409, "archived")
    reopened = denied(lambda: world.client(scene.mara).post(f"{API}/channels/{talk.pk}/reopen"))
    assert problem(reopened) == (409, "wrong_state")
    assert "reopen" not in seen(scene.mara, talk).json()["mine"]["allowed"]
    services.bring_in(scene.acting(scene.mara), talk, [scene.grace])
    assert seen(scene.grace, talk).status_code == 404


def test_on_its_date_nothing_is_left_of_it(scene, talk):
    first = say(scene, scene.dana, talk)
    services.edit_message(scene.acting(scene.dana), first, first.version, body="Door C is open.")
    say(scene, scene.mara, talk, "Thank you", reply_to=first.pk)
    end(scene, talk)
    jobs.purge_channels()
    assert Message.objects.filter(channel=talk).count() == 2

    Channel.objects.filter(pk=talk.pk).update(purge_at=clock.now())
    jobs.purge_channels()
    jobs.purge_channels()
    assert not Channel.objects.filter(pk=talk.pk).exists()
    assert not Message.objects.exists()
    assert not MessageEdit.objects.exists()
    for person in (scene.mara, scene.dana):
        assert problem(seen(person, talk)) == (404, "not_found")
        assert Change.objects.filter(audience=person.audience, op=Change.Op.REVOKED).exists()
    assert AuditRecord.objects.filter(action="channel.purge", subject=talk.pk).count() == 1
