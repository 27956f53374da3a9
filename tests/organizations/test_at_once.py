"""Two administrators of the network do the same at once, and one who applies does so twice."""

import pytest

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import Agreement, Application, Organization
from tests import outside, world
from tests.organizations.agreed import agreed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(network):
    return [Actor(world.administrator(name)) for name in ("First Chief", "Second Chief")]


def again(row):
    return type(row).objects.get(pk=row.pk)


def refusals(outcomes, kind):
    return [str(each) for each in outcomes if isinstance(each, kind)]


def test_an_organization_is_verified_once(two):
    waiting = world.organization("Waiting", verified=False)
    outcomes = world.at_once(*(lambda by=by: services.verify(by, again(waiting)) for by in two))
    assert refusals(outcomes, Conflict) == ["already_verified"]
    assert AuditRecord.objects.filter(action="organization.verify", subject=waiting.pk).count() == 1


def test_of_two_agreements_recorded_at_once_one_holds_everywhere(two):
    first, second = two
    house = world.organization()
    world.person(house, "member", "Mel")
    made = world.at_once(lambda: agreed(first, again(house), 10), lambda: agreed(second, again(house), 20))
    assert {each.pk for each in made} == set(Agreement.objects.values_list("pk", flat=True))
    house.refresh_from_db()
    assert house.agreed_until in {each.until for each in made}
    assert house.members.read_only_from == house.agreed_until


def test_an_application_is_decided_once(two):
    application = outside.apply()
    first, second = two
    outcomes = world.at_once(
        lambda: services.accept_application(first, again(application)),
        lambda: services.decline_application(second, again(application), "Not now"),
    )
    assert refusals(outcomes, Conflict) == ["already_decided"]
    assert Organization.objects.count() == (again(application).state == "accepted")


def test_whoever_applies_twice_at_once_is_taken_in_once(two):
    first, second = two
    one, other = world.at_once(outside.apply, outside.apply)
    outcomes = world.at_once(
        lambda: services.accept_application(first, again(one)),
        lambda: services.accept_application(second, again(other)),
    )
    (refused,) = [each for each in outcomes if isinstance(each, Invalid)]
    assert [(e.field, e.code) for e in refused.errors] == [("name", "duplicate")]
    assert sorted(Application.objects.values_list("state", flat=True)) == ["accepted", "waiting"]
    assert Organization.objects.count() == 1
