"""Events: posted with all their dates, seen by whom they are shared with, edited, moved, cancelled."""

from uuid import uuid4

import pytest

from coordination.events import services
from coordination.events.models import Event, Occurrence
from portal.kernel import clock
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from tests import world
from tests.events.gathering import ZONE, course, dates, in_days, register, registration, whereabouts
from tests.scene import API, Scene, denied, faults, problem, refused

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


def post(scene, **more):
    return world.client(scene.mara).post(PATH, form(scene, **more))


def patch(person, path, version, **said):
    headers = {"If-Match": f'"{version}"'}
    return world.client(person).patch(path, said, content_type="application/json", headers=headers)


def occurrences(person, **query):
    answer = world.client(person).get(f"{API}/occurrences", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def titles(person, **query):
    return {found["title"] for found in occurrences(person, **query)["results"]}


def named(*organizations):
    return {"organizations": [str(o.pk) for o in organizations]}


def test_an_event_is_posted_with_all_its_dates(scene):
    posted = post(scene, rule="FREQ=WEEKLY;COUNT=3", seats=40, **named(scene.house))
    assert posted.status_code == 201, posted.content
    event = posted.json()["result"]
    assert (event["event_kind"], event["title"], event["seats"], event["state"]) == ("webinar", "Signs", 40, "planned")
    assert {"edit", "cancel", "share"} <= set(posted.json()["mine"]["allowed"])
    found = occurrences(scene.dana)["results"]
    assert [o["local_start"] for o in found] == [f"{in_days(3 + n):%Y-%m-%dT09:00}" for n in (0, 7, 14)]
    assert {(o["title"], o["seats"], o["seats_taken"], o["repeats"]) for o in found} == {("Signs", 40, 0, True)}


def test_it_is_seen_by_whom_it_is_shared_with_and_is_absent_to_others(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    first, *_ = dates(event)
    for path in (f"{PATH}/{event.pk}", f"{PATH}/{event.pk}/whereabouts", f"{API}/occurrences/{first.pk}"):
        assert world.client(scene.dana).get(path).status_code == 200
        assert problem(denied(lambda path=path: world.client(scene.otto).get(path))) == (404, "not_found")
    assert titles(scene.otto) == set()
    assert titles(scene.otto, event=str(event.pk)) == set()


def test_a_course_keeps_its_hour_when_the_clocks_change(scene):
    """In Chicago at 9 in the morning, in summer as in winter."""
    autumn = clock.now().replace(month=10, day=20, hour=12)
    with clock.at(autumn if autumn > clock.now() else autumn.replace(year=autumn.year + 1)):
        found = dates(course(scene.acting(scene.mara), [], local_start=in_days(2), rule="FREQ=WEEKLY;COUNT=4"))
    assert {f"{o.local_start:%H:%M}" for o in found} == {"09:00"}
    assert {f"{o.local_end:%H:%M}" for o in found} == {"11:00"}
    assert {f"{o.starts_at:%H:%M}" for o in found} == {"14:00", "15:00"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"zone": "Mars/Olympus"}, ("zone", "not_a_choice")),
        ({"zone": "../../etc/passwd"}, ("zone", "not_a_choice")),
        ({"local_start": "2030-03-10T09:00:00Z"}, ("local_start", "not_a_date")),
        ({"local_start": "2030-02-30T09:00"}, ("local_start", "not_a_date")),
        ({"local_start": 5}, ("local_start", "wrong_type")),
        ({"local_start": "2020-01-01T09:00"}, ("local_start", "in_the_past")),
        ({"local_start": "2090-01-01T09:00"}, ("local_start", "too_far")),
        ({"minutes": 0}, ("minutes", "too_low")),
        ({"minutes": 50_000}, ("minutes", "too_high")),
        ({"seats": 0}, ("seats", "too_low")),
        ({"kind": "party"}, ("kind", "not_a_choice")),
        ({"area": "US-IA-113-2"}, ("area", "not_a_choice")),
        ({"rule": "FREQ=WEEKLY"}, ("rule", "rule_never_ends")),
        ({"rule": "FREQ=DAILY;COUNT=367"}, ("rule", "rule_too_many")),
        ({"rule": "FREQ=SECONDLY;COUNT=3"}, ("rule", "rule_not_supported")),
        ({"rule": "every week"}, ("rule", "rule_malformed")),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=2"}, ("rule", "rule_never_occurs")),
        ({"whereabouts": [{"what": "online", "text": "javascript:alert(1)"}]}, ("whereabouts.0.text", "not_a_link")),
        ({"whereabouts": [{"what": "directions", "text": "x"}] * 2}, ("whereabouts", "duplicate")),
        ({"kind": "operation_briefing", "everyone": True}, ("everyone", "not_for_everyone")),
        ({"kind": "staff_debrief", "everyone": True}, ("everyone", "not_for_everyone")),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(scene, said, fault):
    assert faults(denied(lambda: post(scene, **said))) == [fault]


def test_an_hour_that_the_clocks_skip_is_refused(scene):
    with clock.at(clock.now().replace(year=2030, month=3, day=1)):
        refusal = post(scene, local_start="2030-03-10T02:30")
    assert faults(refusal) == [("local_start", "no_such_hour")]


def test_a_debrief_stays_in_its_organization_or_a_group(scene):
    refusal = denied(lambda: post(scene, kind="staff_debrief", **named(scene.house)))
    assert faults(refusal) == [("organizations", "not_for_organizations")]
    assert post(scene, kind="staff_debrief").status_code == 201
    assert post(scene, kind="staff_debrief", title="Of two", working_groups=[str(scene.group.pk)]).status_code == 201
    assert titles(scene.dana) == {"Of two"}
    debrief = Event.objects.get(title="Signs")
    refusal = denied(lambda: world.client(scene.mara).post(f"{PATH}/{debrief.pk}/share", {"everyone": True}))
    assert faults(refusal) == [("everyone", "not_for_everyone")]


def test_a_briefing_is_known_to_who_coordinates_and_to_the_group_alone(scene):
    assert post(scene, kind="operation_briefing", working_groups=[str(scene.group.pk)]).status_code == 201
    assert [titles(who) for who in (scene.mara, scene.dana, scene.jonas, scene.lucia)] == [
        {"Signs"},
        {"Signs"},
        set(),
        set(),
    ]
    said = form(scene, kind="operation_briefing")
    assert problem(denied(lambda: world.client(scene.jonas).post(PATH, said))) == (403, "not_allowed")


def test_a_calendar_asks_for_a_month_at_once(scene):
    course(scene.acting(scene.mara), [scene.house], rule="FREQ=DAILY;COUNT=120")
    first = in_days(2).date().isoformat()
    month = occurrences(scene.dana, **{"from": f"{first}T00:00:00Z", "to": f"{in_days(33).date()}T00:00:00Z"})
    assert (len(month["results"]), month["next"]) == (31, None)
    refusal = denied(
        lambda: world.client(scene.dana).get(
            f"{API}/occurrences", {"from": f"{first}T00:00:00Z", "to": f"{in_days(90).date()}T00:00:00Z"}
        )
    )
    assert faults(refusal) == [("to", "too_far")]
    agenda = occurrences(scene.dana, limit=100)
    rest = occurrences(scene.dana, limit=100, cursor=agenda["next"])
    found = [o["starts_at"] for o in agenda["results"] + rest["results"]]
    assert (len(set(found)), found) == (120, sorted(found))
    assert rest["next"] is None


def test_a_list_is_of_a_kind_of_a_group_or_of_mine(scene):
    course(scene.acting(scene.mara), [scene.house], title="Course")
    course(scene.acting(scene.mara), [], working_groups=[scene.group], title="Committee", event_kind="webinar")
    register(scene, scene.dana, dates(Event.objects.get(title="Course"))[1])
    assert titles(scene.dana) == {"Course", "Committee"}
    assert titles(scene.dana, kind="webinar") == {"Committee"}
    assert titles(scene.dana, working_group=str(scene.group.pk)) == {"Committee"}
    assert [o["title"] for o in occurrences(scene.dana, mine="true")["results"]] == ["Course"]


def test_what_is_shared_with_a_group_is_told_to_those_in_it_alone(scene):
    course(scene.acting(scene.mara), [scene.house, scene.outside], working_groups=[scene.group], title="Course")
    assert scene.otto.pk not in members(scene.group.members_id)
    assert [titles(person) for person in (scene.dana, scene.otto)] == [{"Course"}] * 2
    asked = {"working_group": str(scene.group.pk)}
    assert [titles(person, **asked) for person in (scene.dana, scene.otto)] == [{"Course"}, set()]
    assert titles(scene.otto, working_group=str(uuid4())) == set()


def test_what_is_at_the_same_time_is_pointed_out_and_never_refused(scene):
    one, other = (course(scene.acting(scene.mara), [scene.house], title=t) for t in ("One", "Other"))
    register(scene, scene.lucia, dates(one)[0])
    when = dates(one)[0].starts_at
    with clock.at(when):
        scene.shift(scene.dana, -1, 1)
    mine = occurrences(scene.lucia, event=str(other.pk))["mine"]
    assert [(c["kind"], c["title"]) for c in mine[str(dates(other)[0].pk)]["conflicts"]] == [
        ("shift", ""),
        ("occurrence", "One"),
    ]
    assert mine[str(dates(other)[1].pk)]["conflicts"] == []
    assert register(scene, scene.lucia, dates(other)[0]).state == "registered"
    theirs = occurrences(scene.dana, event=str(other.pk))["mine"]
    assert theirs[str(dates(other)[0].pk)]["conflicts"] == []


# one date, this and following, all


def test_one_date_is_moved_and_the_others_are_not(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    first, second, third = dates(event)
    register(scene, scene.dana, second)
    moved = in_days(10, 14)
    answer = patch(
        scene.mara,
        f"{API}/occurrences/{second.pk}",
        dates(event)[1].version,
        local_start=f"{moved:%Y-%m-%dT%H:%M}",
        seats=5,
    )
    assert answer.status_code == 200, answer.content
    assert [(o.local_start, o.seats) for o in dates(event)] == [
        (first.local_start, None),
        (moved, 5),
        (third.local_start, None),
    ]
    assert dates(event)[1].original_start == second.original_start
    assert registration(scene.dana, second).news == "moved"


def test_a_date_is_cancelled_once_and_who_comes_is_told_once(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    first, *others = dates(event)
    held = register(scene, scene.dana, first)
    services.cancel_date(Actor(scene.mara), dates(event)[0])
    told = registration(scene.dana, first)
    assert (told.news, told.state, told.version) == ("cancelled", "registered", held.version + 1)
    assert refused(lambda: services.cancel_date(Actor(scene.mara), dates(event)[0])) == "wrong_state"
    assert [o.state for o in dates(event)] == ["cancelled", "planned", "planned"]
    services.acknowledge_news(Actor(scene.dana), told)
    assert registration(scene.dana, first).news == ""
    services.cancel_event(Actor(scene.mara), Event.objects.get())
    assert {o.state for o in dates(event)} == {"cancelled"}
    assert registration(scene.dana, first).news == ""
    assert len(others) == 2


def test_no_fewer_seats_than_are_taken(scene):
    event = course(scene.acting(scene.mara), [scene.house], seats=3)
    first, *_ = dates(event)
    for person in (scene.dana, scene.lucia):
        register(scene, person, first)
    for path, version in (
        (f"{API}/occurrences/{first.pk}", dates(event)[0].version),
        (f"{PATH}/{event.pk}", Event.objects.get().version),
    ):
        refusal = denied(lambda path=path, version=version: patch(scene.mara, path, version, seats=1))
        assert faults(refusal) == [("seats", "too_low")]


def test_an_edit_is_seen_on_every_date_and_dates_with_other_seats_keep_them(scene):
    event = course(scene.acting(scene.mara), [scene.house], seats=3)
    services.change_date(Actor(scene.mara), dates(event)[1], dates(event)[1].version, seats=7)
    services.edit_event(Actor(scene.mara), Event.objects.get(), Event.objects.get().version, title="New", seats=9)
    assert titles(scene.dana) == {"New"}
    assert [o.seats for o in dates(event)] == [9, 7, 9]


def test_this_and_following_go_on_in_another_event(scene):
    event = course(scene.acting(scene.mara), [scene.house], rule="FREQ=WEEKLY;COUNT=4")
    _, second, third, fourth = dates(event)
    register(scene, scene.dana, third)
    services.cancel_date(Actor(scene.mara), dates(event)[3])
    later = services.change_following(
        Actor(scene.mara), dates(event)[1], dates(event)[1].version, local_start=in_days(9, 14), title="Later"
    )
    assert (later.pk != event.pk, later.rule) == (True, "FREQ=WEEKLY;COUNT=3")
    assert Event.objects.get(pk=event.pk).rule == ""
    assert [o.pk for o in dates(later)] == [second.pk, third.pk, fourth.pk]
    assert [o.local_start for o in dates(later)] == [in_days(9 + n, 14) for n in (0, 7, 14)]
    assert [o.state for o in dates(later)] == ["planned", "planned", "cancelled"]
    assert registration(scene.dana, third).news == "moved"
    assert titles(scene.dana) == {"kestrel course", "Later"}
    assert whereabouts(later, "online").text == whereabouts(event, "online").text
    seen = world.client(scene.dana).get(f"{PATH}/{later.pk}/whereabouts").json()["results"]
    assert {w["what"] for w in seen} == {"directions", "online"}
    assert world.client(scene.dana).get(f"{PATH}/{event.pk}/whereabouts").json()["results"][0]["what"] == "directions"


def test_from_the_first_date_on_it_is_the_event_itself(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    first, second, third = dates(event)
    register(scene, scene.dana, third)
    changed = services.change_following(
        Actor(scene.mara), first, first.version, local_start=in_days(9, 10), rule="FREQ=WEEKLY;COUNT=2"
    )
    assert changed.pk == event.pk
    assert [(o.local_start, o.state) for o in dates(event)] == [
        (in_days(9, 10), "planned"),
        (in_days(16, 10), "planned"),
    ]
    assert [o.pk for o in dates(event)] == [second.pk, third.pk]
    assert not Occurrence.objects.filter(pk=first.pk).exists()


def test_a_date_that_is_no_more_is_cancelled_where_somebody_comes(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    first, *_ = dates(event)
    register(scene, scene.dana, first)
    parting = dates(event)[0]
    services.change_following(
        Actor(scene.mara), parting, parting.version, local_start=in_days(9), rule="FREQ=WEEKLY;COUNT=2"
    )
    assert [o.state for o in dates(event)] == ["cancelled", "planned", "planned"]
    assert registration(scene.dana, first).news == "cancelled"


def test_who_edits_an_old_version_is_told(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    date = dates(event)[0]
    register(scene, scene.dana, date)
    for path in (f"{API}/occurrences/{date.pk}", f"{API}/occurrences/{date.pk}/following"):
        refusal = denied(lambda path=path: patch(scene.mara, path, date.version, minutes=30))
        assert problem(refusal) == (412, "version_mismatch")
