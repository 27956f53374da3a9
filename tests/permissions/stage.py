"""The objects of the matrix, made by the portal's own services. Each text has a token of its own: `[request note]`."""

import datetime
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.test import override_settings

from coordination.calendars import services as calendars
from coordination.calendars.models import CalendarFeed, Shows
from coordination.requests import services as requests
from coordination.resources import services as resources
from coordination.rota import services as rota
from coordination.stands_for.models import StandsFor
from coordination.tasks import services as tasks
from coordination.working_groups import services as groups
from coordination.working_groups.models import GroupEntry, GroupMember, RuleAcceptance, WorkingGroup
from messaging import services as messaging
from messaging.models import Channel, Message
from messaging.queries import channel_member
from portal.kernel import clock, memberships
from portal.kernel.models import Membership
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations import services as organizations
from portal.organizations.models import Organization, OrganizationMember, Tier
from tests import world
from tests.permissions.event_stage import about_events
from tests.permissions.outside_stage import about_outside
from tests.permissions.people import People
from tests.scene import planned

Ids = dict[str, str]
TOPIC = "other"
OPERATION_ANSWER = "[operation answer note]"
# a busy machine takes its time: meanwhile nobody is idle, whoever said who they are is believed, and all may ask often
PATIENT = override_settings(
    ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400,
    IDLE_LIMIT=datetime.timedelta(days=1),
    IDLE_LIMIT_OF_ADMINISTRATORS=datetime.timedelta(days=1),
    ACCOUNT_RATE_LIMITS={},
    RATE_LIMITS={},
)


