"""What a group remembers of itself, its channels, and its end."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.working_groups import jobs, services
from coordination.working_groups.changes import GROUP_ENTRY
from coordination.working_groups.models import GroupEntry, WorkingGroup
from messaging import services as messaging
from portal.kernel import clock
from portal.kernel.models import Change, Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, CANARY, denied, faults, problem, queries, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/working-groups"


@pytest.fixture
def group(scene):
    return scene.group


def get(person, path):
    return world.client(person).get(path)


def post(person, path, **form):
    return world.client(person).post(f"{PATH}/{path}", form)


def edit(person, group, **form):
    group.refresh_from_db()
    return world.client(person).patch(
        f"{PATH}/{group.pk}", form, content_type="application/json", headers={"If-Match": f'"{group.version}"'}
    )


def feed(person, group, query=""):
    return get(person, f"{PATH}/{group.pk}/entries{query}").json()


# the feed


def test_what_happens_to_a_group_is_in_its_feed(scene, group):
    services.name_lead(Actor(scene.mara), group, scene.member(scene.dana))
    services.name_lead(Actor(scene.mara), group, scene.member(scene.dana))
    services.unname_lead(Actor(scene.dana), group, scene.member(scene.dana))
    scene.edit(group, name="Beds", purpose="Tonight", group_kind="regional", joining="open", rule="No names.")
    scene.edit(group, name="Beds")
    services.open_group_channel(Actor(scene.mara), group, "Rota")
    last = ahead(7)
    scene.edit(group, ends_on=last)
    scene.edit(group, ends_on=None)
    services.remove_member(Actor(scene.mara), group, scene.member(scene.dana))
    services.archive_working_group(Actor(scene.mara), group)
    services.reopen_working_group(Actor(scene.mara), group)
    lines = feed(scene.mara, group)["results"]
    assert [(e["what"], e["before"], e["after"]) for e in reversed(lines)] == [
        ("founded", "", ""),
        ("joined", "", ""),
        ("lead_named", "", ""),
        ("lead_unnamed", "", ""),
        ("name_changed", "Housing", "Beds"),
        ("purpose_changed", "", ""),
        ("kind_changed", "housing", "regional"),
        ("joining_changed", "request", "open"),
        ("rule_changed", "", ""),
        ("channel_opened", "", "Rota"),
        ("end_changed", "", str(last)),
        ("end_changed", str(last), ""),
        ("removed", "", ""),
        ("archived", "", ""),
        ("reopened", "", ""),
    ]
    joined = next(e for e in lines if e["what"] == "joined")
    assert (joined["person"]["name"], joined["organization"]["name"], joined["actor"]["name"]) == (
        "Dana",
        "Harbor House",
        "Mara",
    )
    entry = GroupEntry.objects.get(what="joined")
    assert list(Change.objects.filter(subject=entry.pk).values_list("audience", "op")) == [(group.members_id, "put")]


def test_what_stays_between_two_is_not_in_it(scene, group):
    asked = scene.applied(group, scene.grace)
    services.decline_application(Actor(scene.mara), asked, "No")
    invitation = scene.invited(group, scene.clinic)
    services.withdraw_invitation_to_group(Actor(scene.mara), invitation)
    scene.edit(group, rule="No names.")
    scene.admit(group, scene.grace)
    services.decline_rule(Actor(scene.grace), scene.asked(scene.grace, group), "No")
    assert [e["what"] for e in feed(scene.dana, group)["results"]] == ["rule_changed", "joined", "founded"]


def test_only_those_in_the_group_read_it(scene, group):
    assert feed(scene.otto, group)["results"] == []
    assert GROUP_ENTRY.represent(GroupEntry.objects.values_list("pk", flat=True), scene.network.everyone_id) == {}
    services.leave_working_group(Actor(scene.dana), group)
    assert feed(scene.dana, group)["results"] == []


def test_a_feed_is_that_of_one_group(scene, group):
    services.create_working_group(scene.acting(scene.mara), name="Outreach", group_kind="outreach_awareness")
    assert {line["working_group"] for line in feed(scene.mara, group)["results"]} == {str(group.pk)}


def test_the_feed_is_read_page_by_page_at_one_cost(scene, group):
    for turn in range(7):
        scene.edit(group, purpose=f"{CANARY} {turn}")
    first = feed(scene.dana, group, "?limit=5")
    rest = feed(scene.dana, group, f"?limit=5&cursor={first['next']}")
    assert [len(first["results"]), len(rest["results"]), rest["next"]] == [5, 4, None]
    caller = world.client(scene.dana)
    few = queries(lambda: caller.get(f"{PATH}/{group.pk}/entries"))
    scene.admit(group, scene.grace, *(world.person(scene.clinic, name=f"P {n}") for n in range(20)))
    assert queries(lambda: caller.get(f"{PATH}/{group.pk}/entries")) == few
    assert len(feed(scene.dana, group)["results"]) == 30


# channels


def test_leads_open_channels_for_all_in_the_group(scene, group):
    made = post(scene.mara, f"{group.pk}/channels", name="Rota", topic="Who is on call", announcement=True)
    assert made.status_code == 201
    seen = {c["name"]: c["audience"] for c in get(scene.dana, f"{API}/channels").json()["results"]}
    assert seen == {"Housing": str(group.members.uuid), "Rota": str(group.members.uuid)}
    assert (made.json()["result"]["topic"], made.json()["result"]["announcement"]) == ("Who is on call", True)
    assert get(scene.otto, f"{API}/channels/{made.json()['result']['id']}").status_code == 404
    assert faults(denied(lambda: post(scene.mara, f"{group.pk}/channels", name="ROTA"))) == [("name", "already_used")]
    assert problem(denied(lambda: post(scene.dana, f"{group.pk}/channels", name="Mine"))) == (403, "not_allowed")
    assert faults(denied(lambda: edit(scene.mara, group, name="rota"))) == [("name", "already_used")]


@pytest.mark.django_db(transaction=True)
def test_one_name_is_given_to_one_channel(scene, group):
    outcomes = world.at_once(
        *(
            lambda n=n: services.open_group_channel(Actor(scene.mara), WorkingGroup.objects.get(), n)
            for n in ("Rota", "rota")
        )
    )
    assert sorted(getattr(o, "code", "opened") for o in outcomes) == ["invalid", "opened"]


# the end


def test_what_is_archived_is_read_and_not_changed(scene, group):
    application, invitation = scene.applied(group, scene.grace), scene.invited(group, scene.outside)
    answer = post(scene.mara, f"{group.pk}/archive").json()
    assert answer["result"]["archived_at"]
    assert answer["mine"]["allowed"] == ["leave", "name_leads", "remove_members", "reopen", "see_members"]
    mara, grace, otto = (world.client(p) for p in (scene.mara, scene.grace, scene.otto))
    own = {"acting_for": str(scene.clinic.pk), "people": [str(scene.grace.pk)]}
    for call in (
        lambda: post(scene.mara, f"{group.pk}/archive"),
        lambda: edit(scene.mara, group, name="x"),
        lambda: post(scene.mara, f"{group.pk}/channels", name="x"),
        lambda: grace.post(f"{PATH}/{group.pk}/join", own),
        lambda: grace.post(f"{API}/join-applications", {**own, "working_group": str(group.pk)}),
        lambda: mara.post(
            f"{API}/group-invitations", {"working_group": str(group.pk), "organization": str(scene.clinic.pk)}
        ),
        lambda: mara.post(f"{API}/join-applications/{application.pk}/accept"),
        lambda: otto.post(f"{API}/group-invitations/{invitation.pk}/accept", {"people": [str(scene.otto.pk)]}),
    ):
        assert problem(denied(call)) == (409, "archived")
    for caller, path in ((mara, f"join-applications/{application.pk}"), (otto, f"group-invitations/{invitation.pk}")):
        assert "accept" not in caller.get(f"{API}/{path}").json()["mine"]["allowed"]
    assert get(scene.dana, f"{PATH}/{group.pk}/members").json()["results"]
    assert feed(scene.dana, group)["results"][0]["what"] == "archived"
    assert get(scene.dana, f"{API}/channels/{group.channel_id}").status_code == 200
    assert [len(get(scene.otto, f"{PATH}?archived={a}").json()["results"]) for a in ("true", "false")] == [1, 0]
    assert grace.post(f"{API}/join-applications/{application.pk}/withdraw").status_code == 200


def test_only_leads_end_and_reopen_it(scene, group):
    for who, verb in ((scene.dana, "archive"), (scene.otto, "archive"), (scene.dana, "reopen")):
        assert problem(denied(lambda w=who, v=verb: post(w, f"{group.pk}/{v}"))) == (403, "not_allowed")
    assert problem(denied(lambda: post(scene.mara, f"{group.pk}/reopen"))) == (409, "wrong_state")
    post(scene.mara, f"{group.pk}/archive")
    assert post(scene.mara, f"{group.pk}/reopen").json()["result"]["archived_at"] is None
    assert scene.admit(group, scene.grace).state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_an_application_is_accepted_while_the_group_is_archived(scene, group):
    application = scene.applied(group, scene.grace)
    accepted, archived = world.at_once(
        lambda: services.accept_application(Actor(scene.mara), type(application).objects.get(pk=application.pk)),
        lambda: services.archive_working_group(Actor(scene.mara), WorkingGroup.objects.get()),
    )
    assert not hasattr(archived, "code")
    application.refresh_from_db()
    assert getattr(accepted, "code", "done") in ("done", "archived")
    assert is_member(scene.grace.pk, group.members_id) == (application.state == "accepted")


def test_the_last_lead_of_an_archived_group_stays(scene, group):
    post(scene.mara, f"{group.pk}/archive")
    assert refused(lambda: services.leave_working_group(Actor(scene.mara), group)) == "responsibilities_remain"
    assert post(scene.dana, f"{group.pk}/leave", successors=[]).status_code == 204


def test_its_channels_end_with_it_and_come_back_with_it(scene, group):
    before = services.open_group_channel(Actor(scene.mara), group, "Closed before")
    messaging.archive_channel(Actor(scene.mara), before)

    def archived():
        return {c["name"]: c["archived"] for c in get(scene.dana, f"{API}/channels").json()["results"]}

    services.archive_working_group(Actor(scene.mara), group)
    assert archived() == {"Housing": True, "Closed before": True}
    assert refused(lambda: scene.say(scene.dana)) == "archived"
    assert refused(lambda: scene.post(groups=[group])) == "archived"
    services.reopen_working_group(Actor(scene.mara), group)
    assert archived() == {"Housing": False, "Closed before": True}


# the end that comes by itself


@pytest.fixture
def in_chicago(scene):
    """Where the network's day begins six hours after that of UTC, or five in summer."""
    Network.objects.update(time_zone="America/Chicago")


