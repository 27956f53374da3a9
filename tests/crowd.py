"""Many of everything: real rows with their grants, stored in bulk, each with another owner, group and person."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import F

from coordination.requests import models as requests
from coordination.resources import models as resources
from coordination.stands_for.models import StandsFor
from coordination.tasks import models as tasks
from coordination.working_groups import models as working_groups
from messaging import models as messaging
from portal.kernel import clock
from portal.kernel.grants import audience_rows, view_permission
from portal.kernel.ids import uuid7
from portal.kernel.models import Admission, Audience, Change, Membership, Seat
from portal.organizations import models as organizations
from portal.people import services as people
from portal.people.models import Session, SignIn, User
from tests import world
from tests.events.gathering import events_of_many
from tests.organizations.many import organizations_of_many
from tests.rota.swapping import rota_of_many
from tests.scene import Scene
from tests.scene import planned as planned_details
from tests.unmet.ended import ended

Kind = Audience.Kind


class Crowd:
    """Around Jonas, an ordinary member of the agency; Mara leads and administers where a list is for those who do."""

    def __init__(self) -> None:
        self.scene = Scene()
        s = self.scene.with_everything()
        self.chief = world.administrator()
        people.appoint_administrator(s.mara)
        self.nomad = world.person(name="Nomad")
        self.group, self.channel, self.board = s.group, s.group.channel, s.board
        place([(s.jonas, s.group.members, s.agency.members), (s.jonas, s.board.audience, s.agency.members)])
        self.asked_of_many = s.post(s.house)
        self.edited = s.say(s.dana)
        self.announced = s.announce()

    def grow(self, n: int) -> None:
        s, at = self.scene, clock.now()
        tiers = [audiences(kind, n) for kind in (Kind.ORGANIZATION_MEMBERS, Kind.ORGANIZATION_COORDINATORS)]
        self.owners = make(
            organizations.Organization(
                name=f"Crowd {uuid7()}",
                organization_kind="hotline",
                status="verified",
                applied_at=at,
                verified_at=at,
                members=members,
                coordinators=coordinators,
                administrators=administrators,
            )
            for members, coordinators, administrators in zip(
                *tiers, audiences(Kind.ORGANIZATION_ADMINISTRATORS, n), strict=True
            )
        )
        everyone = s.network.everyone
        share([(o, a.pk) for o in self.owners for a in (everyone, o.members)])
        self.people = make(
            User(email=f"{uuid7()}@example.org", name=f"Person {uuid7()}", audience=own)
            for own in audiences(Kind.PERSON, n)
        )
        self.each = list(zip(self.owners, self.people, strict=True))
        place([(p, p.audience, None) for p in self.people])
        place([(p, o.members, None) for o, p in self.each])
        place([(p, s.agency.members, None) for p in self.people])
        place([(p, everyone, o.members) for o, p in self.each])
        place([(self.nomad, o.members, None) for o in self.owners])
        self.in_groups(n)
        self.in_channels(n)
        self.in_requests()
        self.in_resources()
        self.in_events(n)
        self.in_messages()
        self.around_the_agency()
        self.of_jonas()
        User.objects.update(access_version=F("access_version") + 1)
        self.counted()

    def counted(self) -> None:
        """PostgreSQL plans by what it has counted, and counts by itself only what was committed."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def in_groups(self, n: int) -> None:
        s, at = self.scene, clock.now()
        members, leads = audiences(Kind.GROUP_MEMBERS, n), audiences(Kind.GROUP_LEADS, n)
        channels = make(
            messaging.Channel(name=str(uuid7()), audience=m, moderators=lead)
            for m, lead in zip(members, leads, strict=True)
        )
        self.groups = make(
            working_groups.WorkingGroup(
                owner=owner,
                name=channel.name,
                group_kind="housing",
                members=channel.audience,
                leads=channel.moderators,
                channel=channel,
                created_at=at,
            )
            for owner, channel in zip(self.owners, channels, strict=True)
        )
        share([(g, a) for g in self.groups for a in (s.network.everyone_id, g.members_id)])
        place([(s.jonas, g.members, s.agency.members) for g in self.groups])
        place([(p, g.members, o.members) for (o, p), g in zip(self.each, self.groups, strict=True)])
        place([(p, self.group.members, o.members) for o, p in self.each])
        letters = {"asked_at": at, "group_name": "x"}
        asked = make(
            working_groups.JoinApplication(working_group=self.group, organization=o, asked_by=p, **letters)
            for o, p in self.each
        )
        share([(a, audience) for a in asked for audience in (self.group.leads_id, a.organization.coordinators_id)])
        invited = make(
            working_groups.GroupInvitation(
                working_group=g, organization=s.agency, asked_by=p, group_kind="housing", **letters
            )
            for g, p in zip(self.groups, self.people, strict=True)
        )
        share([(i, a) for i in invited for a in (i.working_group.leads_id, s.agency.coordinators_id)])
        for letter_kind, sent in ((working_groups.JoinApplication, asked), (working_groups.GroupInvitation, invited)):
            through = letter_kind.people.through
            key = f"{letter_kind._meta.model_name}_id"
            through.objects.bulk_create(
                through(**{key: a.pk, "user_id": p.pk}) for a, p in zip(sent, self.people, strict=True)
            )
        rules = make(
            working_groups.RuleAcceptance(working_group=g, person=who, organization=o, group_kind="housing", **letters)
            for g, o in zip(self.groups, self.owners, strict=True)
            for who in (s.jonas, s.mara)
        )
        share([(r, r.person.audience_id) for r in rules])
        make(
            working_groups.GroupEntry(working_group=self.group, what="joined", actor=p, person=p, organization=o, at=at)
            for o, p in self.each
        )

    def in_channels(self, n: int) -> None:
        """A private channel and a direct conversation of Jonas with each of them, by turns."""
        s = self.scene
        places = zip(
            audiences(Kind.CHANNEL_MEMBERS, n),
            audiences(Kind.CHANNEL_MODERATORS, n),
            audiences(Kind.CHANNEL_MEMBERS, n),
            strict=True,
        )
        both = make(
            channel
            for members, moderators, of_two in places
            for channel in (
                messaging.Channel(channel_kind="private", name="x", audience=members, moderators=moderators),
                messaging.Channel(channel_kind="direct", audience=of_two, direct_key=uuid4().hex),
            )
        )
        private, direct = both[::2], both[1::2]
        through = messaging.Channel.people.through
        through.objects.bulk_create(
            through(channel_id=c.pk, user_id=who.pk)
            for c, p in zip(direct, self.people, strict=True)
            for who in (s.jonas, p)
        )
        Admission.objects.bulk_create(
            Admission(audience=c.audience, via=o.members) for c, o in zip(private, self.owners, strict=True)
        )
        for channels in (private, direct):
            place([(s.jonas, c.audience, s.agency.members) for c in channels])
            place([(p, c.audience, o.members) for (o, p), c in zip(self.each, channels, strict=True)])
            for c in channels:
                c.last_position = 1
            said = make(self.message(c, o, p, 1) for c, (o, p) in zip(channels, self.each, strict=True))
            messaging.Channel.objects.bulk_update(channels, ["last_position"])
            make(messaging.Mention(message=m, person=s.jonas) for m in said)
        place([(p, self.board.audience, o.members) for o, p in self.each])

    def message(self, channel: Any, organization: Any, author: Any, position: int, **more: Any) -> Any:
        return messaging.Message(
            channel=channel,
            position=position,
            author=author,
            organization=organization,
            client_id=uuid4(),
            body="x",
            posted_at=clock.now(),
            **more,
        )

    def in_messages(self) -> None:
        """In one channel, urgent replies to another, with a mention, pinned; edits of one; acknowledgements of one."""
        self.channel.refresh_from_db()
        first = self.channel.last_position
        at = {"pinned_at": clock.now(), "urgent": True}
        said = make(
            self.message(self.channel, o, p, first + n, reply_to=self.edited, pinned_by=p, **at)
            for n, (o, p) in enumerate(self.each, start=1)
        )
        messaging.Channel.objects.filter(pk=self.channel.pk).update(last_position=first + len(said))
        make(messaging.Mention(message=m, person=p) for m, p in zip(said, self.people, strict=True))
        make(messaging.MessageEdit(message=self.edited, body="x", written_at=clock.now()) for _ in said)
        noted = make(messaging.Acknowledgement(message=self.announced, person=p, at=clock.now()) for p in self.people)
        share([(a, self.board.moderators_id) for a in noted])
        log(self.group.members, said)

    def in_requests(self) -> None:
        s = self.scene
        forgotten = make(self.request(s.agency, p) for p in self.people)
        share([(r, s.agency.members_id) for r in forgotten])
        make(StandsFor(request=r, need=s.need) for r in forgotten)
        make(
            requests.Entry(request=r, what="posted", organization=r.owner, person=r.posted_by, at=r.posted_at)
            for r in forgotten
        )
        posted = make(self.request(o, p) for o, p in self.each)
        share([(r, a) for r, g in zip(posted, self.groups, strict=True) for a in (s.agency.members_id, g.members_id)])
        answers = make(self.answer(r, s.agency, s.mara, "maybe") for r in posted)
        share([(a, s.agency.members_id) for a in answers])
        share([(self.asked_of_many, o.members_id) for o in self.owners])
        of_many = make(self.answer(self.asked_of_many, o, p, "maybe") for o, p in self.each)
        share([(a, audience) for a in of_many for audience in (s.agency.members_id, a.organization.members_id)])
        administrators = s.network.administrators
        make(requests.Escalation(request=r, audience=administrators, at=clock.now()) for r in posted)
        self.in_operations()
        self.in_vain()
        for answer in [*answers, *of_many]:
            answer.request_id = answer.request.pk
        make(
            tasks.Task(
                request=r, audience=s.board.audience, what="x", added_by=p, added_at=clock.now(), assigned_to=s.mara
            )
            for r, p in zip([*posted, *[self.asked_of_many] * len(self.people)], self.people * 2, strict=True)
        )
        slots = make(requests.Slot(request=r, role="interpreter", places=1, position=0) for r in [*forgotten, *posted])
        make(
            requests.Take(answer=a, slot=slot, places=1) for a, slot in zip(answers, slots[-len(posted) :], strict=True)
        )
        make(
            requests.Entry(
                request=a.request, answer=part, what="maybe", organization=a.organization, person=a.by, at=a.at
            )
            for a in [*answers, *of_many]
            for part in (a, None)
        )

    def in_operations(self) -> None:
        """Jonas is on call at the agency, of which some of these ask for support: others stand on the same page."""
        s, n = self.scene, max(1, len(self.each) // 10)
        planned = make(
            self.request(o, p, request_kind="operation_support", details=planned_details(), askers=askers)
            for (o, p), askers in zip(self.each[:n], audiences(Kind.REQUEST_ASKERS, n), strict=True)
        )
        on_call = audiences(Kind.REQUEST_ON_CALL, n)
        place([(s.jonas, audience, s.agency.members) for audience in on_call])
        asked = make(
            self.answer(r, s.agency, None, "asked", on_call=audience)
            for r, audience in zip(planned, on_call, strict=True)
        )
        for known in (planned, asked):
            share([(obj, audience.pk) for obj, audience in zip(known, on_call, strict=True)])

    def in_vain(self) -> None:
        """Nobody helped: each of them of another kind and in another month, the agency in another county each time."""
        last = clock.now().date().replace(day=1) - timedelta(days=15)
        kinds = ("emergency_shelter", "safe_transport", "interpreter_now")
        for number, owner in enumerate(self.owners):
            month = last - timedelta(days=30 * (number // 3 % 12))
            ended(self.scene, owner, month, request_kind=kinds[number % 3])
            ended(self.scene, self.scene.agency, last, area=f"US-IA-{number:03}")

    def request(self, owner: Any, poster: Any, **more: Any) -> Any:
        at = clock.now()
        return requests.Request(
            owner=owner,
            posted_by=poster,
            posted_at=at,
            acknowledge_by=at,
            answer_by=at,
            expires_at=at + timedelta(days=1),
            backup=poster,
            escalated_to="network",
            rings_at=at,
            **{
                "request_kind": "information_request",
                "details": {"topic": "services", "question": "x"},
                **more,
            },
        )

    def answer(self, request: Any, organization: Any, person: Any, state: str, **more: Any) -> Any:
        return requests.Answer(
            request=request, organization=organization, state=state, by=person, at=clock.now(), **more
        )

    def in_resources(self) -> None:
        """Each organization needs and offers something for all to see; one of the agency's needs is pledged to,
        and it has as many offers of its own."""
        s, at = self.scene, clock.now()
        common = {"posted_at": at, "category": "food", "unit": "item", "area": "US-IA"}
        common |= {"valid_from": at, "valid_until": at + timedelta(days=1)}
        needs = make(resources.Need(owner=o, posted_by=p, urgency="soon", quantity=9, **common) for o, p in self.each)
        offers = make(
            resources.Offer(owner=o, posted_by=p, maximum=9, available=9, capacity_updated_at=at, **common)
            for o, p in self.each
        )
        for listings in (needs, offers):
            share([(listing, a) for listing in listings for a in (s.network.everyone_id, listing.owner.members_id)])
        of_agency = make(
            resources.Offer(owner=s.agency, posted_by=p, maximum=9, available=9, capacity_updated_at=at, **common)
            for p in self.people
        )
        share([(o, s.agency.members_id) for o in of_agency])
        steps = {"proposed_at": at, "at": at, "quantity": 1}
        pledges = make(
            resources.Pledge(need=s.need, offer=f, proposed_for=f.owner, proposed_by=p, by=p, **steps)
            for f, p in zip(offers, self.people, strict=True)
        )
        suggested = make(resources.Suggestion(need=s.need, offer=f, score=1, reasons=[], at=at) for f in offers)
        share([(found, s.agency.coordinators_id) for found in suggested])
        share([(p, a) for p in pledges for a in (s.agency.members_id, p.proposed_for.members_id)])

    def in_events(self, n: int) -> None:
        self.event = events_of_many(self.scene, self.each, audiences(Kind.EVENT_ATTENDEES, n), share)

    def around_the_agency(self) -> None:
        rota_of_many(self.scene.agency, self.people, self.scene.mara)
        organizations_of_many(self.scene, self.people, share)

    def of_jonas(self) -> None:
        jonas, at = self.scene.jonas, clock.now()
        make(SignIn(person=jonas, at=at, method="password", outcome="success") for _ in self.people)
        make(
            Session(session_key=uuid4().hex, session_data="", expire_date=at + timedelta(days=1), user=jonas)
            for _ in self.people
        )


def make(objects: Iterable[Any]) -> list[Any]:
    return list(type(made[0])._default_manager.bulk_create(made)) if (made := list(objects)) else []


def audiences(kind: str, n: int) -> list[Audience]:
    keys = [uuid7() for _ in range(n)]
    groups = Group.objects.bulk_create(Group(name=str(key)) for key in keys)
    return make(Audience(group=g, uuid=key, kind=kind) for g, key in zip(groups, keys, strict=True))


def place(seats: list[tuple[Any, Audience, Audience | None]]) -> None:
    """(person, audience, by virtue of)"""
    rows = make(Membership(user=person, group_id=audience.pk) for person, audience, _ in seats)
    make(Seat(membership=row, via=via) for row, (_, _, via) in zip(rows, seats, strict=True))


def share(pairs: list[tuple[Any, int]]) -> None:
    model = type(pairs[0][0])
    rows = audience_rows(model).model
    make(
        rows(content_object=obj, permission_id=view_permission(model), group_id=audience)
        for obj, audience in dict.fromkeys(pairs)
    )


def log(audience: Audience, objects: list[Any]) -> None:
    """A change of each of these in this audience's log."""
    audience.refresh_from_db()
    make(
        Change(audience=audience, seq=seq, op="put", kind=obj.kind, subject=obj.pk, version=1, at=clock.now())
        for seq, obj in enumerate(objects, start=audience.head + 1)
    )
    Audience.objects.filter(pk=audience.pk).update(head=F("head") + len(objects))
