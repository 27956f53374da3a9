"""Feeds: whose address reads what, until when; and what no calendar elsewhere is told."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.calendars.models import CalendarFeed
from coordination.events import services as events
from coordination.events.models import Event, Occurrence
from portal.kernel import clock
from portal.kernel.models import AuditRecord
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from tests import world
from tests.calendars.reading import entries, fetched, path_of, subscribed
from tests.events.gathering import cancel, course, dates, in_days, register
from tests.scene import API, CANARY, Scene, denied, problem

pytestmark = pytest.mark.django_db
FEEDS = f"{API}/calendar-feeds"


@pytest.fixture
def scene(db):
    cache.clear()
    scene = Scene()
    scene.event = course(scene.acting(scene.mara), [scene.house])
    scene.first, scene.second, scene.third = dates(scene.event)
    register(scene, scene.lucia, scene.first)
    return scene


def summaries(path):
    return [str(entry["SUMMARY"]) for entry in entries(path)]


def gone(path):
    """Not there: in no byte and no header otherwise than what never was."""
    answer, never = fetched(path), fetched(f"{FEEDS}/never.ics")
    assert never.status_code == 404
    nowhere = fetched(f"{API}/nowhere-at-all")
    for other in (never, nowhere):
        assert (answer.status_code, answer.content, dict(answer.headers)) == (404, other.content, dict(other.headers))
    return True


def test_a_feed_holds_the_dates_its_person_registered_for(scene):
    (entry,) = entries(subscribed(scene.lucia))
    assert entry.start == scene.first.starts_at
    assert entry.end == scene.first.ends_at
    assert str(entry["DTSTART"].params["TZID"]) == "America/Chicago"
    assert {name: str(entry[name]) for name in ("SUMMARY", "STATUS", "CLASS", "LOCATION", "URL")} == {
        "SUMMARY": "kestrel course",
        "STATUS": "CONFIRMED",
        "CLASS": "PUBLIC",
        "LOCATION": "Linn County, Iowa",
        "URL": f"http://localhost:8000/events/{scene.event.pk}",
    }


def test_or_all_that_they_are_invited_to(scene):
    found = entries(subscribed(scene.lucia, "invited"))
    assert [(str(e["STATUS"]), str(e["TRANSP"])) for e in found] == [
        ("CONFIRMED", "OPAQUE"),
        ("TENTATIVE", "TRANSPARENT"),
        ("TENTATIVE", "TRANSPARENT"),
    ]
    assert entries(subscribed(scene.otto, "invited")) == []


def test_what_is_long_ago_is_in_it_no_more(scene):
    path = subscribed(scene.lucia, "invited")
    with clock.at(scene.first.ends_at + timedelta(days=59)):
        assert len(entries(path)) == 3
    with clock.at(scene.first.ends_at + timedelta(days=60)):
        assert len(entries(path)) == 2


def test_moved_cancelled_and_given_up_dates_come_out_right(scene):
    path = subscribed(scene.lucia)
    register(scene, scene.lucia, scene.second)
    before = {str(e["UID"]): e for e in entries(path)}
    with clock.at(clock.now() + timedelta(minutes=5)):
        events.change_date(Actor(scene.mara), *at(scene.first), local_start=in_days(3, 15))
        events.cancel_date(Actor(scene.mara), Occurrence.objects.select_related("event__owner").get(pk=scene.second.pk))
        after = {str(e["UID"]): e for e in entries(path)}
    moved, cancelled = after[str(scene.first.pk)], after[str(scene.second.pk)]
    assert moved.start.replace(tzinfo=None) == in_days(3, 15)
    assert (str(moved["STATUS"]), str(cancelled["STATUS"])) == ("CONFIRMED", "CANCELLED")
    for uid, entry in after.items():
        assert entry["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert entry["LAST-MODIFIED"].dt > before[uid]["LAST-MODIFIED"].dt
    cancel(scene.lucia, registered(scene.lucia, scene.first))
    assert [str(e["UID"]) for e in entries(path)] == [str(scene.second.pk)]


def at(date):
    found = Occurrence.objects.select_related("event__owner").get(pk=date.pk)
    return found, found.version


def registered(person, date):
    return date.registrations.select_related("occurrence__event__owner", "organization", "person").get(person=person)


def test_who_comes_or_does_not_changes_nothing_for_others(scene):
    """A number that counted registrations would say how many came."""
    path = subscribed(scene.lucia)
    before = fetched(path).content
    register(scene, scene.dana, scene.first)
    assert fetched(path).content == before


def test_a_new_title_and_county_are_told_and_new_seats_are_not(scene):
    path = subscribed(scene.lucia)
    event = Event.objects.select_related("owner").get(pk=scene.event.pk)
    events.edit_event(Actor(scene.mara), event, event.version, seats=5)
    assert [e["SEQUENCE"] for e in entries(path)] == [0]
    events.edit_event(Actor(scene.mara), event, event.version, title="Another course", area="US-IA")
    (entry,) = entries(path)
    assert (entry["SEQUENCE"], str(entry["SUMMARY"]), str(entry["LOCATION"])) == (1, "Another course", "Iowa")


@pytest.mark.parametrize("kind", ["survivor_led_session", "staff_debrief", "operation_briefing"])
def test_of_what_is_sensitive_one_is_busy_and_nothing_else(scene, kind):
    event = course(scene.acting(scene.mara), [], event_kind=kind, working_groups=[scene.group])
    for person in (scene.mara, scene.dana):
        register(scene, person, dates(event)[0])
    paths = [subscribed(person) for person in (scene.mara, scene.dana)]
    said = [fetched(path).content.decode() for path in paths]
    found = [entries(path)[0] for path in paths]
    for text, entry in zip(said, found, strict=True):
        assert (str(entry["SUMMARY"]), str(entry["CLASS"])) == ("Busy", "PRIVATE")
        assert not {"DESCRIPTION", "LOCATION", "URL"} & entry.keys()
        for word in (CANARY, "Linn", str(event.pk), str(dates(event)[0].pk), "localhost"):
            assert word not in text
    assert found[0]["UID"] != found[1]["UID"]


def test_nobody_and_no_place_is_in_it(scene):
    for person in (scene.dana, scene.mara):
        register(scene, person, scene.first)
    for person in (scene.lucia, scene.dana, scene.mara):
        said = fetched(subscribed(person, "invited")).content.decode()
        for word in (
            "kestrel directions",
            "kestrel.example.org",
            "kestrel about",
            "ATTENDEE",
            "ORGANIZER",
            "County Agency",
        ):
            assert word not in said
        for other in (scene.lucia, scene.dana, scene.mara):
            assert other.name not in said
            assert other.email not in said


def test_a_drill_says_that_it_is_one_and_a_calendar_speaks_its_person_s_language(scene):
    event = course(scene.acting(scene.mara), [scene.house], exercise=True, event_kind="tabletop_exercise")
    register(scene, scene.dana, dates(event)[0])
    path = subscribed(scene.dana)
    assert summaries(path) == ["Exercise: kestrel course"]
    type(scene.dana).objects.filter(pk=scene.dana.pk).update(locale="es")
    assert summaries(path) == ["Simulacro: kestrel course"]


# whose address, and until when


def test_the_address_is_told_once_and_kept_as_its_digest(scene):
    path = subscribed(scene.lucia, name="Work laptop")
    token = path.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) == 43
    listed = world.client(scene.lucia).get(FEEDS)
    assert [(f["name"], f["shows"], f["fetched_at"]) for f in listed.json()["results"]] == [
        ("Work laptop", "registered", None)
    ]
    assert token not in listed.content.decode()
    assert all(token not in str(row) for row in (*CalendarFeed.objects.values(), *AuditRecord.objects.values()))
    fetched(path)
    noted = CalendarFeed.objects.get().fetched_at
    assert (noted.minute, noted.second) == (0, 0)
    assert world.client(scene.dana).get(FEEDS).json()["results"] == []


def test_a_feed_asks_who_is_there_and_for_whom_they_work(scene):
    world.client(scene.lucia)
    caller = world.client(scene.lucia)
    world.age_proofs(scene.lucia)
    assert problem(denied(lambda: caller.post(FEEDS, {"name": "Phone"}))) == (403, "proof_required")
    nobody = world.person(name="Nobody")
    assert problem(denied(lambda: world.client(nobody).post(FEEDS, {"name": "Phone"}))) == (403, "not_allowed")


def test_there_are_ten_at_most(scene):
    for number in range(10):
        subscribed(scene.lucia, name=f"Program {number}")
    full = denied(lambda: world.client(scene.lucia).post(FEEDS, {"name": "One more"}))
    assert problem(full) == (409, "too_many_feeds")


def test_revoked_it_is_as_if_it_had_never_been(scene):
    path, other = subscribed(scene.lucia), subscribed(scene.lucia)
    feed = CalendarFeed.objects.earliest("pk")
    assert problem(denied(lambda: world.client(scene.dana).delete(f"{FEEDS}/{feed.pk}"))) == (404, "not_found")
    assert world.client(scene.lucia).delete(f"{FEEDS}/{feed.pk}").status_code == 204
    assert gone(path)
    assert fetched(other).status_code == 200


def test_whoever_left_their_last_organization_is_read_no_more_not_even_when_they_come_back(scene):
    path = subscribed(scene.lucia)
    world.seat(scene.clinic, scene.lucia)
    leave(scene, scene.house, scene.lucia)
    assert entries(path) == []
    leave(scene, scene.clinic, scene.lucia)
    assert gone(path)
    assert not CalendarFeed.objects.exists()
    world.seat(scene.house, scene.lucia)
    assert gone(path)


def leave(scene, organization, person):
    place = OrganizationMember.objects.get(user=person, group=organization.members_id)
    organizations.remove_person(Actor(steward(scene, organization), organization), place)


def steward(scene, organization):
    return scene.dana if organization == scene.house else world.person(organization, "administrator", "Steward")


def test_while_their_organization_is_suspended_it_is_not_there(scene):
    path = subscribed(scene.lucia)
    scene.suspend(scene.house)
    assert gone(path)
    scene.house.refresh_from_db()
    organizations.reinstate(Actor(world.administrator()), scene.house)
    assert fetched(path).status_code == 200


def test_nor_without_the_factor_that_the_network_demands_nor_for_a_closed_account(scene):
    path = subscribed(scene.lucia)
    scene.network.second_factor_required = True
    scene.network.save()
    assert gone(path)
    Authenticator.objects.create(user=scene.lucia, type=Authenticator.Type.TOTP, data={})
    assert fetched(path).status_code == 200
    type(scene.lucia).objects.filter(pk=scene.lucia.pk).update(is_active=False)
    assert gone(path)


def test_what_was_taken_from_them_is_gone_with_the_next_fetch(scene):
    path = subscribed(scene.lucia, "invited")
    assert len(entries(path)) == 3
    event = Event.objects.select_related("owner").get(pk=scene.event.pk)
    events.unshare_event(scene.acting(scene.mara), event, scene.house.members.uuid)
    assert entries(path) == []


# how it is asked and answered


def test_nothing_of_it_is_stored_and_who_asks_again_is_told_nothing_new(scene):
    path = subscribed(scene.lucia)
    answer = fetched(path, accept="text/calendar, text/x-nothing;q=0.1")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not answer.cookies
    again = fetched(path, **{"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    register(scene, scene.lucia, scene.second)
    assert fetched(path, **{"if-none-match": answer["ETag"]}).status_code == 200


def test_an_address_is_asked_sixty_times_an_hour_whether_it_is_there_or_not(scene):
    path = subscribed(scene.lucia)
    for asked in (path, f"{FEEDS}/never.ics"):
        statuses = [fetched(asked).status_code for _ in range(61)]
        assert statuses[-1] == 429
        assert len(set(statuses[:-1])) == 1
    assert fetched(subscribed(scene.lucia)).status_code == 200


def test_where_the_counts_are_not_to_be_read_nothing_is_answered(scene, monkeypatch):
    path = subscribed(scene.lucia)

    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", broken)
    assert fetched(path).status_code == 500


def test_as_many_queries_for_many_dates_as_for_one(scene):
    path = subscribed(scene.lucia, "invited")
    counts = []
    for _ in range(2):
        fetched(path)
        with CaptureQueriesContext(connection) as asked:
            fetched(path)
        counts.append(len(asked))
        course(scene.acting(scene.mara), [scene.house], rule="FREQ=DAILY;COUNT=50")
    assert counts[0] == counts[1]


def test_no_log_line_holds_the_token(scene, caplog):
    caplog.set_level("DEBUG")
    path = subscribed(scene.lucia)
    fetched(path)
    world.client(scene.lucia).delete(f"{FEEDS}/{CalendarFeed.objects.get().pk}")
    fetched(path)
    token = path.rsplit("/", 1)[1].removesuffix(".ics")
    written = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert all(token not in record.getMessage() for record in written)


# one date


def test_one_date_is_a_file_for_whoever_sees_it(scene):
    path = f"{API}/occurrences/{scene.second.pk}/calendar"
    answer = world.client(scene.dana).get(path)
    assert answer["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    assert answer["Cache-Control"] == "no-store"
    assert b"SUMMARY:kestrel course" in answer.content
    assert b"kestrel directions" not in answer.content
    assert problem(denied(lambda: world.client(scene.otto).get(path))) == (404, "not_found")
    assert path_of(f"http://x{path}") == path
