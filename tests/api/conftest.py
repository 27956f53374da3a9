import pytest
from django.db import transaction

from portal.kernel.standing import forget_standings
from tests.scene import Scene


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture(scope="module")
def populated(django_db_setup, django_db_blocker):
    """One scene for a module whose tests leave it as it was; not for tests that commit."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = Scene()
        assert found.request
        assert found.group
        yield found
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a rolled back test knew of memberships is not true of the next."""
    forget_standings()
