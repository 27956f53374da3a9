"""What events refuse by their state, by who asks, by when; and what their lists leave out."""

from datetime import timedelta

import pytest

from coordination.events import services
from coordination.events.models import Event
from coordination.events.policy import EVENTS, OCCURRENCES
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.events.gathering import course, dates, in_days, register, whereabouts
from tests.scene import API, Scene, denied, faults, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def event(scene):
    return course(scene.acting(scene.mara), [scene.house])


def again(event):
    return Event.objects.select_related("owner").get(pk=event.pk)


def found(person, path, **query):
    answer = world.client(person).get(f"{API}/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


# by its state


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, e: services.edit_event(actor, e, e.version, title="Other"),
        lambda actor, e: services.cancel_event(actor, e),
        lambda actor, e: services.share_event(actor, e, everyone=True),
        lambda actor, e: services.publish_event(actor, e),
        lambda actor, e: services.unpublish_event(actor, e),
        lambda actor, e: services.say_where(actor, e, "directions", "Upstairs", "invited"),
        lambda actor, e: services.edit_whereabouts(actor, whereabouts(e, "directions"), 1, text="Downstairs"),
    ],
    ids=["edit", "cancel", "share", "publish", "unpublish", "say_where", "edit_whereabouts"],
)
def test_of_one_that_is_cancelled_nothing_changes(scene, event, act):
    actor = Actor(scene.mara)
    services.cancel_event(actor, again(event))
    assert refused(lambda: act(actor, again(event))) == "wrong_state"


# by when


def test_a_date_is_moved_to_what_is_to_come(scene, event):
    date = dates(event)[1]
    with pytest.raises(Invalid) as refusal:
        services.change_date(Actor(scene.mara), date, date.version, local_start=in_days(-1))
    assert [(e.field, e.code) for e in refusal.value.errors] == [("local_start", "in_the_past")]
    with pytest.raises(Invalid) as refusal:
        services.change_following(Actor(scene.mara), dates(event)[1], date.version, local_start=in_days(-1))
    assert [(e.field, e.code) for e in refusal.value.errors] == [("local_start", "in_the_past")]
    assert [d.local_start for d in dates(event)] == [in_days(2 + n) for n in (0, 7, 14)]


def test_a_date_is_not_moved_to_an_hour_that_the_clocks_skip(scene):
    with clock.at(clock.now().replace(year=2030, month=3, day=1)):
        date = dates(course(scene.acting(scene.mara), []))[0]
        with pytest.raises(Invalid) as refusal:
            skipped = date.local_start.replace(month=3, day=10, hour=2, minute=30)
            services.change_date(Actor(scene.mara), date, date.version, local_start=skipped)
    assert [(e.field, e.code) for e in refusal.value.errors] == [("local_start", "no_such_hour")]


# by who asks


def test_who_works_for_nobody_may_read_of_it_and_not_come(scene):
    auditor = world.administrator("Ada")
    event = course(scene.acting(scene.mara), [], everyone=True)
    date = dates(event)[0]
    assert OCCURRENCES.can(auditor, "see", date) is False
    assert OCCURRENCES.allowed(auditor, [date]) == {date.pk: []}
    assert "register" in OCCURRENCES.allowed(scene.otto, [date])[date.pk]


def test_to_who_does_not_see_a_date_nothing_is_offered(scene, event):
    assert OCCURRENCES.allowed(scene.otto, dates(event)) == {}


def test_who_posted_it_and_left_steers_it_no_more(scene):
    event = course(scene.acting(scene.jonas), [scene.house])
    assert "edit" in EVENTS.allowed(scene.jonas, [again(event)])[event.pk]
    world.seat(scene.house, scene.jonas)
    world.expire(OrganizationMember.objects.get(group=scene.agency.members_id, user=scene.jonas))
    scene.jonas.refresh_from_db()
    assert EVENTS.allowed(scene.jonas, [again(event)]) == {event.pk: []}


def test_one_comes_for_an_organization_that_one_works_for(scene, event):
    services.share_event(Actor(scene.mara, scene.agency), again(event), organizations=[scene.clinic])
    with pytest.raises(NotAllowed):
        services.register(Actor(scene.grace, scene.house), dates(event)[0])
    for organization, person in ((scene.house, scene.lucia), (scene.clinic, scene.grace)):
        with pytest.raises(NotAllowed):
            services.register_people(Actor(scene.grace, scene.house), dates(event)[0], [person])
        assert organization.is_verified


def test_only_a_link_takes_the_place_of_a_link(scene, event):
    said, headers = {"text": "javascript:alert(1)"}, {"If-Match": '"1"'}
    path = f"{API}/whereabouts/{whereabouts(event, 'online').pk}"
    refusal = denied(
        lambda: world.client(scene.mara).patch(path, said, content_type="application/json", headers=headers)
    )
    assert faults(refusal) == [("text", "not_a_link")]


# what lists leave out


def test_lists_are_of_drills_or_of_what_is_real(scene):
    course(scene.acting(scene.mara), [scene.house], title="Real")
    course(scene.acting(scene.mara), [scene.house], title="Drill", exercise=True)
    for path in ("events", "occurrences"):
        for exercise, title in (("true", "Drill"), ("false", "Real")):
            assert {o["title"] for o in found(scene.dana, path, exercise=exercise)["results"]} == {title}


def test_mine_are_those_that_my_organization_organizes(scene, event):
    assert [e["id"] for e in found(scene.mara, "events", mine="true")["results"]] == [str(event.pk)]
    assert found(scene.dana, "events", mine="true")["results"] == []
    assert len(found(scene.dana, "events")["results"]) == 1


def test_my_registrations_are_mine(scene, event):
    first = dates(event)[0]
    register(scene, scene.lucia, first)
    held = register(scene, scene.dana, first)
    assert [r["id"] for r in found(scene.dana, "registrations", mine="true")["results"]] == [str(held.pk)]
    assert len(found(scene.dana, "registrations")["results"]) == 2
    mine = {person: found(person, f"occurrences/{first.pk}")["mine"] for person in (scene.dana, scene.mara)}
    assert mine[scene.dana]["registration"]["id"] == str(held.pk)
    assert mine[scene.mara]["registration"] is None


def test_what_is_over_is_not_in_a_range_that_begins_later(scene, event):
    first, second, _ = dates(event)
    asked = {"from": (first.ends_at + timedelta(minutes=1)).isoformat(), "to": second.ends_at.isoformat()}
    assert [o["id"] for o in found(scene.dana, "occurrences", **asked)["results"]] == [str(second.pk)]


def test_what_does_not_take_place_is_no_conflict(scene, event):
    other = course(scene.acting(scene.mara), [scene.house])
    register(scene, scene.dana, dates(other)[0])
    services.cancel_date(Actor(scene.mara), dates(other)[0])
    assert found(scene.dana, f"occurrences/{dates(event)[0].pk}")["mine"]["conflicts"] == []
