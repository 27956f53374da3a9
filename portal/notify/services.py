"""Every write about waking. What wakes somebody, and when, is nobody else's business: no audit record says it."""

import random
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from portal.jobs.outbox import enqueue
from portal.kernel.errors import Invalid
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.notify import web_push
from portal.notify.models import PushSubscription, QuietHours, Wake
from portal.notify.quiet import end_of_quiet
from portal.notify.reasons import NOBODY, REASONS, Call
from portal.people.models import Session, User

WAKE = "notify.wake"
PUSH = "notify.push"
# what is not for safety comes after a while that tells nobody who did what just then
SOON = (2.0, 8.0)


@service
def subscribe(person: User, session: str, endpoint: str, public_key: str, secret: str, *, neutral: bool) -> None:
    """This device is woken from now on. One that somebody else had let be woken is theirs no more."""
    require_push_service(endpoint)
    require_keys(public_key, secret)
    with writing(Actor(person)) as w:
        device = {"person": person, "session_id": session, "public_key": public_key, "secret": secret}
        PushSubscription.objects.filter(session=session).exclude(endpoint=endpoint).delete()
        PushSubscription.objects.update_or_create(endpoint=endpoint, defaults={**device, "neutral": neutral})
        w.audit("person.subscribe_device", person_id=str(person.pk))


@service
def renew(person: User, session: str, endpoint: str, public_key: str, secret: str, *, neutral: bool) -> None:
    """Its owner is back on it, in a session that may be another; what others had asked for on it is over."""
    with writing(Actor(person)):
        kept = PushSubscription.objects.filter(endpoint=endpoint)
        kept.exclude(person=person).delete()
        kept.update(session=session, public_key=public_key, secret=secret, neutral=neutral)


@service
def unsubscribe(person: User, session: str) -> None:
    with writing(Actor(person)) as w:
        if PushSubscription.objects.filter(person=person, session=session).delete()[0]:
            w.audit("person.unsubscribe_device", person_id=str(person.pk))


@service
def set_quiet_hours(person: User, begins: time, ends: time) -> QuietHours:
    if begins == ends:
        raise Invalid("ends", "wrong_order", "Quiet hours end at another time than they begin.")
    with writing(Actor(person)) as w:
        hours, _ = QuietHours.objects.update_or_create(person=person, defaults={"begins": begins, "ends": ends})
        w.audit("person.set_quiet_hours", person_id=str(person.pk))
        return hours


@service
def drop_quiet_hours(person: User) -> None:
    with writing(Actor(person)) as w:
        if QuietHours.objects.filter(person=person).delete()[0]:
            w.audit("person.drop_quiet_hours", person_id=str(person.pk))


@service
def plan_wakes(reason: str, subject: UUID) -> None:
    """For whoever it is now: each once, however often they are called about it meanwhile."""
    wanted = who(reason, subject)
    people = {device.person_id for device in PushSubscription.objects.filter(person__in=wanted.people)}
    with writing(THE_PORTAL) as w:
        for person in sorted(people):
            due_at = w.at if wanted.for_safety else w.at + timedelta(seconds=random.uniform(*SOON))  # noqa: S311
            wake, is_new = Wake.objects.get_or_create(
                person_id=person, reason=reason, subject=subject, defaults={"due_at": due_at}
            )
            if is_new or wake.due_at > due_at:
                plan(wake, due_at)


@service
def wake(person: User) -> None:
    """About all that is due by now, at once; what is not for safety waits for the end of their quiet hours.

    Whatever they have seen meanwhile, or may not see any more, is dropped.
    """
    with writing(THE_PORTAL) as w:
        due = list(Wake.objects.select_for_update().filter(person=person, due_at__lte=w.at))
        quiet_until = end_of_quiet_hours(person, w.at)
        told = []
        for each in due:
            wanted = who(each.reason, each.subject)
            if person.pk in wanted.people and quiet_until and not wanted.for_safety:
                plan(each, quiet_until)
                continue
            each.delete()
            if person.pk in wanted.people:
                told.append((each.reason, str(each.subject)))
        if told:
            for device in person.push_subscriptions.all():
                enqueue(PUSH, device=str(device.pk), about=told)


@service
def forget_device(device: PushSubscription) -> None:
    """Its push service knows it no more."""
    with writing(THE_PORTAL) as w:
        PushSubscription.objects.filter(pk=device.pk, endpoint=device.endpoint).delete()
        w.audit("person.unsubscribe_device", person_id=str(device.person_id))


def end_with_sessions(w: Writing, person: User, ended: QuerySet[Session], *, elsewhere: bool) -> None:
    """A device that is signed out sleeps; signed out everywhere else, so do those whose session had run out."""
    theirs = Q(session__in=ended) | Q(session=None) if elsewhere else Q(session__in=ended)
    PushSubscription.objects.filter(theirs, person=person).delete()


def forget_person(w: Writing, person: User) -> None:
    for rows in (PushSubscription.objects, QuietHours.objects, Wake.objects):
        rows.filter(person=person).delete()


# the pieces of these sentences


def who(reason: str, subject: UUID) -> Call:
    """Whom it is for now, of those who still sign in here; nobody where what it is about is gone."""
    found = REASONS[reason](subject)
    if not found.people:
        return NOBODY
    active = User.objects.filter(pk__in=found.people, is_active=True).values_list("pk", flat=True)
    return Call(frozenset(active), found.for_safety)


def still_wanted(person: UUID, about: Collection[Any]) -> bool:
    return any(person in who(reason, UUID(subject)).people for reason, subject in about)


def plan(wake: Wake, due_at: datetime) -> None:
    wake.due_at = due_at
    wake.save(update_fields=["due_at"])
    enqueue(WAKE, run_at=due_at, person=str(wake.person_id))


def end_of_quiet_hours(person: User, at: datetime) -> datetime | None:
    hours = QuietHours.objects.filter(person=person).first()
    return end_of_quiet(hours.begins, hours.ends, ZoneInfo(person.time_zone), at) if hours else None


def require_push_service(endpoint: str) -> None:
    if not web_push.is_allowed(endpoint):
        raise Invalid("endpoint", "not_a_choice", "This browser's push service is not one of those that are used here.")


def require_keys(public_key: str, secret: str) -> None:
    try:
        web_push.public_key_of(web_push.unpacked(public_key))
        fits = len(web_push.unpacked(secret)) == 16
    except ValueError:
        raise Invalid("public_key", "invalid", "This is no key of a browser.") from None
    if not fits:
        raise Invalid("secret", "invalid", "This is no secret of a browser.")
