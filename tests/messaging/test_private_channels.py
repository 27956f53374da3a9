from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from messaging import services
from messaging.changes import CHANNEL, CHANNEL_MEMBER
from messaging.models import Channel
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from tests import world
from tests.messaging.channel_calls import JSON, PATH, create, edit, found, get, names, seated
from tests.scene import denied, faults, problem, queries, refused, unchanged

pytestmark = pytest.mark.django_db

# opening one


def test_whoever_opens_it_moderates_it(scene):
    answer = create(scene.mara, topic="Nights", people=[str(scene.jonas.pk)])
    assert answer.status_code == 201
    made, mine = answer.json()["result"], answer.json()["mine"]
    assert (made["channel_kind"], made["name"], made["topic"]) == ("private", "Rota", "Nights")
    assert (made["announcement"], made["archived"], made["people"], made["organizations"]) == (False, False, [], [])
    assert {"edit", "invite", "archive", "leave", "name_moderators", "remove_people"} <= set(mine["allowed"])
    members_there = get(scene.jonas, f"/{made['id']}/members").json()["results"]
    assert {(m["person"]["name"], m["moderator"]) for m in members_there} == {("Mara", True), ("Jonas", False)}
    assert {m["organizations"][0]["name"] for m in members_there} == {"County Agency"}
    assert get(scene.jonas, f"/{made['id']}").json()["mine"]["allowed"] == ["leave", "mark", "mute", "post"]


def test_it_is_there_for_nobody_else(scene, board):
    """Not for colleagues, not for the network's administrators."""
    message = scene.announce()
    for outsider in (scene.jonas, scene.lucia, scene.otto, world.administrator()):
        caller = world.client(outsider)
        rests = ("", "/members", "/messages", "/audience", "/people", f"/messages/{message.pk}")
        rests += (f"/messages/{message.pk}/edits", f"/messages/{message.pk}/acknowledgements")
        for rest in rests:
            hidden, absent = caller.get(f"{PATH}/{board.pk}{rest}"), caller.get(f"{PATH}/{uuid4()}{rest}")
            assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert str(board.pk) not in caller.get(PATH).content.decode()
        assert caller.get(PATH, {"ids": str(board.pk)}).json()["results"] == []
    for audience in (scene.network.everyone_id, scene.network.administrators_id, board.moderators_id):
        assert CHANNEL.represent([board.pk], audience) == {}
        assert CHANNEL_MEMBER.represent([seated(board, scene.dana).pk], audience) == {}


def test_what_an_outsider_tries_is_as_if_it_were_not_there(scene, board):
    message = scene.announce()
    caller = world.client(scene.otto)
    for method, rest, body in (
        ("patch", "", {"name": "x"}),
        ("post", "/archive", {}),
        ("post", "/reopen", {}),
        ("post", "/leave", {}),
        ("post", "/people", {"people": [str(scene.otto.pk)]}),
        ("put", f"/organizations/{scene.outside.pk}", {}),
        ("delete", f"/organizations/{scene.clinic.pk}", {}),
        ("put", "/mute", {"muted": True}),
        ("put", f"/moderators/{scene.dana.pk}", {}),
        ("delete", f"/moderators/{scene.mara.pk}", {}),
        ("delete", f"/members/{scene.dana.pk}", {}),
        ("patch", f"/messages/{message.pk}", {"body": "x"}),
        ("put", f"/messages/{message.pk}/pin", {}),
        ("delete", f"/messages/{message.pk}/pin", {}),
        ("put", f"/messages/{message.pk}/acknowledgement", {}),
    ):
        call = getattr(caller, method)
        of = {**JSON, "headers": {"If-Match": '"1"'}}
        hidden = denied(lambda c=call, r=rest, b=body, o=of: c(f"{PATH}/{board.pk}{r}", b, **o))
        absent = call(f"{PATH}/{uuid4()}{rest}", body, **of)
        assert problem(hidden) == (404, "not_found")
        assert (hidden.content, hidden.headers) == (absent.content, absent.headers)


