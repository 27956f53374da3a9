import pytest

from tests.requests.operation import answer_of
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


# where the scene is an operation


@pytest.fixture
def request_(scene):
    return scene.plan()


@pytest.fixture
def house_s(scene, request_):
    return answer_of(request_, scene.house)
