"""Two colleagues swap shifts: asked by one, decided by the other, and only while both shifts are as they were."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from coordination.rota import services
from coordination.rota.changes import SWAP
from coordination.rota.models import Shift, Swap, SwapSide
from portal.kernel import clock
from portal.kernel.models import AuditRecord, Change
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.scene import API, Scene, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/swaps"
HOUR = timedelta(hours=1)


class Rota(Scene):
    """Lucia's shift, and Nadia's the day after; Dana coordinates the house."""

    def __init__(self):
        super().__init__()
        self.nadia = world.person(self.house, "member", "Nadia")
        self.hers = self.shift(self.dana, 10, 18)
        self.nadias = self.plan(self.nadia, 34, 42)

    def plan(self, person, begins, ends, duty=""):
        at = clock.now()
        return services.plan_shift(self.acting(self.dana), person.pk, at + begins * HOUR, at + ends * HOUR, duty)

    def swap(self):
        return services.propose_swap(Actor(self.lucia), self.hers, self.nadias)


@pytest.fixture
def scene(db):
    return Rota()


def propose(by, offered, wanted):
    return world.client(by).post(f"{API}/shifts/{offered.pk}/swaps", {"wanted": str(wanted.pk)})


def decide(by, swap, verb):
    return world.client(by).post(f"{PATH}/{swap.pk}/{verb}")


def whose(*shifts):
    return [Shift.objects.get(pk=shift.pk).person.name for shift in shifts]


def state(swap):
    return Swap.objects.get(pk=swap.pk).state


def swaps(person, query=""):
    return [each["state"] for each in world.client(person).get(f"{PATH}{query}").json()["results"]]


def test_a_shift_is_swapped_for_a_colleagues(scene):
    asked = propose(scene.lucia, scene.hers, scene.nadias)
    assert asked.status_code == 201, asked.content
    told, mine = asked.json()["result"], asked.json()["mine"]
    assert (told["asked_by"]["name"], told["asked"]["name"], told["state"]) == ("Lucia", "Nadia", "open")
    assert [told[side]["shift"] for side in ("offered", "wanted")] == [str(scene.hers.pk), str(scene.nadias.pk)]
    assert mine["allowed"] == ["withdraw"]
    assert whose(scene.hers, scene.nadias) == ["Lucia", "Nadia"]
    swap = Swap.objects.get()
    seen = world.client(scene.nadia).get(f"{PATH}/{swap.pk}").json()
    assert seen["mine"]["allowed"] == ["accept", "decline"]
    accepted = decide(scene.nadia, swap, "accept")
    assert (accepted.status_code, accepted.json()["result"]["state"]) == (200, "accepted")
    assert whose(scene.hers, scene.nadias) == ["Nadia", "Lucia"]
    assert AuditRecord.objects.filter(action="swap.accept", actor=scene.nadia.pk).count() == 1


def test_accepting_tells_of_the_proposal_and_of_both_shifts_in_one_write(scene):
    swap = scene.swap()
    before = Change.objects.latest("pk").pk
    services.accept_swap(Actor(scene.nadia), swap)
    told = Change.objects.filter(pk__gt=before)
    assert set(told.values_list("audience", flat=True)) == {scene.house.members_id}
    assert sorted(told.values_list("kind", "subject")) == sorted(
        [("shift", scene.hers.pk), ("shift", scene.nadias.pk), ("swap", swap.pk)]
    )
    assert len(set(told.values_list("at", flat=True))) == 1


def test_a_no_and_a_withdrawal_leave_the_shifts_and_free_them_for_another_proposal(scene):
    assert decide(scene.nadia, scene.swap(), "decline").json()["result"]["state"] == "declined"
    assert decide(scene.lucia, scene.swap(), "withdraw").json()["result"]["state"] == "withdrawn"
    assert whose(scene.hers, scene.nadias) == ["Lucia", "Nadia"]
    scene.swap()
    assert sorted(Swap.objects.values_list("state", flat=True)) == ["declined", "open", "withdrawn"]


def test_what_became_of_it_stays_as_it_was_told_when_its_shifts_go(scene):
    swap = scene.swap()
    services.accept_swap(Actor(scene.nadia), swap)
    told = world.shape(SWAP, Swap.objects.get())
    services.remove_shift(Actor(scene.dana), scene.hers)
    assert world.shape(SWAP, Swap.objects.get()) == told
    assert told.offered.starts_at == scene.hers.starts_at


# who may


def test_the_organizations_people_see_it_and_the_two_decide(scene):
    swap = scene.swap()
    assert [len(swaps(p)) for p in (scene.lucia, scene.nadia, scene.dana, scene.mara)] == [1, 1, 1, 0]
    assert [len(swaps(p, "?mine=true")) for p in (scene.lucia, scene.nadia, scene.dana)] == [1, 1, 0]
    for by, verb in (
        (scene.dana, "accept"),
        (scene.lucia, "accept"),
        (scene.dana, "decline"),
        (scene.lucia, "decline"),
        (scene.nadia, "withdraw"),
        (scene.dana, "withdraw"),
    ):
        assert problem(denied(lambda b=by, v=verb: decide(b, swap, v))) == (403, "not_allowed")
    for verb in ("accept", "decline", "withdraw"):
        assert problem(denied(lambda v=verb: decide(scene.mara, swap, v))) == (404, "not_found")


def test_only_a_shift_of_ones_own_is_offered_for_another_persons_of_the_same_house(scene):
    elsewhere, more = scene.shift(scene.mara, 50, 58), scene.plan(scene.lucia, 60, 68)
    assert problem(denied(lambda: propose(scene.dana, scene.hers, scene.nadias))) == (403, "not_allowed")
    assert problem(denied(lambda: propose(scene.mara, scene.hers, elsewhere))) == (404, "not_found")
    hidden = denied(lambda: propose(scene.lucia, scene.hers, elsewhere))
    absent = denied(lambda: propose(scene.lucia, scene.hers, Shift(pk=uuid4())))
    assert faults(hidden) == [("wanted", "does_not_exist")]
    assert hidden.content == absent.content
    assert faults(denied(lambda: propose(scene.lucia, scene.hers, more))) == [("wanted", "duplicate")]


def test_of_two_houses_that_one_works_for_each_swaps_within(scene):
    world.seat(scene.agency, scene.lucia)
    elsewhere = scene.shift(scene.mara, 50, 58)
    assert faults(denied(lambda: propose(scene.lucia, scene.hers, elsewhere))) == [("wanted", "does_not_exist")]


# when


def test_only_shifts_to_come_are_swapped(scene):
    for at, code in ((scene.hers.starts_at, (409, "wrong_state")),):
        with clock.at(at):
            assert problem(denied(lambda: propose(scene.lucia, scene.hers, scene.nadias))) == code
            begun = denied(lambda: propose(scene.nadia, scene.nadias, scene.hers))
            assert faults(begun) == [("wanted", "in_the_past")]


def test_once_one_of_them_has_begun_nothing_is_decided(scene):
    swap = scene.swap()
    with clock.at(scene.hers.starts_at):
        for by, verb in ((scene.nadia, "accept"), (scene.nadia, "decline"), (scene.lucia, "withdraw")):
            refusal = denied(lambda b=by, v=verb: decide(b, swap, v))
            assert problem(refusal) == (409, "shifts_changed")
        assert "Nothing was swapped" in refusal.json()["title"]
        assert world.client(scene.nadia).get(f"{PATH}/{swap.pk}").json()["mine"]["allowed"] == []
        assert swaps(scene.nadia, "?waiting=true") == swaps(scene.nadia, "?mine=true") == []


def test_one_that_nobody_answered_in_time_makes_way_for_the_next(scene):
    late = scene.plan(scene.lucia, 60, 68)
    swap = scene.swap()
    with clock.at(scene.hers.starts_at):
        services.propose_swap(Actor(scene.lucia), late, scene.nadias)
    assert [state(swap), *swaps(scene.dana, "?waiting=true")] == ["lapsed", "open"]


@pytest.mark.parametrize("change", ["hand_over_mine", "hand_over_theirs", "remove", "leave", "suspend"])
def test_a_shift_that_changes_otherwise_ends_the_proposal(scene, change):
    swap = scene.swap()
    if change == "hand_over_mine":
        services.hand_over_shift(Actor(scene.lucia), scene.hers, scene.dana.pk)
    elif change == "hand_over_theirs":
        services.hand_over_shift(Actor(scene.dana), scene.nadias, scene.dana.pk)
    elif change == "remove":
        services.remove_shift(Actor(scene.dana), scene.hers)
    elif change == "leave":
        world.remove(Actor(scene.dana), OrganizationMember.objects.get(user=scene.lucia))
    else:
        scene.suspend(scene.house)
    assert state(swap) == "lapsed"
    if change != "suspend":
        assert problem(denied(lambda: decide(scene.nadia, swap, "accept"))) == (409, "shifts_changed")
        shown = world.client(scene.nadia).get(f"{PATH}/{swap.pk}").json()["result"]
        assert [shown[side]["shift"] for side in ("offered", "wanted")] == [None, None]


def test_what_is_decided_is_decided(scene):
    swap = scene.swap()
    decide(scene.nadia, swap, "decline")
    for by, verb in ((scene.nadia, "accept"), (scene.lucia, "withdraw")):
        assert problem(denied(lambda b=by, v=verb: decide(b, swap, v))) == (409, "wrong_state")


# one proposal for a shift


def test_a_shift_is_in_one_proposal_at_a_time(scene):
    scene.swap()
    more, danas = scene.plan(scene.lucia, 60, 68), scene.plan(scene.dana, 60, 68, "interpreter_now")
    for by, offered, wanted in (
        (scene.lucia, scene.hers, danas),
        (scene.lucia, more, scene.nadias),
        (scene.nadia, scene.nadias, danas),
        (scene.dana, danas, scene.hers),
    ):
        refusal = denied(lambda b=by, o=offered, w=wanted: propose(b, o, w))
        assert problem(refusal) == (409, "swap_waits")


def test_the_database_holds_it_too(scene):
    swap = scene.swap()
    other = Swap.objects.create(
        organization=scene.house, asked_by=scene.lucia, asked=scene.dana, asked_at=clock.now(), until=swap.until
    )
    with pytest.raises(IntegrityError, match="shift"), transaction.atomic():
        SwapSide.of(other, scene.hers).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Swap.objects.filter(pk=swap.pk).update(asked=scene.lucia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Swap.objects.filter(pk=swap.pk).update(state="accepted")


# rest, and who may be on call for it


def test_each_keeps_their_time_to_rest_when_it_is_asked_and_when_it_is_accepted(scene):
    third = scene.plan(scene.nadia, 60, 68)
    near = scene.plan(scene.lucia, 70, 74, "interpreter_now")
    refusal = denied(lambda: propose(scene.lucia, scene.hers, third))
    assert faults(refusal) == [("wanted", "too_little_rest")]
    assert "less than 8 hours away" in refusal.json()["errors"][0]["message"]
    services.remove_shift(Actor(scene.dana), near)
    swap = services.propose_swap(Actor(scene.lucia), scene.hers, third)
    scene.plan(scene.nadia, 1, 4, "interpreter_now")
    assert faults(denied(lambda: decide(scene.nadia, swap, "accept"))) == [("offered", "too_little_rest")]
    assert whose(scene.hers, third) == ["Lucia", "Nadia"]
    assert state(swap) == "open"


def test_the_two_shifts_are_not_each_others_rest(scene):
    """Back to back they could not be one person's; swapped, each still has one of them."""
    next_ = scene.plan(scene.dana, 18, 26)
    swap = services.propose_swap(Actor(scene.lucia), scene.hers, next_)
    services.accept_swap(Actor(scene.dana), swap)
    assert whose(scene.hers, next_) == ["Dana", "Lucia"]


