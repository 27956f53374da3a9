import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.kernel.errors import Conflict, Problem
from portal.kernel.models import AuditRecord, Change
from portal.kernel.standing import is_member
from portal.kernel.writing import Actor
from portal.organizations import jobs, services
from portal.organizations.changes import INVITATION
from portal.organizations.models import Invitation, OrganizationMember, Tier
from portal.people.models import User
from tests import world
from tests.people.browser import Browser

pytestmark = pytest.mark.django_db
NEW = {"name": "Nia", "password": world.PASSWORD, "time_zone": "America/Denver", "locale": "en"}


@pytest.fixture
def path(house):
    return f"/api/v1/organizations/{house.pk}/invitations"


@pytest.fixture
def invitation(house, ada):
    return services.invite(Actor(ada, house), house, "nia@example.org", Tier.COORDINATOR)


@pytest.fixture
def token(invitation):
    return mailed_token()


def mailed_token() -> str:
    world.work()
    (found,) = re.findall(re.escape(settings.ORIGIN) + r"/join/(\S+)", mail.outbox[-1].body)
    return str(found)


def accept(caller, token, body):
    return caller.send("POST", f"/api/v1/invitations/{token}/accept", body)


def code(answer):
    return answer.status_code, answer.json()["code"]


# inviting


def test_an_administrator_invites(path, house, ada):
    answer = world.client(ada).post(path, {"email": "Nia@Example.org", "tier": "member"})
    assert answer.status_code == 201
    made = answer.json()["result"]
    assert (made["email"], made["tier"], made["state"]) == ("nia@example.org", "member", "pending")
    assert made["organization"] == {"id": str(house.pk), "name": "Harbor House"}
    assert made["invited_by"]["name"] == "Ada"
    assert answer.json()["mine"]["allowed"] == ["revoke"]
    assert [i["id"] for i in world.client(ada).get(path).json()["results"]] == [made["id"]]
    record = AuditRecord.objects.get(action="invitation.create")
    assert (record.actor, record.acting_for) == (ada.pk, house.pk)
    assert Change.objects.filter(audience=house.administrators_id, kind="invitation", op="put").exists()


def test_nobody_else_invites_or_sees_invitations(path, house, invitation, cora, mel, olga, chief):
    for who in (cora, mel, olga, chief):
        caller = world.client(who)
        assert caller.post(path, {"email": "x@example.org", "tier": "member"}).status_code == 403
        assert caller.get(path).status_code == 403
        assert caller.delete(f"{path}/{invitation.pk}").status_code == 403
    assert INVITATION.represent([invitation.pk], house.members_id) == {}
    assert invitation.pk in INVITATION.represent([invitation.pk], house.administrators_id)


def test_an_invitation_of_another_organization_is_as_absent_as_none(invitation, olga):
    other = OrganizationMember.objects.get(user=olga).organization
    inside = f"/api/v1/organizations/{other.pk}/invitations"
    caller = world.client(olga)
    elsewhere, nowhere = caller.delete(f"{inside}/{invitation.pk}"), caller.delete(f"{inside}/{uuid4()}")
    assert (elsewhere.status_code, elsewhere.content) == (404, nowhere.content)


def test_an_invitation_lies_within_its_own_organization_alone(path, ada, invitation):
    second = world.organization("Second")
    world.seat(second, ada, "administrator")
    caller = world.client(ada)
    assert caller.get(f"{path}/{invitation.pk}").json()["result"]["email"] == "nia@example.org"
    assert caller.get(f"/api/v1/organizations/{second.pk}/invitations/{invitation.pk}").status_code == 404


def test_an_address_is_invited_once_at_a_time(path, house, ada, mel, invitation):
    caller = world.client(ada)
    assert code(caller.post(path, {"email": "NIA@example.org", "tier": "member"})) == (409, "already_invited")
    assert code(caller.post(path, {"email": mel.email, "tier": "member"})) == (409, "already_member")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(organization=house, email="nia@example.org", tier="member", expires_at=timezone.now())
    services.revoke_invitation(Actor(ada), invitation)
    assert caller.post(path, {"email": "nia@example.org", "tier": "member"}).status_code == 201


