"""Who is in a private channel: people and organizations come, go, are removed; its moderators."""

from uuid import uuid4

import pytest

from messaging import services
from messaging.changes import CHANNEL
from messaging.models import Channel
from portal.kernel.models import Admission, Change, Membership
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.messaging.channel_calls import PATH, add, create, get, names, put, seated
from tests.scene import denied, faults, problem, unchanged

pytestmark = pytest.mark.django_db

# people in it


def test_a_moderator_invites_people(scene, board):
    answer = add(scene.mara, board, scene.jonas.pk, scene.dana.pk)
    assert answer.status_code == 200
    assert names(scene.jonas, board) == ["Dana", "Grace", "Jonas", "Mara"]
    told = Change.objects.filter(audience=scene.jonas.audience_id, op="granted")
    assert told.filter(subject=board.audience.uuid).count() == 1
    assert Change.objects.filter(audience=board.audience_id, kind="channel_member").exists()
    with unchanged():
        assert faults(add(scene.mara, board, scene.otto.pk)) == faults(add(scene.mara, board, uuid4()))
    assert problem(denied(lambda: add(scene.dana, board, scene.lucia.pk))) == (403, "not_allowed")


def test_a_seat_for_each_organization_one_works_for(scene, board):
    """The place ends with the last of them, not with the first."""
    world.seat(scene.clinic, scene.jonas)
    assert is_member(scene.jonas.pk, board.audience_id), "by virtue of the clinic"
    other = scene.group and services.create_private_channel(Actor(scene.mara), "Rota", people=[scene.jonas])
    for organization, stays in ((scene.agency, True), (scene.clinic, False)):
        place = OrganizationMember.objects.get(user=scene.jonas, group=organization.members_id)
        world.remove(Actor(scene.jonas), place)
        assert is_member(scene.jonas.pk, other.audience_id) == stays
    assert not is_member(scene.jonas.pk, board.audience_id)


def test_a_moderator_removes_at_once(scene, board):
    caller = world.client(scene.dana)
    assert caller.get(f"{PATH}/{board.pk}").status_code == 200
    path = f"{PATH}/{board.pk}/members/{scene.dana.pk}"
    assert problem(denied(lambda: world.client(scene.grace).delete(path))) == (403, "not_allowed")
    assert world.client(scene.mara).delete(path).status_code == 204
    for rest in ("", "/members", "/messages", "/audience", "/people"):
        assert caller.get(f"{PATH}/{board.pk}{rest}").status_code == 404
    assert caller.get(PATH, {"kind": "private"}).json()["results"] == []
    board.audience.refresh_from_db()
    assert board.audience.epoch == 1
    assert problem(world.client(scene.mara).delete(path)) == (404, "not_found")


def test_one_leaves_by_oneself(scene, board):
    leave = f"{PATH}/{board.pk}/leave"
    assert world.client(scene.dana).post(leave).status_code == 204
    assert problem(world.client(scene.dana).post(leave)) == (404, "not_found")
    assert problem(denied(lambda: world.client(scene.mara).post(leave))) == (409, "last_moderator")
    assert put(scene.mara, board, f"/moderators/{scene.grace.pk}").json()["result"]["moderator"] is True
    assert world.client(scene.mara).post(leave).status_code == 204
    assert names(scene.grace, board) == ["Grace"]
    assert world.client(scene.grace).post(leave).status_code == 204, "the last person may go"


def test_one_does_not_leave_a_group_s_channel(scene):
    path = f"{PATH}/{scene.group.channel_id}/leave"
    assert problem(denied(lambda: world.client(scene.dana).post(path))) == (403, "not_allowed")


def test_moderators_are_named_and_unnamed(scene, board):
    path = f"/moderators/{scene.dana.pk}"
    assert problem(denied(lambda: put(scene.dana, board, path))) == (403, "not_allowed")
    assert put(scene.mara, board, path).status_code == 200
    assert "invite" in get(scene.dana, f"/{board.pk}").json()["mine"]["allowed"]
    assert world.client(scene.dana).delete(f"{PATH}/{board.pk}/moderators/{scene.mara.pk}").status_code == 204
    own = f"{PATH}/{board.pk}{path}"
    assert problem(denied(lambda: world.client(scene.dana).delete(own))) == (409, "last_moderator")
    unknown = put(scene.dana, board, f"/moderators/{scene.otto.pk}")
    assert unknown.content == put(scene.dana, board, f"/moderators/{uuid4()}").content


@pytest.mark.django_db(transaction=True)
def test_two_last_moderators_do_not_both_leave(scene, board):
    services.name_moderator(Actor(scene.mara), board, seated(board, scene.dana))
    left = world.at_once(
        *(
            lambda p=p: services.leave_channel(Actor(p), Channel.objects.get(pk=board.pk))
            for p in (scene.mara, scene.dana)
        )
    )
    assert [getattr(answer, "code", None) for answer in left].count("last_moderator") == 1
    assert len(members(board.moderators_id)) == 1