class Stage(People):
    """`ids[object]` fills the address and the body of a call about that object."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, Ids] = {}
        self.objects: dict[str, Any] = {}
        # each role's own channel, group and organization
        self.own: dict[str, Ids] = {}
        self.about_organizations()
        about_outside(self)
        self.about_groups()
        self.about_requests()
        self.about_operations()
        self.about_resources()
        about_events(self)
        self.about_channels()
        self.those_who_were_here()

    def put(self, word: str, **ids: Any) -> None:
        self.ids[word] = {key: str(getattr(found, "pk", found)) for key, found in ids.items()}
        self.objects[word] = ids.get("id")

    # organizations

    def about_organizations(self) -> None:
        agency, hidden = self.organization["agency"], self.organization["hidden"]
        Organization.objects.filter(pk=agency.pk).update(description="[organization description]")
        Organization.objects.filter(pk=hidden.pk).update(description="[hidden organization description]")
        self.colleague = world.person(agency, Tier.MEMBER, "Colleague")
        administrator = self.acting("owner.administrator")
        self.invitation = organizations.invite(administrator, agency, "invited@kestrel.test", Tier.MEMBER)
        self.offer = organizations.invite(administrator, agency, self.person["nobody"].email, Tier.MEMBER)
        lapsed, nobody = self.organization["lapsed"], self.person["nobody"].pk
        self.put("suspended organization", id=lapsed, organization=lapsed)
        self.put("organization", id=agency, organization=agency, person=self.colleague)
        self.put("hidden organization", id=hidden, organization=hidden, person=nobody)
        for word, person in (("place", self.colleague), ("place of owner.member", self.person["owner.member"])):
            place = OrganizationMember.objects.get(group=agency.members_id, user=person)
            self.put(word, id=place, organization=agency, person=person)
        self.put("invitation", organization=agency, id=self.invitation)
        self.put("mailed invitation", token=organizations.issue_token(self.invitation))
        self.put("invitation of nobody", token=organizations.issue_token(self.offer))
        world.session(self.person["poster"])
        self.poster_session = self.person["poster"].sessions.get().public_id
        self.put("session of poster", id=self.poster_session)
        self.feed, token = calendars.make_feed(self.person["poster"], "Phone", Shows.INVITED)
        CalendarFeed.objects.update(fetched_at=hours_ahead(24)[0])  # to be read writes nothing meanwhile
        Authenticator.objects.create(user=self.person["poster"], type=Authenticator.Type.TOTP, data={})
        self.put("feed of poster", id=self.feed)
        self.put("feed address", token=token)
        target = self.organization["target"]
        for word in ("to an organization", "for the owner"):
            self.put(word, organization=target, person=self.colleague)
        shift = rota.plan_shift(administrator, self.colleague.pk, *hours_ahead(1, 9))
        self.put("shift", id=shift, person=self.person["owner.member"])
        self.ids["place"]["shift"] = str(shift.pk)
        self.about_swaps(shift)
        self.put("to hidden organization", organization=hidden)
        self.put("with poster", person=self.person["poster"])
        self.put("with hidden organization", organization=hidden)

    def about_swaps(self, wanted: Any) -> None:
        """The poster asks owner.member, who has another shift besides."""
        poster, member = self.person["poster"], self.person["owner.member"]
        planned_for = ((poster, (20, 28)), (member, (44, 52)), (member, (70, 78)))
        administrator = self.acting("owner.administrator")
        offered, asked, free = (rota.plan_shift(administrator, p.pk, *hours_ahead(*hours)) for p, hours in planned_for)
        self.put("shift of owner.member", id=free, shift_id=free, wanted=wanted, person=self.colleague)
        self.ids["place of owner.member"] |= {"shift_id": str(free.pk), "wanted": str(asked.pk)}
        self.swap = rota.propose_swap(self.alone("poster"), offered, asked)
        self.put("swap", id=self.swap)

    # working groups

    def about_groups(self) -> None:
        self.group = self.found("group", "request")
        self.quiet = self.found("quiet group", "unlisted", rule="[quiet group rule]")
        self.open = self.found("open group", "open")
        inside = [self.person[role] for role in ("group.member", "author")]
        for group in (self.group, self.quiet):
            self.enter(group, "group.lead", *inside)
            self.enter(group, "poster", self.person["poster"])
        self.entry()
        self.application = groups.apply_to_join(
            self.acting("also.addressed"), self.group, [self.person["also.addressed"]], "[application note]"
        )
        self.letter = self.invited(self.quiet, "house", "[group invitation note]")
        self.old_letter = self.invited(self.quiet, "clinic", "[accepted invitation note]")
        invited = self.person["also.addressed"]
        groups.accept_invitation_to_group(self.acting("also.addressed"), self.old_letter, [invited])
        self.asked = RuleAcceptance.objects.get(person=invited)
        for word, group in (("group", self.group), ("quiet group", self.quiet), ("open group", self.open)):
            self.put(word, id=group, working_group=group, organization=self.organization["target"])
        hidden = self.organization["hidden"]
        self.put("group and hidden organization", working_group=self.group, organization=hidden)
        author = self.member("author", self.group)
        self.put("group member", id=author, working_group=self.group, person=author.user)
        self.put("entry", id=GroupEntry.objects.filter(working_group=self.group, what="name_changed").latest("pk"))
        self.put("application", id=self.application)
        self.put("group invitation", id=self.letter)
        self.put("accepted invitation", id=self.old_letter)
        self.put("rule acceptance", id=self.asked)

    def found(self, word: str, joining: str, **more: str) -> WorkingGroup:
        return groups.create_working_group(
            self.acting("group.lead"),
            name=f"[{word} name]",
            purpose=f"[{word} purpose]",
            group_kind="rapid_response",
            joining=joining,
            **more,
        )

    def invited(self, group: WorkingGroup, word: str, note: str) -> Any:
        return groups.invite_organization(self.alone("group.lead"), group, self.organization[word], note)

    def enter(self, group: WorkingGroup, role: str, *someone: Any, lead: Any = None) -> None:
        """By invitation and, where there is a rule, by accepting it: their organization's steward brings them."""
        organization = self.employer[role]
        letter = groups.invite_organization(lead or self.alone("group.lead"), group, organization)
        groups.accept_invitation_to_group(self.steward_of(organization), letter, someone)
        for acceptance in group.rule_acceptances.filter(person__in=someone, state="asked"):
            groups.accept_rule(Actor(acceptance.person), acceptance, group.rule_version)

    def entry(self) -> None:
        """A line in the group's feed that says what it was called before."""
        lead = self.alone("group.lead")
        self.group.refresh_from_db()
        self.group = groups.edit_working_group(lead, self.group, self.group.version, name="[entry before]")
        self.group = groups.edit_working_group(lead, self.group, self.group.version, name="[group name]")

    # requests

    def about_requests(self) -> None:
        house, clinic = self.organization["house"], self.organization["clinic"]
        lapsed = self.organization["lapsed"]
        self.request = self.post("request", organizations=[house, clinic, lapsed], working_groups=[])
        self.group_request = self.post("group request", organizations=[], working_groups=[self.group])
        requests.note_on_request(self.alone("poster"), self.request, "[request line]")
        self.answer = self.answered("addressed.coordinator", self.request, "yes", "[answer note]")
        self.other_answer = self.answered("also.addressed", self.request, "maybe", "[other answer note]")
        suspended = self.answered("suspended", self.request, "maybe", "[suspended answer note]")
        self.put("suspended answer", id=suspended)
        for word, request in (("request", self.request), ("group request", self.group_request)):
            self.put(word, id=request, request_id=request, organization=self.organization["target"])
        self.forget(self.group_request)
        self.put("answer", id=self.answer)
        self.put("other answer", id=self.other_answer)
        self.about_tasks()

    def post(self, word: str, **asked: Any) -> Any:
        return requests.post_request(
            self.acting("poster"),
            note=f"[{word} note]",
            backup=self.person["owner.coordinator"].pk,
            **{
                "request_kind": "information_request",
                "details": {"topic": TOPIC, "question": f"[{word} question]"},
                "pick": True,
                **asked,
            },
        )

    def about_operations(self) -> None:
        """Asked of those on call; nobody else who works there, and nobody else of the owner's, knows of it."""
        house, clinic = self.organization["house"], self.organization["clinic"]
        self.on_call("addressed.member")
        self.on_call("also.addressed")
        self.operation = self.post(
            "operation",
            request_kind="operation_support",
            details=planned(),
            organizations=[house, clinic],
            working_groups=[],
        )
        requests.note_on_request(self.alone("poster"), self.operation, "[operation line]")
        self.put("operation", id=self.operation, request_id=self.operation, organization=self.organization["target"])
        self.put("operation answer", id=self.answered("addressed.member", self.operation, "maybe", OPERATION_ANSWER))
        self.put("to those on call", organization=house)
        self.put("to where nobody is on call", organization=self.organization["target"])

    def on_call(self, role: str) -> None:
        employer, hours = self.employer[role], hours_ahead(-1, 8)
        rota.plan_shift(self.steward_of(employer), self.person[role].pk, *hours, "operation_support")

    def about_tasks(self) -> None:
        """Of a request that the addressed help with: it has a channel. One of its tasks is done."""
        house = self.organization["house"]
        self.helped = self.post("helped request", organizations=[house], working_groups=[], pick=False)
        self.help = self.answered("addressed.coordinator", self.helped, "yes", "")
        poster, helper = self.alone("poster"), self.person["addressed.coordinator"]
        self.put("helped request", id=self.helped, request_id=self.helped)
        self.put("task", id=tasks.add_task(poster, self.helped, "[task words]", helper.pk), person=poster.person)
        done = tasks.add_task(poster, self.helped, "[done task words]")
        self.put("done task", id=tasks.finish_task(poster, done), person=poster.person)

    def forget(self, request: Any) -> None:
        """Nobody answers until its clock has run through all its steps."""
        while request.rings_at:
            with clock.at(request.rings_at):
                requests.ring_clock(request)
        self.put("escalation", id=request.escalation)

    def answered(self, role: str, request: Any, state: str, note: str) -> Any:
        return requests.answer_request(self.acting(role), request, state, "", note)

    # needs, offers, pledges

    def about_resources(self) -> None:
        self.shared_need, self.shared_offer = self.listed("need"), self.listed("offer")
        target = self.organization["target"]
        for word, listing, told in (("need", self.shared_need, "house"), ("offer", self.shared_offer, "agency")):
            shared_with = self.organization[told].members.uuid
            self.put(word, id=listing, need_id=listing, organization=target, shared_with=shared_with)
        StandsFor.objects.create(request=self.request, need=self.shared_need)
        self.put("between two", need=self.shared_need, offer=self.listed("another offer"))
        house, agency = self.alone("addressed.coordinator"), self.alone("owner.coordinator")
        resources.record_suggestions(self.shared_need)
        self.suggestion = self.shared_need.suggestions.exclude(offer=self.shared_offer).get()
        self.put("suggestion", id=self.suggestion)
        self.pledge = self.pledged("pledge", self.shared_need, self.shared_offer)
        self.promised, self.delivered = (
            resources.accept_pledge(
                agency, self.pledged(word, self.listed(f"{word} need"), self.listed(f"{word} offer"))
            )
            for word in ("promised pledge", "delivered pledge")
        )
        self.delivered = resources.deliver_pledge(house, self.delivered)

    def listed(self, word: str) -> Any:
        """A need of the owner's for the addressed alone, or an offer of theirs for the owner alone."""
        now = clock.now()
        note = f"[{word} note]" if word in ("need", "offer") else ""
        fields = {"category": "food", "unit": "item", "area": "US-IA", "note": note}
        times = {"valid_from": now, "valid_until": now + datetime.timedelta(days=7)}
        if word.endswith("need"):
            told = [self.organization["house"]]
            poster = self.acting("poster" if word == "need" else "owner.coordinator")
            return resources.post_need(poster, organizations=told, urgency="soon", quantity=9, **fields, **times)
        told = [self.organization["agency"]]
        return resources.post_offer(
            self.acting("addressed.coordinator"), organizations=told, maximum=9, **fields, **times
        )

    def pledged(self, word: str, need: Any, offer: Any) -> Any:
        pledge = resources.propose_pledge(self.acting("addressed.coordinator"), need, offer, 3, f"[{word} note]")
        self.put(word, id=pledge)
        return pledge

    # channels

    def about_channels(self) -> None:
        author, moderator, member = (self.person[r] for r in ("author", "channel.moderator", "channel.member"))
        self.channel = groups.open_group_channel(
            self.alone("group.lead"), self.group, "[group channel name]", topic="[group channel topic]"
        )
        self.message = self.say("author", self.channel, "[message before]", mentions=[self.person["group.lead"].pk])
        self.message = messaging.edit_message(self.alone("author"), self.message, 1, body="[message body]")
        self.deleted = self.say("author", self.channel, "[deleted body]")
        self.deleted = messaging.delete_message(self.alone("author"), self.deleted)
        self.board = messaging.create_private_channel(
            self.alone("channel.moderator"),
            "[board name]",
            topic="[board topic]",
            announcement=True,
            people=[member],
            organizations=[self.organization["annex"]],
        )
        self.announcement = self.say("channel.moderator", self.board, "[announcement body]")
        acknowledgement = messaging.acknowledge_message(self.alone("channel.member"), self.announcement)
        self.put("acknowledgement", id=acknowledgement)
        self.put("channel member", id=channel_member(moderator, self.board, member.pk))
        self.talk = messaging.open_direct_conversation(self.alone("channel.moderator"), [member])
        self.confidence = self.say("channel.member", self.talk, "[confidence body]")
        # later they work for another organization too: it did not bring them here, and does not keep them
        self.employer["channel.member"] = self.organization["second"]
        world.seat(self.organization["second"], member)
        annex = self.organization["annex"]
        self.put("group channel", id=self.channel, channel=self.channel, person=author, organization=annex)
        self.put("board", id=self.board, channel=self.board, person=member, organization=annex)
        self.put("talk", id=self.talk, channel=self.talk, person=moderator, organization=annex)
        for where, place in (("group channel", self.channel), ("board", self.board), ("talk", self.talk)):
            self.put(f"urgent in {where}", channel=place)
        self.put("mention of expired", channel=self.channel, mention=self.person["expired"])
        self.put("reply to announcement", channel=self.channel, reply_to=self.announcement)
        for word, message in (
            ("message", self.message),
            ("deleted message", self.deleted),
            ("announcement", self.announcement),
            ("urgent message", self.say("group.lead", self.channel, "[urgent message body]", urgent=True)),
            ("confidence", self.confidence),
        ):
            self.put(word, channel=message.channel_id, id=message, message=message)

    def say(self, role: str, channel: Channel, words: str, **more: Any) -> Message:
        return messaging.post_message(self.acting(role), channel, uuid4(), words, **more)

    # who was in all of it, and is no longer

    def those_who_were_here(self) -> None:
        for role in ("removed", "expired", "suspended"):
            self.take_everywhere(role)
        chief = self.alone("network.administrator")
        organizations.suspend(chief, self.organization["lapsed"], "[suspension reason]")
        self.put("suspension", id=self.organization["lapsed"].suspensions.get())
        self.put_out("removed", self.group, self.quiet)
        self.out_of_channel("removed", self.board)
        seats = Membership.objects.filter(user=self.person["expired"]).exclude(
            group__in=[self.organization["evening"].members_id, self.person["expired"].audience_id]
        )
        for membership in seats.exclude(group=self.network.everyone_id):
            world.expire(membership)
        member = OrganizationMember.objects.get(
            user=self.person["removed"], group=self.organization["agency"].members_id
        )
        world.remove(self.acting("owner.administrator"), member)

    def take_everywhere(self, role: str) -> None:
        """Administrator of the owner, lead of the groups, moderator of the board."""
        person = self.person[role]
        if role != "suspended":
            world.seat(self.organization["agency"], person, Tier.ADMINISTRATOR)
        for group in (self.group, self.quiet):
            self.enter(group, role, person)
            groups.name_lead(self.alone("group.lead"), group, self.member(role, group))
        with writing(THE_PORTAL, people=[person]) as w:
            memberships.join(w, person, self.board.audience, via=self.employer[role].members)
            memberships.join(w, person, self.board.moderators, via=self.board.audience)

    def put_out(self, role: str, *inside: WorkingGroup) -> None:
        for group in inside:
            groups.remove_member(self.alone("group.lead"), group, self.member(role, group))

    def member(self, role: str, group: WorkingGroup) -> GroupMember:
        return GroupMember.objects.get(user=self.person[role], group=group.members_id)

    def out_of_channel(self, role: str, channel: Channel) -> None:
        moderator = self.person["channel.moderator"]
        member = channel_member(moderator, channel, self.person[role].pk)
        messaging.remove_from_channel(self.alone("channel.moderator"), channel, member)


def hours_ahead(*hours: int) -> list[datetime.datetime]:
    return [clock.now() + datetime.timedelta(hours=hour) for hour in hours]


def absent(ids: Ids) -> Ids:
    """The same call about what never existed."""
    never = str(UUID(int=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC).toordinal() << 64 | 7 << 76 | 1 << 63))
    return {key: "no-such-token" if key == "token" else never for key in ids}
