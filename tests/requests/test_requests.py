from uuid import uuid4

import pytest

from coordination.requests import services
from coordination.requests.jobs import expire_requests
from coordination.requests.models import Answer, Request
from portal.kernel.grants import grant
from portal.kernel.models import AuditRecord, Change
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, body, denied, details, faults, problem, queries, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/requests"


def post(scene, person, *asked, key=None, **changed):
    headers = {"Idempotency-Key": key} if key else {}
    return world.client(person).post(PATH, body(scene, *asked, **changed), headers=headers)


def do(person, request, verb, **form):
    return world.client(person).post(f"{PATH}/{request.pk}/{verb}", form)


def edit(person, request, version, **form):
    return world.client(person).patch(
        f"{PATH}/{request.pk}", form, content_type="application/json", headers={"If-Match": f'"{version}"'}
    )


def seen(person, request):
    return world.client(person).get(f"{PATH}/{request.pk}").json()


# posting


def test_a_request_is_posted_and_seen_by_whom_it_is_put_to(scene):
    answer = post(scene, scene.jonas, scene.house, working_groups=[])
    assert answer.status_code == 201
    made = answer.json()["result"]
    assert (made["kind"], made["state"], made["places"], made["places_taken"]) == ("emergency_shelter", "open", 1, 0)
    assert [h["what"] for h in made["history"]] == ["posted"]
    for who, status in (
        (scene.mara, 200),
        (scene.dana, 200),
        (scene.lucia, 200),
        (scene.grace, 404),
        (scene.otto, 404),
    ):
        assert world.client(who).get(f"{PATH}/{made['id']}").status_code == status
    request = Request.objects.get(pk=made["id"])
    told = Change.objects.filter(subject=request.pk, kind="request", op="put")
    assert set(told.values_list("audience", flat=True)) == {scene.agency.members_id, scene.house.members_id}
    record = AuditRecord.objects.get(action="request.post", subject=request.pk)
    assert (record.actor, record.acting_for, record.subject) == (scene.jonas.pk, scene.agency.pk, request.pk)


def test_each_organization_asked_by_name_gets_its_own_answer_to_fill_in(scene):
    answers = scene.request.answers.all()
    assert {(a.organization_id, a.state) for a in answers} == {(scene.house.pk, "asked"), (scene.clinic.pk, "asked")}


def test_a_group_is_asked_by_those_in_it(scene):
    assert post(scene, scene.mara, working_groups=[str(scene.group.pk)]).status_code == 201
    refusal = denied(lambda: post(scene, scene.jonas, working_groups=[str(scene.group.pk)]))
    assert faults(refusal) == [("working_groups", "not_a_member")]


def test_the_clocks_start_when_it_is_posted(scene):
    request = scene.request
    assert (request.acknowledge_by - request.posted_at).total_seconds() == 5 * 60
    assert (request.answer_by - request.posted_at).total_seconds() == 30 * 60


def test_an_edited_beginning_moves_its_end(scene):
    later = details(starts_at="2099-01-01T00:00:00+00:00")
    edited = services.edit_request(Actor(scene.mara), scene.request, scene.request.version, details=later)
    assert edited.expires_at.year == 2099


# hidden is absent


def test_hidden_is_absent_byte_for_byte(scene):
    caller = world.client(scene.otto)
    form = {"acting_for": str(scene.outside.pk)}
    calls = [
        ("get", "", None),
        ("patch", "", {"note": "x"}),
        ("post", "/start", {}),
        ("post", "/close", {"outcome": "met"}),
        ("post", "/withdraw", {}),
        ("post", "/notes", {"text": "x"}),
        ("get", "/audience", None),
        ("get", "/answers", None),
        ("post", "/acknowledge", form),
        ("put", "/answer", {**form, "answer": "yes"}),
        ("post", "/answer/withdraw", form),
    ]
    for method, rest, form in calls:
        of = {"content_type": "application/json", "headers": {"If-Match": '"1"'}} if method != "get" else {}
        hidden = denied(
            lambda m=method, r=rest, f=form, o=of: getattr(caller, m)(f"{PATH}/{scene.request.pk}{r}", f, **o)
        )
        absent = getattr(caller, method)(f"{PATH}/{uuid4()}{rest}", form, **of)
        assert problem(hidden) == (404, "not_found"), rest
        assert (hidden.content, hidden.headers) == (absent.content, absent.headers)
    assert caller.get(PATH).json()["results"] == []
    assert caller.get(PATH, {"ids": str(scene.request.pk)}).json() == {"results": [], "mine": {}, "next": None}


def test_visible_but_forbidden(scene):
    version = scene.request.version
    for who in (scene.jonas, scene.dana, scene.lucia):
        refusals = [
            denied(lambda w=who: edit(w, scene.request, version, note="x")),
            denied(lambda w=who: do(w, scene.request, "start")),
            denied(lambda w=who: do(w, scene.request, "close", outcome="met")),
            denied(lambda w=who: do(w, scene.request, "withdraw")),
        ]
        assert {problem(r) for r in refusals} == {(403, "not_allowed")}
    assert problem(denied(lambda: do(scene.dana, scene.request, "notes", text="x"))) == (403, "not_allowed")


