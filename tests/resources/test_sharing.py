"""With whom a need or an offer is shared, after it was posted: further, or less."""

import pytest

from coordination.resources import services
from coordination.resources.models import Need
from coordination.resources.policy import NEEDS, PLEDGES, SUGGESTIONS
from portal.kernel.models import AuditRecord, Change
from portal.kernel.writing import Actor
from tests import world
from tests.scene import API, denied, faults, problem

pytestmark = pytest.mark.django_db
NAMES = ("mara", "jonas", "dana", "lucia", "grace", "otto")


@pytest.fixture
def told(bare):
    """The agency's need, for the house alone."""
    bare.need = bare.needed(bare.house)
    return bare


def say(person, listing, verb, **body):
    return world.client(person).post(f"{API}/{listing.kind}s/{listing.pk}/{verb}", body)


def share(person, listing, *organizations, **more):
    return say(person, listing, "share", organizations=[str(o.pk) for o in organizations], **more)


def unshare(person, listing, audience):
    return say(person, listing, "unshare", shared_with=str(audience.uuid))


def seen(scene):
    return {name for name in NAMES if NEEDS.visible(getattr(scene, name)).filter(pk=scene.need.pk).exists()}


def told_of(answer):
    return [(audience["kind"], audience["name"]) for audience in answer.json()["mine"]["audiences"]]


def test_it_is_shared_further(told):
    assert told.group
    answer = share(told.mara, told.need, told.clinic, working_groups=[str(told.group.pk)])
    assert told_of(answer) == [
        ("group_members", "Housing"),
        ("organization_members", "County Agency"),
        ("organization_members", "Harbor House"),
        ("organization_members", "Second Clinic"),
    ]
    assert seen(told) == {"mara", "jonas", "dana", "lucia", "grace"}
    assert share(told.mara, told.need, everyone=True).status_code == 200
    assert seen(told) == set(NAMES)
    assert AuditRecord.objects.filter(action="need.share").count() == 2


def test_to_share_what_is_shared_changes_nothing(told):
    version = told.need.version
    assert share(told.mara, told.need, told.house).json()["result"]["version"] == version


def test_what_is_taken_back_is_absent_at_once(told):
    share(told.mara, told.need, told.clinic)
    answer = unshare(told.mara, told.need, told.house.members)
    assert ("organization_members", "Harbor House") not in told_of(answer)
    assert seen(told) == {"mara", "jonas", "grace"}
    gone = world.client(told.dana).get(f"{API}/needs/{told.need.pk}")
    assert problem(gone) == (404, "not_found")
    assert Change.objects.filter(audience=told.house.members_id, op="unshared", subject=told.need.pk).exists()
    assert AuditRecord.objects.get(action="need.unshare").detail == {"audience": str(told.house.members.uuid)}


def test_what_was_for_everybody_is_left_to_those_named(told):
    share(told.mara, told.need, everyone=True)
    unshare(told.mara, told.need, told.network.everyone)
    assert seen(told) == {"mara", "jonas", "dana", "lucia"}


def test_an_offer_is_shared_and_taken_back_by_its_owner(bare):
    offer = bare.offered(bare.agency)
    assert share(bare.dana, offer, bare.clinic).status_code == 200
    assert unshare(bare.dana, offer, bare.agency.members).status_code == 200
    for who in (bare.lucia, bare.grace):
        assert problem(denied(lambda who=who: share(who, offer, bare.outside))) == (403, "not_allowed")
    assert problem(denied(lambda: unshare(bare.mara, offer, bare.clinic.members))) == (404, "not_found")


def test_who_may(told):
    theirs = told.needed(told.house, by=told.jonas)
    assert share(told.jonas, theirs, told.clinic).status_code == 200, "who posted it"
    for who, expected in (
        (told.jonas, (403, "not_allowed")),
        (told.dana, (403, "not_allowed")),
        (told.grace, (404, "not_found")),
    ):
        assert problem(denied(lambda who=who: share(who, told.need, told.outside))) == expected
        assert problem(denied(lambda who=who: unshare(who, told.need, told.house.members))) == expected


