"""The last step but one: whoever is on call for coordination where it comes from, or all who coordinate there."""

from datetime import timedelta

import pytest

from coordination.requests import services
from coordination.requests.changes import REQUEST
from coordination.requests.models import Request
from coordination.rota import services as rota
from coordination.rota.models import Shift
from portal.kernel import clock, memberships
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember, Tier
from tests import world
from tests.requests.operation import Operation
from tests.scene import API, body, denied, faults

pytestmark = pytest.mark.django_db
PATH = f"{API}/requests"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def office(bare):
    """Mara asks, with Jonas as backup; she, Vera and Kofi coordinate the agency."""
    bare.vera = world.person(bare.agency, Tier.COORDINATOR, "Vera")
    bare.kofi = world.person(bare.agency, Tier.COORDINATOR, "Kofi")
    return bare


def asked(office, **more):
    form = body(office, office.house, backup=str(office.jonas.pk), **more)
    return Request.objects.get(pk=world.client(office.mara).post(PATH, form).json()["result"]["id"])


def on_call(office, person, begins=-1.0, ends=8.0, duty="coordination"):
    at = clock.now()
    return rota.plan_shift(Actor(office.mara, office.agency), person.pk, at + begins * HOUR, at + ends * HOUR, duty)


def ring(request, minutes):
    with clock.at(request.posted_at + minutes * MINUTE):
        services.ring_clock(request)
    request.refresh_from_db()
    return request.escalated_to


def told(*people):
    """On whose Today something waits that nobody answers."""
    found = [p for p in people if world.client(p).get(f"{PATH}?escalated=true").json()["results"]]
    return [person.name for person in found]


def all_told(office):
    return told(office.jonas, office.mara, office.vera, office.kofi)


def history(request):
    return [e.what for e in request.entries.filter(what__startswith="escalated").order_by("pk")]


def climb(request):
    """To the coordinators' step."""
    return [ring(request, minutes) for minutes in (5, 10)]


# who is asked


def test_whoever_is_on_call_for_coordination_is_asked_alone(office):
    on_call(office, office.vera)
    request = asked(office)
    assert climb(request) == ["backup", "coordinator"]
    assert all_told(office) == ["Jonas", "Vera"]
    assert ring(request, 15) == "network"
    assert all_told(office) == ["Jonas", "Vera"]
    assert history(request) == ["escalated_backup", "escalated_duty_coordinator", "escalated_network"]


def test_where_nobody_is_on_call_for_it_all_coordinators_are_asked(office):
    on_call(office, office.vera, 2, 8)
    request = asked(office)
    climb(request)
    assert all_told(office) == ["Jonas", "Mara", "Vera", "Kofi"]
    assert history(request) == ["escalated_backup", "escalated_coordinator"]


def test_who_is_on_call_for_every_kind_of_request_is_not_on_call_for_coordination(office):
    on_call(office, office.vera, duty="")
    climb(asked(office))
    assert all_told(office) == ["Jonas", "Mara", "Vera", "Kofi"]


def test_the_house_that_was_asked_has_no_part_in_it(office):
    """Who is on call for coordination there is on call for its own requests."""
    at = clock.now()
    rota.plan_shift(office.acting(office.dana), office.dana.pk, at - HOUR, at + HOUR, "coordination")
    request = asked(office)
    climb(request)
    assert told(office.dana, office.vera) == ["Vera"]


@pytest.mark.parametrize("who", ["mara", "vera"])
def test_the_poster_or_the_backup_on_call_is_not_asked_twice_but_all_others_are(office, who):
    on_call(office, getattr(office, who))
    form = body(office, office.house, backup=str(office.vera.pk))
    request = Request.objects.get(pk=world.client(office.mara).post(PATH, form).json()["result"]["id"])
    climb(request)
    assert told(office.mara, office.vera, office.kofi) == ["Mara", "Vera", "Kofi"]
    assert history(request) == ["escalated_backup", "escalated_coordinator"]


def test_a_lead_who_was_told_and_is_on_call_is_not_asked_twice_but_all_others_are(office):
    group = office.group
    with writing(THE_PORTAL) as w:
        for audience in (group.members, group.leads):
            memberships.join(w, office.vera, audience, via=office.agency.members)
    on_call(office, office.vera)
    request = asked(office, working_groups=[str(group.pk)])
    assert [ring(request, minutes) for minutes in (5, 10, 15)] == ["backup", "leads", "coordinator"]
    assert told(office.vera, office.kofi) == ["Vera", "Kofi"]


# when


def test_it_is_asked_who_is_on_call_when_the_step_falls_due(office):
    shift = on_call(office, office.vera)
    request = asked(office)
    ring(request, 5)
    with clock.at(request.posted_at + 7 * MINUTE):
        rota.hand_over_shift(Actor(office.vera), shift, office.kofi.pk)
    ring(request, 10)
    assert all_told(office) == ["Jonas", "Kofi"]


