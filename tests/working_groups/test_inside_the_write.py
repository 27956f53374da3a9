"""What the form refuses is refused in the write too: between the two a group may have ended, or somebody left."""

import pytest

from coordination.working_groups import services
from portal.kernel.writing import Actor
from portal.organizations.models import Organization
from tests import world
from tests.scene import API, refused, unchanged

pytestmark = pytest.mark.django_db


def archive(scene, group):
    group.refresh_from_db()
    services.archive_working_group(Actor(scene.mara), group)
    group.refresh_from_db()


def test_nobody_comes_into_what_is_archived(scene):
    opened = scene.edit(scene.group, joining="open")
    archive(scene, opened)
    with unchanged():
        assert refused(lambda: services.join_open_group(scene.acting(scene.grace), opened, [scene.grace])) == "archived"


def test_nobody_is_let_into_what_is_archived(scene):
    application = scene.applied(scene.group, scene.grace)
    archive(scene, application.working_group)
    with unchanged():
        assert refused(lambda: services.accept_application(Actor(scene.mara), application)) == "archived"


def test_no_rule_is_accepted_of_what_is_archived(scene):
    asked = scene.asked(scene.dana)
    archive(scene, asked.working_group)
    for call in (
        lambda: services.accept_rule(Actor(scene.dana), asked, 1),
        lambda: services.accept_rule_anew(Actor(scene.mara), asked.working_group, 1),
    ):
        with unchanged():
            assert refused(call) == "archived"


def test_a_rule_is_accepted_for_an_organization_in_good_standing(scene):
    asked = scene.asked(scene.dana)
    Organization.objects.filter(pk=scene.house.pk).update(status="suspended")
    with unchanged():
        assert refused(lambda: services.accept_rule(Actor(scene.dana), asked, 1)) == "not_active"


def test_who_asks_for_an_organization_coordinates_it(scene):
    assert scene.group
    for who in (scene.otto, scene.lucia):
        with unchanged():
            asking = Actor(who, scene.house if who == scene.lucia else scene.clinic)
            ask = lambda a=asking: services.apply_to_join(a, scene.group, [scene.lucia])  # noqa: E731
            assert refused(ask) == "not_allowed"


def test_an_invitation_brings_somebody_who_is_not_in_it(scene):
    invitation = scene.invited(scene.group, scene.house)
    with unchanged():
        accept = lambda: services.accept_invitation_to_group(scene.acting(scene.dana), invitation, [scene.dana])  # noqa: E731
        assert refused(accept) == "already_member"


def test_each_accepts_a_rule_for_themself(scene):
    ruled = scene.edit(scene.group, rule="No names.")
    services.accept_rule_anew(Actor(scene.mara), ruled, 1)
    told = [
        world.client(who).get(f"{API}/working-groups/{ruled.pk}").json()["mine"] for who in (scene.mara, scene.dana)
    ]
    assert [mine["rule_accepted"] for mine in told] == [1, 0]
