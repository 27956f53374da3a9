"""What somebody sees to is handed over when they leave: all of it, in one write, or they do not leave."""

import pytest

from coordination.events.models import Event
from coordination.requests.models import Answer, Entry, Request
from coordination.resources.models import Need, Offer
from coordination.rota.models import Shift
from coordination.rota.services import remove_shift
from coordination.working_groups import services as groups
from coordination.working_groups.models import WorkingGroup
from messaging import services as messaging
from messaging.queries import channel_member
from portal.kernel.models import AuditRecord
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import OrganizationMember
from portal.organizations.responsibilities import account
from tests import world
from tests.organizations.handover import Handover, titles
from tests.scene import denied, faults, problem, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Handover()


# what is told


def test_all_that_somebody_sees_to_is_listed_with_who_may_follow(scene):
    told = scene.told(scene.dana)
    assert titles(told) == [
        ("request", "emergency_shelter"),
        ("request_backup", "emergency_shelter"),
        ("answer", "County Agency"),
        ("shift", ""),
        ("shift", ""),
        ("event", "kestrel course"),
        ("need", "emergency_bed"),
        ("offer", "emergency_bed"),
        ("working_group", "Training"),
    ]
    colleagues, dana, lucia = [str(p.pk) for p in (scene.dana, scene.lucia)], str(scene.dana.pk), str(scene.lucia.pk)
    follow = {item["kind"]: (item["successors"], item["required"]) for item in told["items"]}
    assert follow == {
        "request": (colleagues, True),
        "request_backup": ([lucia], False),  # it is Dana's own request
        "answer": ([dana], True),  # coordinators answer
        "shift": (colleagues, False),
        "event": (colleagues, True),
        "need": (colleagues, True),
        "offer": (colleagues, True),
        "working_group": (colleagues, True),
    }
    assert {p["name"] for p in told["people"]} == {"Dana", "Lucia"}
    assert (told["unseen"], told["obstacles"]) == (0, [])


def test_it_is_told_to_who_may_remove_them_and_to_themselves(scene):
    assert scene.told(scene.nora)["items"] == scene.told(scene.dana)["items"]
    for other in (scene.lucia, scene.otto):
        assert problem(world.client(other).get(f"{scene.path}/responsibilities")) == (403, "not_allowed")
    assert problem(denied(lambda: scene.leave(scene.lucia, []))) == (403, "not_allowed")


def test_of_what_the_administrator_may_not_see_only_a_number_is_told(scene):
    quiet = scene.founded("Quiet", joining="unlisted")
    scene.opened(scene.lucia)
    seen = scene.told(scene.dana)
    assert seen["unseen"] == 2
    assert "Quiet" not in str(seen)
    assert "Night desk" not in str(seen)
    assert ("working_group", "Quiet") in titles(scene.told(scene.nora))
    assert scene.told(scene.nora)["unseen"] == 0
    assert quiet.is_listed is False


def test_who_is_in_a_group_is_not_told_to_who_is_not(scene):
    scene.admit(scene.led, scene.grace, by=scene.nora)
    scene.admit(scene.led, scene.mara, by=scene.nora)
    (own,) = [i for i in scene.told(scene.nora)["items"] if i["kind"] == "working_group"]
    (seen,) = [i for i in scene.told(scene.dana)["items"] if i["kind"] == "working_group"]
    assert own["successors"] == [str(p.pk) for p in (scene.grace, scene.mara, scene.dana, scene.lucia)]
    assert seen["successors"] == [str(p.pk) for p in (scene.dana, scene.lucia)]


def test_it_is_of_this_organization_alone(scene):
    world.seat(scene.clinic, scene.nora, "coordinator")
    elsewhere = account(scene.nora, scene.clinic, scene.nora)
    assert elsewhere.keys == set()


def test_it_costs_the_same_however_much_it_is(scene):
    scene.told(scene.dana)
    few = queries(lambda: scene.told(scene.dana))
    for hours in range(72, 72 + 24 * 20, 24):
        scene.planned(hours)
        scene.asked_by(scene.nora)
        scene.needed(by=scene.nora)
    scene.founded("Second", joining="request")
    assert queries(lambda: scene.told(scene.dana)) == few


# leaving


