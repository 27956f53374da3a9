"""The demo network: all there is to look at, in order of time, and circles in it that never see each other."""

import re
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise

import msgspec
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction

from coordination.calendars.models import CalendarFeed, CalendarPreferences
from coordination.calendars.queries import entries_of
from coordination.events.models import Event, Registration
from coordination.requests.kinds import KINDS as REQUEST_KINDS
from coordination.requests.models import Answer, Entry, Request
from coordination.resources.models import Need, Offer, Pledge
from coordination.resources.services import record_suggestion
from coordination.rota.models import COORDINATION, Shift, Swap
from coordination.rota.queries import on_call
from coordination.stands_for.models import StandsFor
from coordination.unmet import counts as unmet
from coordination.working_groups.models import (
    GroupEntry,
    GroupInvitation,
    JoinApplication,
    RuleAcceptance,
    WorkingGroup,
)
from messaging.models import Acknowledgement, Channel, Message, MessageEdit, ReadMark
from portal.config import demo
from portal.config.demo.groups import GROUPS, PRIVATE, SEALED_GROUP, SEALED_WORD
from portal.config.demo.people import AREAS, HOUSES, OTHERS, PEOPLE, WAITING, WHY_SUSPENDED
from portal.config.demo.resources import NEEDS, OFFERS
from portal.config.demo.talk import TALK
from portal.kernel import clock
from portal.kernel.kinds import KINDS
from portal.kernel.models import Versioned
from portal.kernel.standing import forget_standings, members
from portal.organizations.models import Organization, OrganizationKind, Suspension
from portal.people.models import User

