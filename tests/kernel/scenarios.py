"""Every service run once on a populated network: by its name, what runs it, or what prepares it and returns that."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from coordination.requests import services as requests
from coordination.requests.models import Answer, Request
from coordination.tasks import services as tasks
from coordination.working_groups import services as groups
from messaging import services as messaging
from messaging.posting import Post, post_messages
from messaging.queries import channel_member
from portal.kernel.models import Network, Seat
from portal.kernel.writing import THE_PORTAL, Actor
from portal.people import services as people
from portal.people.devices import Device
from portal.people.models import Method, SignIn
from tests import world
from tests.kernel.event_scenarios import EVENTS
from tests.kernel.notify_scenarios import NOTIFY
from tests.kernel.operation_scenarios import OPERATIONS
from tests.kernel.organization_scenarios import ORGANIZATIONS
from tests.kernel.resource_scenarios import RESOURCES
from tests.kernel.rota_scenarios import ROTA
from tests.scene import details


def version(obj):
    return type(obj).objects.get(pk=obj.pk).version


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


def unlock_session(s):
    session = world.session(s.dana)
    people.lock_session(s.dana, session)
    return lambda: people.unlock_session(s.dana, session)


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


def end_working_group(s):
    type(s.group).objects.filter(pk=s.group.pk).update(ends_on=timezone.now() - timedelta(days=2))
    s.group.refresh_from_db()
    groups.end_working_group(s.group)


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


def with_a_helper(write):
    """The house has said yes."""

    def prepare(s):
        s.answer(s.request, s.dana)
        return lambda: write(s)

    return prepare


def about_request(write):
    """With a channel about the request, in which Mara and Dana are."""

    def prepare(s):
        channel = messaging.open_channel_about(Actor(s.mara), s.request, "Shelter", [s.dana])
        return lambda: write(s, channel)

    return prepare


def with_a_task(write, *, done=False):
    """Added by Mara."""

    def prepare(s):
        task = s.task()
        task = tasks.finish_task(Actor(s.mara), task) if done else task
        return lambda: write(s, task)

    return prepare


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
    "portal.people.services.note_activity": lambda s: people.note_activity(s.dana, world.session(s.dana)),
    "portal.people.services.lock_session": lambda s: people.lock_session(s.dana, world.session(s.dana)),
    "portal.people.services.unlock_session": unlock_session,
    "portal.people.services.end_session": end_session,
    "portal.people.services.change_password": lambda s: people.change_password(s.dana, "!"),
    "portal.people.services.end_sessions": lambda s: people.end_sessions(s.dana),
    **ORGANIZATIONS,
    "coordination.working_groups.services.create_working_group": lambda s: groups.create_working_group(
        s.acting(s.grace), name="Training", group_kind="training"
    ),
    "coordination.working_groups.services.edit_working_group": edit_working_group,
    "coordination.working_groups.services.archive_working_group": lambda s: groups.archive_working_group(
        Actor(s.mara), s.group
    ),
    "coordination.working_groups.services.end_working_group": end_working_group,
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
    "coordination.requests.services.open_request_channel": with_a_helper(
        lambda s: requests.open_request_channel(Actor(s.mara), s.request)
    ),
    "coordination.requests.services.start_request": lambda s: requests.start_request(Actor(s.mara), s.request),
    "coordination.requests.services.close_request": lambda s: requests.close_request(Actor(s.mara), s.request, "met"),
    "coordination.requests.services.withdraw_request": lambda s: requests.withdraw_request(Actor(s.mara), s.request),
    "coordination.requests.services.expire_request": expire_request,
    "coordination.requests.services.ring_clock": lambda s: s.ring(s.forgotten, 15),
    "coordination.requests.services.acknowledge_request": lambda s: requests.acknowledge_request(
        s.acting(s.grace), s.request
    ),
    "coordination.requests.services.answer_request": lambda s: s.answer(s.request, s.grace, "maybe"),
    "coordination.requests.services.redirect_request": lambda s: requests.redirect_request(
        s.acting(s.dana), s.forgotten, s.outside, "capacity", "Ask them"
    ),
    "coordination.requests.services.withdraw_answer": lambda s: requests.withdraw_answer(
        s.acting(s.dana), answer_of(s, s.house)
    ),
    "coordination.requests.services.pick_answer": pick_answer,
    **NOTIFY,
    **OPERATIONS,
    **RESOURCES,
    **EVENTS,
    "coordination.tasks.services.add_task": lambda s: s.task(),
    "coordination.tasks.services.edit_task": with_a_task(
        lambda s, task: tasks.edit_task(Actor(s.mara), task, 1, what="Other words")
    ),
    "coordination.tasks.services.assign_task": with_a_task(
        lambda s, task: tasks.assign_task(Actor(s.mara), task, s.mara.pk)
    ),
    "coordination.tasks.services.finish_task": with_a_task(lambda s, task: tasks.finish_task(Actor(s.mara), task)),
    "coordination.tasks.services.reopen_task": with_a_task(
        lambda s, task: tasks.reopen_task(Actor(s.mara), task), done=True
    ),
    "coordination.tasks.services.remove_task": with_a_task(lambda s, task: tasks.remove_task(Actor(s.mara), task)),
    **ROTA,
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
    "messaging.services.open_channel_about": lambda s: messaging.open_channel_about(
        Actor(s.mara), s.forgotten, "Shelter", [s.dana, s.second]
    ),
    "messaging.services.bring_in": about_request(
        lambda s, channel: messaging.bring_in(Actor(s.mara), channel, [s.second])
    ),
    "messaging.services.take_out": about_request(lambda s, channel: messaging.take_out(Actor(s.mara), channel, s.dana)),
    "messaging.services.end_channel": about_request(
        lambda s, channel: messaging.end_channel(Actor(s.mara), channel, timezone.now())
    ),
    "messaging.services.purge_channel": about_request(lambda s, channel: messaging.purge_channel(channel)),
    "messaging.services.edit_channel": lambda s: messaging.edit_channel(
        Actor(s.mara), s.board, version(s.board), name="News", announcement=False
    ),
    "messaging.services.archive_channel": lambda s: messaging.archive_channel(Actor(s.mara), s.board),
    "messaging.services.archive_channels_of": lambda s: messaging.archive_channels_of(Actor(s.mara), s.group.members),
    "messaging.services.reopen_channel": reopen_channel,
    "messaging.services.reopen_channels_of": lambda s: messaging.reopen_channels_of(Actor(s.mara), s.group.members),
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
