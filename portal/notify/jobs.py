"""Background work of waking. Every step is safe to run twice."""

from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.jobs.outbox import job
from portal.notify import services, web_push
from portal.notify.models import PushSubscription
from portal.notify.reasons import CALL
from portal.people.models import User

# the subscription is over, or was made for another key than the portal's
GONE = (401, 403, 404, 410)
# the same for everything, as are its length and its urgency: nothing tells one from another on its way
KEPT_SECONDS = 24 * 60 * 60
LENGTH = 256


class NotTaken(Exception):
    """The push service asks to come again later."""


@job(CALL)
def call(reason: str, subject: str) -> None:
    services.plan_wakes(reason, UUID(subject))


@job(services.WAKE)
def wake(person: str) -> None:
    found = User.objects.filter(pk=UUID(person)).first()
    if found:
        services.wake(found)


@job(services.PUSH)
def push(device: str, about: list[Any]) -> None:
    """Asked once more, now that it goes out: tried again, it may have been seen, or taken away, meanwhile."""
    found = PushSubscription.objects.filter(pk=UUID(device)).select_related("person").first()
    if found is None or not services.still_wanted(found.person_id, about):
        return
    if not web_push.is_allowed(found.endpoint):
        services.forget_device(found)
        return
    status = web_push.post(
        found.endpoint,
        web_push.sealed(message(found), found.public_key, found.secret),
        {
            "Authorization": web_push.signature(found.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Urgency": "high",
            "Topic": "waiting",
        },
    )
    if status in GONE:
        services.forget_device(found)
    elif status >= 300:
        raise NotTaken


def message(device: PushSubscription) -> bytes:
    """One sentence, whatever it is about."""
    with override(device.person.locale):
        name = _("Notes") if device.neutral else "Concord"
        said = {"name": name, "neutral": device.neutral, "text": _("Something is waiting for you.")}
        return msgspec.json.encode(said).ljust(LENGTH)