def test_one_that_has_run_out_is_in_nobody_s_way(path, ada, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert world.client(ada).post(path, {"email": "nia@example.org", "tier": "member"}).status_code == 201
    invitation.refresh_from_db()
    assert invitation.state == "expired"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nia", "tier": "member"}, "email"),
        ({"email": "nia@example.org", "tier": "owner"}, "tier"),
        ({"email": "nia@example.org"}, "tier"),
        ({"email": "nia@example.org", "tier": "member", "state": "accepted"}, "state"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(path, ada, body, field):
    answer = world.client(ada).post(path, body)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]


# the mail and its token


def test_the_mail_says_little(invitation, token):
    (sent,) = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert sent.subject == "You have been invited"
    for word in ("Harbor House", "Ada", "coordinator"):
        assert word not in sent.subject + sent.body
    assert "Test Network" in sent.body


def test_the_mail_speaks_the_language_of_the_account(house, ada):
    User.objects.filter(pk=world.person(name="Nia").pk).update(locale="es")
    services.invite(Actor(ada), house, "nia@example.org", Tier.MEMBER)
    mailed_token()
    assert mail.outbox[-1].subject == "Tiene una invitación"


def test_only_a_digest_is_kept(invitation, token):
    from portal.jobs.models import Job

    invitation.refresh_from_db()
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values_list().get())
    assert len(invitation.token_digest) == 64
    assert not Job.objects.filter(kind="organizations.send_invitation").exists()


def test_a_second_run_of_the_job_mails_a_link_that_works(invitation, token):
    jobs.send_invitation(str(invitation.pk))
    (again,) = re.findall(r"/join/(\S+)", mail.outbox[-1].body)
    assert again != token
    assert Browser().get(f"/api/v1/invitations/{again}").status_code == 200
    assert Browser().get(f"/api/v1/invitations/{token}").status_code == 404


def test_nothing_is_mailed_for_an_invitation_that_was_revoked(ada, invitation):
    services.revoke_invitation(Actor(ada), invitation)
    world.work()
    assert mail.outbox == []


# reading it


def test_the_link_tells_what_one_is_invited_to(house, token, invitation):
    answer = Browser().get(f"/api/v1/invitations/{token}")
    assert answer.json() == {
        "organization": {"id": str(house.pk), "name": "Harbor House"},
        "tier": "coordinator",
        "email": "nia@example.org",
        "expires_at": invitation.expires_at.isoformat().replace("+00:00", "Z"),
        "has_account": False,
    }
    assert answer["Cache-Control"] == "no-store"
    assert Browser().get(f"/api/v1/invitations/{token[:-1]}").status_code == 404


def test_an_invitation_that_is_over_is_as_absent_as_none(token, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    over, none = Browser().get(f"/api/v1/invitations/{token}"), Browser().get("/api/v1/invitations/guess")
    assert (over.status_code, over.content) == (404, none.content)


# accepting


def test_somebody_new_joins_and_is_signed_in(house, token, invitation):
    visitor = Browser()
    answer = accept(visitor, token, NEW)
    assert answer.status_code == 200
    assert answer.json() == {"organization": {"id": str(house.pk), "name": "Harbor House"}, "tier": "coordinator"}
    session = visitor.session()
    assert (session["person"]["name"], session["person"]["email"]) == ("Nia", "nia@example.org")
    assert session["organizations"][0]["tier"] == "coordinator"
    nia = User.objects.get(email="nia@example.org")
    assert is_member(nia.pk, house.coordinators_id)
    assert not is_member(nia.pk, house.administrators_id)
    assert nia.time_zone == "America/Denver"

    elsewhere = Browser()
    assert elsewhere.sign_in("nia@example.org", world.PASSWORD).status_code == 200
    assert elsewhere.session()["person"]["name"] == "Nia"


def test_somebody_new_enrols_where_the_network_demands_it(network, token):
    network.second_factor_required = True
    network.save()
    visitor = Browser()
    accept(visitor, token, NEW)
    assert visitor.get("/api/v1/organizations").json()["code"] == "mfa_required"
    assert visitor.account("GET", "account/authenticators/totp").status_code == 404  # none yet: here is a secret


def test_a_token_is_good_once(token, invitation):
    accept(Browser(), token, NEW)
    with pytest.raises(Conflict) as used:
        services.accept_invitation(User.objects.get(email="nia@example.org"), token)
    assert used.value.code == "invitation_used"
    assert Browser().get(f"/api/v1/invitations/{token}").status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == "accepted"


def test_somebody_with_an_account_signs_in_first(house, ada, olga):
    services.invite(Actor(ada), house, olga.email, Tier.MEMBER)
    token = mailed_token()
    assert Browser().get(f"/api/v1/invitations/{token}").json()["has_account"]
    assert code(accept(Browser(), token, NEW)) == (401, "not_authenticated")

    visitor = Browser()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = world.session(olga)
    assert accept(visitor, token, {}).status_code == 200
    assert is_member(olga.pk, house.members_id)
    assert {o["name"] for o in visitor.session()["organizations"]} == {"Harbor House", "Other Place"}


def test_another_account_cannot_accept(house, token, olga):
    visitor = Browser()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = world.session(olga)
    assert code(accept(visitor, token, {})) == (409, "wrong_account")
    assert not is_member(olga.pk, house.members_id)


def test_the_second_factor_is_asked_before_an_account_accepts(network, house, ada, olga):
    services.invite(Actor(ada), house, olga.email, Tier.MEMBER)
    token = mailed_token()
    network.second_factor_required = True
    network.save()
    visitor = Browser()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = world.session(olga, second_factor=False)
    assert code(accept(visitor, token, {})) == (403, "mfa_required")
    assert not is_member(olga.pk, house.members_id)


def test_accepting_needs_the_csrf_token(token):
    answer = Browser().post(f"/api/v1/invitations/{token}/accept", NEW, content_type="application/json")
    assert code(answer) == (403, "csrf_failed")
    assert not User.objects.filter(email="nia@example.org").exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"password": "short"}, ("password", "too_short")),
        ({"password": "nia@example.org"}, ("password", "too_similar")),
        ({"password": "1q2w3e4r5t6y7u8i9o0p"}, ("password", "too_common")),
        ({"time_zone": "Nowhere"}, ("time_zone", "does_not_exist")),
        ({"locale": "xx"}, ("locale", "not_a_choice")),
        ({"name": ""}, ("name", "blank")),
        ({"email": "chief@example.org"}, ("email", "unknown_field")),
        ({"tier": "administrator"}, ("tier", "unknown_field")),
    ],
)
def test_what_a_new_person_says_must_make_sense(token, invitation, change, fault):
    answer = accept(Browser(), token, {**NEW, **change})
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [fault]
    assert not User.objects.filter(email="nia@example.org").exists()
    assert Browser().get(f"/api/v1/invitations/{token}").status_code == 200


