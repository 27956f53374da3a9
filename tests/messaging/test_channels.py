from uuid import uuid4

import pytest

from messaging import services
from messaging.changes import CHANNEL, MESSAGE
from messaging.models import Channel, Message, ReadMark
from portal.kernel.models import AuditRecord, Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults, problem, queries

pytestmark = pytest.mark.django_db
PATH = f"{API}/channels"


@pytest.fixture
def channel(scene):
    """Of the group that Mara leads and Dana is in."""
    return scene.group.channel


def get(person, path=""):
    return world.client(person).get(PATH + path)


def post(scene, person, channel, body="Good morning", client_id=None, **changed):
    form = {"id": str(client_id or uuid4()), "body": body, "acting_for": str(scene.employer(person).pk), **changed}
    return world.client(person).post(f"{PATH}/{channel.pk}/messages", form)


def read_to(person, channel, position):
    return world.client(person).put(
        f"{PATH}/{channel.pk}/read-mark", {"position": position}, content_type="application/json"
    )


def unread(person, channel):
    return get(person, f"/{channel.pk}").json()["mine"]["unread"]


# reading and posting


def test_what_is_said_is_read_by_those_in_it(scene, channel):
    answer = post(scene, scene.dana, channel)
    assert answer.status_code == 201
    made = answer.json()["result"]
    assert (made["body"], made["position"], made["author"]["name"]) == ("Good morning", 1, "Dana")
    assert made["organization"]["name"] == "Harbor House"
    assert get(scene.mara, f"/{channel.pk}/messages").json()["results"] == [made]
    told = Change.objects.get(subject=made["id"])
    assert (told.audience_id, told.op, told.kind) == (scene.group.members_id, "put", "message")
    assert AuditRecord.objects.get(action="message.post").detail == {}, "what is said is in no record"


def test_hidden_is_absent_byte_for_byte(scene, channel):
    message = scene.say(scene.dana)
    caller = world.client(scene.otto)
    form = {"id": str(uuid4()), "body": "x"}
    for method, rest, body in (
        ("get", "", None),
        ("get", "/messages", None),
        ("get", "/audience", None),
        ("get", f"/messages/{message.pk}", None),
        ("post", "/messages", form),
        ("put", "/read-mark", {"position": 1}),
        ("delete", f"/messages/{message.pk}", None),
    ):
        of = {"content_type": "application/json"} if body else {}
        hidden = denied(
            lambda m=method, r=rest, b=body, o=of: getattr(caller, m)(f"{PATH}/{channel.pk}{r}", b or {}, **o)
        )
        absent = getattr(caller, method)(f"{PATH}/{uuid4()}{rest}", body or {}, **of)
        assert problem(hidden) == (404, "not_found")
        assert (hidden.content, hidden.headers) == (absent.content, absent.headers)
    assert caller.get(PATH).json()["results"] == []
    assert caller.get(PATH, {"ids": str(channel.pk)}).json()["results"] == []
    for kind, pk in ((CHANNEL, channel.pk), (MESSAGE, message.pk)):
        assert kind.represent([pk], scene.network.everyone_id) == {}
        assert kind.represent([pk], scene.group.leads_id) == {}


def test_a_message_lies_within_its_own_channel(scene, channel):
    message = scene.say(scene.dana)
    other = services.create_channel(Actor(scene.mara), scene.group.members, "Other")
    assert get(scene.dana, f"/{channel.pk}/messages/{message.pk}").status_code == 200
    assert get(scene.dana, f"/{other.pk}/messages/{message.pk}").status_code == 404


def test_who_can_see_it(scene, channel):
    (audience,) = get(scene.dana, f"/{channel.pk}/audience").json()["audiences"]
    assert (audience["name"], audience["organizations"], audience["people"]) == ("Housing", 2, 2)


def test_what_is_no_message(scene, channel):
    for body, code in (
        ("", "blank"),
        (" \n\t ", "blank"),
        ("x" * 8001, "too_long"),
        ("a\x00b", "invalid"),
        (5, "wrong_type"),
        (True, "wrong_type"),
        (None, "null"),
        (["x"], "wrong_type"),
        ({"x": 1}, "wrong_type"),
    ):
        assert faults(denied(lambda b=body: post(scene, scene.dana, channel, b))) == [("body", code)]


def test_the_longest_message_is_kept_as_written(scene, channel):
    said = "ä🕯" * 4000
    assert post(scene, scene.dana, channel, f"  {said}\n").json()["result"]["body"] == said


def test_an_id_is_an_id(scene, channel):
    for senseless in (1, "x", True, ["x"]):
        refusal = denied(lambda s=senseless: post(scene, scene.dana, channel, id=s))
        assert [f for f, _ in faults(refusal)] == ["id"]


# once


def test_the_same_message_sent_twice_is_said_once(scene, channel):
    sent = uuid4()
    first, second = (post(scene, scene.dana, channel, client_id=sent) for _ in range(2))
    assert (first.status_code, first.json()["result"]) == (second.status_code, second.json()["result"])
    reused = denied(lambda: post(scene, scene.dana, channel, "Other", client_id=sent))
    assert problem(reused) == (409, "message_id_reused")
    assert post(scene, scene.mara, channel, "Mine", client_id=sent).json()["result"]["position"] == 2
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_message_at_once_is_one_row(scene, channel):
    sent = uuid4()
    said = world.at_once(
        *(
            lambda: services.post_message(scene.acting(scene.dana), Channel.objects.get(pk=channel.pk), sent, "Once")
            for _ in range(4)
        )
    )
    assert {m.pk for m in said} == {Message.objects.get().pk}
    assert Channel.objects.get(pk=channel.pk).last_position == 1


