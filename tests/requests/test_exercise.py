"""A drill says that it is one, everywhere."""

import pytest

from coordination.requests import services
from coordination.requests.models import Escalation, Request
from portal.kernel import clock
from tests import world
from tests.scene import API, denied, details, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(bare):
    return services.post_request(
        bare.acting(bare.mara),
        request_kind="emergency_shelter",
        details=details(),
        organizations=[bare.house],
        working_groups=[],
        exercise=True,
    )


def get(person, path):
    return world.client(person).get(f"{API}/{path}").json()


def test_everybody_who_sees_it_is_told_and_its_channel_says_so(bare, drill):
    assert get(bare.dana, f"requests/{drill.pk}")["result"]["exercise"] is True
    assert get(bare.dana, f"requests/{bare.request.pk}")["result"]["exercise"] is False
    for request, says in ((drill, True), (bare.request, False)):
        channel = world.client(bare.mara).put(f"{API}/requests/{request.pk}/channel").json()["result"]
        assert channel["exercise"] is says


def test_whom_it_is_escalated_to_are_told(bare, drill):
    chief = world.administrator()
    for _ in range(4):
        Request.objects.filter(pk=drill.pk).update(rings_at=clock.now())
        services.ring_clock(Request.objects.get(pk=drill.pk))
    escalation = Escalation.objects.get()
    assert get(chief, f"escalations/{escalation.pk}")["result"]["exercise"] is True


def test_drills_are_found_and_left_out(bare, drill):
    bare.post(bare.house)
    assert [r["id"] for r in get(bare.mara, "requests?exercise=true")["results"]] == [str(drill.pk)]
    assert str(drill.pk) not in [r["id"] for r in get(bare.mara, "requests?exercise=false")["results"]]


def test_what_began_as_a_drill_does_not_become_real(bare, drill):
    caller = world.client(bare.mara)
    edited = denied(
        lambda: caller.patch(
            f"{API}/requests/{drill.pk}",
            {"exercise": False},
            content_type="application/json",
            headers={"If-Match": f'"{drill.version}"'},
        )
    )
    assert faults(edited) == [("exercise", "unknown_field")]