# organizations in it


def test_all_of_an_invited_organization_are_in_it(scene, board):
    answer = put(scene.mara, board, f"/organizations/{scene.house.pk}")
    assert [o["name"] for o in answer.json()["result"]["organizations"]] == ["Harbor House", "Second Clinic"]
    assert names(scene.lucia, board) == ["Dana", "Grace", "Lucia", "Mara"]
    before = CHANNEL.shape([Channel.objects.get(pk=board.pk)])[0].version
    assert put(scene.mara, board, f"/organizations/{scene.house.pk}").json()["result"]["version"] == before
    assert Admission.objects.count() == 2


def test_whoever_joins_it_later_is_in_and_whoever_leaves_is_out(scene, board):
    hal = world.person(scene.clinic, "member", "Hal")
    assert names(hal, board) == ["Dana", "Grace", "Hal", "Mara"]
    assert get(hal, f"/{board.pk}/members").status_code == 200
    world.remove(Actor(hal), OrganizationMember.objects.get(user=hal))
    assert get(hal, f"/{board.pk}").status_code == 404
    assert names(scene.mara, board) == ["Dana", "Grace", "Mara"]


def test_who_was_removed_does_not_come_back_with_a_new_tier(scene, board):
    services.remove_from_channel(Actor(scene.mara), board, seated(board, scene.grace))
    world.seat(scene.clinic, scene.grace, "administrator")
    assert not is_member(scene.grace.pk, board.audience_id)


def test_a_dismissed_organization_is_out_at_once(scene, board):
    hal = world.person(scene.clinic, "member", "Hal")
    path = f"{PATH}/{board.pk}/organizations/{scene.clinic.pk}"
    assert problem(denied(lambda: world.client(scene.dana).delete(path))) == (403, "not_allowed")
    assert world.client(scene.mara).delete(path).status_code == 204
    for person in (scene.grace, hal):
        assert get(person, f"/{board.pk}").status_code == 404
        revoked = Change.objects.filter(audience=person.audience_id, op="revoked", subject=board.audience.uuid)
        assert revoked.count() == 1
    assert get(scene.mara, f"/{board.pk}").json()["result"]["organizations"] == []
    assert names(scene.mara, board) == ["Dana", "Mara"]
    late = world.person(scene.clinic, "member", "Late")
    assert not is_member(late.pk, board.audience_id)
    assert problem(world.client(scene.mara).delete(path)) == (404, "not_found")


def test_with_the_organization_go_even_those_who_were_invited_by_name(scene, board):
    """A place held by virtue of an organization ends when the organization may not be here."""
    services.add_organization(Actor(scene.mara), board, scene.house)
    services.remove_organization(Actor(scene.mara), board, scene.house)
    assert not is_member(scene.dana.pk, board.audience_id)


def test_the_last_moderator_is_not_dismissed_with_their_organization(scene, board):
    services.add_organization(Actor(scene.mara), board, scene.agency)
    path = f"{PATH}/{board.pk}/organizations/{scene.agency.pk}"
    assert problem(denied(lambda: world.client(scene.mara).delete(path))) == (409, "last_moderator")


def test_only_verified_organizations_are_invited(scene, board):
    waiting = world.organization("Waiting", verified=False)
    wendy = world.person(waiting, "administrator", "Wendy")
    hidden, absent = (put(scene.mara, board, f"/organizations/{pk}") for pk in (waiting.pk, uuid4()))
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    world.seat(waiting, scene.mara)
    seen = denied(lambda: put(scene.mara, board, f"/organizations/{waiting.pk}"))
    assert faults(seen) == [("organizations", "not_verified")]
    assert faults(denied(lambda: create(scene.mara, organizations=[str(waiting.pk)]))) == [
        ("organizations", "not_verified")
    ]
    assert not is_member(wendy.pk, board.audience_id)


@pytest.mark.django_db(transaction=True)
def test_an_organization_is_invited_while_somebody_joins_it(scene, board):
    """Whichever is first, whoever works for it is in."""
    nia = world.person(name="Nia")
    world.at_once(
        lambda: services.add_organization(Actor(scene.mara), Channel.objects.get(pk=board.pk), scene.house),
        lambda: world.seat(scene.house, nia),
    )
    assert {nia.pk, scene.lucia.pk, scene.dana.pk} <= members(board.audience_id)


@pytest.mark.django_db(transaction=True)
def test_an_organization_is_dismissed_while_somebody_joins_it(scene, board):
    nia = world.person(name="Nia")
    world.at_once(
        lambda: services.remove_organization(Actor(scene.mara), Channel.objects.get(pk=board.pk), scene.clinic),
        lambda: world.seat(scene.clinic, nia),
    )
    assert members(board.audience_id) == {scene.mara.pk, scene.dana.pk}
    assert not Membership.objects.filter(group=board.audience_id, user__in=[nia, scene.grace]).exists()
