from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.models import AuditRecord, Change, Network
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from portal.organizations import queries, services
from portal.organizations.changes import ORGANIZATION
from portal.organizations.models import Organization, OrganizationKind
from portal.organizations.policy import ORGANIZATIONS
from tests import world

pytestmark = pytest.mark.django_db
PATH = "/api/v1/organizations"
BODY = {"name": "Night Line", "kind": "hotline", "description": "Calls", "website": "https://night.example.org"}


@pytest.fixture
def applied(network):
    return world.organization("Hidden House", verified=False)


def path(organization, rest=""):
    return f"{PATH}/{organization.pk}{rest}"


def faults(answer):
    assert answer.status_code == 422, answer.content
    return [(e["field"], e["code"]) for e in answer.json()["errors"]]


# applying


def test_who_applies_becomes_the_administrator(mel, olga, chief):
    answer = world.client(mel).post(PATH, BODY)
    assert answer.status_code == 201
    made, mine = answer.json()["result"], answer.json()["mine"]
    assert {k: made[k] for k in (*BODY, "status", "people", "verified_at")} == {
        **BODY,
        "status": "applied",
        "people": 1,
        "verified_at": None,
    }
    assert mine["allowed"] == ["edit", "invite", "manage_people", "see_people"]
    assert [p.tier for p in queries.of_person(mel, fresh=True)] == ["member", "administrator"]

    assert world.client(olga).get(f"{PATH}/{made['id']}").status_code == 404
    assert world.client(chief).get(f"{PATH}/{made['id']}").json()["mine"]["allowed"] == ["record_agreement", "verify"]


def test_only_a_network_administrator_applies_for_somebody_else(mel, chief):
    body = {**BODY, "administrator_email": "First@Example.org"}
    assert world.client(mel).post(PATH, body).status_code == 403
    made = world.client(chief).post(PATH, body).json()["result"]
    invitation = Organization.objects.get(pk=made["id"]).invitations.get()
    assert (invitation.email, invitation.tier) == ("first@example.org", "administrator")
    assert made["people"] == 0


def test_who_is_not_in_the_network_yet_applies_for_nothing(applied):
    waiting = world.person(applied, "administrator", "Wendy")
    with pytest.raises(NotAllowed):
        services.apply(Actor(waiting), "Another", OrganizationKind.BUSINESS)
    assert world.client(waiting).post(PATH, BODY).status_code == 403


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "harbor house"}, ("name", "duplicate")),
        ({"name": " "}, ("name", "blank")),
        ({"name": "n" * 121}, ("name", "too_long")),
        ({"name": 4}, ("name", "wrong_type")),
        ({"name": "a\x00b"}, ("name", "invalid")),
        ({"kind": "cartel"}, ("kind", "not_a_choice")),
        ({"website": "javascript:alert(1)"}, ("website", "invalid")),
        ({"description": "d" * 2001}, ("description", "too_long")),
        ({"administrator_email": "nobody"}, ("administrator_email", "invalid")),
        ({"status": "verified"}, ("status", "unknown_field")),
        ({"members": 1}, ("members", "unknown_field")),
    ],
)
def test_an_application_that_makes_no_sense_is_refused(mel, change, fault):
    assert faults(world.client(mel).post(PATH, {**BODY, **change})) == [fault]
    assert not Organization.objects.filter(name="Night Line").exists()


def test_the_database_itself_refuses_a_second_of_the_same_name(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=world.organization("Else").pk).update(name="HARBOR house")


def test_an_application_sent_twice_is_made_once(mel):
    caller, key = world.client(mel), str(uuid4())
    first = caller.post(PATH, BODY, headers={"Idempotency-Key": key})
    second = caller.post(PATH, BODY, headers={"Idempotency-Key": key})
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    other = caller.post(PATH, {**BODY, "name": "Else"}, headers={"Idempotency-Key": key})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


# seeing


def test_hidden_is_absent_byte_for_byte(applied, olga):
    caller = world.client(olga)
    for method, rest in (("get", ""), ("get", "/people"), ("post", "/verify"), ("get", "/invitations")):
        hidden = getattr(caller, method)(path(applied, rest))
        absent = getattr(caller, method)(f"{PATH}/{uuid4()}{rest}")
        assert hidden.status_code == 404
        assert (hidden.status_code, hidden.content, hidden.headers) == (404, absent.content, absent.headers)
    assert applied.name not in caller.get(PATH).content.decode()
    assert caller.get(PATH, {"ids": str(applied.pk)}).json()["results"] == []


def test_strangers_see_nothing(house):
    assert world.client().get(PATH).status_code == 401
    assert world.client().get(path(house)).status_code == 401


def test_lists_are_filtered_by_what_is_allowed_only(mel, house, network):
    world.organization("Bright Clinic", OrganizationKind.HEALTH_PROVIDER)
    caller = world.client(mel)
    assert [o["name"] for o in caller.get(PATH).json()["results"]] == ["Bright Clinic", "Harbor House"]
    assert [o["name"] for o in caller.get(PATH, {"kind": "health_provider"}).json()["results"]] == ["Bright Clinic"]
    assert caller.get(PATH, {"status": "applied"}).json()["results"] == []
    assert faults(caller.get(PATH, {"members": "1"})) == [("members", "unknown_field")]
    assert faults(caller.get(PATH, {"status": "secret"})) == [("status", "not_a_choice")]


