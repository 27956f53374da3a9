"""The events of the matrix: a course of the owner's for the addressed, one of whom comes; and one that has begun."""

import datetime
from typing import Any

from coordination.certificates.models import Certificate
from coordination.events import services as events
from coordination.events.models import Event, Occurrence, Registration, Whereabouts
from portal.kernel import clock

ZONE = "America/Chicago"
WHEN = {"zone": ZONE, "minutes": 120, "rule": "", "seats": 9, "area": "US-IA", "exercise": False}


def about_events(stage: Any) -> None:
    """The addressed member holds a seat, and with it is shown the link."""
    house = stage.organization["house"]
    course = posted(stage, "event", [house])
    date = date_of(course)
    registration = registered(stage, date)
    target = stage.organization["target"]
    stage.put("event", id=course, event_id=course, organization=target, shared_with=house.members.uuid)
    stage.put("date", id=date, person=stage.person["addressed.member"])
    stage.put("registration", id=registration)
    for word, what in (("directions", "directions"), ("link", "online")):
        stage.put(word, id=Whereabouts.objects.get(event=course, what=what))
    with clock.at(clock.now() - datetime.timedelta(days=2)):
        begun = date_of(posted(stage, "begun event", [house], certificate=True))
        attended = registered(stage, begun)
    stage.put("begun date", id=begun, person=stage.person["addressed.member"])
    events.mark_attendance(stage.alone("owner.coordinator"), attended, True)
    stage.put("begun registration", id=attended)
    stage.put("certificate", id=Certificate.objects.get())
    moved = date_of(posted(stage, "moved event", [house]))
    stage.put("moved registration", id=registered(stage, moved))
    moved = date_of(moved.event)
    events.change_date(stage.alone("owner.coordinator"), moved, moved.version, minutes=60)
    stage.course = course


def posted(stage: Any, word: str, organizations: list[Any], **said: Any) -> Event:
    places = [
        {"what": "directions", "text": "[directions text]", "shown_to": "invited"},
        {"what": "online", "text": "[link text]", "shown_to": "registered"},
    ]
    return events.post_event(
        stage.acting("poster" if word == "event" else "owner.coordinator"),
        event_kind="webinar",
        title="[event title]" if word == "event" else "Another course",
        about="[event about]" if word == "event" else "",
        local_start=(clock.now() + datetime.timedelta(days=1)).replace(tzinfo=None, second=0, microsecond=0),
        organizations=organizations,
        places=places if word == "event" else [],
        **WHEN,
        **said,
    )


def date_of(event: Event) -> Occurrence:
    return Occurrence.objects.select_related("event__owner").get(event=event)


def registered(stage: Any, date: Occurrence) -> Registration:
    events.register(stage.acting("addressed.member"), date)
    return Registration.objects.get(occurrence=date)


def close_events(stage: Any) -> None:
    stage.course.refresh_from_db()
    events.cancel_event(stage.alone("owner.coordinator"), stage.course)


def withdraw_events(stage: Any) -> None:
    """Whose seat it was, keeps that they had one, and its organization does not."""
    house = stage.organization["house"]
    stage.course.refresh_from_db()
    events.unshare_event(stage.acting("owner.coordinator"), stage.course, house.members.uuid)
