"""Every write, run on a populated network and watched: whoever lost sight of something was told so.

A service without a scenario here fails the first test.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from django.db import transaction
from django.utils import timezone

from coordination.requests import services as requests
from coordination.requests.models import Answer, Request
from coordination.working_groups import services as groups
from messaging import services as messaging
from messaging.posting import Post, post_messages
from messaging.queries import channel_member
from portal.kernel.kinds import KINDS
from portal.kernel.models import Audience, AuditRecord, Change, Network, Seat
from portal.kernel.standing import forget_standings, standing
from portal.kernel.writing import SERVICES, THE_PORTAL, Actor
from portal.organizations import services as organizations
from portal.organizations.models import Invitation, OrganizationMember, Tier
from portal.people import services as people
from portal.people.devices import Device
from portal.people.models import Method, SignIn, User
from tests import world
from tests.scene import Scene, details

# when somebody reads is nobody's business
UNRECORDED = {"messaging.services.mark_read", "messaging.services.mute_channel"}
# a message's own change says that the channel is longer, and that its author has read it
SAID_OTHERWISE = {
    "messaging.services.post_message": {"channel", "read_mark"},
    "messaging.posting.post_messages": {"channel", "read_mark"},
}


def member(person):
    return OrganizationMember.objects.get(user=person)


def invitation(s):
    return Invitation.objects.get(organization=s.agency)


def create_network(s):
    Network.objects.all().delete()
    people.create_network("Another")


def end_expired_seat(s):
    seat = Seat.objects.get(membership=s.member(s.dana).pk)
    Seat.objects.filter(pk=seat.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    return lambda: people.end_expired_seat(seat)


def end_session(s):
    world.session(s.dana)
    return lambda: people.end_session(s.dana, s.dana.sessions.get().public_id)


def expire_invitation(s):
    Invitation.objects.filter(organization=s.agency).update(expires_at=timezone.now() - timedelta(minutes=1))
    organizations.expire_invitation(invitation(s))


def accept_invitation(s):
    invitation = organizations.invite(s.acting(s.mara), s.agency, s.dana.email, Tier.COORDINATOR)
    token = organizations.issue_token(invitation)
    return lambda: organizations.accept_invitation(s.dana, token)


def accept_invitation_as_new(s):
    token = organizations.issue_token(invitation(s))
    organizations.accept_invitation_as_new(token, "Nia", world.PASSWORD, time_zone="UTC", locale="en")


def name_lead(s):
    groups.name_lead(Actor(s.mara), s.group, s.member(s.dana))


def unname_lead(s):
    name_lead(s)
    return lambda: groups.unname_lead(Actor(s.mara), s.group, s.member(s.dana))


def expire_request(s):
    Request.objects.update(expires_at=timezone.now() - timedelta(minutes=1), state="open")
    requests.expire_request(s.request)


def pick_answer(s):
    request = s.post(s.house, pick=True)
    answer = s.answer(request, s.dana)
    return lambda: requests.pick_answer(Actor(s.mara), answer)


def application(s):
    return s.group.applications.get(state="pending")


def edit_working_group(s):
    groups.decline_application(Actor(s.mara), application(s), "Full")
    return lambda: s.edit(s.group, name="Beds", joining="unlisted", rule="Be kind.")


def reopen_working_group(s):
    groups.archive_working_group(Actor(s.mara), s.group)
    return lambda: groups.reopen_working_group(Actor(s.mara), s.group)


def join_open_group(s):
    s.edit(s.quiet, joining="open")
    return lambda: groups.join_open_group(s.acting(s.otto), s.quiet, [s.otto])


def group_invitation(s):
    return s.quiet.invitations.get(organization=s.clinic)


def accept_rule(s):
    groups.accept_rule(Actor(s.dana), s.asked(s.dana), version_of_rule(s))


def accept_rule_anew(s):
    accept_rule(s)
    s.edit(s.quiet, rule="Another rule.")
    return lambda: groups.accept_rule_anew(Actor(s.dana), s.quiet, version_of_rule(s))


def version_of_rule(s):
    return type(s.quiet).objects.get(pk=s.quiet.pk).rule_version


def answer_of(s, organization):
    return Answer.objects.get(organization=organization, request=s.request)


def said(channel):
    return channel.messages.get()


def of_board(s, person):
    return channel_member(s.mara, s.board, person.pk)


def reopen_channel(s):
    messaging.archive_channel(Actor(s.mara), s.board)
    return lambda: messaging.reopen_channel(Actor(s.mara), s.board)


def name_moderator(s):
    messaging.name_moderator(Actor(s.mara), s.board, of_board(s, s.dana))


def unname_moderator(s):
    name_moderator(s)
    return lambda: messaging.unname_moderator(Actor(s.mara), s.board, of_board(s, s.dana))


def edit_message(s):
    message = s.say(s.dana, mentions=[s.mara.pk])
    return lambda: messaging.edit_message(Actor(s.dana), message, 1, body="x", mentions=[s.second.pk])


def delete_message(s):
    edit_message(s)()
    message = s.group.channel.messages.latest("position")
    messaging.pin_message(Actor(s.mara), message)
    return lambda: messaging.delete_message(Actor(s.mara), message)


def unpin_message(s):
    messaging.pin_message(Actor(s.dana), said(s.talk))
    return lambda: messaging.unpin_message(Actor(s.mara), said(s.talk))


# by the service's name: what runs it, or what prepares it and returns what runs it
SCENARIOS = {
    "portal.people.services.create_network": create_network,
    "portal.people.services.create_person": lambda s: world.person(name="Nia"),
    "portal.people.services.change_preferences": lambda s: people.change_preferences(s.dana, name="Dana D."),
    "portal.people.services.appoint_administrator": lambda s: people.appoint_administrator(s.dana),
    "portal.people.services.end_expired_seat": end_expired_seat,
    "portal.people.services.note_factor": lambda s: people.note_factor(s.dana, "added", "code"),
    "portal.people.services.record_sign_in": lambda s: people.record_sign_in(
        s.dana, world.session(s.dana), Method.PASSKEY, Device("Firefox", "Linux")
    ),
    "portal.people.services.record_failed_sign_in": lambda s: people.record_failed_sign_in(
        s.dana, Method.PASSWORD, SignIn.Outcome.WRONG_PASSWORD, Device("", ""), timezone.now()
    ),
    "portal.people.services.sign_out": lambda s: people.sign_out(s.dana, world.session(s.dana)),
    "portal.people.services.end_session": end_session,
    "portal.people.services.change_password": lambda s: people.change_password(s.dana, "!"),
    "portal.people.services.end_sessions": lambda s: people.end_sessions(s.dana),
    "portal.organizations.services.apply": lambda s: organizations.apply(Actor(s.otto), "New", "hotline"),
    "portal.organizations.services.found": lambda s: organizations.found("New", "hotline"),
    "portal.organizations.services.verify": lambda s: organizations.verify(Actor(s.chief), s.waiting),
    "portal.organizations.services.edit": lambda s: organizations.edit(
        Actor(s.mara), s.agency, version(s.agency), description="x"
    ),
    "portal.organizations.services.seat": lambda s: world.seat(s.clinic, s.otto),
    "portal.organizations.services.change_tier": lambda s: organizations.change_tier(
        Actor(s.dana), member(s.second), Tier.MEMBER
    ),
    "portal.organizations.services.remove_person": lambda s: organizations.remove_person(
        Actor(s.dana), member(s.second)
    ),
    "portal.organizations.services.invite": lambda s: organizations.invite(
        s.acting(s.mara), s.agency, "new@example.org", Tier.MEMBER
    ),
    "portal.organizations.services.revoke_invitation": lambda s: organizations.revoke_invitation(
        Actor(s.mara), invitation(s)
    ),
    "portal.organizations.services.expire_invitation": expire_invitation,
    "portal.organizations.services.issue_token": lambda s: organizations.issue_token(invitation(s)),
    "portal.organizations.services.accept_invitation": accept_invitation,
    "portal.organizations.services.accept_invitation_as_new": accept_invitation_as_new,
    "coordination.working_groups.services.create_working_group": lambda s: groups.create_working_group(
        s.acting(s.grace), name="Training", group_kind="training"
    ),
    "coordination.working_groups.services.edit_working_group": edit_working_group,
    "coordination.working_groups.services.archive_working_group": lambda s: groups.archive_working_group(
        Actor(s.mara), s.group
    ),
    "coordination.working_groups.services.reopen_working_group": reopen_working_group,
    "coordination.working_groups.services.open_group_channel": lambda s: groups.open_group_channel(
        Actor(s.mara), s.group, "Beds tonight"
    ),
    "coordination.working_groups.services.join_open_group": join_open_group,
    "coordination.working_groups.services.invite_organization": lambda s: s.invited(s.group, s.clinic),
    "coordination.working_groups.services.accept_invitation_to_group": lambda s: groups.accept_invitation_to_group(
        s.acting(s.grace), group_invitation(s), [s.grace]
    ),
    "coordination.working_groups.services.decline_invitation_to_group": lambda s: groups.decline_invitation_to_group(
        s.acting(s.grace), group_invitation(s), "Not now"
    ),
    "coordination.working_groups.services.withdraw_invitation_to_group": lambda s: groups.withdraw_invitation_to_group(
        Actor(s.mara), group_invitation(s)
    ),
    "coordination.working_groups.services.accept_rule": accept_rule,
    "coordination.working_groups.services.decline_rule": lambda s: groups.decline_rule(
        Actor(s.dana), s.asked(s.dana), "Not now"
    ),
    "coordination.working_groups.services.withdraw_rule_acceptance": lambda s: groups.withdraw_rule_acceptance(
        Actor(s.mara), s.asked(s.dana)
    ),
    "coordination.working_groups.services.accept_rule_anew": accept_rule_anew,
    "coordination.working_groups.services.apply_to_join": lambda s: s.applied(s.group, s.otto),
    "coordination.working_groups.services.accept_application": lambda s: groups.accept_application(
        Actor(s.mara), application(s)
    ),
    "coordination.working_groups.services.decline_application": lambda s: groups.decline_application(
        Actor(s.mara), application(s), "Full"
    ),
    "coordination.working_groups.services.withdraw_application": lambda s: groups.withdraw_application(
        Actor(s.grace), application(s)
    ),
    "coordination.working_groups.services.leave_working_group": lambda s: groups.leave_working_group(
        Actor(s.second), s.group
    ),
    "coordination.working_groups.services.remove_member": lambda s: groups.remove_member(
        Actor(s.mara), s.group, s.member(s.dana)
    ),
    "coordination.working_groups.services.name_lead": name_lead,
    "coordination.working_groups.services.unname_lead": unname_lead,
    "coordination.requests.services.post_request": lambda s: s.post(s.house, groups=[s.group]),
    "coordination.requests.services.edit_request": lambda s: requests.edit_request(
        Actor(s.mara), s.request, version(s.request), details=details(adults=4)
    ),
    "coordination.requests.services.note_on_request": lambda s: requests.note_on_request(
        Actor(s.jonas), s.request, "x"
    ),
    "coordination.requests.services.start_request": lambda s: requests.start_request(Actor(s.mara), s.request),
    "coordination.requests.services.close_request": lambda s: requests.close_request(Actor(s.mara), s.request, "met"),
    "coordination.requests.services.withdraw_request": lambda s: requests.withdraw_request(Actor(s.mara), s.request),
    "coordination.requests.services.expire_request": expire_request,
    "coordination.requests.services.acknowledge_request": lambda s: requests.acknowledge_request(
        s.acting(s.grace), s.request
    ),
    "coordination.requests.services.answer_request": lambda s: s.answer(s.request, s.grace, "maybe"),
    "coordination.requests.services.withdraw_answer": lambda s: requests.withdraw_answer(
        s.acting(s.dana), answer_of(s, s.house)
    ),
    "coordination.requests.services.pick_answer": pick_answer,
    "messaging.services.create_channel": lambda s: messaging.create_channel(THE_PORTAL, s.group.members, "Second"),
    "messaging.services.rename_channel": lambda s: messaging.rename_channel(THE_PORTAL, s.group.channel, "Talk"),
    "messaging.services.post_message": lambda s: s.say(s.mara),
    "messaging.posting.post_messages": lambda s: post_messages(
        s.group.channel.pk,
        [Post(person=p, acting_for=None, client_id=uuid4(), body="hello") for p in (s.mara, s.grace)],
    ),
    "messaging.services.create_private_channel": lambda s: messaging.create_private_channel(
        Actor(s.dana), "Rota", people=[s.mara], organizations=[s.house, s.agency]
    ),
    "messaging.services.open_direct_conversation": lambda s: messaging.open_direct_conversation(
        Actor(s.mara), [s.dana, s.second]
    ),
    "messaging.services.edit_channel": lambda s: messaging.edit_channel(
        Actor(s.mara), s.board, version(s.board), name="News", announcement=False
    ),
    "messaging.services.archive_channel": lambda s: messaging.archive_channel(Actor(s.mara), s.board),
    "messaging.services.reopen_channel": reopen_channel,
    "messaging.services.add_people": lambda s: messaging.add_people(Actor(s.mara), s.board, [s.second, s.jonas]),
    "messaging.services.add_organization": lambda s: messaging.add_organization(Actor(s.mara), s.board, s.house),
    "messaging.services.remove_organization": lambda s: messaging.remove_organization(Actor(s.mara), s.board, s.clinic),
    "messaging.services.remove_from_channel": lambda s: messaging.remove_from_channel(
        Actor(s.mara), s.board, of_board(s, s.dana)
    ),
    "messaging.services.leave_channel": lambda s: messaging.leave_channel(Actor(s.dana), s.board),
    "messaging.services.name_moderator": name_moderator,
    "messaging.services.unname_moderator": unname_moderator,
    "messaging.services.edit_message": edit_message,
    "messaging.services.delete_message": delete_message,
    "messaging.services.pin_message": lambda s: messaging.pin_message(Actor(s.dana), said(s.talk)),
    "messaging.services.unpin_message": unpin_message,
    "messaging.services.acknowledge_message": lambda s: messaging.acknowledge_message(Actor(s.grace), said(s.board)),
    "messaging.services.mute_channel": lambda s: messaging.mute_channel(Actor(s.grace), s.board, True),
    "messaging.services.mark_read": lambda s: messaging.mark_read(Actor(s.second), s.group.channel, 1),
}


def version(obj):
    return type(obj).objects.get(pk=obj.pk).version


class Walked(Scene):
    """With a second administrator of the house in the group too, and an organization that waits."""

    def __init__(self):
        super().__init__()
        self.second = world.person(self.house, Tier.ADMINISTRATOR, "Sol")
        self.chief = world.administrator()
        self.waiting = world.organization("Waiting", verified=False)
        world.person(self.waiting, Tier.ADMINISTRATOR, "Wendy")
        self.admit(self.group, self.dana, self.second)
        self.with_everything()


@dataclass
class Sight:
    """Who sees what by which audiences; versions, shapes and epochs."""

    seen: dict = field(default_factory=dict)
    received: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    shapes: dict = field(default_factory=dict)

    def __post_init__(self):
        forget_standings()
        persons = list(User.objects.all())
        self.epochs = dict(Audience.objects.values_list("pk", "epoch"))
        self.audits = AuditRecord.objects.count()
        self.last = max(Change.objects.values_list("pk", flat=True), default=0)
        inside = {p.pk: set(standing(p).audiences) | {p.audience_id} for p in persons}
        for kind in KINDS.values():
            rows = list(kind.policy.model._default_manager.all())
            audiences = kind.policy.audiences(rows)
            for row, shape in zip(rows, kind.shape(rows), strict=True):
                key = (kind.name, row.pk)
                self.versions[key] = row.version
                self.received[key] = audiences[row.pk]
                self.shapes[key] = without_names(msgspec.to_builtins(shape))
            for person in persons:
                for pk in kind.policy.visible(person).values_list("pk", flat=True):
                    self.seen[person.pk, kind.name, pk] = inside[person.pk] & audiences[pk]


def without_names(shape):
    """What others are called is looked up when an object is fetched; a new name is told with its own object."""
    if isinstance(shape, dict):
        named = shape.keys() == {"id", "name"}
        return shape["id"] if named else {key: without_names(inner) for key, inner in shape.items()}
    return [without_names(inner) for inner in shape] if isinstance(shape, list) else shape


def faults(name, before, after):
    """What this write left unsaid."""
    changes = list(Change.objects.filter(pk__gt=before.last))
    ended = {(c.audience_id, c.subject) for c in changes if c.op in ("unshared", "deleted")}
    put = {(c.audience_id, c.subject, c.version) for c in changes if c.op == "put"}
    if after.audits == before.audits and name not in UNRECORDED:
        yield "wrote no audit record"
    for (person, kind, pk), through in before.seen.items():
        if (person, kind, pk) in after.seen:
            through = through - after.received[kind, pk]
        for audience in through:
            moved = after.epochs[audience] > before.epochs[audience]
            if not moved and (audience, pk) not in ended:
                yield f"somebody lost a {kind}, and audience {audience} was not told"
    for key, moved_to in after.versions.items():
        if moved_to == before.versions.get(key):
            if after.shapes[key] != before.shapes[key] and key[0] not in SAID_OTHERWISE.get(name, ()):
                yield f"a {key[0]} looks different under the same version"
            continue
        yield from (
            f"a {key[0]} has a new version that audience {audience} was not told"
            for audience in after.received[key]
            if (audience, key[1], moved_to) not in put
        )


def test_every_service_has_a_scenario():
    ours = {name for name in SERVICES if not name.startswith("tests.")}
    assert ours == SCENARIOS.keys()


@pytest.mark.django_db
def test_no_service_takes_away_in_silence():
    scene = Walked()
    before = Sight()
    assert {kind for kind, _ in before.versions} == KINDS.keys(), "the scene lacks a kind"
    found = {}
    for name, scenario in SCENARIOS.items():
        with transaction.atomic():
            told = watched(scene, scenario, before)
            if problems := sorted(set(faults(name, *told))):
                found[name] = problems
            transaction.set_rollback(True)
        for person in User.objects.all():
            vars(scene).update({k: person for k, v in vars(scene).items() if v == person})
    assert not found, "\n".join(f"{name}: {problem}" for name, problems in found.items() for problem in problems)


def watched(scene, scenario, before):
    """A scenario that prepares something is watched from there on."""
    forget_standings()
    prepared = scenario(scene)
    if callable(prepared):
        before = Sight()
        prepared()
    return before, Sight()


@pytest.mark.django_db
def test_the_watch_sees_what_is_taken_in_silence():
    """The watcher itself: a grant or a membership that just vanishes does not pass."""
    scene = Walked()
    before = Sight()
    with transaction.atomic():
        scene.request.audience_grants.filter(group=scene.clinic.members_id).delete()
        assert any("lost a request" in f for f in faults("x", before, Sight()))
        transaction.set_rollback(True)
    with transaction.atomic():
        scene.member(scene.dana).delete()
        assert any("lost a message" in f for f in faults("x", before, Sight()))
        transaction.set_rollback(True)
    with transaction.atomic():
        Request.objects.update(version=99)
        assert any("was not told" in f for f in faults("x", before, Sight()))
        transaction.set_rollback(True)
