import pytest

from tests.scene import Scene


@pytest.fixture
def scene(db):
    return Scene()
