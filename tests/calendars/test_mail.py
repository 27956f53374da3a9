"""Invitations by mail: decided when they go out, once for each change, and saying no more than their person chose."""

from datetime import timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from coordination.calendars import services
from coordination.calendars.models import Mail, MailedInvitation, Reminders
from coordination.calendars.queries import letter
from coordination.events import services as events
from coordination.events.models import Event, Occurrence, Registration
from portal.kernel import clock
from portal.kernel.standing import forget_standings
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from tests import world
from tests.events.gathering import cancel, course, dates, in_days, register, registration, whereabouts
from tests.scene import API, CANARY, Scene

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.event = course(scene.acting(scene.mara), [scene.house])
    scene.first, scene.second, scene.third = dates(scene.event)
    choose(scene.lucia, Mail.WITH_TITLE)
    return scene


def choose(person, chosen):
    services.choose(person, Reminders.NONE, chosen)


def sent():
    """What went out: to whom, how, and the entry."""
    world.work()
    found = [(m.to[0].split("@")[0], *said(m)) for m in mail.outbox]
    mail.outbox.clear()
    return found


def said(message):
    ((content, kind),) = message.alternatives
    calendar = Calendar.from_ical(content)
    assert kind == f"text/calendar; method={calendar['METHOD']}"
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), int(entry["SEQUENCE"]), str(entry["SUMMARY"])


def now(date):
    return Occurrence.objects.select_related("event__owner").get(pk=date.pk)


def change(scene, date, **fields):
    events.change_date(Actor(scene.mara), now(date), now(date).version, **fields)


def test_who_registers_is_mailed_and_then_of_each_change_once(scene):
    register(scene, scene.lucia, scene.first)
    assert sent() == [("lucia", "REQUEST", 0, "kestrel course")]
    register(scene, scene.dana, scene.first)  # nothing that Lucia's calendar would show
    assert sent() == []
    change(scene, scene.first, local_start=in_days(3, 15))
    assert sent() == [("lucia", "REQUEST", 1, "kestrel course")]
    change(scene, scene.first, seats=7)
    assert sent() == []
    events.cancel_date(Actor(scene.mara), now(scene.first))
    assert sent() == [("lucia", "CANCEL", 2, "Concord: an event")]


def test_a_seat_given_back_is_taken_back_and_one_taken_again_is_mailed_again(scene):
    register(scene, scene.lucia, scene.first)
    cancel(scene.lucia, registration(scene.lucia, scene.first))
    assert [each[1:3] for each in sent()] == []  # both before the first went out
    register(scene, scene.lucia, scene.first)
    assert [each[1:3] for each in sent()] == [("REQUEST", 0)]
    cancel(scene.lucia, registration(scene.lucia, scene.first))
    assert [each[1:3] for each in sent()] == [("CANCEL", 1)]
    register(scene, scene.lucia, scene.first)
    assert [each[1:3] for each in sent()] == [("REQUEST", 2)]


def test_who_waits_is_mailed_when_they_move_up(scene):
    change(scene, scene.first, seats=1)
    register(scene, scene.dana, scene.first)
    register(scene, scene.lucia, scene.first)
    assert sent() == []
    cancel(scene.dana, registration(scene.dana, scene.first))
    assert [each[:3] for each in sent()] == [("lucia", "REQUEST", 0)]


def test_a_storm_of_changes_is_mailed_as_it_ends(scene):
    register(scene, scene.lucia, scene.first)
    sent()
    for hour in (10, 11, 12, 13):
        change(scene, scene.first, local_start=in_days(3, hour))
    assert [each[1:3] for each in sent()] == [("REQUEST", 1)]
    change(scene, scene.first, local_start=in_days(4, 9))
    event = Event.objects.select_related("owner").get(pk=scene.event.pk)
    events.cancel_event(Actor(scene.mara), event)
    assert [each[1:3] for each in sent()] == [("CANCEL", 2)]
    assert MailedInvitation.objects.get().cancelled


def test_this_and_following_goes_on_in_the_same_entries(scene):
    register(scene, scene.lucia, scene.second)
    uid = MailedInvitation.objects.values_list("occurrence", flat=True)
    sent()
    events.change_following(Actor(scene.mara), now(scene.second), now(scene.second).version, title="Another course")
    assert sent() == [("lucia", "REQUEST", 1, "Another course")]
    assert list(uid) == [scene.second.pk]


def test_nobody_is_mailed_who_did_not_choose_it(scene):
    register(scene, scene.dana, scene.first)
    choose(scene.lucia, Mail.NONE)
    register(scene, scene.lucia, scene.first)
    assert sent() == []


def test_mail_begins_with_what_is_held_already_and_ends_when_it_is_not_wanted(scene):
    register(scene, scene.dana, scene.first)
    choose(scene.dana, Mail.WITHOUT_TITLE)
    assert sent() == [("dana", "REQUEST", 0, "Concord: an event")]
    choose(scene.dana, Mail.NONE)
    change(scene, scene.first, local_start=in_days(3, 15))
    assert sent() == []


