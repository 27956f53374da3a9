import pytest

from tests.scene import Scene


@pytest.fixture
def bare(db):
    """Nothing is needed or offered yet."""
    return Scene()


@pytest.fixture
def scene(bare):
    """The agency needs three beds, and the whole network may know; the house offers five."""
    assert bare.need
    assert bare.offer
    return bare
