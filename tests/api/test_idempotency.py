from uuid import uuid4

import pytest

from coordination.requests.models import Request
from coordination.working_groups.models import WorkingGroup
from portal.api.models import IdempotencyKey
from tests import world
from tests.scene import API, body, denied, problem

pytestmark = pytest.mark.django_db
REQUESTS = f"{API}/requests"


def post(person, form, key, path=REQUESTS):
    return world.client(person).post(path, form, headers={"Idempotency-Key": key})


def test_the_same_key_gives_the_first_answer_again(scene):
    form, key = body(scene, scene.house), str(uuid4())
    first, second = post(scene.mara, form, key), post(scene.mara, dict(reversed(form.items())), key)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert Request.objects.count() == 1


def test_another_body_or_address_under_it_is_refused(scene):
    form, key = body(scene, scene.house), str(uuid4())
    post(scene.mara, form, key)
    assert problem(denied(lambda: post(scene.mara, {**form, "places": 2}, key))) == (409, "idempotency_key_reused")
    group = {"acting_for": str(scene.agency.pk), "name": "New", "kind": "training"}
    refusal = denied(lambda: post(scene.mara, group, key, f"{API}/working-groups"))
    assert problem(refusal) == (409, "idempotency_key_reused")


def test_everybody_has_keys_of_their_own(scene):
    key = str(uuid4())
    post(scene.mara, body(scene, scene.house), key)
    other = body(scene, scene.agency, acting_for=str(scene.house.pk))
    assert post(scene.dana, other, key).status_code == 201


def test_what_was_refused_may_be_mended_under_the_same_key(scene):
    key = str(uuid4())
    denied(lambda: post(scene.mara, body(scene, scene.agency), key))
    assert post(scene.mara, body(scene, scene.house), key).status_code == 201
    assert IdempotencyKey.objects.count() == 1


def test_who_lost_access_gets_no_old_answer(scene):
    from portal.kernel.writing import Actor
    from portal.organizations.models import OrganizationMember

    form, key = body(scene, scene.house), str(uuid4())
    assert post(scene.jonas, form, key).status_code == 201
    world.remove(Actor(scene.mara), OrganizationMember.objects.get(user=scene.jonas))
    refusal = denied(lambda: post(scene.jonas, form, key))
    assert refusal.status_code == 422
    assert b"kestrel" not in refusal.content


@pytest.mark.parametrize("key", ["x" * 65, "é" * 10 + "\x07", "\x00"])
def test_a_key_that_is_none(scene, key):
    assert problem(denied(lambda: post(scene.mara, body(scene, scene.house), key))) == (400, "malformed")


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_writes_once_and_answers_twice(scene):
    form, key = body(scene, scene.house), str(uuid4())
    answers = world.at_once(*(lambda: post(scene.mara, form, key) for _ in range(3)))
    assert [a.status_code for a in answers] == [201] * 3
    assert len({a.content for a in answers}) == 1
    assert Request.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_bodies_under_one_key_at_once(scene):
    key = str(uuid4())
    answers = world.at_once(
        *(
            lambda n=n: post(
                scene.mara,
                {"acting_for": str(scene.agency.pk), "name": n, "kind": "training"},
                key,
                f"{API}/working-groups",
            )
            for n in ("One", "Two")
        )
    )
    assert sorted(a.status_code for a in answers) == [201, 409]
    assert WorkingGroup.objects.count() == 1
