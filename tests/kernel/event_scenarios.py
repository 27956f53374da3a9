"""The services of events and calendars, each run once: a part of SCENARIOS."""

from coordination.events import services as events
from coordination.events.models import Event
from portal.kernel import clock
from portal.kernel.writing import Actor
from tests.calendars.scenarios import CALENDARS
from tests.events.gathering import cancel, course, dates, in_days, register, registration, whereabouts


def event():
    return Event.objects.select_related("owner").earliest("pk")


def date(number=0):
    return dates(event())[number]


def held(person):
    return registration(person, date())


def share_event(s):
    register(s, s.lucia, date(1))
    return lambda: events.share_event(s.acting(s.mara), event(), organizations=[s.clinic], working_groups=[s.group])


def unshare_event(s):
    return lambda: events.unshare_event(s.acting(s.mara), event(), s.house.members.uuid)


def unpublish_event(s):
    events.publish_event(Actor(s.mara), event())
    return lambda: events.unpublish_event(Actor(s.mara), event())


def change_following(s):
    """Another event, on other days: what was registered for goes with its date, or is told that it does not take
    place."""
    register(s, s.lucia, date(1))
    register(s, s.dana, date(2))
    parting = date(1)
    return lambda: events.change_following(
        Actor(s.mara), parting, parting.version, local_start=in_days(9, 14), rule="FREQ=WEEKLY;COUNT=1", seats=4
    )


def mark_attendance(s):
    with clock.at(date().starts_at):
        events.mark_attendance(Actor(s.mara), held(s.lucia), True)


def say_where(s):
    bare = course(s.acting(s.mara), [s.house], places=[])
    return lambda: events.say_where(Actor(s.mara), bare, "directions", "Up the stairs", "registered")


def acknowledge_news(s):
    cancel(s.lucia, held(s.lucia))
    return lambda: events.acknowledge_news(Actor(s.dana), held(s.dana))


EVENTS = {
    **CALENDARS,
    "coordination.events.services.post_event": lambda s: course(s.acting(s.mara), [s.house], working_groups=[s.group]),
    "coordination.events.services.edit_event": lambda s: events.edit_event(
        Actor(s.mara), event(), event().version, title="Other", seats=2
    ),
    "coordination.events.services.cancel_event": lambda s: events.cancel_event(Actor(s.mara), event()),
    "coordination.events.services.share_event": share_event,
    "coordination.events.services.unshare_event": unshare_event,
    "coordination.events.services.publish_event": lambda s: events.publish_event(Actor(s.mara), event()),
    "coordination.events.services.unpublish_event": unpublish_event,
    "coordination.events.services.change_date": lambda s: events.change_date(
        Actor(s.mara), date(), date().version, local_start=in_days(3), minutes=60, seats=2
    ),
    "coordination.events.services.change_following": change_following,
    "coordination.events.services.cancel_date": lambda s: events.cancel_date(Actor(s.mara), date()),
    "coordination.events.services.register": lambda s: events.register(s.acting(s.mara), date()),
    "coordination.events.services.register_people": lambda s: events.register_people(
        s.acting(s.dana), date(1), [s.dana, s.lucia]
    ),
    "coordination.events.services.cancel_registration": lambda s: cancel(s.lucia, held(s.lucia)),
    "coordination.events.services.mark_attendance": mark_attendance,
    "coordination.events.services.acknowledge_news": acknowledge_news,
    "coordination.events.services.say_where": say_where,
    "coordination.events.services.edit_whereabouts": lambda s: events.edit_whereabouts(
        Actor(s.mara), whereabouts(event(), "directions"), 1, text="Down the stairs", shown_to="registered"
    ),
    "coordination.events.services.remove_whereabouts": lambda s: events.remove_whereabouts(
        Actor(s.mara), whereabouts(event(), "online")
    ),
}
