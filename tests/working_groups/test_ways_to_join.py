"""Open, on request, by invitation: who comes in how, who does not, and what happens when two try at once."""

from uuid import uuid4

import pytest

from coordination.working_groups import services
from coordination.working_groups.changes import GROUP_INVITATION
from coordination.working_groups.models import GroupEntry, GroupInvitation, JoinApplication, WorkingGroup
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor
from portal.organizations.models import Organization
from tests import world
from tests.scene import API, denied, faults, problem, refused, unchanged

pytestmark = pytest.mark.django_db
GROUPS = f"{API}/working-groups"
INVITATIONS = f"{API}/group-invitations"


@pytest.fixture
def opened(scene):
    """Mara leads it, Dana is in it; whoever works for a verified organization may join."""
    return scene.edit(scene.group, joining="open")


@pytest.fixture
def closed(scene):
    return scene.edit(scene.group, joining="invitation")


@pytest.fixture
def invitation(scene, closed):
    """The clinic, which Grace coordinates, is invited."""
    return scene.invited(closed, scene.clinic)


def join(scene, person, group, *people, **changed):
    form = {"acting_for": str(scene.employer(person).pk), "people": [str(p.pk) for p in people], **changed}
    return world.client(person).post(f"{GROUPS}/{group.pk}/join", form)


def apply(scene, person, group):
    form = {
        "acting_for": str(scene.employer(person).pk),
        "working_group": str(group.pk),
        "people": [str(person.pk)],
    }
    return world.client(person).post(f"{API}/join-applications", form)


def invite(person, group, organization, **more):
    form = {"working_group": str(group.pk), "organization": str(organization.pk), **more}
    return world.client(person).post(INVITATIONS, form)


def do(person, invitation, verb, *people, **form):
    if people:
        form["people"] = [str(getattr(p, "pk", p)) for p in people]
    return world.client(person).post(f"{INVITATIONS}/{invitation.pk}/{verb}", form)


def allowed(person, group):
    return world.client(person).get(f"{GROUPS}/{group.pk}").json()["mine"]["allowed"]


# open


def test_a_coordinator_brings_people_into_an_open_group(scene, opened):
    lucas = world.person(scene.clinic, "member", "Lucas")
    answer = join(scene, scene.grace, opened, scene.grace, lucas)
    assert (answer.status_code, answer.json()["mine"]["member"]) == (200, True)
    assert members(opened.members_id) == {p.pk for p in (scene.mara, scene.dana, scene.grace, lucas)}
    assert problem(denied(lambda: join(scene, scene.grace, opened, lucas))) == (409, "already_member")


def test_anybody_joins_an_open_group_for_themself_alone(scene, opened):
    sol = world.person(scene.house, "member", "Sol")
    assert join(scene, scene.lucia, opened, scene.lucia).status_code == 200
    assert problem(denied(lambda: join(scene, scene.lucia, opened, sol))) == (403, "not_allowed")
    assert problem(denied(lambda: join(scene, scene.lucia, opened, scene.lucia, sol))) == (403, "not_allowed")
    assert not is_member(sol.pk, opened.members_id)


def test_nobody_brings_people_of_others(scene, opened):
    stranger = denied(lambda: join(scene, scene.grace, opened, scene.otto))
    nobody = denied(lambda: join(scene, scene.grace, opened, scene.otto, people=[str(uuid4())]))
    assert faults(stranger) == [("people", "not_a_member")]
    assert stranger.content == nobody.content
    as_other = denied(lambda: join(scene, scene.grace, opened, scene.dana, acting_for=str(scene.house.pk)))
    assert faults(as_other) == [("acting_for", "not_yours")]


def test_only_verified_organizations_come_in(scene, opened, invitation):
    Organization.objects.filter(pk=scene.clinic.pk).update(status="suspended")
    assert problem(denied(lambda: join(scene, scene.grace, opened, scene.grace))) == (409, "not_active")
    assert problem(denied(lambda: do(scene.grace, invitation, "accept", scene.grace))) == (409, "not_active")
    Organization.objects.filter(pk=scene.outside.pk).update(status="suspended")
    assert faults(denied(lambda: invite(scene.mara, opened, scene.outside))) == [("organization", "not_verified")]


