"""Slots: each is filled on its own, and what a yes fills is taken as a whole or not at all."""

from itertools import cycle

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from coordination.requests import services
from coordination.requests.models import Answer, Request, Slot, Take
from portal.kernel.writing import Actor
from tests import world
from tests.requests.test_answers import PATH, post, put, seen
from tests.scene import API, body, denied, faults, problem

pytestmark = pytest.mark.django_db
WANTED = {"interpreter": 2, "advocate": 1}


def rows(**roles):
    return [{"role": role, "places": places} for role, places in roles.items()]


def taken(request):
    return dict(request.slots.values_list("role", "places_taken"))


def edited(scene, request, **form):
    request.refresh_from_db()
    headers = {"HTTP_IF_MATCH": f'"{request.version}"'}
    return world.client(scene.mara).patch(f"{PATH}/{request.pk}", form, content_type="application/json", **headers)


@pytest.fixture
def asked(bare):
    """Two interpreters and an advocate, of the house and of the clinic."""
    return bare.post(bare.house, bare.clinic, slots=WANTED)


# the rule


def test_a_request_names_roles_and_its_places_are_theirs(bare):
    form = body(bare, bare.house, slots=rows(interpreter=2, advocate=1), places=7)
    posted = world.client(bare.mara).post(PATH, form, content_type="application/json").json()["result"]
    assert (posted["places"], posted["places_taken"]) == (3, 0)
    assert posted["slots"] == [
        {"role": "interpreter", "places": 2, "places_taken": 0},
        {"role": "advocate", "places": 1, "places_taken": 0},
    ]


@pytest.mark.parametrize(
    ("slots", "fault"),
    [
        (rows(interpreter=0), ("slots.0.places", "too_low")),
        (rows(interpreter=51), ("slots.0.places", "too_high")),
        (rows(interpreter=40, advocate=11), ("slots", "too_high")),
        (rows(wizard=1), ("slots.0.role", "not_a_choice")),
        (rows(nurse=1) * 2, ("slots", "duplicate")),
        ([{"role": "nurse", "places": 1, "name": "Ann"}], ("slots.0.name", "unknown_field")),
    ],
)
def test_roles_are_of_a_fixed_vocabulary_each_once(bare, slots, fault):
    form = body(bare, bare.house, slots=slots)
    call = lambda: world.client(bare.mara).post(PATH, form, content_type="application/json")  # noqa: E731
    assert faults(denied(call)) == [fault]


def test_each_slot_is_filled_on_its_own(bare, asked):
    given = put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1)).json()["result"]
    assert (given["takes_place"], given["takes"]) == (True, rows(interpreter=1))
    put(bare, bare.grace, asked, "yes", takes=rows(advocate=1))
    shown = seen(bare.mara, f"requests/{asked.pk}")["result"]
    assert (shown["state"], shown["places_taken"]) == ("open", 2)
    assert [slot["places_taken"] for slot in shown["slots"]] == [1, 1]
    put(bare, bare.grace, asked, "yes", takes=rows(interpreter=1, advocate=1))
    asked.refresh_from_db()
    assert (asked.state, asked.places_taken, taken(asked)) == ("filled", 3, WANTED)


def test_a_yes_to_roles_says_which(bare, asked):
    assert faults(denied(lambda: put(bare, bare.dana, asked, "yes"))) == [("takes", "required")]
    nurse = lambda: put(bare, bare.dana, asked, "yes", takes=rows(nurse=1))  # noqa: E731
    assert faults(denied(nurse)) == [("takes", "does_not_exist")]
    maybe = lambda: put(bare, bare.dana, asked, "maybe", takes=rows(advocate=1))  # noqa: E731
    assert faults(denied(maybe)) == [("takes", "invalid")]
    plain = bare.post(bare.house)
    assert faults(denied(lambda: put(bare, bare.dana, plain, "yes", takes=rows(advocate=1)))) == [
        ("takes", "does_not_exist")
    ]