def test_everything_passes_to_who_was_chosen_and_the_person_is_out(scene):
    scene.admit(scene.led, scene.grace, by=scene.nora)
    chosen = scene.choices(scene.nora, scene.dana, working_group=scene.grace, request_backup=scene.lucia)
    assert scene.leave(scene.nora, chosen).status_code == 204
    assert not is_member(scene.nora.pk, scene.house.members_id)
    assert Request.objects.get(pk=scene.sent.pk).posted_by == scene.dana
    assert Request.objects.get(pk=scene.backed.pk).backup == scene.lucia
    assert Answer.objects.get(pk=scene.promised.pk).by == scene.dana
    for model, obj in ((Event, scene.event), (Need, scene.needed_by_nora), (Offer, scene.offered_by_nora)):
        assert model.objects.get(pk=obj.pk).posted_by == scene.dana
    assert set(Shift.objects.values_list("person__name", flat=True)) == {"Dana"}
    assert is_member(scene.grace.pk, scene.led.leads_id)
    assert Entry.objects.filter(what="handed_over").count() == 3
    assert Entry.objects.get(request=scene.sent, what="posted").person == scene.nora
    assert AuditRecord.objects.filter(action="event.hand_over").exists()


def test_who_takes_an_event_over_steers_it(scene):
    path = f"/api/v1/events/{scene.event.pk}"
    before = world.client(scene.lucia).get(path).json()["mine"]["allowed"]
    scene.leave(scene.dana, scene.choices(scene.dana, scene.dana, event=scene.lucia))
    assert (before, "edit" in world.client(scene.lucia).get(path).json()["mine"]["allowed"]) == ([], True)


def test_a_colleague_comes_into_the_group_to_lead_it(scene):
    assert scene.leave(scene.dana, scene.choices(scene.dana, scene.dana, working_group=scene.lucia)).status_code == 204
    assert is_member(scene.lucia.pk, scene.led.members_id)
    assert is_member(scene.lucia.pk, scene.led.leads_id)
    assert not is_member(scene.nora.pk, scene.led.members_id)


def test_shifts_may_be_left_open_and_what_is_required_may_not(scene):
    chosen = scene.choices(scene.dana, scene.dana, shift=None, request_backup=None)
    assert scene.leave(scene.dana, chosen).status_code == 204
    assert not Shift.objects.exists()
    assert Request.objects.get(pk=scene.backed.pk).backup is None


def test_what_is_required_cannot_be_left_to_nobody(scene):
    refused = denied(lambda: scene.leave(scene.dana, scene.choices(scene.dana, None)))
    assert set(faults(refused)) == {
        (f"successors.{kind}.{obj.pk}", "required")
        for kind, obj in (
            ("request", scene.sent),
            ("answer", scene.promised),
            ("event", scene.event),
            ("need", scene.needed_by_nora),
            ("offer", scene.offered_by_nora),
            ("working_group", scene.led),
        )
    }


def test_each_that_is_refused_is_named_and_nothing_is_done(scene):
    scene.planned(33, scene.lucia)
    chosen = scene.choices(scene.dana, scene.lucia)
    for each in chosen:
        if each["kind"] == "event":
            each["successor"] = str(scene.grace.pk)
    assert set(faults(denied(lambda: scene.leave(scene.dana, chosen)))) == {
        (f"successors.event.{scene.event.pk}", "not_a_member"),
        (f"successors.answer.{scene.promised.pk}", "not_a_member"),
        (f"successors.shift.{scene.first.pk}", "too_little_rest"),
        (f"successors.shift.{scene.second.pk}", "too_little_rest"),
    }


def test_whoever_holds_something_is_not_just_removed(scene):
    refused = denied(lambda: world.client(scene.dana).delete(scene.path))
    assert problem(refused) == (409, "responsibilities_remain")
    assert titles(refused.json()["current"]) == titles(scene.told(scene.dana))


def test_when_something_is_new_or_gone_meanwhile_the_list_is_read_again(scene):
    chosen = scene.choices(scene.dana, scene.dana)
    third = scene.planned(96)
    refused = denied(lambda: scene.leave(scene.dana, chosen))
    assert problem(refused) == (409, "responsibilities_remain")
    assert str(third.pk) in {item["id"] for item in refused.json()["current"]["items"]}
    chosen = scene.choices(scene.dana, scene.dana)
    remove_shift(scene.acting(scene.dana), third)
    assert problem(denied(lambda: scene.leave(scene.dana, chosen))) == (409, "responsibilities_remain")


