from uuid import uuid4

import pytest

from portal.kernel.errors import Conflict
from portal.kernel.models import Change, Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from portal.organizations import queries, services
from portal.organizations.changes import ORGANIZATION, ORGANIZATION_MEMBER
from portal.organizations.models import OrganizationMember
from tests import world

pytestmark = pytest.mark.django_db


def path(organization, person=None):
    return f"/api/v1/organizations/{organization.pk}/people" + (f"/{person.pk}" if person else "")


def member(person, organization):
    return OrganizationMember.objects.get(user=person, group=organization.members_id)


def put(who, organization, person, tier):
    return world.client(who).put(path(organization, person), {"tier": tier}, content_type="application/json")


def tiers(organization):
    rows = OrganizationMember.objects.filter(group=organization.members_id)
    return {m.user.name: queries.tiers([m])[m.pk].value for m in rows}


# seeing


def test_people_of_an_organization_see_each_other(house, ada, cora, mel):
    answer = world.client(mel).get(path(house)).json()
    assert [(m["person"]["name"], m["tier"]) for m in answer["results"]] == [
        ("Mel", "member"),
        ("Cora", "coordinator"),
        ("Ada", "administrator"),
    ]
    assert {m["organization"]["name"] for m in answer["results"]} == {"Harbor House"}
    mine = answer["mine"]
    assert [mine[m["id"]]["allowed"] for m in answer["results"]] == [["remove"], [], []]


def test_an_administrator_manages_them(house, ada, mel):
    answer = world.client(ada).get(path(house)).json()
    assert all(mine["allowed"] == ["change_tier", "remove"] for mine in answer["mine"].values())


def test_nobody_else_sees_them(house, mel, olga, chief):
    for outsider in (olga, chief):
        assert world.client(outsider).get(path(house)).status_code == 403
        assert put(outsider, house, mel, "coordinator").status_code == 403
        assert world.client(outsider).delete(path(house, mel)).status_code == 403
    assert ORGANIZATION_MEMBER.represent([member(mel, house).pk], Network.current().everyone_id) == {}
    assert ORGANIZATION_MEMBER.represent([member(mel, house).pk], house.members_id)


def test_somebody_from_elsewhere_is_as_absent_as_nobody(house, ada, olga):
    caller = world.client(ada)
    elsewhere = caller.delete(path(house, olga))
    nobody = caller.delete(f"{path(house)}/{uuid4()}")
    assert (elsewhere.status_code, elsewhere.content) == (404, nobody.content)


def test_a_role_in_another_organization_counts_for_nothing(house, mel, olga):
    world.seat(house, olga, "member")
    assert put(olga, house, mel, "coordinator").status_code == 403
    assert world.client(olga).delete(path(house, mel)).status_code == 403


# tiers


def test_tiers_are_memberships_each_within_the_last(house, ada, mel):
    before = world.client(mel).get(path(house)).json()["results"][0]["version"]
    answer = put(ada, house, mel, "administrator").json()["result"]
    assert answer["tier"] == "administrator"
    assert answer["version"] > before
    audiences = (house.members_id, house.coordinators_id, house.administrators_id)
    assert [is_member(mel.pk, a) for a in audiences] == [True, True, True]
    put(ada, house, mel, "coordinator")
    assert [is_member(mel.pk, a) for a in audiences] == [True, True, False]
    put(ada, house, mel, "member")
    assert [is_member(mel.pk, a) for a in audiences] == [True, False, False]


def test_a_lower_tier_moves_the_epoch_of_what_is_lost(house, ada, cora):
    house.coordinators.refresh_from_db()
    before = house.coordinators.epoch
    put(ada, house, cora, "member")
    house.coordinators.refresh_from_db()
    assert house.coordinators.epoch == before + 1
    assert Change.objects.filter(audience=cora.audience_id, op="revoked", subject=house.coordinators.uuid).exists()
    told = Change.objects.filter(audience=house.members_id, kind="organization_member", op="put")
    assert told.last().subject == member(cora, house).pk
    assert told.last().version == member(cora, house).version


def test_members_and_coordinators_change_no_tier(house, ada, cora, mel):
    for who in (mel, cora):
        assert put(who, house, mel, "administrator").status_code == 403
        assert put(who, house, who, "administrator").status_code == 403


def test_a_tier_that_does_not_exist_is_refused(house, ada, mel):
    assert put(ada, house, mel, "owner").status_code == 422
    assert put(ada, house, mel, None).status_code == 422


# leaving


def test_who_is_removed_loses_all_they_had_by_the_organization(house, ada, cora):
    everyone, place = Network.current().everyone, member(cora, house)
    house.members.refresh_from_db()
    epoch = house.members.epoch
    assert world.client(ada).delete(path(house, cora)).status_code == 204
    assert not [a for a in (house.members_id, house.coordinators_id, everyone.pk) if is_member(cora.pk, a)]
    house.members.refresh_from_db()
    assert house.members.epoch == epoch + 1
    gone = Change.objects.get(audience=house.members_id, op="deleted", kind="organization_member")
    assert gone.subject == place.pk
    lost = Change.objects.filter(audience=cora.audience_id, op="revoked").values_list("subject", flat=True)
    assert {house.members.uuid, house.coordinators.uuid, everyone.uuid} <= set(lost)

    caller = world.client(cora)
    assert caller.get(path(house)).status_code == 404
    assert caller.get("/api/v1/session").json()["organizations"] == []


def test_who_works_for_two_stays_in_the_network_by_the_other(house, ada, mel):
    world.seat(world.organization("Second"), mel)
    world.client(ada).delete(path(house, mel))
    assert is_member(mel.pk, Network.current().everyone_id)


def test_everybody_may_leave(house, ada, mel):
    assert world.client(mel).delete(path(house, mel)).status_code == 204
    assert tiers(house) == {"Ada": "administrator"}


def test_the_number_of_people_is_told(house, ada, mel):
    before = world.shape(ORGANIZATION, house)
    world.client(ada).delete(path(house, mel))
    after = world.shape(ORGANIZATION, house)
    assert (before.people, after.people) == (2, 1)
    assert after.version > before.version


# the last administrator


def test_the_last_administrator_stays(house, ada, mel):
    for refused in (put(ada, house, ada, "member"), world.client(ada).delete(path(house, ada))):
        assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    assert tiers(house) == {"Ada": "administrator", "Mel": "member"}
    put(ada, house, mel, "administrator")
    assert world.client(ada).delete(path(house, ada)).status_code == 204


def test_an_administrator_who_cannot_sign_in_does_not_count(house, ada, mel):
    put(ada, house, mel, "administrator")
    mel.is_active = False
    mel.save()
    with pytest.raises(Conflict):
        services.remove_person(Actor(ada), member(ada, house))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_leave_one(house, ada):
    ben = world.person(house, "administrator", "Ben")
    outcomes = world.at_once(
        lambda: services.change_tier(Actor(ada), member(ben, house), "member"),
        lambda: services.change_tier(Actor(ben), member(ada, house), "member"),
    )
    assert sorted(tiers(house).values()) == ["administrator", "member"]
    assert len([o for o in outcomes if isinstance(o, OrganizationMember)]) == 1