def test_it_is_asked_again_when_it_goes_out(scene):
    """Changed my mind; sees it no more; is out of their organization: nothing is said that they may not know."""
    register(scene, scene.lucia, scene.first)
    with clock.at(clock.now() + timedelta(seconds=1)):
        services.revise_invitations(now(scene.first))  # decided, and not sent yet
    organizations.remove_person(scene.acting(scene.dana), OrganizationMember.objects.get(user=scene.lucia))
    assert sent() == [("lucia", "CANCEL", 1, "Concord: an event")]


def waiting(scene, person):
    """What is decided about their seat on the first date, and not sent yet."""
    register(scene, person, scene.first)
    services.revise_invitations(now(scene.first))
    return MailedInvitation.objects.get(person=person, occurrence=scene.first)


def test_what_is_newer_is_said_instead_and_nothing_after_the_date(scene):
    mailed = waiting(scene, scene.lucia)
    assert letter(mailed.pk, mailed.sequence).person == scene.lucia
    assert letter(mailed.pk, mailed.sequence + 1) is None
    with clock.at(scene.first.ends_at):
        assert letter(mailed.pk, mailed.sequence) is None


def test_each_is_mailed_as_they_chose_and_not_as_another_did(scene):
    mailed = waiting(scene, scene.lucia)
    choose(scene.dana, Mail.WITH_TITLE)
    choose(scene.lucia, Mail.NONE)
    assert letter(mailed.pk, mailed.sequence) is None
    choose(scene.lucia, Mail.WITHOUT_TITLE)
    assert letter(mailed.pk, mailed.sequence).entry.titled is False


def test_nothing_is_said_of_a_date_that_its_person_sees_no_more(scene):
    """Her place at the house has run out, and no sweep has come by; the clinic does not know of the course."""
    mailed = waiting(scene, scene.lucia)
    world.seat(scene.clinic, scene.lucia)
    course(scene.acting(scene.mara), [scene.clinic])
    assert letter(mailed.pk, mailed.sequence)
    world.expire(OrganizationMember.objects.get(user=scene.lucia, group=scene.house.members_id))
    forget_standings()
    assert registration(scene.lucia, scene.first).state == "registered"
    assert letter(mailed.pk, mailed.sequence) is None


def test_a_seat_on_one_date_is_none_on_another(scene):
    mailed = waiting(scene, scene.lucia)
    register(scene, scene.lucia, scene.second)
    Registration.objects.filter(person=scene.lucia, occurrence=scene.first).update(state="cancelled")
    assert letter(mailed.pk, mailed.sequence) is None


def test_the_mail_names_nothing_and_the_entry_no_place_and_nobody_but_its_reader(scene):
    register(scene, scene.lucia, scene.first)
    world.work()
    (message,) = mail.outbox
    assert CANARY not in message.subject + message.body
    assert "Agency" not in message.message().as_string()
    entry = message.alternatives[0][0]
    for word in (whereabouts(scene.event, "directions").text, "kestrel.example.org", "kestrel about", "Mara", "mara@"):
        assert word not in entry
    unfolded = entry.replace("\r\n ", "")
    assert "mailto:lucia@example.org" in unfolded
    assert "ORGANIZER:mailto:no-reply@localhost" in unfolded


@pytest.mark.parametrize("kind", ["staff_debrief", "survivor_led_session", "operation_briefing"])
def test_of_what_is_sensitive_the_title_is_never_mailed(scene, kind):
    choose(scene.mara, Mail.WITH_TITLE)
    event = course(scene.acting(scene.mara), [], event_kind=kind, working_groups=[scene.group])
    register(scene, scene.mara, dates(event)[0])
    world.work()
    (message,) = mail.outbox
    assert CANARY not in message.message().as_string()
    assert said(message)[2] == "Busy"
    entry = message.alternatives[0][0]
    assert str(dates(event)[0].pk) not in entry
    assert "Linn" not in entry


def test_a_mailed_entry_and_a_feed_are_of_the_same_date(scene):
    register(scene, scene.lucia, scene.first)
    world.work()
    answer = world.client(scene.lucia).get(f"{API}/occurrences/{scene.first.pk}/calendar")
    uids = [
        Calendar.from_ical(each).walk("VEVENT")[0]["UID"]
        for each in (answer.content, mail.outbox[0].alternatives[0][0])
    ]
    assert uids[0] == uids[1]


def test_what_was_chosen_is_told_to_its_person(scene):
    path = f"{API}/calendar-preferences"
    assert world.client(scene.dana).get(path).json() == {"reminders": "none", "mail": "none"}
    chosen = {"reminders": "both", "mail": "without_title"}
    assert world.client(scene.dana).put(path, chosen, JSON).json() == chosen
    assert world.client(scene.dana).get(path).json() == chosen
    assert world.client(scene.lucia).get(path).json() == {"reminders": "none", "mail": "with_title"}
    refused = world.client(scene.dana).put(path, {"reminders": "weekly", "mail": "none"}, JSON)
    assert refused.json()["errors"][0]["code"] == "not_a_choice"
