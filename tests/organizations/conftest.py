import pytest

from tests import world


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """What is tested here is not how slowly a password is hashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def network(db):
    return world.network()


@pytest.fixture
def house(network):
    """A verified organization; its people are made by the fixtures below."""
    return world.organization("Harbor House")


@pytest.fixture
def ada(house):
    """Its administrator."""
    return world.person(house, "administrator", "Ada")


@pytest.fixture
def cora(house):
    """Its coordinator."""
    return world.person(house, "coordinator", "Cora")


@pytest.fixture
def mel(house):
    """One of its members."""
    return world.person(house, "member", "Mel")


@pytest.fixture
def olga(network):
    """Works for another verified organization."""
    return world.person(world.organization("Other Place"), "administrator", "Olga")


@pytest.fixture
def chief(network):
    return world.administrator()