def ahead(days):
    return Network.current().day(clock.now()) + timedelta(days=days)


def ended_at(group, day, hour):
    """Whether it has ended at this hour in Chicago."""
    with clock.at(datetime.combine(day, hour, ZoneInfo("America/Chicago"))):
        jobs.end_working_groups()
        jobs.end_working_groups()
    group.refresh_from_db()
    return group.is_archived


def test_a_group_ends_when_its_last_day_is_over_where_the_network_is(scene, group, in_chicago):
    last = ahead(3)
    told = edit(scene.mara, group, ends_on=last.isoformat()).json()["result"]
    assert (told["ends_on"], told["archived_at"]) == (last.isoformat(), None)
    assert not ended_at(group, last, time(23, 59))
    assert ended_at(group, last + timedelta(days=1), time(0, 1))
    lines = feed(scene.dana, group)["results"]
    assert [(e["what"], e["actor"]) for e in lines][:2] == [("ended", None), ("end_changed", lines[1]["actor"])]
    assert {c["archived"] for c in get(scene.dana, f"{API}/channels").json()["results"]} == {True}


def test_a_group_that_was_archived_before_does_not_end_once_more(scene, group, in_chicago):
    scene.edit(group, ends_on=ahead(1))
    services.archive_working_group(Actor(scene.mara), group)
    before = group.archived_at
    assert ended_at(group, ahead(2), time(12))
    assert group.archived_at == before