def test_an_application_of_an_organization_that_lost_its_standing_is_not_accepted(scene):
    application = scene.applied(scene.group, scene.grace)
    Organization.objects.filter(pk=scene.clinic.pk).update(status="suspended")
    with unchanged():
        assert refused(lambda: services.accept_application(Actor(scene.mara), application)) == "not_active"


@pytest.mark.parametrize("joining", ["open", "request", "invitation"])
def test_each_group_is_joined_in_its_own_way(scene, joining):
    group = scene.edit(scene.group, joining=joining)
    ways = {
        "open": lambda: join(scene, scene.grace, group, scene.grace),
        "request": lambda: apply(scene, scene.grace, group),
    }
    for way, call in ways.items():
        if way != joining:
            assert problem(denied(call)) == (409, "other_way_of_joining")
    offered = {"open": ["join"], "request": ["apply"], "invitation": []}
    assert allowed(scene.grace, group) == offered[joining]
    if joining in ways:
        assert ways[joining]().status_code < 300


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_bring_the_same_person_at_once(scene, opened):
    second = world.person(scene.clinic, "coordinator", "Second")
    lucas = world.person(scene.clinic, "member", "Lucas")
    outcomes = world.at_once(
        *(
            lambda who=who: services.join_open_group(Actor(who, scene.clinic), WorkingGroup.objects.get(), [lucas])
            for who in (scene.grace, second)
        )
    )
    assert sorted(getattr(o, "code", "in") for o in outcomes) == ["already_member", "in"]
    assert GroupEntry.objects.filter(what="joined", person=lucas).count() == 1


# by invitation


def test_an_invited_organization_says_who_comes(scene, closed):
    made = invite(scene.mara, closed, scene.clinic, note="Your nights would help.")
    assert made.status_code == 201
    said = made.json()["result"]
    assert (said["state"], said["organization"]["name"], said["note"]) == (
        "pending",
        "Second Clinic",
        "Your nights would help.",
    )
    assert said["working_group"] == {
        "id": str(closed.pk),
        "name": "Housing",
        "kind": "housing",
        "purpose": "Beds",
        "rule": "",
        "rule_version": 0,
    }
    invitation = GroupInvitation.objects.get(pk=said["id"])
    accepted = do(scene.grace, invitation, "accept", scene.grace).json()["result"]
    assert (accepted["state"], [p["name"] for p in accepted["people"]]) == ("accepted", ["Grace"])
    assert is_member(scene.grace.pk, closed.members_id)


def test_only_leads_invite(scene, closed):
    for who in (scene.dana, scene.grace):
        assert problem(denied(lambda w=who: invite(w, closed, scene.outside))) == (403, "not_allowed")
    assert faults(denied(lambda: invite(scene.mara, closed, closed))) == [("organization", "does_not_exist")]
    waiting = world.organization("Waiting", verified=False)
    assert faults(denied(lambda: invite(scene.mara, closed, waiting))) == [("organization", "does_not_exist")]


def test_only_leads_and_the_invited_coordinators_see_it(scene, invitation):
    lucas = world.person(scene.clinic, "member", "Lucas")
    for who in (scene.dana, scene.otto, lucas):
        caller = world.client(who)
        hidden, absent = caller.get(f"{INVITATIONS}/{invitation.pk}"), caller.get(f"{INVITATIONS}/{uuid4()}")
        assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
        assert str(invitation.pk) not in caller.get(INVITATIONS).content.decode()
        for verb, named in (("accept", [scene.grace]), ("decline", []), ("withdraw", [])):
            refusal = denied(lambda w=who, v=verb, n=named: do(w, invitation, v, *n))
            assert problem(refusal) == (404, "not_found")
    assert GROUP_INVITATION.represent([invitation.pk], scene.group.members_id) == {}


