import json
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.memberships import join
from portal.kernel.models import AuditRecord, Change, Membership, Network, Seat
from portal.kernel.standing import is_member
from portal.kernel.writing import THE_PORTAL, writing
from portal.organizations.policy import ORGANIZATIONS
from portal.people import jobs, queries, services
from portal.people.models import Session, User
from tests import world
from tests.people.browser import Browser
from tests.scene import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    world.network()
    return world.person(world.organization())


# the session


def test_a_stranger_learns_the_network_and_gets_a_csrf_cookie():
    world.network()
    answer = world.client().get("/api/v1/session")
    assert answer.json() == {
        "person": None,
        "organizations": [],
        "network": {
            "name": "Test Network",
            "time_zone": "America/Denver",
            "languages": ["en", "es"],
            "areas": [{"code": world.LINN, "name": "Linn County"}, {"code": world.JOHNSON, "name": "Johnson County"}],
            "second_factor_required": False,
            "agreement_required": False,
            "demo": False,
        },
        "network_roles": [],
        "second_factor": {"kinds": [], "satisfied": False},
        "locked": False,
        "idle_seconds": None,
        "expires_at": None,
    }
    assert settings.CSRF_COOKIE_NAME in answer.cookies
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_the_session_says_who_i_am_and_for_whom_i_work(ann):
    world.seat(world.organization("Bright Clinic"), ann, "coordinator")
    session = world.client(ann).get("/api/v1/session").json()
    assert session["person"] == {
        "id": str(ann.pk),
        "name": "Ann",
        "email": "ann@example.org",
        "time_zone": "UTC",
        "locale": "en",
        "audience": str(ann.audience.uuid),
    }
    assert [(o["name"], o["tier"], o["status"]) for o in session["organizations"]] == [
        ("Bright Clinic", "coordinator", "verified"),
        ("Harbor House", "member", "verified"),
    ]
    assert session["network_roles"] == []
    ends = Session.objects.get(user=ann).expire_date
    assert session["expires_at"] == ends.isoformat().replace("+00:00", "Z")


def test_the_session_says_who_administers_the_network(ann):
    session = world.client(world.administrator()).get("/api/v1/session").json()
    assert session["network_roles"] == ["administrator"]
    assert session["organizations"] == []


def test_an_expired_session_is_no_session(ann):
    caller = world.client(ann)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert caller.get("/api/v1/session").json()["person"] is None
    assert caller.get("/api/v1/organizations").status_code == 401
    jobs.forget_expired_sessions()
    assert not Session.objects.exists()


# preferences


def test_i_change_my_name_zone_and_language(ann):
    answer = world.client(ann).patch(
        "/api/v1/me",
        {"name": "Ann B", "time_zone": "Europe/Madrid", "locale": "es"},
        content_type="application/json",
    )
    assert answer.status_code == 200
    me = answer.json()["result"]
    assert (me["name"], me["time_zone"], me["locale"]) == ("Ann B", "Europe/Madrid", "es")
    ann.refresh_from_db()
    assert (ann.name, ann.time_zone, ann.locale) == ("Ann B", "Europe/Madrid", "es")
    assert AuditRecord.objects.filter(action="person.change_preferences", actor=ann.pk).count() == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"time_zone": "Moon/Base"}, ("time_zone", "does_not_exist")),
        ({"locale": "xx"}, ("locale", "not_a_choice")),
        ({"name": ""}, ("name", "blank")),
        ({"name": "n" * 121}, ("name", "too_long")),
        ({"name": 7}, ("name", "wrong_type")),
        ({"email": "chief@example.org"}, ("email", "unknown_field")),
        ({"is_superuser": True}, ("is_superuser", "unknown_field")),
    ],
)
def test_what_makes_no_sense_is_refused(ann, body, fault):
    answer = world.client(ann).patch("/api/v1/me", body, content_type="application/json")
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [fault]


@pytest.mark.parametrize(
    ("write", "field"),
    [
        (lambda _: services.create_network("Another", time_zone="Mars/North"), "time_zone"),
        (lambda _: services.create_network("Another", areas=["US-IA"]), "areas"),
        (lambda _: services.create_person(THE_PORTAL, "n@example.org", "Nia", time_zone="Mars/North"), "time_zone"),
        (lambda _: services.create_person(THE_PORTAL, "n@example.org", "Nia", locale="tlh"), "locale"),
        (lambda ann: services.change_preferences(ann, time_zone="Mars/North"), "time_zone"),
        (lambda ann: services.change_preferences(ann, locale="tlh"), "locale"),
    ],
)
def test_a_service_refuses_it_too(ann, write, field):
    with unchanged(), pytest.raises(Invalid) as refusal:
        write(ann)
    assert [error.field for error in refusal.value.errors] == [field]