def test_one_brings_whom_one_works_with(scene):
    """Somebody of the network whom one does not know and somebody who does not exist are refused alike."""
    assert scene.group
    stranger = denied(lambda: create(scene.mara, people=[str(scene.otto.pk), str(scene.dana.pk)]))
    nobody = denied(lambda: create(scene.mara, people=[str(uuid4())]))
    assert faults(stranger) == faults(nobody) == [("people", "does_not_exist")]
    assert stranger.content == nobody.content
    assert names(scene.mara, opened(create(scene.mara, people=[str(scene.dana.pk), str(scene.mara.pk)]))) == [
        "Dana",
        "Mara",
    ]


def opened(answer):
    return Channel.objects.get(pk=answer.json()["result"]["id"])


def test_who_is_known_is_asked_inside_the_write(scene, board):
    for call in (
        lambda: services.create_private_channel(Actor(scene.mara), "x", people=[scene.otto]),
        lambda: services.open_direct_conversation(Actor(scene.mara), [scene.otto]),
        lambda: services.add_people(Actor(scene.mara), board, [scene.otto]),
    ):
        with unchanged():
            assert refused(call) == "invalid"


def test_only_whoever_is_in_the_network_opens_one(scene):
    waiting = world.organization("Waiting", verified=False)
    wendy = world.person(waiting, "administrator", "Wendy")
    will = world.person(waiting, "member", "Will")
    assert problem(denied(lambda: create(wendy))) == (403, "not_allowed")
    to_will = {"people": [str(will.pk)]}
    assert problem(denied(lambda: world.client(wendy).post(f"{PATH}/direct", to_will))) == (403, "not_allowed")


def test_bad_forms(scene):
    for form, fault in (
        ({"name": ""}, ("name", "blank")),
        ({"name": "x" * 121}, ("name", "too_long")),
        ({"topic": "x" * 501}, ("topic", "too_long")),
        ({"announcement": "yes"}, ("announcement", "wrong_type")),
        ({"people": "x"}, ("people", "wrong_type")),
        ({"people": ["x"]}, ("people.0", "invalid")),
        ({"people": [str(uuid4())] * 51}, ("people", "too_long")),
        ({"kind": "group"}, ("kind", "unknown_field")),
        ({"organizations": [str(uuid4())]}, ("organizations", "does_not_exist")),
    ):
        assert faults(denied(lambda f=form: create(scene.mara, **f))) == [fault]


