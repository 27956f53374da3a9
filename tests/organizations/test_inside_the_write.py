"""What the form refuses is refused in the write too: between the two somebody may have left."""

import pytest

from portal.kernel.standing import standing
from portal.kernel.writing import Actor, writing
from portal.organizations import services
from portal.organizations.acting import actor, actors, confirm
from portal.organizations.models import Organization, Tier
from tests.organizations.agreed import agreed
from tests.scene import refused, unchanged

pytestmark = pytest.mark.django_db
ASKED = {
    "name": "River Shelter",
    "kind": "shelter_operator",
    "description": "Twelve beds.",
    "website": "",
    "contact_role": "Director",
    "contact_email": "office@river.example.org",
    "why": "To be asked for beds.",
    "language": "en",
}


def test_only_administrators_invite(house, cora):
    with unchanged():
        assert (
            refused(lambda: services.invite(Actor(cora, house), house, "new@example.org", Tier.MEMBER)) == "not_allowed"
        )


def test_only_administrators_take_an_invitation_back(house, ada, cora, olga):
    invitation = services.invite(Actor(ada, house), house, "new@example.org", Tier.MEMBER)
    for who in (cora, olga):
        with unchanged():
            assert refused(lambda w=who: services.revoke_invitation(Actor(w), invitation)) == "not_found"


def test_only_the_network_suspends_and_reinstates(house, ada, chief):
    with unchanged():
        assert refused(lambda: services.suspend(Actor(ada), house, "x")) == "not_allowed"
    services.suspend(Actor(chief), house, "x")
    with unchanged():
        assert refused(lambda: services.reinstate(Actor(ada), house)) == "not_allowed"


def test_only_the_network_records_agreements_and_not_with_who_left(house, ada, chief):
    with unchanged():
        assert refused(lambda: agreed(Actor(ada), house)) == "not_allowed"
    Organization.objects.filter(pk=house.pk).update(status="left")
    house.refresh_from_db()
    with unchanged():
        assert refused(lambda: agreed(Actor(chief), house)) == "wrong_state"


def test_only_the_network_says_what_it_asks_for(network, ada):
    with unchanged():
        assert refused(lambda: services.ask_for_agreements(Actor(ada), True)) == "not_allowed"


def test_only_the_network_decides_who_comes_in(network, ada):
    asked = services.apply_from_outside(**ASKED)
    for decide in (
        lambda: services.accept_application(Actor(ada), asked),
        lambda: services.decline_application(Actor(ada), asked, "Elsewhere"),
    ):
        with unchanged():
            assert refused(decide) == "not_found"


@pytest.mark.parametrize(("status", "code"), [("suspended", "not_active"), ("applied", "not_verified")])
def test_nothing_is_written_for_who_lost_their_standing(house, ada, status, code):
    Organization.objects.filter(pk=house.pk).update(status=status)

    def write():
        with writing(Actor(ada, house)) as w:
            confirm(w)

    assert refused(write) == code


def test_nobody_acts_for_a_suspended_organization(house, ada, chief):
    services.suspend(Actor(chief), house, "x")
    assert refused(lambda: actor(ada, house.pk)) == "not_active"
    (found,) = actors([(ada, standing(ada), house.pk)])
    assert found.code == "not_active"
