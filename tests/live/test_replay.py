"""Replay equals a fresh fetch: a client that missed everything ends with what REST would tell it."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from coordination.events import services as events
from coordination.requests import services as requests
from coordination.resources import services as resources
from coordination.rota import services as rota
from coordination.tasks import services as tasks
from coordination.working_groups import services as working_groups
from coordination.working_groups.models import RuleAcceptance, WorkingGroup
from coordination.working_groups.queries import group_member
from messaging import services as messaging
from messaging.models import Channel, Message
from messaging.queries import channel_member
from portal.jobs.models import Job
from portal.kernel import clock
from portal.kernel.kinds import KINDS
from portal.kernel.models import Change
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationKind, OrganizationMember, Suspension, Tier
from tests import outside, world
from tests.events.gathering import course, dates, registration, whereabouts
from tests.organizations.agreed import agreed
from tests.scene import listing, planned

pytestmark = pytest.mark.django_db(transaction=True)


class Store:
    """What a client keeps: by highest version, with tombstones, and the audiences each object came by."""

    def __init__(self):
        self.objects, self.versions, self.came_by = {}, {}, {}

    def apply(self, frame):
        for item in frame["items"]:
            key = item["kind"], item["subject"]
            by = self.came_by.setdefault(key, set())
            if item["op"] == "unshared":
                by.discard(frame["audience"])
                if not by:
                    self.objects.pop(key, None)
            elif item["version"] >= self.versions.get(key, 0):
                self.versions[key] = item["version"]
                if item["op"] == "deleted":
                    self.objects.pop(key, None)
                else:
                    by.add(frame["audience"])
                    self.objects[key] = item["data"]


def everything_happens(room):
    """At least one object of every kind is made, changed and, where it can be, ended."""
    lead, member = Actor(room.lead, room.agency), Actor(room.member, room.house)
    chief = Actor(world.administrator())
    invitation = organizations.invite(Actor(room.member), room.house, "new@example.org", Tier.MEMBER)
    organizations.revoke_invitation(Actor(room.member), invitation)
    organizations.invite(Actor(room.member), room.house, "other@example.org", Tier.COORDINATOR)
    helper = world.person(room.house, "member", "Hal Helper")
    row = OrganizationMember.objects.get(user=helper, group=room.house.members_id)
    organizations.change_tier(Actor(room.member), row, Tier.COORDINATOR)
    church = organizations.apply(lead, "Riverbend Church", OrganizationKind.FAITH_BASED)
    organizations.verify(chief, church)
    organizations.suspend(chief, church, "Asked to stand aside while something is looked at.")
    organizations.accept_application(chief, outside.apply())
    agreed(chief, room.agency)
    organizations.reinstate(chief, fresh(church))
    organizations.edit(Actor(room.member), room.house, fresh(room.house).version, description="A quiet door.")
    declined = working_groups.apply_to_join(Actor(helper, room.house), room.group, [helper], "please")
    working_groups.decline_application(lead, declined, "Next month.")
    room.admit(helper)
    working_groups.name_lead(lead, room.group, group_member(room.lead, room.group, helper.pk))
    working_groups.leave_working_group(Actor(helper), room.group)
    working_groups.edit_working_group(lead, room.group, fresh(room.group).version, purpose="Tonight.")
    quiet_group(room)
    request = requests.post_request(
        lead,
        request_kind="emergency_shelter",
        details={
            "adults": 1,
            "children": 0,
            "starts_at": (timezone.now() + timedelta(hours=1)).isoformat(),
            "nights": 2,
            "languages": ["por"],
            "area": world.LINN,
        },
        organizations=[room.house],
        working_groups=[room.group],
    )
    requests.acknowledge_request(member, request)
    requests.answer_request(member, fresh(request), "yes", note="A family room.")
    to_be_done(room, lead, request)
    requests.note_on_request(lead, fresh(request), "On the way.")
    requests.start_request(lead, fresh(request))
    requests.close_request(lead, fresh(request), "met")
    nobody_answers(room)
    operation(room, helper)
    needed_and_offered(lead, member)
    gathered(room, lead, member, helper)
    now = timezone.now()
    hours = [now + timedelta(hours=n) for n in (1, 2, 11, 12)]
    rota.plan_shift(member, room.member.pk, *hours[:2])
    rota.remove_shift(member, rota.plan_shift(member, room.member.pk, *hours[2:]))
    swapped(room, helper)
    said = [messaging.post_message(member, room.channel, uuid4(), f"word {n}") for n in range(5)]
    messaging.delete_message(Actor(room.member), said[2])
    messaging.mark_read(Actor(room.member), fresh(room.channel), 4)
    messaging.mark_read(Actor(room.lead), fresh(room.channel), 3)
    messaging.edit_message(member, said[3], 1, body="better words", mentions=[room.lead.pk])
    messaging.pin_message(lead, said[3])
    private_talk(room)


def swapped(room, helper):
    """Asked and taken back, declined, accepted; and one ends with its shift."""
    house, at = Actor(room.member, room.house), timezone.now()
    theirs = rota.plan_shift(house, helper.pk, *(at + timedelta(hours=n) for n in (40, 44)))
    mine = rota.plan_shift(house, room.member.pk, *(at + timedelta(hours=n) for n in (60, 64)))

    def ask():
        return rota.propose_swap(Actor(helper), fresh(theirs), fresh(mine))

    rota.withdraw_swap(Actor(helper), ask())
    rota.decline_swap(Actor(room.member), ask())
    rota.accept_swap(Actor(room.member), ask())
    rota.propose_swap(Actor(helper), fresh(mine), fresh(theirs))
    rota.remove_shift(house, fresh(mine))


def to_be_done(room, lead, request):
    task = tasks.add_task(lead, fresh(request), "Bring a car seat", room.member.pk)
    task = tasks.edit_task(lead, task, 1, due_at=timezone.now() + timedelta(hours=1))
    tasks.reopen_task(lead, tasks.finish_task(lead, tasks.assign_task(lead, task, room.lead.pk)))
    tasks.remove_task(lead, tasks.add_task(lead, fresh(request), "Call back"))


def nobody_answers(room):
    """Until the network's administrators are told."""
    request = requests.post_request(
        Actor(room.lead, room.agency),
        request_kind="information_request",
        details={"topic": "law", "question": "Which form?"},
        organizations=[room.house],
        working_groups=[room.group],
    )
    while request.rings_at:
        with clock.at(request.rings_at):
            requests.ring_clock(request)


