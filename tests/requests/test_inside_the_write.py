"""What the form refuses is refused in the write too: between the two somebody may have left."""

import pytest

from coordination.requests import services
from portal.kernel.writing import Actor
from tests import world
from tests.scene import refused, unchanged

pytestmark = pytest.mark.django_db


def test_whoever_works_elsewhere_says_nothing_for_an_organization(scene):
    grace = Actor(scene.grace, scene.house)
    for call in (
        lambda: services.acknowledge_request(grace, scene.request),
        lambda: services.answer_request(grace, scene.request, "yes"),
        lambda: services.redirect_request(grace, scene.request, scene.outside, "capacity"),
    ):
        with unchanged():
            assert refused(call) == "not_allowed"


def test_a_member_does_not_commit_their_organization(scene):
    with unchanged():
        assert refused(lambda: services.answer_request(scene.acting(scene.lucia), scene.request, "no")) == "not_allowed"


def test_who_coordinates_another_one_that_was_asked_does_not_commit_this_one(scene):
    world.seat(scene.house, scene.grace)
    with unchanged():
        grace = Actor(scene.grace, scene.house)
        assert refused(lambda: services.answer_request(grace, scene.request, "no")) == "not_allowed"


def test_whoever_does_not_see_it_says_nothing(bare):
    """The clinic was asked through a group that Nora, who coordinates it too, is not in."""
    bare.admit(bare.group, bare.grace)
    request = bare.post(groups=[bare.group])
    nora = Actor(world.person(bare.clinic, "coordinator", "Nora"), bare.clinic)
    for call in (
        lambda: services.acknowledge_request(nora, request),
        lambda: services.answer_request(nora, request, "yes"),
    ):
        with unchanged():
            assert refused(call) == "not_found"
