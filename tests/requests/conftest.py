import pytest

from tests.scene import Scene


@pytest.fixture
def bare(db):
    """Nothing was asked yet."""
    return Scene()


@pytest.fixture
def scene(bare):
    """The agency has put a request to the house and to the clinic."""
    assert bare.request
    return bare