def test_a_successor_who_has_left_meanwhile_is_refused(scene):
    chosen = scene.choices(scene.dana, scene.lucia, answer=scene.dana)
    place = OrganizationMember.objects.get(user=scene.lucia)
    world.remove(scene.acting(scene.dana), place)
    assert {code for _, code in faults(denied(lambda: scene.leave(scene.dana, chosen)))} == {"not_a_member"}


def test_the_last_administrator_and_the_last_lead_stay(scene):
    groups.name_lead(Actor(scene.nora), scene.led, joined(scene, scene.dana))
    place = OrganizationMember.objects.get(user=scene.dana)
    alone = world.client(scene.dana).get(
        scene.path.replace(str(scene.nora.pk), str(scene.dana.pk)) + "/responsibilities"
    )
    assert alone.json()["obstacles"] == [{"code": "last_administrator", "name": "Harbor House"}]
    with pytest.raises(Exception, match="last_administrator"):
        world.remove(scene.acting(scene.dana), place)
    # another lead is there: nobody has to follow
    (item,) = [i for i in scene.told(scene.nora)["items"] if i["kind"] == "working_group"]
    assert item["required"] is False


def joined(scene, person):
    scene.admit(scene.led, person, by=scene.nora)
    return scene.member(person, scene.led)


# what the administrator may not see


def test_what_is_hidden_goes_to_who_sees_it_already_a_colleague_first(scene):
    quiet = scene.founded("Quiet", joining="unlisted")
    for organization, person in ((scene.clinic, scene.grace), (scene.house, scene.lucia)):
        invitation = groups.invite_organization(scene.acting(scene.nora), quiet, organization)
        deciding = scene.dana if organization == scene.house else person
        groups.accept_invitation_to_group(scene.acting(deciding), invitation, [person])
    desk = scene.opened(scene.lucia)
    assert scene.leave(scene.dana, scene.choices(scene.dana, scene.dana)).status_code == 204
    assert is_member(scene.lucia.pk, quiet.leads_id)
    assert not is_member(scene.dana.pk, quiet.members_id)
    assert is_member(scene.lucia.pk, desk.moderators_id)


def test_a_hidden_group_that_nobody_is_left_in_ends(scene):
    quiet = scene.founded("Quiet", joining="unlisted")
    scene.leave(scene.dana, scene.choices(scene.dana, scene.dana))
    assert WorkingGroup.objects.get(pk=quiet.pk).is_archived
    assert not is_member(scene.dana.pk, quiet.members_id)


def test_a_channel_is_moderated_by_who_was_chosen(scene):
    desk = scene.opened(scene.lucia, scene.dana)
    member = channel_member(scene.nora, desk, scene.lucia.pk)
    chosen = scene.choices(scene.nora, scene.dana, channel=scene.lucia)
    assert scene.leave(scene.nora, chosen).status_code == 204
    assert is_member(scene.lucia.pk, desk.moderators_id)
    messaging.name_moderator(Actor(scene.lucia), desk, channel_member(scene.lucia, desk, scene.dana.pk))
    assert member.user == scene.lucia


# at once


@pytest.mark.django_db(transaction=True)
def test_two_who_remove_at_once_remove_once(transactional_db):
    scene = Handover()
    other = world.person(scene.house, "administrator", "Sol")
    successors = scene.chosen(scene.dana)
    place = scene.place
    outcomes = world.at_once(
        *(
            lambda who=who: services.remove_person(Actor(who, scene.house), scene.place, successors)
            for who in (scene.dana, other)
        )
    )
    assert len([o for o in outcomes if o is None]) == 1
    assert not OrganizationMember.objects.filter(pk=place.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_successor_who_leaves_at_the_same_moment_is_not_left_with_it(transactional_db):
    """Whoever is first: nothing is anybody's who is not there."""
    scene = Handover()
    successors = scene.chosen(scene.lucia, answer=scene.dana)
    lucia = OrganizationMember.objects.get(user=scene.lucia)
    world.at_once(
        lambda: services.remove_person(scene.acting(scene.dana), scene.place, successors),
        lambda: services.remove_person(Actor(scene.lucia, scene.house), lucia, {}),
    )
    working = {person.pk for person in (scene.nora, scene.lucia) if is_member(person.pk, scene.house.members_id)}
    assert Request.objects.get(pk=scene.sent.pk).posted_by_id in working
    assert len(working) == 1
