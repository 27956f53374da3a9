"""What is counted as unmet, in which month, for whom, and with what exactness."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.requests import services as requests
from coordination.requests.models import Request
from portal.kernel import clock
from portal.kernel.models import Audience
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, canary, denied, details, faults, planned, problem
from tests.unmet.ended import ended

pytestmark = pytest.mark.django_db
# in the network's zone it is ten at night on the last of March
AT = datetime(2026, 4, 1, 4, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def counts(person, path, **query):
    answer = world.client(person).get(f"{API}/{path}", query)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def own(scene, **query):
    return counts(scene.mara, f"organizations/{scene.agency.pk}/unmet-need", **query)["counts"]


def of_network(**query):
    return counts(world.administrator(), "unmet-need", **query)["counts"]


def posted(scene, **fields):
    return requests.post_request(
        scene.acting(scene.mara),
        **{
            "request_kind": "emergency_shelter",
            "details": details(starts_at=AT.isoformat()),
            "organizations": [scene.house],
            "working_groups": [],
            **fields,
        },
    )


def close(scene, request, outcome):
    return requests.close_request(Actor(scene.mara), request, outcome)


@pytest.mark.parametrize(
    ("outcome", "places", "taken", "left"),
    [
        ("not_met", 1, 0, 1),
        ("not_met", 1, 1, 0),
        ("partly_met", 3, 1, 2),
        ("met", 3, 1, 2),
        ("met", 1, 1, None),
        ("no_longer_needed", 1, 0, None),
    ],
)
def test_what_an_outcome_says(scene, outcome, places, taken, left):
    with clock.at(AT):
        request = posted(scene, places=places)
        if taken:
            scene.answer(request, scene.dana)
        close(scene, request, outcome)
        expected = {"month": "2026-03", "kind": "emergency_shelter", "area": world.LINN, "requests": 1}
        assert own(scene) == ([] if left is None else [{**expected, "places_left": left}])


def test_what_nobody_took_is_counted_when_its_time_has_passed(scene):
    with clock.at(AT):
        request = posted(scene, places=2)
        assert own(scene) == []
    with clock.at(request.expires_at):
        requests.expire_request(request)
        assert [(c["requests"], c["places_left"]) for c in own(scene)] == [(1, 2)]


def test_what_is_withdrawn_is_not_unmet(scene):
    with clock.at(AT):
        requests.withdraw_request(Actor(scene.mara), posted(scene))
        assert posted(scene).ended_on is None
        scene.suspend(scene.agency)
        assert set(Request.objects.values_list("state", "ended_on")) == {("withdrawn", date(2026, 3, 31))}
        assert own(scene) == []


def test_a_drill_is_no_need(scene):
    with clock.at(AT):
        close(scene, posted(scene, exercise=True), "not_met")
        assert own(scene) == []


@pytest.mark.parametrize(("later", "month"), [(timedelta(), "2026-03"), (timedelta(hours=2), "2026-04")])
def test_a_month_is_the_networks(scene, later, month):
    with clock.at(AT + later):
        close(scene, posted(scene), "not_met")
        assert [c["month"] for c in own(scene)] == [month]


def test_what_ended_on_a_day_stays_on_it_wherever_the_network_moves(scene):
    with clock.at(AT):
        close(scene, posted(scene), "not_met")
        type(scene.network).objects.update(time_zone="Asia/Tokyo")
        assert [c["month"] for c in own(scene)] == ["2026-03"]


def test_by_kind_area_and_month(scene):
    ended(scene, scene.agency, MARCH, many=2, places=3, places_taken=1)
    ended(scene, scene.agency, MARCH, area=world.JOHNSON)
    ended(scene, scene.agency, APRIL, area="", request_kind="information_request")
    ended(scene, scene.house, MARCH)
    with clock.at(AT + timedelta(days=1)):
        found = [(c["month"], c["kind"], c["area"], c["requests"], c["places_left"]) for c in own(scene)]
    assert found == [
        ("2026-03", "emergency_shelter", world.JOHNSON, 1, 1),
        ("2026-03", "emergency_shelter", world.LINN, 2, 4),
        ("2026-04", "information_request", "", 1, 1),
    ]


def test_a_year_up_to_a_month(scene):
    for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 2, 28), MARCH):
        ended(scene, scene.agency, day)
    with clock.at(AT):
        address = f"organizations/{scene.agency.pk}/unmet-need"
        found = counts(scene.mara, address, until="2026-02")
        assert (found["months"][0], found["months"][-1], len(found["months"])) == ("2025-03", "2026-02", 12)
        assert [c["month"] for c in found["counts"]] == ["2025-03", "2026-02"]
        assert counts(scene.mara, address)["months"][-1] == "2026-03"
        assert counts(scene.mara, address, until="2031-01") == counts(scene.mara, address)
        assert counts(world.administrator(), "unmet-need", until="2031-01")["months"][-1] == "2026-02"


@pytest.mark.parametrize("until", ["", "2026", "2026-13", "2026-3", "2026-W1", "1999-12", "2026-03-01", "march"])
def test_a_month_that_is_none(scene, until):
    for person, path in ((scene.mara, f"organizations/{scene.agency.pk}/"), (world.administrator(), "")):
        caller = world.client(person)
        for table in ("", "/export"):
            refusal = denied(lambda: caller.get(f"{API}/{path}unmet-need{table}", {"until": until}))  # noqa: B023
            assert faults(refusal) == [("until", "invalid")]


def test_there_are_no_other_filters(scene):
    """A filter is a second table of the same requests, and one table says what another one left out."""
    caller = world.client(world.administrator())
    for name in ("kind", "area", "from", "organization"):
        refusal = denied(lambda: caller.get(f"{API}/unmet-need", {name: "x"}))  # noqa: B023
        assert faults(refusal) == [(name, "unknown_field")]


# who is told


@pytest.mark.parametrize("table", ["", "/export"])
def test_an_organizations_numbers_are_for_its_coordinators(scene, table):
    path = f"{API}/organizations/{scene.agency.pk}/unmet-need{table}"
    for person in (scene.jonas, scene.dana, scene.otto, world.administrator()):
        caller = world.client(person)
        assert problem(denied(lambda: caller.get(path))) == (403, "not_allowed")  # noqa: B023
    caller, hidden = world.client(scene.mara), world.organization("New Office", verified=False)
    assert caller.get(path).status_code == 200
    for pk in (hidden.pk, "018f0000-0000-7000-8000-000000000000"):
        other = path.replace(str(scene.agency.pk), str(pk))
        assert problem(denied(lambda: caller.get(other))) == (404, "not_found")  # noqa: B023


@pytest.mark.parametrize("table", ["", "/export"])
def test_the_networks_numbers_are_for_its_administrators(scene, table):
    for person in (scene.mara, scene.jonas, scene.otto, world.person(name="Nobody")):
        caller = world.client(person)
        assert problem(denied(lambda: caller.get(f"{API}/unmet-need{table}"))) == (403, "not_allowed")  # noqa: B023


def test_who_does_not_coordinate_any_more_is_told_nothing(scene):
    kim = world.person(scene.agency, "coordinator", "Kim")
    path = f"{API}/organizations/{scene.agency.pk}/unmet-need"
    assert world.client(kim).get(path).status_code == 200
    world.expire(kim.memberships.get(group=scene.agency.coordinators_id))
    assert problem(denied(lambda: world.client(kim).get(path))) == (403, "not_allowed")


def test_operations_are_counted_for_who_coordinates_them_and_for_nobody_else(scene):
    with clock.at(AT):
        scene.shift(scene.dana, -1, 8)
        operation = posted(
            scene,
            request_kind="operation_support",
            details=planned(),
            note=canary("operation"),
        )
        close(scene, operation, "not_met")
    for owner in [scene.house, scene.clinic, scene.outside] * 4:
        ended(scene, owner, MARCH, request_kind="operation_support", askers=Audience.make("request_askers"))
    with clock.at(AT + timedelta(days=1)):
        assert [(c["kind"], c["requests"]) for c in own(scene)] == [("operation_support", 1)]
        assert of_network() == []
