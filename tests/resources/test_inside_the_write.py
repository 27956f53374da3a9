"""What the form refuses is refused in the write too: between the two somebody may have left."""

from datetime import timedelta

import pytest

from coordination.resources import services
from coordination.resources.models import Suggestion
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests import world
from tests.requests.operation import leave
from tests.scene import API, denied, faults, refused, unchanged

pytestmark = pytest.mark.django_db


def test_who_posted_it_steers_it_while_they_work_there(scene):
    need = scene.needed(by=scene.jonas)
    leave(scene.jonas)
    world.seat(scene.house, scene.jonas)
    assert world.client(scene.jonas).get(f"{API}/needs/{need.pk}").json()["mine"]["allowed"] == []
    with unchanged():
        assert refused(lambda: services.close_need(Actor(scene.jonas), need)) == "not_allowed"


@pytest.mark.parametrize("hidden", ["need", "offer"])
def test_nothing_is_promised_of_what_one_does_not_see(scene, hidden):
    need = scene.needed(scene.clinic) if hidden == "need" else scene.need
    offer = scene.offered(scene.clinic) if hidden == "offer" else scene.offer
    who = scene.dana if hidden == "need" else scene.mara
    with unchanged():
        assert refused(lambda: services.propose_pledge(scene.acting(who), need, offer, 1)) == "not_found"


def test_nothing_is_promised_for_an_organization_one_does_not_coordinate(scene):
    for who in (scene.grace, scene.lucia):
        with unchanged():
            proposed = Actor(who, scene.house)
            assert refused(lambda a=proposed: services.propose_pledge(a, scene.need, scene.offer, 1)) == "not_allowed"


def test_a_match_is_dismissed_by_whom_it_was_told(scene):
    world.work()
    suggestion = Suggestion.objects.get()
    with unchanged():
        assert refused(lambda: services.dismiss_suggestion(Actor(scene.jonas), suggestion)) == "not_found"


def test_an_edit_leaves_the_end_after_the_beginning(scene):
    now = clock.now()
    need = scene.needed(valid_from=now + timedelta(days=2), valid_until=now + timedelta(days=3))
    path, form = f"{API}/needs/{need.pk}", {"valid_until": (now + timedelta(days=1)).isoformat()}
    caller, headers = world.client(scene.mara), {"If-Match": f'"{need.version}"'}
    refusal = denied(lambda: caller.patch(path, form, content_type="application/json", headers=headers))
    assert faults(refusal) == [("valid_until", "wrong_order")]


def test_those_of_others_are_not_ones_own(scene):
    for who, found in ((scene.dana, []), (scene.mara, [str(scene.offer.pk)])):
        answer = world.client(who).get(f"{API}/offers?mine=false").json()
        assert [each["id"] for each in answer["results"]] == found