def test_who_posted_it_steers_it_while_they_work_there(scene):
    request = scene.post(scene.house, by=scene.jonas)
    assert "edit" in seen(scene.jonas, request)["mine"]["allowed"]
    world.remove(Actor(scene.mara), OrganizationMember.objects.get(user=scene.jonas))
    assert problem(do(scene.jonas, request, "withdraw")) == (404, "not_found")


def test_buttons_and_server_agree(scene):
    """A verb is offered exactly to those for whom it works."""
    offered = {who.name: seen(who, scene.request)["mine"] for who in (scene.mara, scene.jonas, scene.dana, scene.lucia)}
    assert {name: mine["allowed"] for name, mine in offered.items()} == {
        "Mara": ["close", "edit", "note", "open_channel", "pick", "start", "withdraw"],
        "Jonas": ["note"],
        "Dana": ["acknowledge", "answer", "redirect"],
        "Lucia": ["acknowledge"],
    }
    assert {name: mine["answering"] for name, mine in offered.items()} == {
        "Mara": [],
        "Jonas": [],
        "Dana": [str(scene.house.pk)],
        "Lucia": [],
    }


def test_who_works_for_both_sides_answers_for_the_one_that_was_asked(scene):
    world.seat(scene.house, scene.jonas, "coordinator")
    assert seen(scene.jonas, scene.request)["mine"]["allowed"] == ["acknowledge", "answer", "note", "redirect"]
    path = f"{PATH}/{scene.request.pk}/answer"
    caller = world.client(scene.jonas)
    form = {"acting_for": str(scene.agency.pk), "answer": "yes"}
    assert problem(denied(lambda: caller.put(path, form, content_type="application/json"))) == (403, "not_allowed")
    form["acting_for"] = str(scene.house.pk)
    assert caller.put(path, form, content_type="application/json").status_code == 200


# states


def test_open_started_closed(scene):
    assert do(scene.mara, scene.request, "start").json()["result"]["state"] == "in_progress"
    closed = do(scene.mara, scene.request, "close", outcome="met", note="Two rooms").json()["result"]
    assert (closed["state"], closed["outcome"], closed["outcome_note"]) == ("done", "met", "Two rooms")
    assert [h["what"] for h in closed["history"]] == ["posted", "started", "closed"]


@pytest.mark.parametrize("end", ["done", "withdrawn", "expired"])
def test_what_has_ended_stays_as_it_is(scene, end):
    answer = scene.answer(scene.request, scene.dana)
    Request.objects.update(state=end, ended_on="2026-03-31", outcome="met")
    caller = world.client(scene.dana)
    form = {"acting_for": str(scene.house.pk)}
    path = f"{PATH}/{scene.request.pk}"
    put = {"content_type": "application/json"}
    for call in (
        lambda: edit(scene.mara, scene.request, Request.objects.get().version, note="x"),
        lambda: do(scene.mara, scene.request, "start"),
        lambda: do(scene.mara, scene.request, "close", outcome="met"),
        lambda: do(scene.mara, scene.request, "withdraw"),
        lambda: do(scene.mara, scene.request, "notes", text="x"),
        lambda: caller.post(f"{path}/acknowledge", form),
        lambda: caller.put(f"{path}/answer", {**form, "answer": "maybe"}, **put),
        lambda: caller.post(f"{path}/answer/withdraw", form),
    ):
        assert problem(denied(call)) == (409, "wrong_state")
    offered = set(seen(scene.mara, scene.request)["mine"]["allowed"]) | set(
        seen(scene.dana, scene.request)["mine"]["allowed"]
    )
    assert offered == set()
    assert world.client(scene.dana).get(f"{API}/answers/{answer.pk}").json()["mine"]["allowed"] == []


def test_nothing_is_closed_without_an_outcome(scene):
    assert faults(denied(lambda: do(scene.mara, scene.request, "close"))) == [("outcome", "required")]
    assert faults(denied(lambda: do(scene.mara, scene.request, "close", outcome="good"))) == [
        ("outcome", "not_a_choice")
    ]


def test_only_what_is_over_expires(scene):
    other = scene.post(scene.house)
    Request.objects.filter(pk=other.pk).update(expires_at="2020-01-01T00:00:00Z")
    expire_requests()
    expire_requests()
    assert dict(Request.objects.values_list("pk", "state")) == {other.pk: "expired", scene.request.pk: "open"}
    assert AuditRecord.objects.filter(action="request.expire").count() == 1


# editing


def test_an_edit_says_which_version_it_saw(scene):
    version = scene.request.version
    answer = edit(scene.mara, scene.request, version, note="Later", places=3)
    assert (answer.status_code, answer.json()["result"]["version"]) == (200, version + 1)
    stale = denied(lambda: edit(scene.mara, scene.request, version, note="Other"))
    assert problem(stale) == (412, "version_mismatch")
    assert stale.json()["current"] == answer.json()["result"]
    caller = world.client(scene.mara)
    path = f"{PATH}/{scene.request.pk}"
    missing = denied(lambda: caller.patch(path, {"note": "x"}, content_type="application/json"))
    assert problem(missing) == (428, "if_match_required")
    senseless = denied(lambda: edit(scene.mara, scene.request, "x", note="x"))
    assert problem(senseless) == (400, "malformed")


