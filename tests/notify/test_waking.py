"""Who is woken for what, and when not: what was seen, taken away or signed out by then wakes nobody."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.requests import services as requests
from coordination.resources import services as resources
from messaging import services as messaging
from portal.jobs.models import Job
from portal.jobs.worker import run_one
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.notify import services
from portal.notify.models import PushSubscription, Wake
from portal.organizations.models import OrganizationMember
from portal.people import services as people
from portal.people.models import Session
from tests import world
from tests.messaging.message_calls import JSON
from tests.scene import API, CANARY, denied, details, faults

SENTENCE = {"name": "Concord", "neutral": False, "text": "Something is waiting for you."}
NIGHT = datetime(2030, 6, 10, 23, tzinfo=ZoneInfo("UTC"))


def ask(scene, kind="emergency_shelter", **more):
    given = {"details": details(), **more}
    return requests.post_request(
        scene.acting(scene.mara), request_kind=kind, organizations=[scene.house], working_groups=[], **given
    )


def trifle(scene):
    """A request that is for nobody's safety."""
    return ask(scene, "information_request", details={"topic": "law", "question": f"{CANARY} question"})


# who


def test_coordinators_of_an_organization_that_is_asked(scene, device, after):
    for person in (scene.mara, scene.dana, scene.lucia, scene.grace, scene.otto):
        device(person)
    ask(scene)
    assert after() == ["Dana"]
    assert after(2) == []


def test_whoever_is_on_call_instead(scene, device, after):
    device(scene.dana), device(scene.lucia)
    scene.shift(scene.dana, -1, 8)
    ask(scene)
    assert after() == ["Lucia"]


def test_those_on_call_alone_know_of_an_operation(scene, device, after):
    device(scene.dana), device(scene.lucia)
    scene.operation()
    assert after() == ["Lucia"]


def test_once_more_when_they_are_reminded(scene, device, after):
    device(scene.dana)
    request = ask(scene)
    assert after() == ["Dana"]
    scene.ring(request, 5)
    assert after(6) == ["Dana"]


def test_whoever_it_is_escalated_to(scene, device, after):
    for person in (scene.mara, scene.jonas, scene.dana):
        device(person)
    device(world.administrator("Chief"))
    request = ask(scene, backup=scene.jonas.pk, note=f"{CANARY} note")
    assert after() == ["Dana"]
    told = []
    for minutes in (5, 10, 15):
        scene.ring(request, minutes)
        told.append([name for name in after(minutes + 1) if name != "Dana"])
    assert told == [["Jonas"], ["Mara"], ["Chief"]]


def test_nobody_any_more_when_it_was_answered(scene, device, after):
    device(scene.dana), device(scene.jonas)
    request = ask(scene, backup=scene.jonas.pk)
    scene.ring(request, 5)
    scene.answer(request, scene.dana)
    assert after(6) == []


def test_coordinators_of_what_may_meet_a_need(scene, device, after):
    device(scene.dana), device(scene.lucia), device(scene.otto)
    assert scene.offer
    resources.record_suggestions(scene.need)
    assert after() == ["Dana"]


def test_whoever_is_mentioned_or_written_to(scene, device, after):
    assert scene.group
    for person in (scene.mara, scene.dana):
        device(person)
    scene.say(scene.mara)
    assert after() == []
    scene.say(scene.mara, mentions=[scene.dana.pk])
    assert after() == ["Dana"]
    scene.say_in(scene.talk, scene.dana)
    assert after() == ["Mara"]


@pytest.mark.parametrize("what", ["read", "muted", "deleted", "at a screen", "own"])
def test_not_for_a_message_that_does_not_wait(scene, device, after, what):
    dana = device(scene.dana)
    message = scene.say(scene.dana if what == "own" else scene.mara, mentions=[scene.dana.pk])
    channel = scene.group.channel
    if what == "read":
        messaging.mark_read(Actor(scene.dana), channel, message.position)
    elif what == "muted":
        messaging.mute_channel(Actor(scene.dana), channel, True)
    elif what == "deleted":
        messaging.delete_message(Actor(scene.mara), message)
    elif what == "at a screen":
        people.note_activity(scene.dana, dana.session)
    assert after() == []


# not any more


def gone(scene, dana):
    scene.dana.is_active = False
    scene.dana.save()


