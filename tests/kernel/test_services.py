"""Every write, run on a populated network and watched: whoever lost sight of something was told so.

A service without a scenario here fails the first test.
"""

from dataclasses import dataclass, field

import msgspec
import pytest
from django.db import transaction

from coordination.requests.models import Request
from portal.kernel.kinds import KINDS
from portal.kernel.models import Audience, AuditRecord, Change
from portal.kernel.standing import forget_standings, standing
from portal.kernel.writing import SERVICES
from portal.organizations.models import Tier
from portal.people.models import User
from tests import world
from tests.kernel.scenarios import SCENARIOS
from tests.scene import Scene

# when somebody reads, and when they are woken, is nobody's business
UNRECORDED = {
    "messaging.services.mark_read",
    "messaging.services.mute_channel",
    "portal.people.services.note_activity",
    "portal.notify.services.renew",
    "portal.notify.services.plan_wakes",
    "portal.notify.services.wake",
    *(f"coordination.calendars.services.{name}" for name in ("note_fetch", "remind", "forget_reminders")),
    "coordination.calendars.services.revise_invitations",
}
# a message's own change says that the channel is longer, and that its author has read it
SAID_OTHERWISE = {
    "messaging.services.post_message": {"channel", "read_mark"},
    "messaging.posting.post_messages": {"channel", "read_mark"},
}


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
        named = {"id", "name"} <= shape.keys() <= {"id", "name", "former"}
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