def operation(room, helper):
    """The helper is on call and stands aside; the member is next, and answers."""
    hours = [timezone.now() + timedelta(hours=n) for n in (-1, 0.5, 0.9, 2.5)]
    first = rota.plan_shift(Actor(room.member, room.house), helper.pk, *hours[:2])
    rota.plan_shift(Actor(room.member, room.house), room.member.pk, *hours[2:], "operation_support")
    request = requests.post_request(
        Actor(room.lead, room.agency),
        request_kind="operation_support",
        details=planned(),
        organizations=[room.house],
        working_groups=[],
    )
    requests.stand_aside(Actor(helper, room.house), request)
    requests.answer_request(Actor(room.member, room.house), fresh(request), "maybe")
    rota.remove_shift(Actor(room.member), first)


def needed_and_offered(lead, member):
    common = {**listing(), "everyone": True}
    need = resources.post_need(lead, urgency="critical", quantity=3, **common)
    offer = resources.post_offer(member, maximum=4, **common)
    resources.set_capacity(member, offer, 3)
    pledge = resources.propose_pledge(member, need, offer, 2)
    resources.accept_pledge(lead, fresh(pledge))
    resources.deliver_pledge(member, fresh(pledge))
    resources.confirm_pledge(lead, fresh(pledge))
    resources.close_need(lead, fresh(need))
    resources.record_suggestions(resources.post_need(lead, urgency="soon", quantity=1, **common))


