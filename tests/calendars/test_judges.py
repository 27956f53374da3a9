"""What programs of others make of our calendars: the dates that the portal has, at the same moments."""

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from django.core.cache import cache
from django.db import connection
from icalendar import Calendar

from coordination.calendars.clocks import clock_of
from coordination.events import services as events
from coordination.events.models import Occurrence
from coordination.events.recurrence import RuleError, dates, exists
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests import world
from tests.calendars.reading import fetched, laid_out, subscribed
from tests.events.gathering import course
from tests.scene import Scene
from tests.services.server import running

ZONES = (
    "America/Chicago", "America/St_Johns", "America/Santiago", "America/Havana", "Europe/London", "Europe/Dublin",
    "Africa/Casablanca", "Africa/Cairo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia",
    "UTC",
)  # fmt: skip
RULES = ("FREQ=DAILY;COUNT=9", "FREQ=WEEKLY;COUNT=30", "FREQ=DAILY;INTERVAL=13;COUNT=25", "FREQ=MONTHLY;COUNT=12", "")
SERIES = 24


@pytest.fixture
def scene(db):
    cache.clear()
    return Scene()


def portal_s():
    """The dates as the portal has them."""
    rows = Occurrence.objects.values_list("starts_at", "ends_at", "state")
    return sorted((begins, ends, "CANCELLED" if state == "cancelled" else "TENTATIVE") for begins, ends, state in rows)


def made_up(scene, chance):
    """A series anywhere, at any time of day, some of its dates moved or cancelled; the hours that clocks skip or show
    twice among them."""
    zone = ZoneInfo(chance.choice(ZONES))
    start = (clock.now() + timedelta(days=chance.randrange(2, 300))).astimezone(zone)
    local = start.replace(
        tzinfo=None, hour=chance.randrange(24), minute=chance.choice((0, 15, 30)), second=0, microsecond=0
    )
    rule = chance.choice(RULES)
    try:
        found = dates(rule, local, zone) if rule else [local]
    except RuleError:
        return
    if not exists(local, zone):
        return
    minutes = chance.choice((5, 30, 60, 90, 240, 1440, 4320))
    event = course(
        scene.acting(scene.mara), [scene.house], zone=str(zone), local_start=local, rule=rule, minutes=minutes
    )
    assert event.occurrences.count() == len(found)
    for date in event.occurrences.select_related("event__owner").order_by("pk"):
        if chance.random() < 0.1:
            moved = date.local_start + timedelta(hours=chance.randrange(-20, 20))
            if exists(moved, zone) and date.starts_at < clock.now() + timedelta(days=350):
                events.change_date(Actor(scene.mara), date, date.version, local_start=moved, minutes=minutes + 15)
        elif chance.random() < 0.1:
            events.cancel_date(Actor(scene.mara), date)


@pytest.mark.django_db
def test_another_program_finds_the_same_moments(scene):
    chance = random.Random(5545)
    for _ in range(SERIES):
        made_up(scene, chance)
    assert Occurrence.objects.count() > 100
    said = fetched(subscribed(scene.lucia, "invited")).content
    assert laid_out(said, days=800) == portal_s()


@pytest.mark.django_db
def test_the_second_of_an_hour_that_is_shown_twice(scene):
    """From half past one to half past one, an hour later."""
    path = subscribed(scene.lucia, "invited")
    with clock.at(clock.now().replace(year=2027, month=10, day=1)):
        local = clock.now().replace(tzinfo=None, month=11, day=7, hour=1, minute=30, second=0, microsecond=0)
        course(scene.acting(scene.mara), [scene.house], local_start=local, rule="", minutes=60)
        said = fetched(path).content
        assert laid_out(said) == portal_s()
    (entry,) = Calendar.from_ical(said).walk("VEVENT")
    assert entry["DTSTART"].to_ical() == b"20271107T063000Z"
    assert entry["DTEND"].to_ical() == b"20271107T073000Z"


@pytest.mark.django_db
def test_zones_are_described_and_lines_are_as_long_as_they_may_be(scene):
    course(scene.acting(scene.mara), [scene.house], title="Ñandú, “á” " * 9)
    said = fetched(subscribed(scene.lucia, "invited")).content
    calendar = Calendar.from_ical(said)
    described = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    assert {e["DTSTART"].params["TZID"] for e in calendar.walk("VEVENT")} == described == {"America/Chicago"}
    assert max(len(line) for line in said.split(b"\r\n")) <= 75
    assert not calendar.errors


@pytest.mark.parametrize("zone", ZONES)
def test_who_knows_a_clock_by_our_words_alone_reads_it_right(zone):
    """dateutil, which takes nothing but what stands in the calendar."""
    text = b"BEGIN:VCALENDAR\r\n" + clock_of(zone, 2027).to_ical() + b"END:VCALENDAR\r\n"
    told = tzical(StringIO(text.decode())).get(zone)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    while moment < datetime(2030, 12, 31, tzinfo=UTC):
        ours = moment.astimezone(ZoneInfo(zone))
        if not is_shown_twice(ours):  # of such an hour dateutil takes the second
            assert moment.astimezone(told).utcoffset() == ours.utcoffset(), moment
        moment += timedelta(minutes=30)


def is_shown_twice(local):
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


CONFIG = """
[general]
status_path = "{folder}/status/"
[pair concord]
a = "remote"
b = "local"
collections = null
[storage remote]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{folder}/dates/"
fileext = ".ics"
"""


@pytest.mark.django_db(transaction=True)
def test_a_program_that_people_use_keeps_the_dates_and_follows_them(scene, tmp_path):
    """vdirsyncer, over HTTP, from the served portal."""
    course(scene.acting(scene.mara), [scene.house])
    with running(connection.settings_dict, tmp_path) as server:
        path = subscribed(scene.lucia, "invited")
        synchronize = synchronizer(tmp_path, f"{server.origin}{path}")
        assert synchronize() == portal_s()
        date = Occurrence.objects.select_related("event__owner").earliest("starts_at")
        events.change_date(Actor(scene.mara), date, date.version, local_start=date.local_start + timedelta(days=1))
        last = Occurrence.objects.select_related("event__owner").latest("starts_at")
        events.cancel_date(Actor(scene.mara), last)
        assert synchronize() == portal_s()
        feed = scene.lucia.calendar_feeds.get()
        world.client(scene.lucia).delete(f"/api/v1/calendar-feeds/{feed.pk}")
        with pytest.raises(subprocess.CalledProcessError) as refused:
            synchronize()
        assert "Not Found" in refused.value.stderr
        assert path.rsplit("/", 1)[1] not in server.log()


def synchronizer(folder: Path, url: str):
    """`synchronize()`: the dates that the program has on disk then."""
    config = folder / "config"
    config.write_text(CONFIG.format(folder=folder, url=url))
    (folder / "dates").mkdir()
    program = Path(sys.executable).with_name("vdirsyncer")

    def vdirsyncer(command):
        return subprocess.run(
            [program, "-c", config, command, "concord"], input="y\n", capture_output=True, text=True, check=True
        )

    vdirsyncer("discover")

    def synchronize():
        vdirsyncer("sync")
        files = sorted((folder / "dates").glob("*.ics"))
        return sorted(each for file in files for each in laid_out(file.read_bytes()))

    return synchronize
