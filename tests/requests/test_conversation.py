"""A request's own channel."""

from datetime import timedelta

import pytest

from coordination.requests import services
from coordination.requests.services.conversation import KEPT
from messaging import jobs
from messaging.models import Channel
from portal.kernel import clock
from portal.kernel.models import Audience
from portal.kernel.standing import members
from portal.people.models import User
from tests import world
from tests.scene import API, denied, problem

pytestmark = pytest.mark.django_db


def opened(person, request):
    return world.client(person).put(f"{API}/requests/{request.pk}/channel")


def inside(request):
    """Who is in its channel, by name."""
    channel = Channel.objects.get(about=request.pk)
    return sorted(User.objects.filter(pk__in=members(channel.audience_id)).values_list("name", flat=True))


@pytest.fixture
def channel(scene):
    scene.answer(scene.request, scene.dana)
    opened(scene.mara, scene.request)
    return Channel.objects.get(about=scene.request.pk)


# the rule


def test_it_is_opened_for_who_asks_and_who_helps(scene, channel):
    told = opened(scene.mara, scene.request).json()["result"]
    assert told["id"] == str(channel.pk)
    assert (told["name"], told["about"]) == ("emergency_shelter", {"kind": "request", "id": str(scene.request.pk)})
    assert inside(scene.request) == ["Dana", "Mara"]


def test_who_takes_a_place_later_comes_in_and_who_takes_it_back_is_out(bare):
    request = bare.post(bare.house, bare.clinic, places=2)
    opened(bare.mara, request)
    assert inside(request) == ["Mara"]
    answer = bare.answer(request, bare.dana)
    bare.answer(request, bare.grace, "maybe")
    assert inside(request) == ["Dana", "Mara"]
    services.withdraw_answer(bare.acting(bare.dana), answer)
    bare.answer(request, bare.grace)
    assert inside(request) == ["Grace", "Mara"]


def test_where_the_owner_picks_a_yes_alone_brings_nobody_in(bare):
    request = bare.post(bare.house, pick=True)
    answer = bare.answer(request, bare.dana)
    opened(bare.mara, request)
    assert inside(request) == ["Mara"]
    services.pick_answer(bare.acting(bare.mara), answer)
    assert inside(request) == ["Dana", "Mara"]


def test_a_backup_named_later_comes_in(scene, channel):
    scene.request.refresh_from_db()
    services.edit_request(scene.acting(scene.mara), scene.request, scene.request.version, backup=scene.jonas.pk)
    assert inside(scene.request) == ["Dana", "Jonas", "Mara"]


def test_a_suspended_helper_is_out(scene, channel):
    scene.suspend(scene.house)
    assert inside(scene.request) == ["Mara"]


# the denial


def test_only_who_steers_opens_it(scene):
    for person in (scene.jonas, scene.dana):
        assert problem(denied(lambda person=person: opened(person, scene.request))) == (403, "not_allowed")
    assert problem(denied(lambda: opened(scene.otto, scene.request))) == (404, "not_found")


@pytest.mark.parametrize("end", ["closed", "withdrawn", "expired"])
def test_it_ends_with_the_request_and_is_purged_on_its_date(scene, end):
    opened(scene.mara, scene.request)
    match end:
        case "closed":
            services.close_request(scene.acting(scene.mara), scene.request, "met")
        case "withdrawn":
            services.withdraw_request(scene.acting(scene.mara), scene.request)
        case "expired":
            type(scene.request).objects.filter(pk=scene.request.pk).update(expires_at=clock.now())
            services.expire_request(scene.request)
    channel = Channel.objects.get(about=scene.request.pk)
    assert channel.is_archived
    assert timedelta(0) <= channel.purge_at - clock.now() <= KEPT
    assert problem(denied(lambda: opened(scene.mara, scene.request))) == (409, "wrong_state")

    Channel.objects.update(purge_at=clock.now())
    jobs.purge_channels()
    assert not Channel.objects.filter(about=scene.request.pk).exists()
    kinds = (Audience.Kind.CHANNEL_MEMBERS, Audience.Kind.CHANNEL_MODERATORS)
    assert not scene.mara.memberships.filter(group__audience__kind__in=kinds).exists()
