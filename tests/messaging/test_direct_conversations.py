from uuid import uuid4

import pytest

from messaging import services
from messaging.changes import CHANNEL, MESSAGE
from messaging.models import Channel
from portal.kernel.models import Audience, Change
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from portal.people.models import User
from tests import world
from tests.scene import API, denied, faults, problem, unchanged

pytestmark = pytest.mark.django_db
PATH = f"{API}/channels"
JSON = {"content_type": "application/json"}


def talk_to(person, *others):
    return world.client(person).post(f"{PATH}/direct", {"people": [str(getattr(o, "pk", o)) for o in others]})


def test_asked_for_again_it_is_the_same_one(scene):
    assert scene.group
    made = talk_to(scene.mara, scene.dana)
    assert made.status_code == 200
    shown = made.json()["result"]
    assert (shown["channel_kind"], shown["name"], shown["announcement"]) == ("direct", "", False)
    assert [p["name"] for p in shown["people"]] == ["Dana", "Mara"], "the same for both: each leaves themselves out"
    assert made.json()["mine"]["allowed"] == ["mark", "mute", "pin", "post"]
    with unchanged():
        assert talk_to(scene.dana, scene.mara).json()["result"] == shown
        assert talk_to(scene.mara, scene.dana, scene.mara).json()["result"] == shown
    other = talk_to(scene.mara, scene.dana, scene.jonas).json()["result"]
    assert other["id"] != shown["id"], "with another it is another"
    assert Channel.objects.get(pk=shown["id"]).moderators is None


@pytest.mark.django_db(transaction=True)
def test_opened_at_once_it_is_one(scene):
    assert scene.group

    def open_it(person, other):
        return lambda: services.open_direct_conversation(
            Actor(User.objects.get(pk=person.pk)), [User.objects.get(pk=other.pk)]
        )

    opened = world.at_once(*[open_it(scene.mara, scene.dana), open_it(scene.dana, scene.mara)] * 2)
    assert {c.pk for c in opened} == {Channel.objects.get(channel_kind="direct").pk}
    assert Audience.objects.filter(kind="channel_members").count() == 1


def test_one_does_not_talk_to_oneself_or_to_strangers(scene):
    assert scene.group
    assert faults(denied(lambda: talk_to(scene.mara, scene.mara))) == [("people", "nobody")]
    stranger, nobody = (denied(lambda w=w: talk_to(scene.mara, w)) for w in (scene.otto, uuid4()))
    assert faults(stranger) == [("people", "does_not_exist")]
    assert stranger.content == nobody.content
    assert faults(denied(lambda: talk_to(scene.mara))) == [("people", "too_short")]
    assert faults(denied(lambda: talk_to(scene.mara, *[uuid4()] * 9))) == [("people", "too_long")]


def test_who_no_longer_signs_in_is_not_there(scene):
    User.objects.filter(pk=scene.jonas.pk).update(is_active=False)
    assert faults(denied(lambda: talk_to(scene.mara, scene.jonas))) == [("people", "does_not_exist")]
    assert world.client(scene.mara).get(f"{PATH}/candidates").json() == []


def test_it_is_there_for_nobody_else(scene, talk):
    message = scene.say_in(talk, scene.dana)
    for outsider in (scene.jonas, scene.lucia, scene.grace, scene.otto, world.administrator()):
        caller = world.client(outsider)
        for rest in ("", "/members", "/messages", "/audience", "/people", f"/messages/{message.pk}"):
            hidden, absent = caller.get(f"{PATH}/{talk.pk}{rest}"), caller.get(f"{PATH}/{uuid4()}{rest}")
            assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert caller.get(PATH, {"kind": "direct"}).json()["results"] == []
    for audience in Audience.objects.exclude(pk=talk.audience_id):
        assert CHANNEL.represent([talk.pk], audience.pk) == {}
        assert MESSAGE.represent([message.pk], audience.pk) == {}
    seen_by = {c.audience_id for c in Change.objects.filter(subject__in=[talk.pk, message.pk])}
    assert seen_by == {talk.audience_id}


def test_all_are_equal_in_it(scene, talk):
    """Nobody moderates, archives, renames, invites or leaves: it is the two of them or it is another one."""
    caller = world.client(scene.mara)
    path = f"{PATH}/{talk.pk}"
    for method, rest, body in (
        ("patch", "", {"name": "x"}),
        ("post", "/archive", {}),
        ("post", "/reopen", {}),
        ("post", "/leave", {}),
        ("post", "/people", {"people": [str(scene.jonas.pk)]}),
        ("put", f"/organizations/{scene.house.pk}", {}),
        ("put", f"/moderators/{scene.dana.pk}", {}),
        ("delete", f"/moderators/{scene.dana.pk}", {}),
        ("delete", f"/members/{scene.dana.pk}", {}),
    ):
        of = {**JSON, "headers": {"If-Match": '"1"'}}
        answer = denied(lambda m=method, r=rest, b=body, o=of: getattr(caller, m)(path + r, b, **o))
        assert problem(answer) == (403, "not_allowed"), rest
    said = scene.say_in(talk, scene.dana)
    assert caller.delete(f"{path}/messages/{said.pk}").status_code == 403
    assert caller.put(f"{path}/messages/{said.pk}/pin", {}, **JSON).status_code == 200


def test_who_leaves_their_organization_leaves_it(scene):
    """And who is back, by whatever organization, begins anew: nothing of what was said before comes with it."""
    inside = services.open_direct_conversation(Actor(scene.dana), [scene.lucia])
    world.remove(Actor(scene.lucia), OrganizationMember.objects.get(user=scene.lucia))
    assert members(inside.audience_id) == {scene.dana.pk}
    assert world.client(scene.lucia).get(f"{PATH}/{inside.pk}").status_code == 404
    shown = world.client(scene.dana).get(f"{PATH}/{inside.pk}").json()["result"]
    assert [p["name"] for p in shown["people"]] == ["Dana", "former member"]
    assert faults(talk_to(scene.dana, scene.lucia)) == [("people", "does_not_exist")]
    world.seat(scene.house, scene.lucia)
    assert members(inside.audience_id) == {scene.dana.pk}, "not by itself"
    anew = talk_to(scene.dana, scene.lucia).json()["result"]
    assert anew["id"] != str(inside.pk)
    assert talk_to(scene.lucia, scene.dana).json()["result"]["id"] == anew["id"]
    assert members(inside.audience_id) == {scene.dana.pk}


def test_its_audience_is_called_by_their_names(scene, talk):
    (seen,) = world.client(scene.mara).get(f"{PATH}/{talk.pk}/audience").json()["audiences"]
    assert (seen["name"], seen["people"], seen["organizations"]) == ("Dana, Mara", 2, 2)
