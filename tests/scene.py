"""A populated network: an agency, two organizations it asks for help, a group, and those who see nothing of it.

Each text that somebody wrote begins with CANARY, so that a leak of any of them is found in bytes.
"""

from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.requests import services as requests
from coordination.requests.models import Answer, Request
from coordination.resources import services as resources
from coordination.resources.models import Need, Offer, Pledge
from coordination.rota import services as rota
from coordination.rota.models import Shift
from coordination.tasks import services as tasks
from coordination.tasks.models import Task
from coordination.working_groups import services as working_groups
from coordination.working_groups.models import (
    GroupInvitation,
    GroupMember,
    JoinApplication,
    RuleAcceptance,
    WorkingGroup,
)
from messaging import services as messaging
from messaging.models import Channel, Message
from portal.kernel import clock
from portal.kernel.errors import Problem
from portal.kernel.models import Versioned
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from tests import outside, world
from tests.beginning import Beginning
from tests.events.gathering import gather
from tests.rota.swapping import swap

CANARY = "kestrel"
API = "/api/v1"


def canary(word: str) -> str:
    return f"{CANARY} {word}"


class Scene(Beginning):
    """What they have shared, each made when it is first asked for."""

    # working groups

    @cached_property
    def group(self) -> WorkingGroup:
        """Mara leads it, Dana is in it."""
        named = {"name": "Housing", "group_kind": "housing", "purpose": "Beds"}
        found = working_groups.create_working_group(self.acting(self.mara), **named)
        self.admit(found, self.dana)
        return found

    @cached_property
    def quiet(self) -> WorkingGroup:
        """Unlisted, with a rule. Mara leads it and is alone in it; Dana is asked to accept its rule."""
        found = working_groups.create_working_group(
            self.acting(self.mara),
            name=canary("quiet group"),
            group_kind="rapid_response",
            purpose=canary("quiet purpose"),
            joining="unlisted",
            rule=canary("rule"),
        )
        invitation = self.invited(found, self.house)
        working_groups.accept_invitation_to_group(self.acting(self.dana), invitation, [self.dana])
        return found

    def invited(self, group: WorkingGroup, organization: Any, by: Any = None) -> GroupInvitation:
        return working_groups.invite_organization(
            self.acting(by or self.mara), group, organization, canary("invitation")
        )

    def asked(self, person: Any, group: WorkingGroup | None = None) -> RuleAcceptance:
        return RuleAcceptance.objects.get(person=person, working_group=group or self.quiet)

    def edit(self, group: WorkingGroup, **fields: Any) -> WorkingGroup:
        group.refresh_from_db()
        return working_groups.edit_working_group(Actor(self.mara), group, group.version, **fields)

    def admit(self, group: WorkingGroup, *people: Any, by: Any = None) -> JoinApplication:
        asked = self.applied(group, *people)
        return working_groups.accept_application(self.acting(by or self.mara), asked)

    def applied(self, group: WorkingGroup, *people: Any) -> JoinApplication:
        """Asked by the first of them, who coordinates."""
        return working_groups.apply_to_join(self.acting(people[0]), group, people, canary("application"))

    def member(self, person: Any, group: WorkingGroup | None = None) -> GroupMember:
        return GroupMember.objects.get(user=person, group=(group or self.group).members_id)

    # requests

    def post(
        self, *asked: Any, groups: Any = (), by: Any = None, places: int = 1, pick: bool = False, slots: Any = None
    ) -> Request:
        """A shelter request of the agency."""
        return requests.post_request(
            self.acting(by or self.mara),
            request_kind="emergency_shelter",
            details=details(),
            organizations=asked,
            working_groups=groups,
            note=canary("note"),
            places=places,
            slots=slots,
            pick=pick,
        )

    @cached_property
    def request(self) -> Request:
        """Put to the house and to the clinic by name."""
        return self.post(self.house, self.clinic)

    @cached_property
    def forgotten(self) -> Request:
        """Put to the house, and seen by nobody there until the network's administrators were told."""
        found = self.post(self.house)
        for minutes in (5, 10):
            self.ring(found, minutes)
        return found

    def operation(self) -> Request:
        """Known to Mara, who asks for support of it, and to Lucia, who is on call at the house."""
        self.shift(self.dana, -1, 8)
        return requests.post_request(
            self.acting(self.mara),
            request_kind="operation_support",
            details=planned(),
            organizations=[self.house],
            working_groups=[],
            note=canary("operation"),
        )

    def ring(self, request: Request, minutes: int) -> None:
        with clock.at(request.posted_at + timedelta(minutes=minutes)):
            requests.ring_clock(request)

    def shift(self, person: Any, begins: int = 1, ends: int = 9, kind: str = "") -> Shift:
        """Of Jonas for the agency or of Lucia for the house, so many hours from now, planned by this person."""
        who = self.jonas if person == self.mara else self.lucia
        at, hour = clock.now(), timedelta(hours=1)
        return rota.plan_shift(self.acting(person), who.pk, at + begins * hour, at + ends * hour, kind)

    def answer(self, request: Request, person: Any, state: str = "yes", note: str = "", takes: Any = None) -> Answer:
        reason = "capacity" if state == "no" else ""
        return requests.answer_request(self.acting(person), request, state, reason, note or canary("answer"), takes)

    def task(self, person: Any = None, request: Request | None = None, words: str = "", **fields: Any) -> Task:
        """Of the agency's request to the house and the clinic, added by Mara."""
        return tasks.add_task(
            self.acting(person or self.mara), request or self.request, words or canary("task"), **fields
        )

    # resources

    def needed(self, *told: Any, by: Any = None, **fields: Any) -> Need:
        """Three beds for the agency; the whole network may know unless some are named."""
        return resources.post_need(
            self.acting(by or self.mara),
            organizations=told,
            everyone=not told and "working_groups" not in fields,
            **{**listing(), "urgency": "urgent", "quantity": 3, **fields},
        )

    def offered(self, *told: Any, by: Any = None, **fields: Any) -> Offer:
        """Five beds of the house; the whole network may know unless some are named."""
        return resources.post_offer(
            self.acting(by or self.dana),
            organizations=told,
            everyone=not told and "working_groups" not in fields,
            **{**listing(), "maximum": 5, **fields},
        )

    @cached_property
    def need(self) -> Need:
        return self.needed()

    @cached_property
    def offer(self) -> Offer:
        return self.offered()

    def pledged(
        self, quantity: int = 2, *, by: Any = None, need: Need | None = None, offer: Offer | None = None
    ) -> Pledge:
        """Proposed by the house unless told otherwise."""
        return resources.propose_pledge(
            self.acting(by or self.dana), need or self.need, offer or self.offer, quantity, canary("pledge")
        )

    def accepted(self, quantity: int = 2, **sides: Any) -> Pledge:
        return resources.accept_pledge(Actor(self.mara), self.pledged(quantity, **sides))

    # messages

    def say(self, person: Any, body: str = "", group: WorkingGroup | None = None, **more: Any) -> Message:
        channel, words = (group or self.group).channel, body or canary("message")
        return messaging.post_message(self.acting(person), channel, uuid4(), words, **more)

    @cached_property
    def board(self) -> Channel:
        """A private channel for announcements: Mara moderates it; Dana is in it, and all of the clinic."""
        assert self.group
        return messaging.create_private_channel(
            Actor(self.mara),
            canary("board"),
            topic=canary("topic"),
            announcement=True,
            people=[self.dana],
            organizations=[self.clinic],
        )

    @cached_property
    def talk(self) -> Channel:
        """Between Mara and Dana."""
        assert self.group
        return messaging.open_direct_conversation(Actor(self.mara), [self.dana])

    def announce(self, body: str = "") -> Message:
        return self.say_in(self.board, self.mara, body or canary("announcement"))

    def say_in(self, channel: Channel, person: Any, body: str = "", **more: Any) -> Message:
        return messaging.post_message(Actor(person), channel, uuid4(), body or canary("message"), **more)

    def with_everything(self) -> "Scene":
        """At least one object of every kind, none of them for Otto but what the whole network sees."""
        self.applied(self.group, self.grace)
        self.invited(self.quiet, self.clinic)
        self.say(self.dana)
        messaging.mark_read(Actor(self.mara), self.group.channel, 1)
        messaging.acknowledge_message(Actor(self.dana), self.announce())
        self.say_in(self.talk, self.dana, canary("confidence"), mentions=[self.mara.pk])
        self.answer(self.request, self.dana)
        assert self.forgotten
        self.shift(self.mara)
        swap(self)
        gather(self)
        self.task()
        requests.note_on_request(Actor(self.mara), self.request, canary("line"))
        assert self.offer
        resources.record_suggestions(self.need)
        self.pledged()
        organizations.invite(self.acting(self.mara), self.agency, f"{CANARY}@example.org", world.Tier.MEMBER)
        self.suspend(world.organization("Closed Office"))
        outside.for_administrators(self.house, canary("outside"), f"{CANARY}@elsewhere.example.org")
        return self

    def suspend(self, organization: Any) -> Any:
        return organizations.suspend(Actor(world.administrator()), organization, canary("reason"))


