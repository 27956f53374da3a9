import pytest

from tests import world
from tests.scene import CANARY, Scene


@pytest.fixture
def scene(db):
    """Everything there is, and an organization that only the network's administrators see."""
    found = Scene()
    found.hidden = world.organization(f"{CANARY} House", verified=False)
    return found.with_everything()