def test_one_that_is_reopened_after_its_last_day_goes_on_without_one(scene, group, in_chicago):
    scene.edit(group, ends_on=ahead(1))
    assert ended_at(group, ahead(2), time(12))
    with clock.at(clock.now() + timedelta(days=3)):
        told = services.reopen_working_group(Actor(scene.mara), group)
    assert (told.ends_on, told.archived_at) == (None, None)
    assert {c["archived"] for c in get(scene.dana, f"{API}/channels").json()["results"]} == {False}


def test_one_that_is_reopened_before_keeps_its_last_day(scene, group):
    scene.edit(group, ends_on=ahead(1))
    services.archive_working_group(Actor(scene.mara), group)
    assert services.reopen_working_group(Actor(scene.mara), group).ends_on == ahead(1)


@pytest.mark.parametrize(
    ("day", "code"),
    [(-1, "in_the_past"), (6 * 366, "too_far"), ("tomorrow", "not_a_date"), ("2030-02-30", "not_a_date")],
)
def test_a_last_day_that_cannot_be(scene, group, day, code):
    day = ahead(day).isoformat() if isinstance(day, int) else day
    new = {"acting_for": str(scene.agency.pk), "name": "Storm", "kind": "rapid_response", "ends_on": day}
    assert faults(denied(lambda: world.client(scene.mara).post(PATH, new))) == [("ends_on", code)]
    assert faults(denied(lambda: edit(scene.mara, group, ends_on=day))) == [("ends_on", code)]


def test_today_is_a_last_day_too_and_only_leads_set_it(scene, group):
    new = {"acting_for": str(scene.agency.pk), "name": "Storm", "kind": "rapid_response"}
    founded = world.client(scene.mara).post(PATH, {**new, "ends_on": ahead(0).isoformat()})
    assert founded.json()["result"]["ends_on"] == ahead(0).isoformat()
    assert problem(denied(lambda: edit(scene.dana, group, ends_on=ahead(3).isoformat()))) == (403, "not_allowed")