def test_where_one_slot_is_gone_nothing_is_taken_and_it_is_said_what_is_left(bare, asked):
    put(bare, bare.grace, asked, "yes", takes=rows(interpreter=1, advocate=1))
    refused = denied(lambda: put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1, advocate=1)))
    assert problem(refused) == (409, "no_place_left")
    said = refused.json()
    assert said["errors"] == [{"field": "takes.advocate", "code": "too_high", "message": "Places left: 0."}]
    assert said["current"] == seen(bare.dana, f"requests/{asked.pk}")["result"]
    asked.refresh_from_db()
    assert taken(asked) == {"interpreter": 1, "advocate": 1}
    assert put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1)).status_code == 200


def test_a_lost_place_without_roles_shows_the_request_as_it_is_now(scene):
    put(scene, scene.dana, scene.request, "yes")
    said = denied(lambda: put(scene, scene.grace, scene.request, "yes")).json()
    assert (said["errors"], said["current"]["places_taken"]) == ([], 1)


@pytest.mark.parametrize("change", ["no", "maybe", "withdraw", "redirect", "suspend", "other"])
def test_what_is_not_held_any_more_is_free(bare, asked, change):
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=2))
    put(bare, bare.grace, asked, "yes", takes=rows(advocate=1))
    if change == "withdraw":
        post(bare, bare.dana, asked, "answer/withdraw")
    elif change == "redirect":
        services.withdraw_answer(bare.acting(bare.grace), Answer.objects.get(organization=bare.clinic))
        asked.refresh_from_db()
        services.redirect_request(bare.acting(bare.dana), asked, bare.outside, "capacity")
        bare.answer(asked, bare.grace, takes={"advocate": 1})
    elif change == "suspend":
        bare.suspend(bare.house)
    elif change == "other":
        put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1))
    else:
        put(bare, bare.dana, asked, change, reason="other")
    asked.refresh_from_db()
    left = 1 if change == "other" else 0
    assert (asked.state, asked.places_taken, taken(asked)) == ("open", 1 + left, {"interpreter": left, "advocate": 1})
    assert Take.objects.filter(answer__organization=bare.house).count() == left


def test_a_yes_said_again_moves_nothing_and_one_that_fails_keeps_what_it_held(bare, asked):
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=2))
    asked.refresh_from_db()
    before = asked.version
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=2), note="Both by phone")
    put(bare, bare.grace, asked, "yes", takes=rows(advocate=1))
    both = lambda: put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1, advocate=1))  # noqa: E731
    assert problem(denied(both)) == (409, "no_place_left")
    asked.refresh_from_db()
    assert (asked.version, taken(asked)) == (before + 1, WANTED)


def test_the_owner_picks_what_a_yes_would_fill(bare):
    asked = bare.post(bare.house, bare.clinic, slots=WANTED, pick=True)
    yes = put(bare, bare.dana, asked, "yes", takes=rows(interpreter=2)).json()["result"]
    other = put(bare, bare.grace, asked, "yes", takes=rows(interpreter=1, advocate=1)).json()["result"]
    assert (yes["takes_place"], yes["takes"], taken(asked)) == (
        False,
        rows(interpreter=2),
        {"interpreter": 0, "advocate": 0},
    )
    too_many = denied(lambda: put(bare, bare.dana, asked, "yes", takes=rows(interpreter=3)))
    assert problem(too_many) == (409, "no_place_left")
    world.client(bare.mara).post(f"{API}/answers/{yes['id']}/pick")
    refused = denied(lambda: world.client(bare.mara).post(f"{API}/answers/{other['id']}/pick"))
    assert [error["field"] for error in refused.json()["errors"]] == ["takes.interpreter"]
    assert taken(asked) == {"interpreter": 2, "advocate": 0}
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1))
    assert taken(asked) == {"interpreter": 0, "advocate": 0}, "what was picked is no longer offered"