def gathered(room, lead, member, helper):
    """One seat: the member has it, the helper moves up; dates are moved, cancelled, go on in another event."""
    event = course(lead, [room.house], seats=1)
    first = dates(event)[0]
    events.register(member, first)
    events.register(Actor(helper, room.house), first)
    events.change_date(lead, dates(event)[0], dates(event)[0].version, minutes=60)
    events.cancel_registration(Actor(room.member), registration(room.member, first))
    events.acknowledge_news(Actor(helper), registration(helper, first))
    events.register_people(member, dates(event)[0], [room.member])
    events.edit_event(lead, fresh(event), fresh(event).version, about="Bring a pen.")
    third = events.change_following(lead, dates(event)[2], dates(event)[2].version, seats=5)
    events.register(member, dates(third)[0])
    events.cancel_date(lead, dates(event)[1])
    events.edit_whereabouts(lead, whereabouts(event, "directions"), 1, text="Upstairs")
    events.remove_whereabouts(lead, whereabouts(event, "online"))
    events.unshare_event(lead, fresh(third), room.house.members.uuid)
    events.share_event(lead, fresh(third), organizations=[room.house])
    events.unpublish_event(lead, events.publish_event(lead, fresh(third)))
    events.cancel_event(lead, fresh(third))
    (training,) = dates(course(lead, [room.house], rule="", certificate=True))
    events.register(member, training)
    with clock.at(training.starts_at):
        events.mark_attendance(lead, registration(room.member, training), True)


def until_matched():
    """The server's own worker looks at what matches, some moments after each write."""
    until = time.monotonic() + 30
    while Job.objects.filter(kind__startswith="match_").exists():
        assert time.monotonic() < until
        time.sleep(0.1)


def private_talk(room):
    lead, member = Actor(room.lead), Actor(room.member)
    board = messaging.create_private_channel(
        member, "Board", announcement=True, people=[room.lead], organizations=[room.house]
    )
    messaging.edit_channel(member, board, board.version, topic="What is new")
    messaging.name_moderator(member, board, channel_member(room.member, board, room.lead.pk))
    news = messaging.post_message(member, board, uuid4(), "news")
    messaging.acknowledge_message(lead, news)
    talk = messaging.open_direct_conversation(lead, [room.member])
    first = messaging.post_message(lead, talk, uuid4(), "a word", mentions=[room.member.pk])
    messaging.post_message(member, talk, uuid4(), "another", reply_to=first.pk)
    messaging.mute_channel(member, talk, True)


def quiet_group(room):
    """Unlisted, with a rule: the member is invited, asked, and comes in."""
    lead, member = Actor(room.lead, room.agency), Actor(room.member, room.house)
    quiet = working_groups.create_working_group(
        lead, name="Quiet", group_kind="rapid_response", joining="unlisted", rule="No names."
    )
    withdrawn = working_groups.invite_organization(lead, quiet, room.house)
    working_groups.withdraw_invitation_to_group(lead, withdrawn)
    invitation = working_groups.invite_organization(lead, quiet, room.house, "Please come.")
    working_groups.accept_invitation_to_group(member, invitation, [room.member])
    working_groups.edit_working_group(lead, quiet, fresh(quiet).version, rule="No names, no places.")
    working_groups.accept_rule(member, RuleAcceptance.objects.get(), 2)
    working_groups.open_group_channel(lead, quiet, "Rota")
    working_groups.archive_working_group(lead, fresh(quiet))


def fresh(obj):
    return type(obj)._default_manager.get(pk=obj.pk)