def test_places_do_not_fall_below_those_taken(scene):
    request = scene.post(scene.house, scene.clinic, places=2)
    scene.answer(request, scene.dana)
    scene.answer(request, scene.grace)
    request.refresh_from_db()
    assert faults(denied(lambda: edit(scene.mara, request, request.version, places=1))) == [("places", "too_low")]
    assert edit(scene.mara, request, request.version, places=3).json()["result"]["state"] == "open"


@pytest.mark.django_db(transaction=True)
def test_two_edits_of_one_version_at_once(scene):
    version = scene.request.version
    outcomes = world.at_once(
        *(
            lambda note=note: services.edit_request(Actor(scene.mara), Request.objects.get(), version, note=note)
            for note in ("one", "two")
        )
    )
    assert sorted(getattr(o, "code", "done") for o in outcomes) == ["done", "version_mismatch"]
    assert Request.objects.get().version == version + 1


# lists


def test_what_is_shared_with_a_group_is_told_to_those_in_it_alone(scene):
    shared = scene.post(groups=[scene.group])
    scene.post(scene.outside)

    def ids(person, group=scene.group.pk):
        return [r["id"] for r in world.client(person).get(PATH, {"working_group": str(group)}).json()["results"]]

    assert ids(scene.dana) == [str(shared.pk)]
    assert ids(scene.dana, uuid4()) == []
    # the owner's people see the request; what it is shared with is told to those inside
    assert scene.jonas.pk not in members(scene.group.members_id)
    assert ids(scene.jonas) == []
    assert ids(scene.otto) == []


def test_boxes_and_filters(scene):
    caller = world.client(scene.dana)
    own = services.post_request(
        scene.acting(scene.dana),
        request_kind="information_request",
        details={"topic": "law", "question": "Who?"},
        organizations=[scene.agency],
        working_groups=[],
    )
    put = scene.request

    def ids(**query):
        return [r["id"] for r in caller.get(PATH, query).json()["results"]]

    assert ids() == [str(own.pk), str(put.pk)]
    assert ids(box="sent") == [str(own.pk)]
    assert ids(box="received") == [str(put.pk)]
    assert ids(kind="information_request") == [str(own.pk)]
    assert ids(state="done") == []
    assert ids(waiting="true") == [str(put.pk)]
    scene.answer(put, scene.dana, "no")
    assert ids(waiting="true") == []
    assert ids(working_group=str(scene.group.pk)) == []
    first = caller.get(PATH, {"limit": "1"}).json()
    assert [r["id"] for r in first["results"]] == [str(own.pk)]
    assert ids(cursor=first["next"]) == [str(put.pk)]


def test_lists_cost_the_same_however_long(scene):
    paths = [(scene.dana, PATH), (scene.mara, PATH), (scene.mara, f"{PATH}/{scene.request.pk}/answers")]
    paths += [(scene.mara, f"{API}/answers"), (scene.dana, f"{API}/answers"), (scene.mara, f"{PATH}?waiting=true")]
    fill(scene, 4)
    few = [count(who, path) for who, path in paths]
    fill(scene, 45)
    assert len(world.client(scene.dana).get(PATH).json()["results"]) == 50
    assert [count(who, path) for who, path in paths] == few


def count(who, path):
    caller = world.client(who)
    caller.get(path)
    return queries(lambda: caller.get(path))


def fill(scene, n):
    for _ in range(n):
        scene.answer(scene.post(scene.house, scene.clinic), scene.dana, "maybe")
        asked = world.organization(f"Organization {uuid4()}")
        answer = Answer.objects.create(request=scene.request, organization=asked, at=scene.request.posted_at)
        grant(answer, scene.agency.members_id)


def test_a_request_sent_twice_is_made_once(bare):
    key, form = str(uuid4()), details()
    first = post(bare, bare.mara, bare.house, key=key, details=form)
    second = post(bare, bare.mara, bare.house, key=key, details=form)
    assert (first.status_code, first.content) == (201, second.content)
    other = denied(lambda: post(bare, bare.mara, bare.clinic, key=key, details=form))
    assert problem(other) == (409, "idempotency_key_reused")
    assert Request.objects.count() == 1


def test_a_service_refuses_whom_the_form_would(scene):
    ask = lambda **k: services.post_request(scene.acting(scene.mara), request_kind="x", details={}, **k)  # noqa: E731
    assert refused(lambda: ask(organizations=[], working_groups=[])) == "invalid"
    assert refused(lambda: ask(organizations=[scene.agency], working_groups=[])) == "invalid"
    outsider = Actor(scene.otto, scene.agency)
    assert (
        refused(
            lambda: services.post_request(
                outsider, request_kind="x", details={}, organizations=[scene.house], working_groups=[]
            )
        )
        == "not_allowed"
    )
