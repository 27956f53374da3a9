"""Whoever leaves the network hands over all they see to, in one write; then nothing is theirs, or says that it was."""

from datetime import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from coordination.calendars import services as calendars
from coordination.calendars.models import CalendarFeed, CalendarPreferences, Mail, Reminders, Shows
from coordination.requests.models import Answer, Request
from coordination.resources import services as resources
from coordination.rota.models import Shift
from messaging import services as messaging
from messaging.models import Message
from portal.kernel import clock, memberships
from portal.kernel.ids import uuid7
from portal.kernel.models import AuditRecord, Membership
from portal.kernel.standing import members
from portal.kernel.writing import Actor, writing
from portal.notify import services as notify
from portal.notify.models import PushSubscription, QuietHours
from portal.organizations import services
from portal.organizations.models import Invitation, Tier
from portal.organizations.responsibilities import accounts_of, tell
from portal.people import jobs
from portal.people.models import Session, SignIn, User
from tests import world
from tests.organizations.handover import Handover
from tests.scene import API, denied, faults, listing, problem, queries, refused, unchanged

pytestmark = pytest.mark.django_db


class Both(Handover):
    """Nora works for the clinic as well, which knows her from her own letter."""

    def __init__(self) -> None:
        super().__init__()
        self.ruth = world.person(self.clinic, Tier.ADMINISTRATOR, "Ruth")
        world.seat(self.clinic, self.nora, Tier.COORDINATOR)
        offer = {**listing(), "maximum": 5}
        self.for_clinic = resources.post_offer(self.at_clinic(self.nora), everyone=True, organizations=[], **offer)

    def at_clinic(self, person: User) -> Actor:
        return Actor(person, self.clinic)


@pytest.fixture
def scene(db):
    return Both()


def told(person):
    answer = world.client(person).get(f"{API}/me/responsibilities")
    assert answer.status_code == 200, answer.content
    return answer.json()


def choices(person, **heirs):
    """Each to the likeliest of the organization that it is held for."""
    return [
        {"kind": i["kind"], "id": i["id"], "successor": heirs.get(i["kind"], i["successors"][0])}
        for i in told(person)["items"]
    ]


def close(person, successors):
    return world.client(person).post(f"{API}/me/close", {"successors": successors})


def likeliest(person):
    return {(i.kind, i.id): i.successors[0] for i in tell(*accounts_of(person)).items}


def test_all_that_they_see_to_is_told_with_whom_they_do_it_for(scene):
    items = told(scene.nora)["items"]
    assert {(i["kind"], i["organization"]["name"]) for i in items} >= {
        ("request", "Harbor House"),
        ("shift", "Harbor House"),
        ("offer", "Harbor House"),
        ("offer", scene.clinic.name),
        ("working_group", "Harbor House"),
    }
    (at_clinic,) = [i for i in items if i["organization"]["name"] == scene.clinic.name]
    assert set(at_clinic["successors"]) == {str(p.pk) for p in (scene.grace, scene.ruth)}
    assert told(scene.lucia)["items"] == []


def test_what_is_held_by_two_organizations_is_told_once(scene):
    """Leaving either alone keeps them in the group."""
    with writing(scene.at_clinic(scene.nora), people=[scene.nora]) as w:
        memberships.join(w, scene.nora, scene.led.members, via=scene.clinic.members)
    assert [i["kind"] for i in told(scene.nora)["items"]].count("working_group") == 1
    assert "working_group" not in {i["kind"] for i in scene.told(scene.nora)["items"]}
    close(scene.nora, choices(scene.nora))
    (lead,) = members(scene.led.leads_id)
    assert members(scene.led.members_id) == {lead}


def test_it_costs_the_same_however_much_it_is(scene):
    told(scene.nora)
    few = queries(lambda: told(scene.nora))
    for hours in range(72, 72 + 24 * 10, 24):
        scene.planned(hours)
        scene.asked_by(scene.nora)
        scene.needed(by=scene.nora)
    scene.founded("Second", joining="request")
    told(scene.nora)  # where they stand is remembered
    assert queries(lambda: told(scene.nora)) == few


def test_everything_passes_and_nothing_is_left_that_names_them(scene):
    nora = scene.nora
    scene.admit(scene.group, nora)
    message = scene.say(nora)
    notify.set_quiet_hours(nora, time(22), time(6))
    PushSubscription.objects.create(person=nora, session_id=world.session(nora), endpoint="https://push.example.org")
    calendars.make_feed(nora, "Phone", Shows.INVITED)
    calendars.choose(nora, Reminders.DAY, Mail.NONE)
    Authenticator.objects.create(user=nora, type=Authenticator.Type.TOTP, data={})
    SignIn.objects.create(person=nora, at=clock.now(), method="password", outcome="success")
    assert close(nora, choices(nora)).status_code == 204
    # what goes on
    assert Request.objects.get(pk=scene.sent.pk).posted_by in (scene.dana, scene.lucia)
    assert Answer.objects.get(pk=scene.promised.pk).by == scene.dana
    assert not Shift.objects.filter(person=nora).exists()
    assert members(scene.led.leads_id)
    # what ends
    assert not Membership.objects.filter(user=nora).exists()
    for theirs in (Session, EmailAddress, Authenticator):
        assert not theirs.objects.filter(user=nora).exists(), theirs
    for theirs in (PushSubscription, QuietHours, CalendarFeed, CalendarPreferences, SignIn):
        assert not theirs.objects.filter(person=nora).exists(), theirs
    closed = User.objects.get(pk=nora.pk)
    assert (closed.is_active, closed.name, closed.has_usable_password()) == (False, "former member", False)
    assert closed.email == f"{nora.pk}@closed.invalid"
    assert not User.objects.filter(email__icontains="nora").exists()
    # what stays
    read = world.client(scene.mara).get(f"{API}/channels/{scene.group.channel_id}/messages").json()["results"]
    assert [m["author"] for m in read if m["id"] == str(message.pk)] == [
        {"id": str(nora.pk), "name": "former member", "former": "network"}
    ]
    assert AuditRecord.objects.filter(action="person.close_account", actor=nora.pk).count() == 1