pytestmark = pytest.mark.django_db
# what may lie ahead
AHEAD = {
    *("agreed_until", "read_only_from"),
    *("acknowledge_by", "answer_by", "expires_at", "rings_at", "starts_at", "ends_at", "due_at"),
    *("expire_date", "locks_at", "purge_at", "run_at", "until", "valid_until"),
}
# a phone, a street, a date of birth, a file number, somebody called something
FLAGGED = (
    r"\+?\d[\d ().-]{6,}\d",
    r"\b\d+ [A-Z]\w+ (Street|St|Avenue|Ave|Road|Rd|Lane|Drive)\b",
    r"\b(calle|avenida) [A-Z]\w+",
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b",
    r"\b[A-Z]{2,}-?\d{3,}",
    r"\b(Mr|Mrs|Ms|Sr|Sra)\.? [A-Z]",
    r"\b(named|called|se llama|born|nacid[ao])\b [A-Z]",
    r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+ [A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\b",
)


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        for done, of in demo.seed():
            assert 1 <= done <= of
        yield
        transaction.set_rollback(True)
        forget_standings()


@pytest.fixture(autouse=True)
def seeded(network, db):
    forget_standings()


def who(key):
    return User.objects.get(email=f"{key}@{demo.DOMAIN}")


def everything_seen(person):
    """Every shape that this person may see, as one text."""
    return b"\n".join(msgspec.json.encode(kind.shape(kind.policy.visible(person))) for kind in KINDS.values()).decode()


def test_there_is_a_task_force_to_look_at():
    assert Organization.objects.count() == len(HOUSES) + 1
    assert len(HOUSES) >= 25
    assert {h.kind for h in HOUSES.values()} == set(OrganizationKind)
    assert User.objects.count() == 80
    assert WorkingGroup.objects.count() == 9
    assert Request.objects.count() == 62
    assert Message.objects.count() > 300
    assert (Offer.objects.count(), Need.objects.count()) == (len(OFFERS), len(NEEDS))
    assert {c.channel_kind for c in Channel.objects.all()} == {"group", "private", "direct"}
    assert MessageEdit.objects.exists()
    assert Message.objects.filter(deleted=True).exists()
    assert Message.objects.filter(pinned_at__isnull=False).exists()
    assert Message.objects.filter(reply_to__isnull=False).exists()
    assert Message.objects.filter(mentions__isnull=False).exists()
    assert Acknowledgement.objects.exists()


def test_every_state_is_there():
    assert set(Request.objects.values_list("state", flat=True)) == set(Request.State.values)
    assert set(Request.objects.values_list("request_kind", flat=True)) == set(REQUEST_KINDS)
    assert set(Answer.objects.values_list("state", flat=True)) == set(Answer.State.values)
    assert set(Need.objects.values_list("state", flat=True)) == {"open", "met", "expired"}
    assert set(Offer.objects.values_list("state", flat=True)) == {"open", "closed"}
    assert set(Pledge.objects.values_list("state", flat=True)) == set(Pledge.State.values)
    assert Offer.objects.filter(reminded_at__isnull=False).exists()
    assert Need.objects.filter(exercise=True).exists()
    assert set(WorkingGroup.objects.values_list("joining", flat=True)) == set(WorkingGroup.Joining.values)
    assert WorkingGroup.objects.filter(archived_at__isnull=False).exists()
    assert WorkingGroup.objects.exclude(rule="").exists()
    assert set(Organization.objects.values_list("status", flat=True)) == {"applied", "verified", "suspended"}
    for waits in (JoinApplication, GroupInvitation):
        assert waits.objects.filter(state="pending").exists()
    assert set(Swap.objects.values_list("state", flat=True)) == {"open", "accepted"}
    assert on_call(Shift.objects.filter(duty=COORDINATION), clock.now()).exists()
    assert RuleAcceptance.objects.filter(state="asked").exists()


def test_there_is_a_calendar():
    course = Event.objects.get(event_kind="professional_training")
    full = course.occurrences.filter(starts_at__gt=clock.now()).earliest("starts_at")
    assert (full.seats, full.seats_taken) == (40, 40)
    assert full.waiting >= 3
    assert Registration.objects.filter(occurrence=full, news="moved_up").exists()
    assert Registration.objects.filter(attended=True).count() > Registration.objects.filter(attended=False).count() > 0
    assert Registration.objects.filter(news="cancelled", occurrence__state="cancelled").exists()
    assert Event.objects.filter(exercise=True).exists()
    assert Event.objects.filter(area="").exists()
    briefing = KINDS["event"].policy.visible(who("noor")).filter(event_kind="operation_briefing")
    assert not briefing.exists()


def test_two_telephones_read_a_calendar():
    """Not yet fetched, and with what lies ahead of their owners."""
    feeds = {feed.name: feed for feed in CalendarFeed.objects.all()}
    assert feeds.keys() == {"Work phone", "Teléfono del trabajo"}
    for feed in feeds.values():
        assert any(entry.occurrence.starts_at > clock.now() for entry in entries_of(feed))
    assert CalendarPreferences.objects.exclude(reminders="none").count() == 2


def test_who_signs_in_has_something_that_waits():
    assert demo.SHOWN.keys() >= {"ada", "mara", "dana", "grace", "noor", "tom"}
    assert all(who(key).check_password(demo.PASSWORD) for key in ("ada", "noor"))
    assert GroupInvitation.objects.filter(organization__name="Second Street Clinic", state="pending").count() > 1
    assert not KINDS["working_group"].policy.model.objects.filter(members__in=members_of("grace")).exists()
    open_to_harbor = Request.objects.filter(state="open", answers__organization__name="Harbor House")
    assert open_to_harbor.filter(answers__state__in=["asked", "acknowledged"]).exists()


def members_of(key):
    return who(key).memberships.values_list("group", flat=True)


def test_what_is_for_a_group_alone_is_suggested_in_it():
    offer, need = Offer.objects.get(category="transitional_housing"), Need.objects.get(category="transitional_housing")
    record_suggestion(need, offer)
    told = {key for key in PEOPLE if KINDS["suggestion"].policy.visible(who(key)).filter(need=need).exists()}
    assert {"carlos", "tess"} & told
    for key in PEOPLE:
        if key in told:
            assert KINDS["need"].policy.visible(who(key)).filter(pk=need.pk).exists()
            assert KINDS["offer"].policy.visible(who(key)).filter(pk=offer.pk).exists()


def test_what_did_not_come_is_counted():
    """Of one night every organization that asked has its own numbers, and together they are many enough to be told."""
    told = unmet.of_network(clock.now().date()).counts
    assert ("emergency_shelter", AREAS[0], 9) in [(c.kind, c.area, c.requests) for c in told]
    own = unmet.of_organization(Organization.objects.get(name=HOUSES["county"].name), clock.now().date()).counts
    assert sum(c.requests for c in own if c.area == AREAS[0]) > 3


def test_a_request_stands_for_a_need():
    standing = StandsFor.objects.select_related("request", "need").get()
    assert standing.request.owner_id == standing.need.owner_id
    assert (standing.request.state, standing.need.state) == ("open", "open")


def test_unread_counts_are_plausible():
    marks = ReadMark.objects.select_related("channel").exclude(person__in=[who("paul"), who("rick"), who("ann")])
    lags = [m.channel.last_position - m.position for m in marks]
    assert 0 <= min(lags) <= max(lags) < 60
    assert 0.2 < sum(lag > 0 for lag in lags) / len(lags) < 0.9


# order


def test_nothing_lies_ahead_but_what_should():
    now = clock.now()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.DateTimeField) and field.name not in AHEAD:
                assert not model._base_manager.filter(**{f"{field.name}__gt": now}).exists(), (model, field.name)
        if issubclass(model, Versioned):
            newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
            assert newest is None or datetime.fromtimestamp((newest.int >> 80) / 1000, UTC) <= now
    ahead = Request.objects.filter(state="open", answer_by__gt=now)
    assert ahead.filter(request_kind="emergency_shelter").exists()