@pytest.mark.django_db(transaction=True)
def test_positions_have_no_gap_with_many_writers(scene, channel):
    def say(person):
        for n in range(5):
            services.post_message(scene.acting(person), Channel.objects.get(pk=channel.pk), uuid4(), f"{n}")

    world.at_once(*(lambda who=who: say(who) for who in (scene.mara, scene.dana) * 2))
    assert sorted(Message.objects.values_list("position", flat=True)) == list(range(1, 21))
    changes = Change.objects.filter(kind="message").order_by("seq").values_list("subject", flat=True)
    assert list(changes) == list(Message.objects.order_by("position").values_list("pk", flat=True))


# deleting


def test_a_deleted_message_keeps_its_place_and_loses_its_words(scene, channel):
    message = scene.say(scene.dana, "SECRET WORDS")
    path = f"{PATH}/{channel.pk}/messages/{message.pk}"
    assert world.client(scene.dana).delete(path).status_code == 204
    left = get(scene.mara, f"/{channel.pk}/messages").json()
    (tombstone,) = left["results"]
    assert (tombstone["body"], tombstone["deleted"], tombstone["position"]) == ("", True, 1)
    assert tombstone["version"] > message.version
    assert left["mine"][tombstone["id"]]["allowed"] == []
    assert problem(denied(lambda: world.client(scene.dana).delete(path))) == (409, "wrong_state")
    again = post(scene, scene.dana, channel, "SECRET WORDS", client_id=message.client_id)
    assert again.json()["result"] == tombstone, "sent again, it does not come back"


def test_one_s_own_and_leads_all(scene, channel):
    hers, his = scene.say(scene.mara), scene.say(scene.dana)
    path = f"{PATH}/{channel.pk}/messages"
    assert problem(denied(lambda: world.client(scene.dana).delete(f"{path}/{hers.pk}"))) == (403, "not_allowed")
    mine = get(scene.dana, f"/{channel.pk}/messages").json()["mine"]
    assert {i: m["allowed"] for i, m in mine.items()} == {str(hers.pk): [], str(his.pk): ["delete", "edit"]}
    assert world.client(scene.mara).delete(f"{path}/{his.pk}").status_code == 204
    allowed = get(scene.mara, f"/{channel.pk}").json()["mine"]["allowed"]
    assert allowed == [
        "archive",
        "delete_any",
        "edit",
        "mark",
        "mute",
        "pin",
        "post",
        "post_urgent",
    ]


# how far one has read


def test_unread_is_counted_from_the_mark(scene, channel):
    for _ in range(3):
        scene.say(scene.mara)
    assert (unread(scene.mara, channel), unread(scene.dana, channel)) == (0, 3)
    assert read_to(scene.dana, channel, 2).json()["position"] == 2
    assert unread(scene.dana, channel) == 1
    assert read_to(scene.dana, channel, 1).json()["position"] == 2, "never back"
    assert read_to(scene.dana, channel, 2**62).json()["position"] == 3, "never past the end"
    told = Change.objects.filter(kind="read_mark", subject=ReadMark.objects.get(person=scene.dana).pk)
    assert set(told.values_list("audience", flat=True)) == {scene.dana.audience_id}
    assert not AuditRecord.objects.filter(action__contains="read").exists()


def test_a_mark_is_a_position(scene, channel):
    senseless = ((-1, "too_low"), (2**63, "too_high"), ("1", "wrong_type"), (True, "wrong_type"), (1.5, "wrong_type"))
    for position, code in senseless:
        assert faults(denied(lambda p=position: read_to(scene.dana, channel, p))) == [("position", code)]


@pytest.mark.django_db(transaction=True)
def test_marks_moved_at_once_end_at_the_farthest(scene, channel):
    for _ in range(4):
        scene.say(scene.mara)
    world.at_once(
        *(
            lambda n=n: services.mark_read(Actor(scene.dana), Channel.objects.get(pk=channel.pk), n)
            for n in (4, 1, 3, 2)
        )
    )
    assert ReadMark.objects.get(person=scene.dana).position == 4


# pages


def test_pages_go_back_in_time(scene, channel):
    for n in range(5):
        scene.say(scene.mara, f"{n}")
    first = get(scene.dana, f"/{channel.pk}/messages?limit=2").json()
    assert [m["body"] for m in first["results"]] == ["4", "3"]
    second = get(scene.dana, f"/{channel.pk}/messages?limit=3&before={first['next']}").json()
    assert ([m["body"] for m in second["results"]], second["next"]) == (["2", "1", "0"], None)
    for senseless in ("x", "-1", "9" * 19, "²"):
        refusal = get(scene.dana, f"/{channel.pk}/messages?before={senseless}")
        assert faults(refusal) == [("before", "invalid")]
    assert faults(get(scene.dana, f"/{channel.pk}/messages?author=x")) == [("author", "unknown_field")]


def test_lists_cost_the_same_however_long(scene, channel):
    def count(path):
        caller = world.client(scene.mara)
        caller.get(PATH + path)
        return queries(lambda: caller.get(PATH + path))

    def more(n):
        for _ in range(n):
            scene.say(scene.dana)
            services.create_channel(Actor(scene.mara), scene.group.members, f"{uuid4()}")

    more(5)
    few = [count(""), count(f"/{channel.pk}/messages")]
    more(45)
    assert len(get(scene.mara, f"/{channel.pk}/messages").json()["results"]) == 50
    assert [count(""), count(f"/{channel.pk}/messages")] == few
