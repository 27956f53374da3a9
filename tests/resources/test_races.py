"""Two who bring the same file at the same moment."""

import json
from uuid import uuid4

import pytest

from coordination.resources.models import Offer
from tests import world
from tests.resources.test_hsds import row, service
from tests.resources.test_import import offered

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_services_brought_twice_at_once_are_offered_once(bare):
    found = [row(bare, service(str(uuid4())))["offer"] for _ in range(5)]
    answers = world.at_once(*(lambda: offered(bare, found) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201] * 3
    assert Offer.objects.count() == 5
    first, *others = ([offer["id"] for offer in json.loads(answer.content)] for answer in answers)
    assert others == [first, first]