@pytest.mark.parametrize(
    ("model", "within", "order", "moment"),
    [
        (Message, "channel", "position", "posted_at"),
        (Message, "channel", "pk", "position"),
        (Entry, "request", "pk", "at"),
        (GroupEntry, "working_group", "pk", "at"),
        (Request, None, "pk", "posted_at"),
        (Organization, None, "pk", "applied_at"),
        (Need, None, "pk", "posted_at"),
        (Offer, None, "pk", "posted_at"),
        (WorkingGroup, None, "pk", "created_at"),
        (User, None, "pk", "date_joined"),
    ],
)
def test_everything_is_in_the_order_of_time(model, within, order, moment):
    places = {None} if within is None else set(model.objects.values_list(within, flat=True))
    for place in places:
        rows = model.objects.filter(**({within: place} if within else {})).order_by(order)
        assert all(one <= other for one, other in pairwise(rows.values_list(moment, flat=True))), place


def test_people_are_awake_when_they_talk():
    started = {m.posted_at.date() for m in Message.objects.all()}
    assert len(started) > 25


# what is said


def texts():
    """All that somebody wrote."""
    for model in apps.get_models():
        if model._meta.app_label not in ("messaging", "requests", "resources", "working_groups", "organizations"):
            continue
        written = [
            f.name
            for f in model._meta.get_fields()
            if f.name
            in {"body", "topic", "purpose", "rule", "note", "outcome_note", "reason", "description", "details"}
        ]
        for row in model._base_manager.values(*written) if written else ():
            yield from (
                text if isinstance(text, str) else str(text.get("question", "")) for text in row.values() if text
            )


def known_names():
    """Organizations, groups, channels, counties and the staff of all of them."""
    titles = [h.name for h in [*HOUSES.values(), WAITING]] + [g.name for g in GROUPS.values()]
    titles += list(Channel.objects.exclude(name="").values_list("name", flat=True))
    titles += ["Alder Valley", "Linn County", "Johnson County", "Cedar County", "Birch City", "Child Protection"]
    titles += ["Red Cedar", "Night Line", "Labor Standards", "Harbor House"]
    return titles + [f"@{p.name}" for p in PEOPLE.values()] + list(OTHERS.values())


def test_nothing_looks_like_somebody():
    names = sorted(known_names(), key=len, reverse=True)
    found = []
    for text in texts():
        rest = text
        for name in names:
            rest = rest.replace(name, "…")
        found += [(pattern, text) for pattern in FLAGGED if re.search(pattern, rest)]
    assert not found, "\n".join(map(str, found))


def test_it_is_said_with_respect_and_in_two_languages():
    words = " ".join(texts())
    assert "!" not in words
    assert not re.search(
        r"\b(victims?|slaves?|rescued|víctimas?)\b(?! services)", words.replace("Victim Services", ""), re.I
    )
    assert len(re.findall(r"\b(gracias|noche|para|nosotras|mañana)\b", words)) > 30
    assert {"en", "es"} == set(User.objects.values_list("locale", flat=True))


