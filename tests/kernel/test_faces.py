"""The faces of permission give one answer, in random worlds: who may see, who receives, who may do."""

from datetime import timedelta
from random import choice
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from guardian.core import ObjectPermissionChecker
from guardian.shortcuts import get_objects_for_user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.requests.changes import REQUEST
from coordination.requests.models import Request, RequestUserPermission
from coordination.requests.policy import REQUESTS
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.grants import grant, person_rows, view_permission
from portal.kernel.kinds import KINDS
from portal.kernel.models import Audience, Membership, Seat
from portal.kernel.policy import SharedPolicy
from portal.kernel.standing import forget_standings, members, standing
from portal.organizations.models import Organization
from portal.people.jobs import end_expired_seats
from portal.people.models import User

PEOPLE, ORGANIZATIONS, OBJECTS = 3, 2, 3
# three audiences of each organization, two others
AUDIENCES = 3 * ORGANIZATIONS + 2
LIVING, LASTING, EXPIRED = "living", "lasting", "expired"
VERBS = ("acknowledge", "answer", "close", "edit", "note", "pick", "redirect", "start", "withdraw")

people = st.integers(0, PEOPLE - 1)
audiences = st.integers(0, AUDIENCES - 1)
# through no audience, or through the first organization's members, or the second's
vias = st.sampled_from([None, 0, 3])
seats = st.lists(
    st.tuples(vias, st.sampled_from([LIVING, LASTING, EXPIRED])), min_size=1, max_size=3, unique_by=lambda s: s[0]
)
worlds = st.fixed_dictionaries(
    {
        "memberships": st.dictionaries(st.tuples(people, audiences), seats, max_size=10),
        "owners": st.lists(st.integers(0, ORGANIZATIONS - 1), min_size=OBJECTS, max_size=OBJECTS),
        "grants": st.sets(st.tuples(st.integers(0, OBJECTS - 1), audiences), max_size=8),
        "reveals": st.sets(st.tuples(st.integers(0, OBJECTS - 1), people), max_size=2),
    }
)


class Base:
    """What all worlds have in common: people and audiences with nobody in them."""

    def __init__(self):
        now = timezone.now()
        three = (
            Audience.Kind.ORGANIZATION_MEMBERS,
            Audience.Kind.ORGANIZATION_COORDINATORS,
            Audience.Kind.ORGANIZATION_ADMINISTRATORS,
        )
        kinds = [*(three * ORGANIZATIONS), Audience.Kind.GROUP_LEADS, Audience.Kind.NETWORK_AUDITORS]
        self.audiences = a = [Audience.make(kind) for kind in kinds]
        self.organizations = [
            Organization.objects.create(
                name=str(uuid4()),
                organization_kind="hotline",
                status="verified",
                applied_at=now,
                verified_at=now,
                members=a[3 * n],
                coordinators=a[3 * n + 1],
                administrators=a[3 * n + 2],
            )
            for n in range(ORGANIZATIONS)
        ]
        self.people = [
            User.objects.create(email=f"{uuid4()}@example.org", name="P", audience=Audience.make(Audience.Kind.PERSON))
            for _ in range(PEOPLE)
        ]


class World:
    """The rows of a described world. `inside` and `shared` say in plain sets what they mean."""

    def __init__(self, base, described):
        now = timezone.now()
        self.audiences = a = base.audiences
        self.people = base.people
        self.requests = [
            Request.objects.create(
                owner=base.organizations[owner],
                posted_by=self.people[0],
                posted_at=now,
                request_kind="information_request",
                details={},
                acknowledge_by=now,
                answer_by=now,
                expires_at=now,
            )
            for owner in described["owners"]
        ]
        ends = {LIVING: now + timedelta(days=1), LASTING: None, EXPIRED: now - timedelta(seconds=1)}
        self.inside = {p.pk: set() for p in self.people}
        for (person, audience), held in described["memberships"].items():
            membership = Membership.objects.create(user=self.people[person], group_id=a[audience].pk)
            for via, how in held:
                through = None if via is None else a[via]
                Seat.objects.create(membership=membership, via=through, expires_at=ends[how])
                if how != EXPIRED:
                    self.inside[self.people[person].pk].add(a[audience].pk)
        self.shared = {r.pk: set() for r in self.requests}
        for obj, audience in described["grants"]:
            grant(self.requests[obj], a[audience].pk)
            self.shared[self.requests[obj].pk].add(a[audience].pk)
        self.revealed = {r.pk: set() for r in self.requests}
        for obj, person in described["reveals"]:
            RequestUserPermission.objects.create(
                content_object=self.requests[obj], permission_id=view_permission(Request), user=self.people[person]
            )
            self.revealed[self.requests[obj].pk].add(self.people[person].pk)

    def sees(self, person, request):
        return bool(self.inside[person.pk] & self.shared[request.pk]) or person.pk in self.revealed[request.pk]