def test_the_session_that_asked_is_over_and_nothing_opens_another(scene, mailoutbox):
    caller = world.client(world.with_password(scene.nora))
    email = scene.nora.email
    assert caller.post(f"{API}/me/close", {"successors": choices(scene.nora)}).status_code == 204
    assert caller.get(f"{API}/session").json()["person"] is None
    assert problem(caller.get(f"{API}/requests")) == (401, "not_authenticated")
    for address in (email, f"{scene.nora.pk}@closed.invalid"):
        said = {"email": address, "password": world.PASSWORD}
        assert world.client().post("/_allauth/browser/v1/auth/login", said).status_code in (400, 401)
    jobs.send_security_notice(str(scene.nora.pk))
    jobs.send_new_device_notice(str(scene.nora.pk))
    assert mailoutbox == []


def test_a_new_employer_invites_a_stranger(scene):
    email = scene.nora.email
    earlier = services.invite(scene.at_clinic(scene.ruth), scene.clinic, "other@example.org", Tier.MEMBER)
    Invitation.objects.filter(pk=earlier.pk).update(email=email, state="accepted")
    close(scene.nora, choices(scene.nora))
    assert not Invitation.objects.filter(email=email).exists()
    again = services.invite(scene.at_clinic(scene.ruth), scene.clinic, email, Tier.MEMBER)
    token = services.issue_token(again)
    said = {"name": "Nora", "password": "a long enough passphrase", "time_zone": "UTC", "locale": "en"}
    assert world.client().post(f"{API}/invitations/{token}/accept", said).status_code == 200
    assert User.objects.get(email=email).pk != scene.nora.pk


def test_it_asks_who_is_there(scene, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    with unchanged():
        assert problem(close(scene.nora, [])) == (403, "proof_required")


def test_what_is_not_decided_or_refused_leaves_all_as_it_was(scene):
    with unchanged():
        refusal = denied(lambda: close(scene.nora, choices(scene.nora)[1:]))
    assert problem(refusal) == (409, "responsibilities_remain")
    assert refusal.json()["current"]["items"] == told(scene.nora)["items"]
    with unchanged():
        refusal = denied(lambda: close(scene.nora, choices(scene.nora, offer=str(scene.lucia.pk), event=None)))
    assert set(faults(refusal)) == {
        (f"successors.offer.{scene.for_clinic.pk}", "not_a_member"),
        (f"successors.event.{scene.event.pk}", "required"),
    }


def test_the_last_administrator_of_an_organization_stays(scene):
    assert told(scene.dana)["obstacles"] == [{"code": "last_administrator", "name": "Harbor House"}]
    assert problem(denied(lambda: close(scene.dana, choices(scene.dana)))) == (409, "last_administrator")
    world.person(scene.house, Tier.ADMINISTRATOR, "Sol")
    assert close(scene.dana, choices(scene.dana, request_backup=None)).status_code == 204


def test_the_last_administrator_of_the_network_stays(scene):
    chief = world.administrator()
    assert told(chief)["obstacles"] == [{"code": "last_network_administrator", "name": scene.network.name}]
    assert problem(denied(lambda: close(chief, []))) == (409, "last_network_administrator")
    world.administrator("Second")
    assert close(chief, []).status_code == 204
    assert members(scene.network.administrators_id) == {world.administrator("Second").pk}


# at once


def leaving(person, successors):
    return lambda: services.leave_network(User.objects.get(pk=person.pk), successors)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_administrators_one_stays(transactional_db):
    scene = Both()
    sol = world.person(scene.house, Tier.ADMINISTRATOR, "Sol")
    chiefs = world.administrator("First"), world.administrator("Second")
    for pair, audience, code in (
        ((scene.dana, sol), scene.house.administrators_id, "last_administrator"),
        (chiefs, scene.network.administrators_id, "last_network_administrator"),
    ):
        outcomes = world.at_once(*(leaving(who, likeliest(who)) for who in pair))
        codes = [getattr(o, "code", None) for o in sorted(outcomes, key=bool)]
        assert codes[0] is None
        assert codes[1] in (code, "responsibilities_remain")
        assert len(members(audience)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_said_in_that_moment_is_said_before_or_not_at_all(transactional_db):
    scene = Both()
    scene.admit(scene.group, scene.nora)
    channel, chosen = scene.group.channel, likeliest(scene.nora)

    def say():
        return messaging.post_message(scene.acting(scene.nora), channel, uuid7(), "In that moment")

    said, closed = world.at_once(say, leaving(scene.nora, chosen))
    assert closed is None
    there = Message.objects.filter(author=scene.nora, body="In that moment").count()
    assert there == (1 if isinstance(said, Message) else 0)
    assert refused(say) in ("not_found", "not_allowed")