def test_a_list_costs_the_same_however_long(mel, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caller = world.client(mel)
    caller.get(PATH)
    with CaptureQueriesContext(connection) as few:
        caller.get(PATH)
    for n in range(8):
        world.organization(f"Organization {n}")
    with CaptureQueriesContext(connection) as many:
        assert len(caller.get(PATH).json()["results"]) == 9
    assert len(many) == len(few)


# verifying


def test_verified_is_seen_by_everyone_and_its_people_enter(applied, chief, olga):
    wendy = world.person(applied, "member", "Wendy")
    everyone = Network.current().everyone
    assert not is_member(wendy.pk, everyone.pk)
    answer = world.client(chief).post(path(applied, "/verify"))
    assert answer.json()["result"]["status"] == "verified"
    assert answer.json()["mine"]["allowed"] == ["record_agreement", "suspend"]

    assert world.client(olga).get(path(applied)).status_code == 200
    assert is_member(wendy.pk, everyone.pk)
    assert Change.objects.filter(audience=everyone, op="put", subject=applied.pk).exists()
    assert Change.objects.filter(audience=wendy.audience_id, op="granted", subject=everyone.uuid).count() == 1
    assert AuditRecord.objects.filter(action="organization.verify", actor=chief.pk, subject=applied.pk).exists()


def test_who_joins_a_verified_organization_enters_at_once(house, mel):
    assert is_member(mel.pk, Network.current().everyone_id)


def test_only_network_administrators_verify_and_only_once(applied, house, chief, ada):
    own = world.person(applied, "administrator", "Wendy")
    assert world.client(own).post(path(applied, "/verify")).status_code == 403
    assert world.client(ada).post(path(house, "/verify")).status_code == 403
    assert world.client(chief).post(path(applied, "/verify")).status_code == 200
    again = world.client(chief).post(path(applied, "/verify"))
    assert (again.status_code, again.json()["code"]) == (409, "already_verified")


# editing


def edit(caller, organization, body, version=None):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return caller.patch(path(organization), body, content_type="application/json", headers=headers)


def test_an_edit_says_which_version_it_saw(house, ada, mel, olga):
    caller = world.client(ada)
    assert edit(caller, house, {"name": "New"}).status_code == 428
    version = caller.get(path(house)).json()["result"]["version"]
    answer = edit(caller, house, {"description": "Beds", "kind": "shelter_operator"}, version)
    assert answer.status_code == 200
    assert (answer.json()["result"]["description"], answer.json()["result"]["version"]) == ("Beds", version + 1)
    assert answer["ETag"] == f'"{version + 1}"'

    stale = edit(caller, house, {"description": "Other"}, version)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    assert stale.json()["current"] == answer.json()["result"]
    assert edit(world.client(mel), house, {"name": "Mine"}, version + 1).status_code == 403
    assert edit(world.client(olga), house, {"name": "Mine"}, version + 1).status_code == 403
    assert faults(edit(caller, house, {"status": "left"}, version + 1)) == [("status", "unknown_field")]


def test_an_edit_keeps_names_apart(house, ada, olga):
    house.refresh_from_db()
    assert faults(edit(world.client(ada), house, {"name": "OTHER place"}, house.version)) == [("name", "duplicate")]
    assert edit(world.client(ada), house, {"name": "HARBOR HOUSE"}, house.version).status_code == 200


# what the change log sends


def test_represent_gives_an_audience_what_it_is_granted_now(applied, house):
    everyone = Network.current().everyone_id
    found = ORGANIZATION.represent([applied.pk, house.pk], everyone)
    assert set(found) == {house.pk}
    assert found[house.pk] == world.shape(ORGANIZATION, house)


def test_acting_for_is_an_organization_of_one_s_own(house, mel, olga):
    from portal.kernel.errors import Conflict, Invalid
    from portal.organizations.acting import actor, verified_actor

    assert actor(mel, house.pk).organization_id == house.pk
    assert actor(mel, None).organization_id is None
    for other in (uuid4(), world.organization("Third").pk):
        with pytest.raises(Invalid) as refused:
            actor(mel, other)
        assert [(e.field, e.code) for e in refused.value.errors] == [("acting_for", "not_yours")]
    with pytest.raises(Invalid):
        verified_actor(mel, None)
    waiting = world.organization("Hidden House", verified=False)
    with pytest.raises(Conflict) as unverified:
        verified_actor(world.person(waiting, name="Wendy"), waiting.pk)
    assert unverified.value.code == "not_verified"


def test_acting_for_is_asked_again_under_the_lock(house, mel, ada):
    from portal.kernel.writing import writing
    from portal.organizations.acting import confirm, verified_actor
    from portal.organizations.models import OrganizationMember

    who = verified_actor(mel, house.pk)
    world.remove(Actor(ada), OrganizationMember.objects.get(user=mel))
    with pytest.raises(NotAllowed), writing(who) as w:
        confirm(w)


def test_a_service_hides_what_its_caller_does_not_see(applied, olga):
    with pytest.raises(NotFound):
        services.edit(Actor(olga), applied, applied.version, name="Found")
    assert not ORGANIZATIONS.can(olga, "edit", applied)