LISTS = {
    "organization": "organizations",
    "working_group": "working-groups",
    "join_application": "join-applications",
    "group_invitation": "group-invitations",
    "rule_acceptance": "rule-acceptances",
    "request": "requests",
    "answer": "answers",
    "need": "needs",
    "offer": "offers",
    "pledge": "pledges",
    "suggestion": "suggestions",
    "channel": "channels",
    "shift": "shifts",
    "swap": "swaps",
    "task": "tasks",
    "event": "events",
    "occurrence": "occurrences",
    "registration": "registrations",
    "certificate": "certificates",
    "whereabouts": "whereabouts",
}


INSIDE_GROUPS = {"member": "members", "entry": "entries"}


def test_replay_equals_a_fresh_fetch_for_every_kind(room, wire):
    first = wire(room.member)
    first.hello()
    everything_happens(room)
    until_matched()
    first.quiet()
    replayed, fetched = replay(wire, room.member), {}
    caller = world.client(room.member)
    paths = [
        *LISTS.items(),
        ("organization_member", f"organizations/{room.house.pk}/people"),
        ("invitation", f"organizations/{room.house.pk}/invitations"),
    ]
    for group in WorkingGroup.objects.all():
        paths += [(f"group_{what}", f"working-groups/{group.pk}/{which}") for what, which in INSIDE_GROUPS.items()]
    for channel in Channel.objects.all():
        paths += [("message", f"channels/{channel.pk}/messages"), ("channel_member", f"channels/{channel.pk}/members")]
    for news in Message.objects.filter(channel__announcement=True):
        paths.append(("acknowledgement", f"channels/{news.channel_id}/messages/{news.pk}/acknowledgements"))
    for kind, path in paths:
        answer = caller.get(f"/api/v1/{path}?limit=100")
        assert answer.status_code == 200, answer.content
        fetched |= {(kind, one["id"]): one for one in answer.json()["results"]}
    marks = {key: data for key, data in replayed.objects.items() if key[0] == "read_mark"}
    assert {(mark["position"], mark["muted"]) for mark in marks.values()} == {(5, False), (2, True), (0, False)}
    assert {k: v for k, v in replayed.objects.items() if k[0] != "read_mark"} == fetched
    for_administrators = what_administrators_are_told(wire)
    assert {kind for kind, _ in (replayed.objects | for_administrators)} == set(KINDS), "every kind took part"
    live = {}
    for item in first.items:
        if "data" in item:
            live[item["kind"], item["subject"]] = item["data"]
    for key, data in live.items():
        if key in replayed.objects:
            assert replayed.objects[key] == data, "what came live is what replay tells"


def replay(wire, person):
    """What a client of this person ends with that missed everything."""
    late = wire(person)
    late.hello({str(a.uuid): 0 for a in audiences(person)})
    late.quiet()
    replayed = Store()
    for frame in late.frames:
        if frame["type"] == "changes":
            replayed.apply(frame)
    return replayed


def what_administrators_are_told(wire):
    """Replayed to an administrator of the network, and the same when it is fetched."""
    chief = world.administrator()
    theirs = ("suspension", "escalation", "application", "agreement")
    told = {key: data for key, data in replay(wire, chief).objects.items() if key[0] in theirs}
    suspended = Suspension.objects.get().organization_id
    fetched = {}
    for kind, path in zip(
        theirs, (f"organizations/{suspended}/suspensions", "escalations", "applications", "agreements"), strict=True
    ):
        answer = world.client(chief).get(f"/api/v1/{path}")
        fetched |= {(kind, one["id"]): one for one in answer.json()["results"]}
    assert told == fetched
    return told


def audiences(person):
    from portal.kernel.models import Audience
    from portal.kernel.standing import standing

    return Audience.objects.filter(pk__in=standing(person, fresh=True).audiences)


def test_the_log_holds_facts_and_no_content(room):
    everything_happens(room)
    columns = {field.name for field in Change._meta.get_fields()}
    assert columns == {"id", "audience", "seq", "op", "kind", "subject", "version", "actor", "at"}
