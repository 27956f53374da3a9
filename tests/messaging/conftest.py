import pytest

from tests.scene import Scene


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def board(scene):
    """For announcements: Mara moderates it; Dana is in it, and all of the clinic (Grace)."""
    return scene.board


@pytest.fixture
def talk(scene):
    """Between Mara and Dana."""
    return scene.talk


@pytest.fixture
def channel(scene):
    """Of the group that Mara leads and Dana is in."""
    return scene.group.channel