def test_a_hole_that_begins_before_the_step_asks_all(office):
    shift = on_call(office, office.vera)
    request = asked(office)
    rota.remove_shift(Actor(office.mara), shift)
    climb(request)
    assert all_told(office) == ["Jonas", "Mara", "Vera", "Kofi"]


def test_after_hours_without_a_worker_it_is_who_is_on_call_then(office):
    on_call(office, office.vera, -1, 4)
    on_call(office, office.kofi, 4, 12)
    request = asked(office)
    assert [ring(request, minutes) for minutes in (300, 305)] == ["backup", "coordinator"]
    assert all_told(office) == ["Jonas", "Kofi"]


@pytest.mark.parametrize("rings", [2, 3])
def test_what_waits_for_them_goes_with_their_shift(office, rings):
    shift = on_call(office, office.vera)
    request = asked(office)
    assert [ring(request, 5 * n) for n in range(1, rings + 1)][1:] == ["coordinator", "network"][: rings - 1]
    rota.hand_over_shift(Actor(office.vera), shift, office.kofi.pk)
    assert all_told(office) == ["Jonas", "Kofi"]
    rota.remove_shift(Actor(office.mara), Shift.objects.latest("starts_at"))
    assert all_told(office) == ["Jonas", "Mara", "Vera", "Kofi"]
    request.refresh_from_db()
    assert request.duty_coordinator is None


def test_a_later_shift_of_theirs_changes_nothing(office):
    on_call(office, office.vera)
    later = on_call(office, office.vera, 20, 28)
    request = asked(office)
    climb(request)
    version = Request.objects.get(pk=request.pk).version
    rota.hand_over_shift(Actor(office.vera), later, office.kofi.pk)
    assert all_told(office) == ["Jonas", "Vera"]
    assert Request.objects.get(pk=request.pk).version == version


@pytest.mark.parametrize("end", ["leaves", "coordinates no more", "expires"])
def test_whoever_was_asked_and_is_no_coordinator_any_more_leaves_it_to_all(office, end):
    on_call(office, office.vera)
    request = asked(office)
    climb(request)
    place = OrganizationMember.objects.get(user=office.vera)
    if end == "leaves":
        world.remove(Actor(office.mara), place)
    elif end == "coordinates no more":
        organizations.change_tier(Actor(office.mara), place, Tier.MEMBER)
    else:
        for membership in office.vera.memberships.filter(group=office.agency.coordinators_id):
            world.expire(membership)
    assert told(office.mara, office.kofi) == ["Mara", "Kofi"]


def test_who_coordinates_no_more_before_a_sweep_finds_it_is_not_asked(office):
    on_call(office, office.vera)
    world.expire(office.vera.memberships.get(group=office.agency.coordinators_id))
    climb(asked(office))
    assert told(office.mara, office.kofi) == ["Mara", "Kofi"]


def test_whoever_coordinates_no_more_is_taken_off_that_duty_alone(office):
    on_call(office, office.vera)
    kept = on_call(office, office.vera, duty="")
    organizations.change_tier(Actor(office.mara), OrganizationMember.objects.get(user=office.vera), Tier.MEMBER)
    assert list(Shift.objects.all()) == [kept]


# who may be on call for it, and who learns of it


def test_only_coordinators_are_on_call_for_coordination(office):
    at = clock.now()
    form = {
        "acting_for": str(office.agency.pk),
        "person": str(office.jonas.pk),
        "duty": "coordination",
        "starts_at": (at + HOUR).isoformat(),
        "ends_at": (at + 2 * HOUR).isoformat(),
    }
    refusal = denied(lambda: world.client(office.mara).post(f"{API}/shifts", form))
    assert faults(refusal) == [("person", "not_a_coordinator")]
    shift = on_call(office, office.vera)
    to_jonas = {"person": str(office.jonas.pk)}
    refusal = denied(lambda: world.client(office.vera).post(f"{API}/shifts/{shift.pk}/hand-over", to_jonas))
    assert faults(refusal) == [("person", "not_a_coordinator")]


def test_nobody_reads_in_the_request_who_is_on_call(office):
    on_call(office, office.vera)
    request = asked(office)
    climb(request)
    for audience in (office.house.members_id, office.agency.members_id):
        shape = repr(REQUEST.represent([request.pk], audience)[request.pk])
        assert "duty_coordinator" in shape
        assert str(office.vera.pk) not in shape
        assert "Vera" not in shape


def test_of_an_operation_it_is_the_same_among_those_who_know_of_it():
    scene = Operation()
    boss = world.person(scene.office, Tier.COORDINATOR, "Vera")
    at = clock.now()
    rota.plan_shift(Actor(scene.cory, scene.office), boss.pk, at - HOUR, at + 20 * HOUR, "coordination")
    request = scene.plan()
    assert [ring(request, hours * 60) for hours in (4, 8)] == ["backup", "coordinator"]
    with clock.at(request.posted_at + 8 * HOUR):
        assert told(scene.bea, boss, scene.cory, scene.olga) == ["Bea", "Vera"]