ENDS = {
    "removed": lambda s, dana: (
        world.seat(s.house, s.lucia, "administrator"),
        world.remove(s.acting(s.lucia), OrganizationMember.objects.get(user=s.dana)),
    ),
    "suspended": lambda s, dana: s.suspend(s.house),
    "gone": gone,
    "withdrawn": lambda s, dana: requests.withdraw_request(s.acting(s.mara), s.asked),
    "acknowledged": lambda s, dana: requests.acknowledge_request(s.acting(s.dana), s.asked),
    "signed out": lambda s, dana: people.sign_out(s.dana, dana.session),
    "signed out from afar": lambda s, dana: people.end_session(s.dana, Session.objects.get(pk=dana.session).public_id),
    "password changed": lambda s, dana: people.change_password(s.dana, "!", keep=world.session(s.dana)),
    "unsubscribed": lambda s, dana: services.unsubscribe(s.dana, dana.session),
}


@pytest.mark.parametrize("stage", ["called", "planned", "tried"])
@pytest.mark.parametrize("what", ENDS)
def test_not_after_it_ended(scene, device, after, service, what, stage):
    """Whether it was only called for, planned to the second, or tried once and refused for the moment."""
    dana = device(scene.dana)
    scene.asked = ask(scene)
    if stage == "planned":
        assert run_one()
        assert Wake.objects.filter(person=scene.dana).exists()
    elif stage == "tried":
        service.answers["Dana"] = 503
        while not service.came:
            assert run_one()
        service.answers.clear()
    began = len(service.came)
    ENDS[what](scene, dana)
    Job.objects.update(last_error="")
    after(3)
    assert len(service.came) == began


def test_a_session_that_has_run_out_leaves_its_device(scene, device, after):
    dana = device(scene.dana)
    Session.objects.filter(pk=dana.session).delete()
    ask(scene)
    assert after() == ["Dana"]
    people.end_sessions(scene.dana)
    assert not PushSubscription.objects.exists()


# what it says


def test_it_says_one_sentence_and_no_word_of_anything(scene, device, after, service):
    dana = device(scene.dana)
    ask(scene, note=f"{CANARY} note")
    trifle(scene)
    scene.say_in(scene.talk, scene.mara, f"{CANARY} confidence")
    while not service.came or Job.objects.exists():
        after(2)
        Job.objects.filter(kind__contains="routine").delete()
    sizes = {len(body) for _, _, body in service.came}
    assert len(sizes) == 1
    for _, headers, body in service.came:
        assert dana.opened(body) == SENTENCE
        told = str(headers).lower()
        for word in (CANARY, "agency", "harbor", "mara", "dana", "request", "shelter", str(scene.dana.pk)):
            assert word not in told
        assert (headers["TTL"], headers["Topic"], headers["Urgency"]) == ("86400", "waiting", "high")
        assert headers["Content-Encoding"] == "aes128gcm"


def test_it_says_so_in_their_language_and_by_the_name_they_chose(scene, device, after, service):
    people.change_preferences(scene.dana, locale="es")
    dana = device(scene.dana, neutral=True)
    ask(scene)
    after()
    told = dana.opened(service.came[0][2])
    assert told == {"name": "Notas", "neutral": True, "text": "Algo le espera."}


def test_ten_that_come_together_wake_once(scene, device, after):
    device(scene.dana)
    for _ in range(10):
        trifle(scene)
    assert after() == ["Dana"]


# quiet hours


def quiet(person):
    services.set_quiet_hours(person, time(22), time(7))


def test_in_quiet_hours_all_waits_for_their_end_and_wakes_once(scene, device, after):
    with clock.at(NIGHT):
        device(scene.dana)
        quiet(scene.dana)
        first, second = trifle(scene), trifle(scene)
        requests.acknowledge_request(scene.acting(scene.dana), first)
        assert second
        assert after() == []
        assert after(7 * 60 + 59) == []
        assert after(8 * 60 + 1) == ["Dana"]
        assert after(9 * 60) == []


def test_what_was_seen_by_then_wakes_nobody(scene, device, after):
    with clock.at(NIGHT):
        device(scene.dana)
        quiet(scene.dana)
        request = trifle(scene)
        assert after() == []
        requests.acknowledge_request(scene.acting(scene.dana), request)
        assert after(9 * 60) == []


def test_a_drill_does_not_come_through(scene, device, after):
    with clock.at(NIGHT):
        device(scene.dana)
        quiet(scene.dana)
        ask(scene, exercise=True, details=details(starts_at=(NIGHT + timedelta(hours=2)).isoformat()))
        assert after() == []