def test_strangers_and_missing_tokens_change_nothing(ann):
    assert world.client().patch("/api/v1/me", {"name": "X"}, content_type="application/json").status_code == 401
    visitor = Browser()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = world.session(ann)
    answer = visitor.patch("/api/v1/me", {"name": "X"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


# accounts


def test_a_person_is_in_the_audience_of_their_own(ann):
    assert is_member(ann.pk, ann.audience_id)


def test_an_address_has_one_account_whatever_its_case(ann):
    with pytest.raises(Conflict):
        services.create_person(THE_PORTAL, "ANN@Example.org", "Another Ann")
    with pytest.raises(Invalid):
        services.create_person(THE_PORTAL, "ben@example.org", "Ben", time_zone="Nowhere")


def test_who_left_is_a_former_member(ann):
    ann.is_active = False
    ann.save()
    assert queries.refs([ann.pk, None])[ann.pk].name == "former member"


# the sweep


def test_an_expired_seat_ends_at_once_and_is_swept_later(ann):
    hidden = world.organization("Hidden House", verified=False)
    with writing(THE_PORTAL, people=[ann]) as w:
        membership = join(w, ann, hidden.members)
    assert ORGANIZATIONS.visible(ann).filter(pk=hidden.pk).exists()

    world.expire(membership)
    ann.refresh_from_db()
    epoch = hidden.members.epoch
    from portal.kernel.standing import forget_standings

    forget_standings()
    assert not ORGANIZATIONS.visible(ann).filter(pk=hidden.pk).exists()
    jobs.end_expired_seats()
    jobs.end_expired_seats()
    assert not Membership.objects.filter(pk=membership.pk).exists()
    hidden.members.refresh_from_db()
    assert hidden.members.epoch == epoch + 1
    told = Change.objects.filter(audience=ann.audience_id, op="revoked", subject=hidden.members.uuid)
    assert told.count() == 1
    assert not Seat.objects.filter(expires_at__lt=timezone.now()).exists()


# the first administrator


def test_a_fresh_network_gets_its_first_administrator():
    said = StringIO()
    call_command("administrator", "Chief@example.org", "--name", "Chief", "--network", "Alder Coalition", stdout=said)
    network, chief = Network.current(), User.objects.get()
    assert (network.name, network.second_factor_required, network.demo) == ("Alder Coalition", True, False)
    assert is_member(chief.pk, network.administrators_id)
    assert is_member(chief.pk, network.everyone_id)

    key = said.getvalue().strip().rsplit("/reset/", 1)[1]
    visitor = Browser()
    visitor.account("POST", "auth/password/reset", {"key": key, "password": world.PASSWORD})
    assert visitor.sign_in("chief@example.org", world.PASSWORD).status_code == 200
    again = visitor.account("POST", "auth/password/reset", {"key": key, "password": "something else entirely"})
    assert again.status_code == 400


def test_an_administrator_more_keeps_the_network_and_their_account(ann):
    call_command("administrator", "ann@example.org", "--name", "Ann", stdout=StringIO())
    assert Network.current().name == "Test Network"
    assert User.objects.filter(email="ann@example.org").count() == 1
    with pytest.raises(CommandError, match="time zone"):
        call_command("administrator", "x@example.org", "--name", "X", "--time-zone", "Nowhere", stdout=StringIO())


def test_every_mail_is_translated():
    words = ["Set a new password", "Your sign-in has changed", "A sign-in from a new device", "You have been invited"]
    with translation.override("es"):
        assert [translation.gettext(w) for w in words] == [
            "Elija una contraseña nueva",
            "Su forma de entrar ha cambiado",
            "Inicio de sesión desde un dispositivo nuevo",
            "Tiene una invitación",
        ]


def test_the_audit_record_names_no_address(ann):
    detail = json.dumps(list(AuditRecord.objects.values_list("detail", flat=True)))
    assert "example.org" not in detail