def test_for_coordination_only_a_coordinator_is_on_call(scene):
    danas = scene.plan(scene.dana, 60, 68, "coordination")
    refusal = denied(lambda: propose(scene.lucia, scene.hers, danas))
    assert faults(refusal) == [("wanted", "not_a_coordinator")]
    assert faults(denied(lambda: propose(scene.dana, danas, scene.hers))) == [("offered", "not_a_coordinator")]


def test_who_works_there_no_more_takes_over_nothing(scene):
    swap = scene.swap()
    world.expire(OrganizationMember.objects.get(user=scene.lucia))
    assert faults(denied(lambda: decide(scene.nadia, swap, "accept"))) == [("wanted", "not_a_member")]
    assert problem(denied(lambda: decide(scene.lucia, swap, "withdraw"))) == (404, "not_found")


# races


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_swap_once(scene):
    swap = scene.swap()

    def accept():
        return services.accept_swap(Actor(scene.nadia), Swap.objects.get(pk=swap.pk))

    found = world.at_once(accept, accept, accept)
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "Conflict", "Swap"]
    assert whose(scene.hers, scene.nadias) == ["Nadia", "Lucia"]


@pytest.mark.django_db(transaction=True)
def test_a_swap_and_a_hand_over_at_once_are_one_of_the_two(scene):
    swap = scene.swap()

    def accept():
        return services.accept_swap(Actor(scene.nadia), Swap.objects.get(pk=swap.pk))

    def hand_over():
        return services.hand_over_shift(Actor(scene.lucia), Shift.objects.get(pk=scene.hers.pk), scene.dana.pk)

    accepted, handed = world.at_once(accept, hand_over)
    if isinstance(accepted, Swap):
        assert type(handed).__name__ == "NotAllowed"
        assert whose(scene.hers, scene.nadias) == ["Nadia", "Lucia"]
    else:
        assert accepted.code == "shifts_changed"
        assert whose(scene.hers, scene.nadias) == ["Dana", "Nadia"]
        assert state(swap) == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_two_proposals_for_a_shift_at_once_are_one(scene):
    danas = scene.plan(scene.dana, 60, 68, "interpreter_now")

    def ask(person, shift):
        return services.propose_swap(Actor(person), shift, Shift.objects.get(pk=scene.nadias.pk))

    found = world.at_once(lambda: ask(scene.lucia, scene.hers), lambda: ask(scene.dana, danas))
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "Swap"]


def test_nobody_outside_learns_whether_there_is_such_a_shift(scene):
    assert refused(lambda: services.propose_swap(Actor(scene.mara), scene.hers, scene.nadias)) == "not_found"