# circles


def sealed_words():
    channels = {SEALED_GROUP, "heron", "tom-vera"}
    lines = []
    for conversation in TALK.strip().split("\n\n"):
        head, *said = conversation.splitlines()
        if head.split()[1] in channels:
            lines += [re.sub(r"^\w+[:>] ", "", line) for line in said]
    assert len(lines) > 10
    return [*lines, GROUPS[SEALED_GROUP].name, GROUPS[SEALED_GROUP].purpose, PRIVATE["heron"][0]]


def test_the_sealed_circle_is_nobody_elses():
    inside = members(WorkingGroup.objects.get(name=GROUPS[SEALED_GROUP].name).members_id)
    assert who("tom").pk in inside
    told = everything_seen(who("tom"))
    secrets = sealed_words()
    assert all(msgspec.json.encode(secret).decode()[1:-1] in told for secret in secrets)
    outside = "mara ada omar gail iris noor dana sol leila joy paul rick pia grace"
    for key in outside.split():
        assert who(key).pk not in inside
        seen = everything_seen(who(key))
        assert SEALED_WORD not in seen.casefold(), key
        assert not [secret for secret in secrets if secret in seen]


def test_an_operation_is_known_to_those_on_call_and_to_those_who_steer_it():
    planned, drill = Request.objects.filter(request_kind="operation_support").order_by("-posted_at")
    assert (planned.exercise, drill.exercise) == (False, True)
    known = {planned.pk: "tom dee tess fode noa", drill.pk: "tom dee lucia"}
    for pk, keys in known.items():
        seen_by = {key for key in PEOPLE if KINDS["request"].policy.visible(who(key)).filter(pk=pk).exists()}
        assert seen_by == set(keys.split())
    channel = Channel.objects.get(about=planned.pk)
    assert members(channel.audience_id) == {who(key).pk for key in ("tom", "dee", "fode")}


def test_who_waits_is_seen_by_the_administrator_and_their_own_alone():
    for key, sees in (("ada", True), ("pia", True), ("mara", False), ("sol", False), ("ham", False)):
        assert (WAITING.name in everything_seen(who(key))) is sees, key
    assert "Harbor House" not in everything_seen(who("pia"))


def test_the_suspended_see_themselves_and_nobody_reads_why():
    seen = everything_seen(who("rick"))
    assert "Open Road Staffing" in seen
    assert not [h.name for h in HOUSES.values() if h.name in seen and h.name != "Open Road Staffing"]
    assert Suspension.objects.get().reason == WHY_SUSPENDED
    for key, reads in (("ada", True), ("rick", False), ("mara", False), ("noor", False)):
        assert (WHY_SUSPENDED in everything_seen(who(key))) is reads, key


def test_one_only_reads_since_its_agreement_ended():
    (over,) = [each for each in Organization.objects.exclude(agreed_until=None) if each.has_lapsed(clock.now())]
    assert not over.is_active
    assert over.members.read_only_from == over.agreed_until


def test_who_left_sees_nothing_and_is_still_read():
    assert not Message.objects.filter(pk__in=KINDS["message"].policy.visible(who("paul"))).exists()
    seen = everything_seen(who("mara"))
    assert '"name":"former member","former":"network"' in seen
    assert "Paul Dryden" not in seen
    assert "Harbor House" not in everything_seen(who("paul"))


# the command


def test_it_is_made_once():
    with pytest.raises(CommandError):
        call_command("demo")
    said = StringIO()
    call_command("demo", if_empty=True, stdout=said)
    assert said.getvalue() == ""
    assert User.objects.count() == 80


def test_progress_is_one_line_on_a_terminal_and_plain_lines_elsewhere():
    from portal.config.management.commands.demo import Command

    class Terminal(StringIO):
        def isatty(self):
            return True

    for stream, lines in ((Terminal(), 1), (StringIO(), 5)):
        Command(stdout=stream).follow(iter([(n, 8) for n in range(1, 9)]))
        assert stream.getvalue().rstrip("\n").count("\n") + 1 == lines
        assert "8/8" in stream.getvalue()
