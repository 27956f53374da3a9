"""A group that is not listed: for everybody outside it is as if it did not exist, also when it once was listed."""

from uuid import uuid4

import pytest

from coordination.working_groups import services
from coordination.working_groups.changes import WORKING_GROUP
from coordination.working_groups.models import WorkingGroup
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, CANARY, canary, denied, faults, problem, refused, unchanged

pytestmark = pytest.mark.django_db
PATH = f"{API}/working-groups"


@pytest.fixture
def quiet(scene):
    """Mara leads it, Dana is asked to accept its rule."""
    return scene.quiet


def get(person, path):
    return world.client(person).get(path)


def calls(person, organization, group):
    """Everything that can be tried on a group, by somebody who acts for their organization."""
    caller, own, me = world.client(person), {"acting_for": str(organization.pk)}, [str(person.pk)]
    match: dict = {"content_type": "application/json", "headers": {"If-Match": '"1"'}}
    yield lambda: caller.get(f"{PATH}/{group}")
    yield lambda: caller.get(f"{PATH}/{group}/members")
    yield lambda: caller.get(f"{PATH}/{group}/entries")
    yield lambda: caller.get(f"{PATH}/{group}/audience")
    yield lambda: caller.post(f"{PATH}/{group}/join", {**own, "people": me})
    yield lambda: caller.get(f"{PATH}/{group}/responsibilities")
    yield lambda: caller.post(f"{PATH}/{group}/leave", {"successors": []})
    yield lambda: caller.post(f"{PATH}/{group}/archive")
    yield lambda: caller.post(f"{PATH}/{group}/accept-rule", {"rule_version": 1})
    yield lambda: caller.post(f"{PATH}/{group}/channels", {"name": "x"})
    yield lambda: caller.post(f"{API}/join-applications", {**own, "working_group": group, "people": me})
    yield lambda: caller.post(f"{API}/group-invitations", {"working_group": group, "organization": me[0]})
    yield lambda: caller.patch(f"{PATH}/{group}", {"name": "x"}, **match)


@pytest.mark.parametrize("who", ["a colleague", "a stranger", "an administrator", "the invited", "the asked"])
def test_whoever_is_outside_gets_the_bytes_of_nothing(scene, quiet, who):
    """Those who were told of it know it by their letter only."""
    scene.invited(quiet, scene.clinic)
    person, organization = {
        "a colleague": (scene.jonas, scene.agency),
        "a stranger": (scene.otto, scene.outside),
        "an administrator": (world.seat(scene.outside, world.administrator(), "administrator").user, scene.outside),
        "the invited": (scene.grace, scene.clinic),
        "the asked": (scene.dana, scene.house),
    }[who]
    tried = zip(calls(person, organization, str(quiet.pk)), calls(person, organization, str(uuid4())), strict=True)
    for hidden, absent in tried:
        with unchanged():
            one, other = hidden(), absent()
        assert problem(one) == (404, "not_found")
        assert (one.status_code, one.content, one.headers) == (other.status_code, other.content, other.headers)
    for filters in ("", "?kind=rapid_response", "?joining=unlisted", "?archived=false", f"?ids={quiet.pk}"):
        assert str(quiet.pk) not in get(person, f"{PATH}{filters}").content.decode()
    assert problem(get(person, f"{API}/channels/{quiet.channel_id}")) == (404, "not_found")


def test_its_members_see_it(scene, quiet):
    services.accept_rule(Actor(scene.dana), scene.asked(scene.dana), 1)
    for who in (scene.mara, scene.dana):
        assert get(who, f"{PATH}/{quiet.pk}").json()["result"]["joining"] == "unlisted"
    assert WORKING_GROUP.represent([quiet.pk], scene.network.everyone_id) == {}


def test_its_name_is_no_oracle(scene, quiet):
    """Names are told apart among listed groups alone: taking an unlisted one's name says nothing."""
    form = {"acting_for": str(scene.clinic.pk), "name": quiet.name, "kind": "training"}
    assert world.client(scene.grace).post(PATH, form).status_code == 201
    assert refused(lambda: scene.edit(quiet, joining="invitation")) == "invalid"
    assert WorkingGroup.objects.get(pk=quiet.pk).joining == "unlisted"
    scene.edit(quiet, name="Another", joining="invitation")
    assert faults(denied(lambda: world.client(scene.grace).post(PATH, {**form, "name": "another"}))) == [
        ("name", "already_used")
    ]


def test_taking_a_group_off_the_list_takes_it_from_everybody_s_sight(scene):
    group = scene.group
    assert get(scene.otto, f"{PATH}/{group.pk}").status_code == 200
    group = scene.edit(group, joining="unlisted")
    assert get(scene.otto, f"{PATH}/{group.pk}").content == get(scene.otto, f"{PATH}/{uuid4()}").content
    told = Change.objects.filter(audience=scene.network.everyone_id, subject=group.pk).latest("seq")
    assert (told.op, told.version) == ("unshared", group.version)
    scene.edit(group, purpose=canary("later"))
    assert Change.objects.filter(audience=scene.network.everyone_id, subject=group.pk).latest("seq") == told
    group = scene.edit(group, joining="request")
    told = Change.objects.filter(audience=scene.network.everyone_id, subject=group.pk).latest("seq")
    assert (told.op, told.version) == ("put", group.version)
    assert get(scene.otto, f"{PATH}/{group.pk}").json()["result"]["purpose"] == canary("later")


def test_whoever_asked_to_join_is_answered_before_the_group_disappears(scene):
    application = scene.applied(scene.group, scene.grace)
    with unchanged():
        assert refused(lambda: scene.edit(scene.group, joining="unlisted")) == "applications_wait"
    services.decline_application(Actor(scene.mara), application, "No")
    scene.edit(scene.group, joining="unlisted", name=canary("renamed"))
    seen = get(scene.grace, f"{API}/join-applications/{application.pk}")
    assert seen.json()["result"]["working_group"]["name"] == "Housing", "what they knew, and no more"
    assert CANARY not in seen.json()["result"]["working_group"]["name"]


def test_who_was_told_of_it_learns_nothing_after_saying_no(scene, quiet):
    invitation = scene.invited(quiet, scene.clinic)
    services.decline_invitation_to_group(scene.acting(scene.grace), invitation)
    services.decline_rule(Actor(scene.dana), scene.asked(scene.dana))
    scene.edit(quiet, name="New name", purpose="New purpose", rule="New rule")
    for who in (scene.grace, scene.dana):
        for path in ("group-invitations", "rule-acceptances", "working-groups", "join-applications", "channels"):
            assert "New " not in get(who, f"{API}/{path}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_request_and_the_disappearance_at_once(scene):
    """Either the application is there and keeps the group listed, or the group is gone for whoever asks."""
    group = WorkingGroup.objects.get(pk=scene.group.pk)
    hide, ask = world.at_once(
        lambda: services.edit_working_group(Actor(scene.mara), group, group.version, joining="unlisted"),
        lambda: services.apply_to_join(scene.acting(scene.grace), WorkingGroup.objects.get(pk=group.pk), [scene.grace]),
    )
    codes = (getattr(hide, "code", "done"), getattr(ask, "code", "done"))
    assert codes in (("done", "not_found"), ("applications_wait", "done"))