def test_what_is_for_safety_comes_through(scene, device, after):
    with clock.at(NIGHT):
        device(scene.dana)
        quiet(scene.dana)
        request = ask(scene, details=details(starts_at=(NIGHT + timedelta(hours=2)).isoformat()))
        assert after() == ["Dana"]
        scene.ring(request, 5)
        assert after(6) == ["Dana"]
        scene.say_in(scene.board, scene.mara, urgent=True)
        assert after(7) == ["Dana"]


# how it is sent


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_subscription_that_is_over_is_forgotten(scene, device, after, service, status):
    device(scene.dana)
    service.answers["Dana"] = status
    ask(scene)
    assert after() == ["Dana"]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_what_is_not_taken_is_tried_again_later(scene, device, service, status):
    device(scene.dana)
    service.answers["Dana"] = status
    Job.objects.all().delete()
    ask(scene)
    for number in (1, 2, 3):
        with clock.at(clock.now() + timedelta(minutes=number)):
            while run_one():
                pass
        assert set(service.woken) == {"Dana"}
    waiting = Job.objects.get(kind=services.PUSH)
    assert (waiting.attempts, waiting.last_error) == (len(service.came), "NotTaken")
    assert PushSubscription.objects.exists()


def test_a_push_service_that_is_not_reached_is_tried_again(scene, device, service):
    device(scene.dana)
    Job.objects.all().delete()
    ask(scene)
    service.server.shutdown()
    service.server.server_close()
    with clock.at(clock.now() + timedelta(minutes=1)):
        while run_one():
            pass
    assert Job.objects.get(kind=services.PUSH).last_error == "ConnectionRefusedError"


# whose


def put(person, session, **form):
    caller = world.client()
    caller.cookies["session"] = session
    return caller.put(f"{API}/waking/device", form, **JSON)


def test_the_form_of_a_device(scene, service, device):
    browser = device(scene.dana)
    for changed, fault in (
        ({"endpoint": "https://127.0.0.1/"}, ("endpoint", "not_a_choice")),
        ({"public_key": "x"}, ("public_key", "invalid")),
        ({"public_key": "A" * 87}, ("public_key", "invalid")),
        ({"secret": "AAAA"}, ("secret", "invalid")),
    ):
        form = {**browser.form, **changed}
        assert faults(denied(lambda form=form: put(scene.dana, browser.session, **form))) == [fault]


def test_whoever_lets_a_device_be_woken_has_it(scene, device, service):
    dana, lucia = device(scene.dana), world.session(scene.lucia)
    assert put(scene.lucia, lucia, **dana.form).json()["device"]
    assert [d.person for d in PushSubscription.objects.all()] == [scene.lucia]


def test_whoever_else_comes_back_on_a_device_ends_what_was_asked_there(scene, device):
    dana, lucia = device(scene.dana), world.session(scene.lucia)
    again = world.session(scene.dana)
    assert put(scene.dana, again, renew=True, **dana.form).json()["device"]
    assert not put(scene.lucia, lucia, renew=True, **dana.form).json()["device"]
    assert not PushSubscription.objects.exists()


def test_quiet_hours_are_set_and_dropped(scene):
    caller = world.client(scene.dana)
    put = lambda **form: caller.put(f"{API}/waking/quiet-hours", form, **JSON)  # noqa: E731
    assert put(begins="22:00", ends="07:00").json()["quiet_hours"] == {"begins": "22:00", "ends": "07:00"}
    assert faults(denied(lambda: put(begins="22:00", ends="22:00"))) == [("ends", "wrong_order")]
    assert faults(denied(lambda: put(begins="25:00", ends="07:00"))) == [("begins", "invalid")]
    assert faults(denied(lambda: put(begins=22, ends="07:00"))) == [("begins", "invalid")]
    assert caller.delete(f"{API}/waking/quiet-hours").json()["quiet_hours"] is None


def test_what_is_told_of_waking_is_ones_own_and_of_this_device(scene, device):
    dana = device(scene.dana)
    world.client(scene.dana).put(f"{API}/waking/quiet-hours", {"begins": "22:00", "ends": "07:00"}, **JSON)
    for person in (scene.dana, scene.lucia):
        told = world.client(person).get(f"{API}/waking").json()
        assert (told["device"], told["quiet_hours"] is not None) == (False, person == scene.dana)
    assert PushSubscription.objects.get().session_id == dana.session
