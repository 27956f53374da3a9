"""A group with a rule: nobody sits there before they have accepted it, each for themself, as it is now."""

from uuid import uuid4

import pytest

from coordination.working_groups import services
from coordination.working_groups.changes import RULE_ACCEPTANCE
from coordination.working_groups.models import GroupEntry, GroupInvitation, RuleAcceptance, WorkingGroup
from portal.kernel.models import Change
from portal.kernel.standing import is_member, members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, canary, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
GROUPS = f"{API}/working-groups"
PATH = f"{API}/rule-acceptances"


@pytest.fixture
def ruled(scene):
    """Mara leads it, Dana was in before there was a rule."""
    return scene.edit(scene.group, rule="No names.")


def answer(person, acceptance, verb="accept", **form):
    if verb == "accept":
        form.setdefault("rule_version", 1)
    return world.client(person).post(f"{PATH}/{acceptance.pk}/{verb}", form)


def accept_anew(person, group, rule_version):
    return world.client(person).post(f"{GROUPS}/{group.pk}/accept-rule", {"rule_version": rule_version})


def mine(person, group):
    return world.client(person).get(f"{GROUPS}/{group.pk}").json()["mine"]


# nobody before, by no way


def by_application(scene, group):
    scene.admit(group, scene.grace)


def by_joining(scene, group):
    group = scene.edit(group, joining="open")
    services.join_open_group(scene.acting(scene.grace), group, [scene.grace])


def by_invitation(scene, group):
    invitation = scene.invited(group, scene.clinic)
    services.accept_invitation_to_group(scene.acting(scene.grace), invitation, [scene.grace])


@pytest.mark.parametrize("way", [by_application, by_joining, by_invitation])
def test_by_no_way_is_somebody_seated_before_they_accept(scene, ruled, way):
    way(scene, ruled)
    assert not is_member(scene.grace.pk, ruled.members_id)
    asked = scene.asked(scene.grace, ruled)
    assert (asked.state, asked.rule, asked.rule_version) == ("asked", "No names.", 1)
    assert Change.objects.filter(audience=scene.grace.audience_id, subject=asked.pk, version=asked.version).exists()
    accepted = answer(scene.grace, asked).json()["result"]
    assert (accepted["state"], accepted["working_group"]["rule"]) == ("accepted", "No names.")
    assert is_member(scene.grace.pk, ruled.members_id)
    assert mine(scene.grace, ruled)["rule_accepted"] == 1
    assert GroupEntry.objects.get(what="joined", person=scene.grace).organization == scene.clinic


def test_who_is_asked_already_is_not_asked_twice(scene, ruled):
    group = scene.edit(ruled, joining="open")
    services.join_open_group(scene.acting(scene.grace), group, [scene.grace])
    assert refused(lambda: services.join_open_group(scene.acting(scene.grace), group, [scene.grace])) == "rule_waits"
    assert RuleAcceptance.objects.filter(person=scene.grace).count() == 1


def test_everybody_accepts_for_themself(scene, ruled):
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    assert problem(denied(lambda: answer(scene.mara, asked))) == (403, "not_allowed")
    assert problem(denied(lambda: answer(scene.grace, asked, "withdraw"))) == (403, "not_allowed")
    lucas = world.person(scene.clinic, "administrator", "Lucas")
    for who in (scene.dana, scene.otto, lucas):
        caller = world.client(who)
        hidden, absent = caller.get(f"{PATH}/{asked.pk}"), caller.get(f"{PATH}/{uuid4()}")
        assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
        for verb in ("accept", "decline", "withdraw"):
            assert problem(denied(lambda w=who, v=verb: answer(w, asked, v))) == (404, "not_found")
    assert RULE_ACCEPTANCE.represent([asked.pk], ruled.members_id) == {}


def test_a_no_is_told_to_the_leads_alone(scene, ruled):
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    declined = answer(scene.grace, asked, "decline", reason="I cannot promise that.").json()["result"]
    assert (declined["state"], declined["reason"]) == ("declined", "I cannot promise that.")
    seen = world.client(scene.mara).get(f"{PATH}/{asked.pk}").json()["result"]
    assert seen == declined
    assert problem(denied(lambda: answer(scene.grace, asked))) == (409, "already_decided")
    assert not is_member(scene.grace.pk, ruled.members_id)
    assert not GroupEntry.objects.filter(person=scene.grace).exists()
    by_application(scene, ruled)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("asked", ""), "asked anew"


def test_a_lead_no_longer_asks(scene, ruled):
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    assert answer(scene.mara, asked, "withdraw").json()["result"]["state"] == "withdrawn"
    assert problem(denied(lambda: answer(scene.grace, asked))) == (409, "already_decided")


# the rule moves


def test_a_rule_that_changed_meanwhile_is_read_again(scene, ruled):
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    scene.edit(ruled, rule="No names, no places.")
    stale = denied(lambda: answer(scene.grace, asked))
    assert problem(stale) == (409, "rule_changed")
    assert stale.json()["current"] == {"rule": "No names, no places.", "rule_version": 2}
    assert world.shape(RULE_ACCEPTANCE, asked).working_group.rule == "No names, no places."
    assert not is_member(scene.grace.pk, ruled.members_id)
    assert answer(scene.grace, asked, rule_version=2).status_code == 200


