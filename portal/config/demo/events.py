"""The calendar of the demo: a course that is full, with those who wait; committees, a roll call, a webinar, a drill.

Times of day are by the clock of the network's zone; what is posted is posted some weeks ago, and goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from coordination.calendars import services as calendars
from coordination.calendars.models import Mail, Reminders, Shows
from coordination.events import services as events
from coordination.events.models import Event, Occurrence, Registration
from portal.config.demo.people import ZONE
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.people.models import User

if TYPE_CHECKING:
    from portal.config.demo.play import Play

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# days ago
POSTED, MARKED = 26, 1
POSTED_LATER = {"debrief": 2, "briefing": 2}
LINN, JOHNSON = "US-IA-113", "US-IA-103"


class Plan(NamedTuple):
    """`days` from now (past ones below 0) and the hour say the first date, which moves on to a day of `rule`."""

    by: str
    kind: str
    title: str
    about: str
    days: int
    time: str
    minutes: int
    # "weekly TU 12" or "monthly 2 TU 6"; empty: one date
    repeats: str = ""
    seats: int | None = None
    area: str = LINN
    houses: str = ""
    groups: str = ""
    everyone: bool = False
    exercise: bool = False
    directions: str = ""
    online: str = ""
    # whoever was there holds a certificate; anybody may read of it on the public pages
    certificate: bool = False
    public: bool = False


EVENTS = {
    "course": Plan(
        by="wren",
        kind="professional_training",
        title="The first hour: listening without hurry",
        about="For everybody who meets people on their first day. Survivor consultants teach it, and are paid.",
        days=-20,
        time="09:00",
        minutes=180,
        repeats="monthly 2 TU 6",
        seats=40,
        everyone=True,
        directions="The large room on the ground floor, by the ramp. Somebody is at the door from half past eight.",
        certificate=True,
    ),
    "committee": Plan(
        by="mara",
        kind="committee_meeting",
        title="Victim Services, weekly",
        about="What is open, who is full, what we need from each other. No names, no stories.",
        days=-21,
        time="10:00",
        minutes=60,
        repeats="weekly WE 16",
        area="",
        groups="victim_services",
        online="https://meet.demo.example/victim-services",
    ),
    "roll_call": Plan(
        by="dee",
        kind="roll_call_briefing",
        title="Roll call: signs at a traffic stop",
        about="Fifteen minutes before the shift: what to look for, whom to call, what not to ask.",
        days=-6,
        time="06:45",
        minutes=15,
        repeats="weekly MO 10",
        houses="police prosecutor",
    ),
    "webinar": Plan(
        by="nadia",
        kind="webinar",
        title="Las señales, y qué decir primero",
        about="Una hora en español para promotoras, escuelas y clínicas. Con tiempo para preguntas.",
        days=9,
        time="18:00",
        minutes=60,
        area="",
        everyone=True,
        online="https://meet.demo.example/senales",
        public=True,
    ),
    "fair": Plan(
        by="sol",
        kind="resource_fair",
        title="Feria de recursos en el parque",
        about="Mesas, comida y juegos. Cada organización trae lo que ofrece, en palabras sencillas.",
        days=5,
        time="11:00",
        minutes=240,
        repeats="weekly SA 3",
        area=JOHNSON,
        everyone=True,
        public=True,
    ),
    "exercise": Plan(
        by="yara",
        kind="tabletop_exercise",
        title="Tabletop: forty beds in one night",
        about="A drill on paper, nothing of it is real. Who calls whom, and what is missing at two.",
        days=12,
        time="13:00",
        minutes=150,
        seats=16,
        houses="harbor willow hospital sheriff hotline",
        exercise=True,
        directions="The county's small meeting room. Bring your telephone list.",
    ),
    "circle": Plan(
        by="noor",
        kind="survivor_led_session",
        title="Advisory circle",
        about="As every month. Paid, with a break, and the door is open in both directions.",
        days=6,
        time="16:00",
        minutes=120,
        repeats="monthly 1 TH 4",
        groups="advisory",
        area="",
        online="https://meet.demo.example/circle",
    ),
    "debrief": Plan(
        by="dana",
        kind="staff_debrief",
        title="Debrief after a long week",
        about="For those who were on call. Nobody writes anything down.",
        days=2,
        time="15:00",
        minutes=45,
    ),
    "briefing": Plan(
        by="tom",
        kind="operation_briefing",
        title="Heron briefing",
        about="Heron only.",
        days=3,
        time="08:00",
        minutes=60,
        area="",
        groups="rapid",
    ),
}
# who brings whom to the dates of the course that lie ahead: its seats are gone before the last of them
COURSE = {
    "mara": "jonas yara ben mara",
    "dana": "lucia tess dana",
    "rosa": "hal mina rosa",
    "noa": "cruz noa amir",
    "theo": "pilar theo",
    "sven": "marta sven",
    "ruth": "kofi lena joy",
    "dee": "omar dee",
    "luis": "nico",
    "sam": "iris sam",
    "bao": "leila fode bao",
    "carlos": "dot eli anna",
    "jo": "kit paz",
    "ray": "lou ray",
    "cal": "skye cal",
    "tara": "tara",
    "ali": "fern ali",
    "ellen": "abe ellen",
    "bea": "bea",
    "desta": "desta",
}
COMES = (
    *(("webinar", "lucia"), ("webinar", "paz"), ("webinar", "beto"), ("webinar", "chela"), ("webinar", "sol")),
    *(("fair", "grace"), ("fair", "nadia"), ("fair", "lucia"), ("fair", "mara"), ("fair", "dana")),
    *(("committee", "dana"), ("committee", "noor"), ("committee", "anna"), ("committee", "mara")),
    *(("exercise", "dana"), ("exercise", "tom"), ("exercise", "max"), ("debrief", "tess")),
)
# of how many of these somebody came to the date before
CAME = 6
# whose telephone reads which of their dates, and when they are reminded
ELSEWHERE = (
    ("mara", "Work phone", Shows.REGISTERED, Reminders.BOTH),
    ("sol", "Teléfono del trabajo", Shows.INVITED, Reminders.DAY),
)
# gave their seat back, so that somebody moved up
GAVE_BACK = "cruz"


def calendar(play: Play) -> None:
    for number, key in enumerate(EVENTS):
        day = play.hours.on(POSTED_LATER.get(key, POSTED), "10:00")
        play.at(day + timedelta(minutes=11 * number), post, play, key)
    for number, (by, people) in enumerate(COURSE.items()):
        moment = play.hours.on(POSTED - 3, "11:00") + timedelta(minutes=47 * number)
        play.at(moment, bring, play, by, people, number < CAME)
    for number, (key, who) in enumerate(COMES):
        play.at(play.hours.on(1, "12:00") + timedelta(minutes=9 * number), come, play, key, who)
    play.at(play.hours.on(MARKED, "16:00"), mark, play)
    play.at(play.hours.ago(95), cancel, play, "fair")
    play.at(play.hours.ago(50), give_back, play)
    for number, (who, *chosen) in enumerate(ELSEWHERE):
        play.at(play.hours.on(2, "09:00") + timedelta(minutes=8 * number), subscribe, play, who, *chosen)


def post(play: Play, key: str) -> None:
    plan = EVENTS[key]
    said = {"directions": plan.directions, "online": plan.online}
    event = events.post_event(
        play.acting(plan.by),
        event_kind=plan.kind,
        title=plan.title,
        about=plan.about,
        area=plan.area,
        zone=ZONE,
        local_start=first(play, plan),
        minutes=plan.minutes,
        rule=rule(plan.repeats),
        seats=plan.seats,
        exercise=plan.exercise,
        organizations=[play.houses[house] for house in plan.houses.split()],
        working_groups=[play.groups[group] for group in plan.groups.split()],
        everyone=plan.everyone,
        places=[{"what": what, "text": text, "shown_to": "registered"} for what, text in said.items() if text],
        certificate=plan.certificate,
    )
    if plan.public:
        events.publish_event(Actor(play.who[plan.by]), event)


def rule(repeats: str) -> str:
    match repeats.split():
        case ["weekly", day, number]:
            return f"FREQ=WEEKLY;BYDAY={day};COUNT={number}"
        case ["monthly", nth, day, number]:
            return f"FREQ=MONTHLY;BYDAY={nth}{day};COUNT={number}"
    return ""


def first(play: Play, plan: Plan) -> datetime:
    """On a day that fits, from the planned one on."""
    local = play.hours.on(-plan.days, plan.time).replace(tzinfo=None)
    match plan.repeats.split():
        case ["weekly", day, _]:
            return local + timedelta(days=(DAYS.index(day) - local.weekday()) % 7)
        case ["monthly", nth, day, _]:
            while local.weekday() != DAYS.index(day) or (local.day - 1) // 7 != int(nth) - 1:
                local += timedelta(days=1)
    return local


def dates(key: str, **which: datetime) -> list[Occurrence]:
    found = Event.objects.get(title=EVENTS[key].title).occurrences.filter(state="planned", **which)
    return list(found.select_related("event__owner").order_by("starts_at"))


def ahead(key: str) -> Occurrence:
    return dates(key, starts_at__gt=clock.now())[0]


def bring(play: Play, by: str, people: str, came_before: bool) -> None:
    """To the next date that lies ahead still; some came to the one before."""
    coming = dates("course", starts_at__gt=play.hours.now)[:1]
    past = dates("course", starts_at__gt=clock.now(), starts_at__lte=play.hours.now) if came_before else []
    for date in (*past[:1], *coming):
        events.register_people(play.acting(by), date, play.named(people))


def come(play: Play, key: str, who: str) -> None:
    events.register(play.acting(who), ahead(key))


def mark(play: Play) -> None:
    """Nearly all were there."""
    rows = Registration.objects.filter(
        occurrence__event__title=EVENTS["course"].title, occurrence__ends_at__lte=clock.now(), state="registered"
    )
    for number, held in enumerate(rows.select_related("occurrence__event__owner", "organization", "person")):
        events.mark_attendance(play.acting("wren"), held, number % 9 != 0)


def cancel(play: Play, key: str) -> None:
    """A storm is announced for the first of them."""
    events.cancel_date(Actor(play.who[EVENTS[key].by]), ahead(key))


def subscribe(play: Play, who: str, name: str, shows: Shows, reminders: Reminders) -> None:
    calendars.make_feed(play.who[who], name, shows)
    calendars.choose(play.who[who], reminders, Mail.NONE)


def give_back(play: Play) -> None:
    person: User = play.who[GAVE_BACK]
    rows = Registration.objects.filter(person=person, occurrence=ahead("course"), state="registered")
    for held in rows.select_related("occurrence__event__owner", "organization", "person"):
        events.cancel_registration(Actor(person), held)