def test_a_yes_that_is_not_picked_moves_nothing_that_others_see(bare):
    asked = bare.post(bare.house, bare.clinic, slots=WANTED, pick=True)
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=2))
    assert seen(bare.grace, f"requests/{asked.pk}")["result"]["version"] == asked.version


# the owner changes what is asked


def test_slots_are_added_raised_lowered_and_taken_away(bare, asked):
    put(bare, bare.dana, asked, "yes", takes=rows(interpreter=1))
    shown = edited(bare, asked, slots=rows(nurse=1, interpreter=1)).json()["result"]
    assert (shown["places"], [s["role"] for s in shown["slots"]]) == (2, ["nurse", "interpreter"])
    assert faults(denied(lambda: edited(bare, asked, slots=rows(nurse=1)))) == [("slots.interpreter", "too_low")]
    assert faults(denied(lambda: edited(bare, asked, slots=[]))) == [("slots.interpreter", "too_low")]
    shown = edited(bare, asked, slots=rows(interpreter=1)).json()["result"]
    assert (shown["state"], shown["places"]) == ("filled", 1)
    assert edited(bare, asked, slots=rows(interpreter=1, driver=1)).json()["result"]["state"] == "open"


def test_places_of_roles_are_changed_with_the_roles(bare, asked):
    assert faults(denied(lambda: edited(bare, asked, places=9))) == [("places", "invalid")]
    assert edited(bare, asked, slots=[], places=9).json()["result"]["places"] == 9
    assert edited(bare, asked, slots=rows(driver=2)).json()["result"]["places"] == 2


def test_a_role_that_somebody_would_fill_stays(bare):
    asked = bare.post(bare.house, slots=WANTED, pick=True)
    put(bare, bare.dana, asked, "yes", takes=rows(advocate=1))
    assert faults(denied(lambda: edited(bare, asked, slots=rows(interpreter=2)))) == [
        ("slots.advocate", "already_used")
    ]


def test_roles_are_not_named_after_somebody_said_yes_to_none(bare):
    plain = bare.post(bare.house, places=3)
    put(bare, bare.dana, plain, "yes")
    assert faults(denied(lambda: edited(bare, plain, slots=rows(driver=3)))) == [("slots", "already_used")]


def test_never_otherwise(asked):
    for wrong in ({"places_taken": 3}, {"places": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            asked.slots.filter(role="interpreter").update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(request=asked, role="interpreter", places=1, position=9)


# races


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_exactly_the_places_there_are(bare):
    """Half of them want an interpreter's place and an advocate's, the others an interpreter's alone."""
    helpers = [world.organization(f"House {n}", "shelter_operator") for n in range(8)]
    people = [world.person(house, "coordinator", f"Person {n}") for n, house in enumerate(helpers)]
    asked = bare.post(*helpers, slots={"interpreter": 3, "advocate": 2})
    wishes = cycle([{"interpreter": 1, "advocate": 1}, {"interpreter": 1}])

    def say_yes(person, house, takes):
        return services.answer_request(Actor(person, house), Request.objects.get(pk=asked.pk), "yes", takes=takes)

    calls = [lambda a=a: say_yes(*a) for a in zip(people, helpers, wishes, strict=False)]
    outcomes = world.at_once(*calls)
    assert {getattr(o, "code", "yes") for o in outcomes} == {"no_place_left", "yes"}
    asked.refresh_from_db()
    assert taken(asked)["interpreter"] == 3
    for slot in asked.slots.all():
        held = slot.takes.filter(answer__takes_place=True).aggregate(n=Sum("places"))["n"] or 0
        assert held == slot.places_taken <= slot.places
    assert asked.places_taken == sum(taken(asked).values())
    for answer in Answer.objects.filter(request=asked, takes_place=True):
        wish = {"interpreter": 1, "advocate": 1} if people.index(answer.by) % 2 == 0 else {"interpreter": 1}
        assert dict(answer.takes.values_list("slot__role", "places")) == wish, "never half"
    assert not Take.objects.filter(answer__takes_place=False).exists()