def test_who_is_in_keeps_their_place_and_accepts_anew(scene, ruled):
    assert is_member(scene.dana.pk, ruled.members_id)
    assert mine(scene.dana, ruled)["rule_accepted"] == 0
    assert accept_anew(scene.dana, ruled, 1).json()["mine"]["rule_accepted"] == 1
    scene.edit(ruled, rule="No names, no places.")
    assert is_member(scene.dana.pk, ruled.members_id)
    assert problem(denied(lambda: accept_anew(scene.dana, ruled, 1))) == (409, "rule_changed")
    assert accept_anew(scene.dana, ruled, 2).json()["mine"]["rule_accepted"] == 2
    seen = world.client(scene.mara).get(f"{PATH}?working_group={ruled.pk}").json()["results"]
    assert [(a["person"]["name"], a["state"], a["working_group"]["rule_version"]) for a in seen] == [
        ("Dana", "accepted", 2)
    ]
    assert problem(denied(lambda: accept_anew(scene.otto, ruled, 2))) == (403, "not_allowed")


def test_where_there_is_no_rule_nothing_is_accepted(scene):
    assert "accept_rule" not in mine(scene.dana, scene.group)["allowed"]
    assert refused(lambda: services.accept_rule_anew(Actor(scene.dana), scene.group, 0)) == "wrong_state"
    assert faults(denied(lambda: accept_anew(scene.dana, scene.group, 0))) == [("rule_version", "too_low")]
    assert faults(denied(lambda: accept_anew(scene.dana, scene.group, True))) == [("rule_version", "wrong_type")]


def test_when_the_rule_goes_who_was_asked_still_says_yes_themself(scene, ruled):
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    scene.edit(ruled, rule="")
    asked.refresh_from_db()
    assert (asked.rule, asked.rule_version, is_member(scene.grace.pk, ruled.members_id)) == ("", 2, False)
    assert answer(scene.grace, asked, rule_version=2).status_code == 200
    assert is_member(scene.grace.pk, ruled.members_id)


def test_who_left_the_organization_meanwhile_does_not_come_in(scene, ruled):
    by_application(scene, ruled)
    world.person(scene.clinic, "administrator", "Sol")
    world.remove(Actor(scene.grace), OrganizationMember.objects.get(user=scene.grace))
    asked = scene.asked(scene.grace, ruled)
    assert refused(lambda: services.accept_rule(Actor(scene.grace), asked, 1)) == "not_allowed"


@pytest.mark.django_db(transaction=True)
def test_the_rule_changes_while_somebody_accepts(scene, ruled):
    """Whoever is in has accepted what the rule said at that moment."""
    by_application(scene, ruled)
    asked = scene.asked(scene.grace, ruled)
    group = WorkingGroup.objects.get(pk=ruled.pk)
    accepted, changed = world.at_once(
        lambda: services.accept_rule(Actor(scene.grace), RuleAcceptance.objects.get(pk=asked.pk), 1),
        lambda: services.edit_working_group(Actor(scene.mara), group, group.version, rule="Another."),
    )
    codes = (getattr(accepted, "code", "done"), getattr(changed, "code", "done"))
    assert codes in (("rule_changed", "done"), ("done", "version_mismatch"))
    asked.refresh_from_db()
    assert is_member(scene.grace.pk, ruled.members_id) == (asked.state == "accepted")
    assert asked.rule == ("No names." if asked.state == "accepted" else "Another.")


@pytest.mark.django_db(transaction=True)
def test_who_says_yes_and_no_at_once_said_one(scene, ruled):
    by_application(scene, ruled)
    outcomes = world.at_once(
        lambda: services.accept_rule(Actor(scene.grace), scene.asked(scene.grace, ruled), 1),
        lambda: services.decline_rule(Actor(scene.grace), scene.asked(scene.grace, ruled)),
        lambda: services.withdraw_rule_acceptance(Actor(scene.mara), scene.asked(scene.grace, ruled)),
    )
    assert sorted(getattr(o, "code", "done") for o in outcomes) == ["already_decided", "already_decided", "done"]
    state = scene.asked(scene.grace, ruled).state
    assert (scene.grace.pk in members(ruled.members_id)) == (state == "accepted")


def test_a_rule_has_an_end(scene):
    form = {"acting_for": str(scene.clinic.pk), "name": "Training", "kind": "training", "rule": "x" * 8001}
    assert faults(denied(lambda: world.client(scene.grace).post(GROUPS, form))) == [("rule", "too_long")]
    made = world.client(scene.grace).post(GROUPS, {**form, "rule": canary("rule")}).json()
    assert (made["result"]["rule"], made["result"]["rule_version"]) == (canary("rule"), 1)
    assert GroupInvitation.objects.count() == 0