def test_with_whom(told):
    for body, fault in (
        ({}, ("organizations", "nobody")),
        ({"organizations": [str(told.agency.pk)]}, ("organizations", "invalid")),
        ({"working_groups": [str(told.network.everyone.uuid)]}, ("working_groups", "does_not_exist")),
    ):
        assert faults(denied(lambda body=body: say(told.mara, told.need, "share", **body))) == [fault]
    for audience, code in (
        (told.agency.members, "invalid"),
        (told.clinic.members, "does_not_exist"),
        (told.house.coordinators, "does_not_exist"),
    ):
        assert faults(denied(lambda audience=audience: unshare(told.mara, told.need, audience))) == [
            ("shared_with", code)
        ]


def test_a_group_that_one_is_not_in_can_be_taken_back_and_not_be_told(told):
    quiet = told.quiet
    share(told.mara, told.need, working_groups=[str(quiet.pk)])
    sol = world.person(told.agency, "coordinator", "Sol")
    refusal = denied(lambda: share(sol, told.need, working_groups=[str(quiet.pk)]))
    assert faults(refusal) == [("working_groups", "does_not_exist")]
    assert unshare(sol, told.need, quiet.members).status_code == 200


def test_what_has_ended_is_shared_no_further_and_can_be_taken_back(told):
    services.close_need(Actor(told.mara), told.need)
    assert problem(denied(lambda: share(told.mara, told.need, told.clinic))) == (409, "wrong_state")
    assert unshare(told.mara, told.need, told.house.members).status_code == 200
    assert seen(told) == {"mara", "jonas"}


# what hangs on it


def test_what_is_promised_is_ended_by_its_two_sides(told):
    offer = told.offered(told.agency)
    pledge = told.accepted(need=told.need, offer=offer)
    unshare(told.mara, told.need, told.house.members)
    unshare(told.dana, offer, told.agency.members)
    for who in (told.dana, told.mara):
        shaped = world.client(who).get(f"{API}/pledges/{pledge.pk}").json()
        assert (shaped["result"]["quantity"], shaped["result"]["category"]) == (2, "emergency_bed")
    assert say(told.dana, pledge, "deliver").status_code == 200
    assert say(told.mara, pledge, "confirm").status_code == 200
    assert PLEDGES.visible(told.lucia).get().state == "confirmed"
    assert denied(lambda: world.client(told.dana).get(f"{API}/needs/{told.need.pk}")).status_code == 404


def test_what_was_suggested_is_hidden_at_once_from_who_does_not_see_it(told):
    assert told.offered(told.agency)
    world.work()
    assert SUGGESTIONS.visible(told.dana).exists()
    unshare(told.mara, told.need, told.house.members)
    assert not SUGGESTIONS.visible(told.dana).exists(), "before any job"
    assert SUGGESTIONS.visible(told.mara).exists(), "who still sees the offer"
    world.work()
    assert SUGGESTIONS.visible(told.mara).exists()
    assert not SUGGESTIONS.visible(told.dana).exists()


def test_who_sees_it_by_a_group_is_still_told(told):
    sol = world.person(told.house, "coordinator", "Sol")
    share(told.mara, told.need, working_groups=[str(told.group.pk)])
    assert told.offered(told.clinic)
    world.work()
    assert SUGGESTIONS.visible(sol).exists()
    unshare(told.mara, told.need, told.house.members)
    assert SUGGESTIONS.visible(told.dana).exists()
    assert not SUGGESTIONS.visible(sol).exists()


def test_what_is_shared_further_is_suggested_to_who_sees_it_now(told):
    assert told.offered(told.house, by=told.grace)
    world.work()
    assert not SUGGESTIONS.visible(told.grace).exists()
    share(told.mara, told.need, told.clinic)
    world.work()
    assert SUGGESTIONS.visible(told.grace).exists()


@pytest.mark.django_db(transaction=True)
def test_shared_and_taken_back_at_once(told):
    """Whatever the order, who sees it and what they were told agree."""
    house = told.house.members
    calls = [lambda: services.unshare_listing(Actor(told.mara, told.agency), Need.objects.get(), house.uuid)]
    calls += [lambda: services.share_listing(Actor(told.mara, told.agency), Need.objects.get(), everyone=True)]
    calls += [
        lambda: services.share_listing(Actor(told.mara, told.agency), Need.objects.get(), organizations=[told.house])
    ]
    world.at_once(*calls)
    last = Change.objects.filter(audience=house, subject=told.need.pk).latest("seq")
    inside = NEEDS.granted([house.pk]).exists()
    assert last.op == ("put" if inside else "unshared")
    assert NEEDS.granted([told.network.everyone_id]).exists()