def test_the_same_call_twice_opens_one(scene):
    caller = world.client(scene.mara)
    first, second = (caller.post(PATH, {"name": "Rota"}, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json() == second.json()
    assert Channel.objects.count() == 1


# whom one may choose


def test_candidates_are_those_one_works_with(scene):
    assert found(scene.mara) == ["Jonas"]
    assert scene.group
    assert found(scene.mara) == ["Dana", "Jonas"]
    assert found(scene.otto) == []
    assert scene.board
    assert found(scene.grace) == ["Dana", "Mara"], "a channel is a place to know each other by"
    world.seat(world.organization("Waiting", verified=False), scene.dana)
    (dana, _) = get(scene.grace, "/candidates").json()
    assert dana["organizations"] == [{"id": str(scene.house.pk), "name": "Harbor House"}], "as far as she may know"


def test_candidates_are_found_by_the_beginnings_of_their_names(scene):
    for name in ("Inés Calderón Ruiz", "Calvin Ines", "Marines Pol", "Ana %"):
        world.person(scene.agency, "member", name)
    for search, hits in (
        ("ine", ["Calvin Ines", "Inés Calderón Ruiz"]),
        ("INÉS", ["Calvin Ines", "Inés Calderón Ruiz"]),
        ("ruiz cal", ["Inés Calderón Ruiz"]),
        ("alderon", []),
        ("%", ["Ana %"]),
        ("_", []),
        ("x" * 5000, []),
    ):
        assert found(scene.mara, search=search) == hits, search
    for n in range(25):
        world.person(scene.agency, "member", f"Zoe {n}")
    assert len(found(scene.mara, search="zoe")) == 20


def test_a_search_has_no_other_words(scene):
    assert faults(get(scene.mara, "/candidates?email=x")) == [("email", "unknown_field")]


# what it is, and its end


def test_moderators_edit_it(scene, board):
    answer = edit(scene.mara, board, name="News", topic="", announcement=False)
    assert answer.status_code == 200
    shown = get(scene.dana, f"/{board.pk}").json()["result"]
    assert (shown["name"], shown["topic"], shown["announcement"]) == ("News", "", False)
    assert problem(denied(lambda: edit(scene.dana, board, name="x"))) == (403, "not_allowed")
    old = denied(lambda: edit(scene.mara, board, version=1, name="x"))
    assert problem(old) == (412, "version_mismatch")
    assert old.json()["current"]["name"] == "News"
    none = denied(lambda: world.client(scene.mara).patch(f"{PATH}/{board.pk}", {"name": "x"}, **JSON))
    assert problem(none) == (428, "if_match_required")


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_told(scene, board):
    version = Channel.objects.get(pk=board.pk).version
    done = world.at_once(
        *(
            lambda n=n: services.edit_channel(
                Actor(scene.mara), Channel.objects.get(pk=board.pk), version, name=f"Name {n}"
            )
            for n in range(2)
        )
    )
    assert [getattr(answer, "code", None) for answer in done].count("version_mismatch") == 1


def test_names_are_one_s_own_in_a_group_and_free_elsewhere(scene):
    group = scene.group
    other = services.create_channel(Actor(scene.mara), group.members, "Nights", moderators=group.leads, topic="x")
    taken = denied(lambda: edit(scene.mara, other, name="HOUSING"))
    assert faults(taken) == [("name", "already_used")]
    assert refused(lambda: services.create_channel(Actor(scene.mara), group.members, "nights")) == "invalid"
    assert edit(scene.mara, other, name="NIGHTS").status_code == 200
    for _ in range(2):
        assert create(scene.mara, name="Nights").status_code == 201


def test_archived_it_is_read_and_nothing_else(scene, board):
    message = scene.announce()
    archive = f"{PATH}/{board.pk}/archive"
    assert problem(denied(lambda: world.client(scene.dana).post(archive))) == (403, "not_allowed")
    assert world.client(scene.mara).post(archive).json()["result"]["archived"] is True
    caller = world.client(scene.mara)
    inside, one = f"{PATH}/{board.pk}", f"{PATH}/{board.pk}/messages/{message.pk}"
    for method, path, body in (
        ("post", archive, {}),
        ("post", f"{inside}/messages", {"id": str(uuid4()), "body": "x"}),
        ("post", f"{inside}/people", {"people": [str(scene.jonas.pk)]}),
        ("put", f"{inside}/organizations/{scene.house.pk}", {}),
        ("put", f"{inside}/moderators/{scene.dana.pk}", {}),
        ("delete", f"{inside}/moderators/{scene.dana.pk}", {}),
        ("put", f"{one}/pin", {}),
        ("delete", f"{one}/pin", {}),
        ("delete", one, {}),
    ):
        call = getattr(caller, method)
        assert problem(denied(lambda c=call, p=path, b=body: c(p, b, **JSON))) == (409, "archived"), path
    assert problem(denied(lambda: edit(scene.mara, board, name="x"))) == (409, "archived")
    changed = {"body": "x"}
    assert problem(denied(lambda: caller.patch(one, changed, headers={"If-Match": '"1"'}, **JSON))) == (409, "archived")
    grace = world.client(scene.grace)
    assert problem(denied(lambda: grace.put(f"{one}/acknowledgement", {}, **JSON))) == (409, "archived")
    mine = grace.get(inside).json()["mine"]
    assert (mine["allowed"], mine["unread"]) == (["leave", "mark", "mute"], 1)
    assert grace.put(f"{inside}/read-mark", {"position": 1}, **JSON).status_code == 200
    assert grace.put(f"{inside}/mute", {"muted": True}, **JSON).status_code == 200
    assert grace.get(f"{inside}/messages").json()["mine"][str(message.pk)]["allowed"] == []
    assert caller.delete(f"{inside}/members/{scene.dana.pk}").status_code == 204, "who must go, goes"
    assert grace.post(f"{inside}/leave").status_code == 204
    assert get(scene.mara, "?archived=true").json()["results"][0]["id"] == str(board.pk)
    assert str(board.pk) not in get(scene.mara, "?archived=false").content.decode()
    assert caller.post(f"{inside}/reopen").json()["result"]["archived"] is False
    assert problem(caller.post(f"{inside}/reopen")) == (409, "wrong_state")
    assert scene.announce("again").position == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_after_it_was_archived(scene, board):
    def say():
        return services.post_message(Actor(scene.mara), Channel.objects.get(pk=board.pk), uuid4(), "x")

    said = world.at_once(
        say, say, lambda: services.archive_channel(Actor(scene.mara), Channel.objects.get(pk=board.pk)), say
    )
    archived = Channel.objects.get(pk=board.pk)
    assert archived.is_archived
    refusals = [answer.code for answer in said if hasattr(answer, "code")]
    assert refusals == ["archived"] * (3 - archived.last_position)


# the rest


def test_who_sees_it_in_words(scene, board):
    (seen,) = get(scene.grace, f"/{board.pk}/audience").json()["audiences"]
    assert (seen["kind"], seen["name"]) == ("channel_members", board.name)
    assert (seen["organizations"], seen["people"]) == (3, 3)


def test_the_records_name_no_words(scene, board):
    edit(scene.mara, board, name="NEW NAME", topic="NEW TOPIC")
    scene.announce("WORDS")
    for record in AuditRecord.objects.all():
        assert "NEW" not in str(record.detail)
        assert "WORDS" not in str(record.detail)


def test_lists_cost_the_same_however_many(scene, board):
    def count(path):
        caller = world.client(scene.mara)
        caller.get(PATH + path)
        return queries(lambda: caller.get(PATH + path))

    def more(n):
        for turn in range(n):
            person = world.person(scene.clinic, "member", f"P {uuid4()}")
            channel = services.create_private_channel(
                Actor(scene.mara), f"{turn}", people=[scene.dana], organizations=[scene.house]
            )
            talk = services.open_direct_conversation(Actor(scene.mara), [scene.dana, person])
            services.post_message(Actor(person), talk, uuid4(), "x", mentions=[scene.mara.pk])
            services.name_moderator(Actor(scene.mara), channel, seated(channel, scene.dana))

    paths = ("", f"/{board.pk}/members", "/candidates", f"/{board.pk}/people")
    more(2)
    few = [count(path) for path in paths]
    more(8)
    assert [count(path) for path in paths] == few


def test_the_tables_refuse_what_never_is(scene, board, talk):
    group = scene.group.channel
    for channel, wrong in (
        (board, {"moderators": None}),
        (board, {"direct_key": "x"}),
        (board, {"audience": group.audience_id, "channel_kind": "direct"}),
        (group, {"announcement": True, "moderators": None}),
        (talk, {"moderators": board.moderators_id}),
        (talk, {"announcement": True}),
        (talk, {"direct_key": None}),
        (talk, {"name": "x"}),
        (talk, {"audience": board.audience_id}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Channel.objects.filter(pk=channel.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.create(audience=group.audience, name="HOUSING")
    assert Channel.objects.exclude(name="").count() == 2