def listing() -> dict[str, Any]:
    """What needs and offers of beds have in common."""
    now = timezone.now()
    return {
        "category": "emergency_bed",
        "unit": "bed_night",
        "area": "US-IA-113",
        "populations": ["adults", "children"],
        "languages": ["spa"],
        "barriers": ["pets"],
        "valid_from": now,
        "valid_until": now + timedelta(days=7),
        "note": canary("listing"),
    }


def details(**changed: Any) -> dict[str, Any]:
    found = {
        "adults": 1,
        "children": 2,
        "starts_at": (timezone.now() + timedelta(hours=2)).isoformat(),
        "nights": 3,
        "languages": ["spa"],
        "area": world.LINN,
        **changed,
    }
    return {name: value for name, value in found.items() if value is not ...}


def planned(**changed: Any) -> dict[str, Any]:
    """The coarse fields of an operation."""
    return {
        "window": "within_a_week",
        "support": ["interpreters", "legal"],
        "people_expected": "six_to_ten",
        "minors_possible": "yes",
        "languages": ["spa"],
        "area": world.LINN,
        **changed,
    }


def body(scene: Scene, *asked: Any, **changed: Any) -> dict[str, Any]:
    """What posts a shelter request; `...` leaves a field out."""
    found = {
        "acting_for": str(scene.agency.pk),
        "kind": "emergency_shelter",
        "details": details(),
        "organizations": [str(o.pk) for o in asked],
        **changed,
    }
    return {name: value for name, value in found.items() if value is not ...}