def test_revoked_and_expired_invitations_are_not_accepted(ada, token, invitation):
    services.revoke_invitation(Actor(ada), invitation)
    assert code(accept(Browser(), token, NEW)) == (409, "invitation_used")
    Invitation.objects.update(state="pending", expires_at=timezone.now())
    assert code(accept(Browser(), token, NEW)) == (409, "invitation_used")
    assert not User.objects.filter(email="nia@example.org").exists()


def test_the_one_that_is_named_is_revoked(path, house, ada, invitation):
    named = services.invite(Actor(ada), house, "later@example.org", Tier.MEMBER)
    caller = world.client(ada)
    assert caller.delete(f"{path}/{named.pk}").status_code == 204
    states = {i["email"]: i["state"] for i in caller.get(path).json()["results"]}
    assert states == {"nia@example.org": "pending", "later@example.org": "revoked"}


def test_revoking_is_done_once(path, ada, invitation):
    caller = world.client(ada)
    assert caller.delete(f"{path}/{invitation.pk}").status_code == 204
    assert code(caller.delete(f"{path}/{invitation.pk}")) == (409, "invitation_used")
    assert caller.get(path).json()["mine"][str(invitation.pk)]["allowed"] == []


def test_the_routine_expires_what_is_over_and_only_that(house, ada, invitation):
    services.invite(Actor(ada), house, "later@example.org", Tier.MEMBER)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    jobs.expire_invitations()
    jobs.expire_invitations()
    states = dict(Invitation.objects.values_list("email", "state"))
    assert states == {"nia@example.org": "expired", "later@example.org": "pending"}
    assert Change.objects.filter(subject=invitation.pk, kind="invitation").count() == 2


def test_an_invitation_lifts_a_tier_and_never_lowers_it(house, ada, token):
    nia = world.person(house, "administrator", "Nia")
    services.accept_invitation(nia, token)
    assert is_member(nia.pk, house.administrators_id)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_joins(house, ada, invitation):
    token = mailed_token()
    details = {k: v for k, v in NEW.items() if k != "name"}
    outcomes = world.at_once(
        lambda: services.accept_invitation_as_new(token, "Nia", **details),
        lambda: services.accept_invitation_as_new(token, "Impostor", **details),
    )
    (lost,) = [o for o in outcomes if isinstance(o, Problem)]
    assert lost.code == "invitation_used"
    assert User.objects.filter(email="nia@example.org").count() == 1
    assert OrganizationMember.objects.filter(group=house.coordinators_id).count() == 0
    assert OrganizationMember.objects.filter(group=house.members_id).count() == 2


def test_the_link_leads_to_the_web_app(token):
    link = re.findall(r"https?://\S+/join/\S+", mail.outbox[-1].body)[0]
    assert link.startswith(settings.ORIGIN)
    assert urlsplit(link).query == ""
