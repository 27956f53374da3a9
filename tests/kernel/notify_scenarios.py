"""What runs the services of waking."""

from datetime import time

from messaging.models import Message
from messaging.waking import URGENT
from portal.kernel import clock
from portal.notify import services as notify
from portal.notify.models import PushSubscription, Wake
from tests import world
from tests.permissions.calls import DEVICE

KEYS = {name: DEVICE[name] for name in ("endpoint", "public_key", "secret", "neutral")}


def subscribe(s):
    notify.subscribe(s.dana, world.session(s.dana), **KEYS)


def renew(s):
    subscribe(s)
    return lambda: notify.renew(s.dana, world.session(s.dana), **KEYS)


def unsubscribe(s):
    subscribe(s)
    return lambda: notify.unsubscribe(s.dana, s.dana.push_subscriptions.get().session_id)


def forget_device(s):
    subscribe(s)
    return lambda: notify.forget_device(PushSubscription.objects.get())


def set_quiet_hours(s):
    notify.set_quiet_hours(s.dana, time(22), time(7))


def drop_quiet_hours(s):
    set_quiet_hours(s)
    return lambda: notify.drop_quiet_hours(s.dana)


def urgent(s):
    return s.say(s.mara, urgent=True)


def plan_wakes(s):
    subscribe(s)
    message = urgent(s)
    return lambda: notify.plan_wakes(URGENT, message.pk)


def wake(s):
    plan_wakes(s)()
    assert Wake.objects.exists()
    return lambda: notify.wake(s.dana)


def call_again(s):
    from messaging.services import call_again

    message = urgent(s)
    Message.objects.filter(pk=message.pk).update(calls_at=clock.now())
    return lambda: call_again(message)


NOTIFY = {
    "messaging.services.call_again": call_again,
    **{
        f"portal.notify.services.{scenario.__name__}": scenario
        for scenario in (
            *(subscribe, renew, unsubscribe, forget_device),
            *(set_quiet_hours, drop_quiet_hours, plan_wakes, wake),
        )
    },
}