def problem(answer: Any) -> tuple[int, str]:
    found = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert found["status"] == answer.status_code
    return answer.status_code, found["code"]


def faults(answer: Any) -> list[tuple[str, str]]:
    assert problem(answer) == (422, "invalid"), answer.content
    return [(e["field"], e["code"]) for e in answer.json()["errors"]]


def refused(call: Any) -> str:
    """The code with which a service refuses."""
    try:
        raise AssertionError(f"not refused: {call()}")
    except Problem as refusal:
        return refusal.code


# what a write may move without being a change of what people see
ASIDE = ("people.Session", "kernel.AuditRecord", "contenttypes.ContentType", "auth.Permission")


def standing_of_the_database() -> dict[str, tuple[int, int]]:
    """(rows, sum of versions) of each table."""
    found = {}
    for model in apps.get_models():
        if model._meta.label in ASIDE or model._meta.proxy:
            continue
        rows = model._base_manager
        versions = rows.aggregate(n=Sum("version"))["n"] if issubclass(model, Versioned) else 0
        found[model._meta.label] = (rows.count(), versions or 0)
    return found


@contextmanager
def unchanged() -> Any:
    """What is refused leaves nothing behind."""
    before = standing_of_the_database()
    yield
    after = standing_of_the_database()
    assert after == before, {k: (before[k], after[k]) for k in before if before[k] != after[k]}


def denied(call: Any) -> Any:
    """The refusing answer to a call that leaves the database as it was."""
    with unchanged():
        answer = call()
    assert answer.status_code >= 400, answer.content
    return answer


def queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as counted:
        call()
    return len(counted)
