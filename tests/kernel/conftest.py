import pytest

from portal.kernel.models import Audience
from tests import world
from tests.scene import Scene


@pytest.fixture
def scene(db):
    return Scene()


# two organizations, somebody who works for both, and another audience


@pytest.fixture
def network(db):
    return world.network()


@pytest.fixture
def one(network):
    return world.organization("One")


@pytest.fixture
def two(network):
    return world.organization("Two")


@pytest.fixture
def ann(one, two):
    """Works for both."""
    found = world.person(one)
    world.seat(two, found)
    return found


@pytest.fixture
def room(network):
    return Audience.make(Audience.Kind.GROUP_LEADS)