@pytest.mark.django_db
def test_all_faces_agree():
    base = Base()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(described=worlds)
    def agree(described):
        forget_standings()
        with transaction.atomic():
            world = World(base, described)
            check_audiences(world)
            for person in world.people:
                check_person(world, person)
            # a sweep deletes what has expired; then guardian's own checks, which know no expiry, agree too
            end_expired_seats()
            forget_standings()
            for person in world.people:
                check_guardian(world, person)
            transaction.set_rollback(True)
        for person in base.people:
            person.refresh_from_db()

    agree()


@pytest.mark.django_db
def test_what_is_revealed_to_one_person_is_revealed_to_nobody_else():
    one, other = 0, 1
    world = World(Base(), {"owners": [0], "memberships": {}, "grants": [], "reveals": [(0, one)]})
    assert list(REQUESTS.visible(world.people[one])) == world.requests
    assert list(REQUESTS.visible(world.people[other])) == []


@pytest.mark.django_db
def test_the_faces_of_every_kind_agree(scene):
    """Of all that the scene has: it reaches those who may see it, and an audience is told of what is its to see."""
    scene.with_everything()
    for kind in KINDS.values():
        objects = list(kind.policy.model._default_manager.all())
        reached = kind.policy.audiences(objects)
        assert reached.keys() == {o.pk for o in objects}
        for audience in Audience.objects.values_list("pk", flat=True):
            theirs = {pk for pk, audiences in reached.items() if audience in audiences}
            assert {o.pk for o in kind.policy.granted([audience])} == theirs, kind.name
            assert kind.represent(reached.keys(), audience).keys() == theirs, kind.name
        for person in User.objects.all():
            inside = set(standing(person).audiences)
            theirs = {pk for pk, audiences in reached.items() if audiences & inside} | revealed(kind, person)
            assert {o.pk for o in kind.policy.visible(person)} == theirs, kind.name
            assert kind.policy.allowed(person, objects).keys() == theirs, kind.name


def revealed(kind, person):
    """What of a kind was shown to this very person."""
    if not isinstance(kind.policy, SharedPolicy):
        return set()
    return set(person_rows(kind.policy.model).filter(user=person).values_list("content_object", flat=True))


def check_audiences(world):
    ids = [r.pk for r in world.requests]
    assert REQUESTS.audiences(world.requests) == world.shared
    for audience in world.audiences:
        expected = {pk for pk, shared in world.shared.items() if audience.pk in shared}
        assert {r.pk for r in REQUESTS.granted([audience.pk])} == expected
        assert REQUEST.represent(ids, audience.pk).keys() == expected
        assert members(audience.pk) == {p for p, inside in world.inside.items() if audience.pk in inside}
    seen = {p.pk: set(REQUESTS.visible(p)) for p in world.people}
    for request in world.requests:
        receivers = {p for audience in world.shared[request.pk] for p in members(audience)}
        readers = {p for p, requests in seen.items() if request in requests}
        assert readers == receivers | world.revealed[request.pk]


def check_person(world, person):
    assert set(standing(person).audiences) == world.inside[person.pk]
    expected = {r.pk for r in world.requests if world.sees(person, r)}
    assert {r.pk for r in REQUESTS.visible(person)} == expected
    assert len(REQUESTS.visible(person)) == len(expected)
    allowed = REQUESTS.allowed(person, world.requests)
    assert allowed.keys() == expected
    request, verb = choice(world.requests), choice(VERBS)
    may = verb in allowed.get(request.pk, [])
    assert REQUESTS.can(person, verb, request) == may
    assert outcome(person, verb, request) == (NotFound if request.pk not in expected else None if may else NotAllowed)


def outcome(person, verb, request):
    try:
        REQUESTS.require(person, verb, request)
    except (NotFound, NotAllowed) as refusal:
        return type(refusal)
    return None


def check_guardian(world, person):
    person = User.objects.get(pk=person.pk)
    ours = {r.pk for r in REQUESTS.visible(person)}
    assert ours <= {r.pk for r in world.requests if world.sees(person, r)}
    assert {r.pk for r in get_objects_for_user(person, "requests.view_request", Request)} == ours
    checker = ObjectPermissionChecker(person)
    assert {r.pk for r in world.requests if checker.has_perm("view_request", r)} == ours