def test_each_side_decides_its_own_part(scene, invitation):
    assert problem(denied(lambda: do(scene.mara, invitation, "accept", scene.mara))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.mara, invitation, "decline"))) == (403, "not_allowed")
    assert problem(denied(lambda: do(scene.grace, invitation, "withdraw"))) == (403, "not_allowed")
    seen = {
        w.name: world.client(w).get(f"{INVITATIONS}/{invitation.pk}").json()["mine"]["allowed"]
        for w in (scene.mara, scene.grace)
    }
    assert seen == {"Mara": ["withdraw"], "Grace": ["accept", "decline"]}
    assert do(scene.grace, invitation, "decline", reason="Too few nights").json()["result"]["state"] == "declined"
    assert problem(denied(lambda: do(scene.grace, invitation, "accept", scene.grace))) == (409, "already_decided")
    assert problem(denied(lambda: do(scene.mara, invitation, "withdraw"))) == (409, "already_decided")


def test_an_organization_names_its_own_people(scene, invitation):
    assert faults(denied(lambda: do(scene.grace, invitation, "accept", scene.dana))) == [("people", "not_a_member")]
    assert faults(denied(lambda: do(scene.grace, invitation, "accept", uuid4()))) == [("people", "not_a_member")]
    assert faults(denied(lambda: do(scene.grace, invitation, "accept"))) == [("people", "required")]
    assert problem(denied(lambda: invite(scene.mara, scene.group, scene.clinic))) == (409, "invitation_waits")


def test_a_letter_that_waits_says_what_the_group_is_now_and_a_decided_one_what_it_was(scene, invitation):
    scene.edit(scene.group, name="Beds", purpose="Tonight")
    assert world.shape(GROUP_INVITATION, invitation).working_group.name == "Beds"
    do(scene.grace, invitation, "decline")
    scene.edit(scene.group, name="Nights", purpose="Secret by now")
    told = world.shape(GROUP_INVITATION, invitation).working_group
    assert (told.name, told.purpose) == ("Beds", "Tonight")


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_accepted_once(scene, invitation):
    second = world.person(scene.clinic, "coordinator", "Second")
    outcomes = world.at_once(
        *(
            lambda who=who: services.accept_invitation_to_group(
                Actor(who, scene.clinic), GroupInvitation.objects.get(), [who]
            )
            for who in (scene.grace, second)
        ),
        lambda: services.withdraw_invitation_to_group(Actor(scene.mara), GroupInvitation.objects.get()),
    )
    assert sorted(getattr(o, "code", "done") for o in outcomes) == ["already_decided", "already_decided", "done"]
    accepted = GroupInvitation.objects.get().state == "accepted"
    assert len(members(scene.group.members_id)) == (3 if accepted else 2)


@pytest.mark.django_db(transaction=True)
def test_an_organization_is_invited_once_at_a_time(scene, closed):
    outcomes = world.at_once(
        *(
            lambda: services.invite_organization(Actor(scene.mara), WorkingGroup.objects.get(), scene.clinic)
            for _ in range(2)
        )
    )
    assert sorted(getattr(o, "code", "invited") for o in outcomes) == ["invitation_waits", "invited"]


@pytest.mark.django_db(transaction=True)
def test_an_application_is_accepted_while_the_way_changes(scene):
    """Whoever comes last meets what the other did."""
    application = scene.applied(scene.group, scene.grace)
    group = WorkingGroup.objects.get()
    outcomes = world.at_once(
        lambda: services.accept_application(Actor(scene.mara), JoinApplication.objects.get(pk=application.pk)),
        lambda: services.edit_working_group(Actor(scene.mara), group, group.version, joining="unlisted"),
    )
    codes = [getattr(o, "code", "done") for o in outcomes]
    assert codes[0] == "done"
    assert codes[1] in ("applications_wait", "version_mismatch")
    assert is_member(scene.grace.pk, group.members_id)
