"""Events: posted with all their dates, seen by whom they are shared with, edited, cancelled."""

import pytest

from coordination.events import services
from portal.kernel.writing import Actor
from tests import world
from tests.events.gathering import ZONE, cancel, course, dates, in_days, register, registration
from tests.scene import API, Scene

pytestmark = pytest.mark.django_db
PATH = f"{API}/events"


@pytest.fixture
def scene(db):
    return Scene()


def form(scene, **more):
    said = {
        "acting_for": str(scene.agency.pk),
        "kind": "webinar",
        "title": "Signs",
        "zone": ZONE,
        "local_start": f"{in_days(3):%Y-%m-%dT%H:%M}",
        "minutes": 90,
        **more,
    }
    return {name: value for name, value in said.items() if value is not ...}


def post(scene, by=None, **more):
    return world.client(by or scene.mara).post(PATH, form(scene, **more))


def occurrences(person, query=""):
    answer = world.client(person).get(f"{API}/occurrences?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def seen(person, path):
    return world.client(person).get(path).status_code == 200


def test_an_event_is_posted_with_all_its_dates(scene):
    posted = post(scene, rule="FREQ=WEEKLY;COUNT=3", seats=40, organizations=[str(scene.house.pk)])
    assert posted.status_code == 201, posted.content
    event = posted.json()["result"]
    assert (event["event_kind"], event["title"], event["seats"], event["state"]) == ("webinar", "Signs", 40, "planned")
    assert {"edit", "cancel", "share"} <= set(posted.json()["mine"]["allowed"])
    found = occurrences(scene.dana)
    assert [o["title"] for o in found] == ["Signs"] * 3
    assert [o["local_start"] for o in found] == [f"{in_days(3 + n):%Y-%m-%dT09:00}" for n in (0, 7, 14)]
    assert {(o["seats"], o["seats_taken"], o["waiting"], o["repeats"]) for o in found} == {(40, 0, 0, True)}


def test_register_smoke(scene):
    event = course(scene, scene.house, scene.clinic, seats=1)
    first, *_ = dates(event)
    answer = world.client(scene.dana).post(
        f"{API}/occurrences/{first.pk}/register", {"acting_for": str(scene.house.pk)}
    )
    assert answer.status_code == 200, answer.content
    mine = answer.json()["mine"]
    assert mine["registration"]["state"] == "registered"
    held = register(scene, scene.grace, first)
    assert held.state == "waiting"
    cancel(scene.dana, registration(scene.dana, first))
    assert registration(scene.grace, first).state == "registered"
    services.cancel_date(Actor(scene.mara), dates(event)[0])
    later = services.change_following(Actor(scene.mara), dates(event)[1], dates(event)[1].version, title="Other")
    assert later.title == "Other"
