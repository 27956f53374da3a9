"""What ends with a suspension, and with somebody's leaving of what they came by."""

from typing import Any

from coordination.events.models import Event, Occurrence, Planned, Registration
from coordination.events.policy import EVENTS
from coordination.events.services.dates import hold
from coordination.events.services.events import end, give_up, take_from, to_come
from portal.kernel.grants import granted
from portal.kernel.models import Audience
from portal.kernel.standing import is_member, standing
from portal.kernel.writing import Writing
from portal.organizations.models import Organization


def end_for_suspended(w: Writing, organization: Organization) -> None:
    """What it organizes is cancelled. Of others' events to come it sees no more, and its people come to none."""
    for own in organization.events.filter(state=Planned.PLANNED):
        w.lock(objects=[own])
        end(w, own)
    ahead = Occurrence.objects.filter(ends_at__gt=w.at).values("event")
    for event in granted(Event, [organization.members_id]).filter(pk__in=ahead).exclude(owner=organization):
        w.lock(objects=[event])
        take_from(w, event, organization.members_id)
    coming = Registration.objects.filter(organization=organization, state__in=Registration.LIVING)
    for event in Event.objects.filter(pk__in=coming.filter(occurrence__starts_at__gt=w.at).values("occurrence__event")):
        w.lock(objects=[event])
        for registration in to_come(w, event, organization=organization):
            give_up(w, registration)


def end_for_unseated(w: Writing, person: Any, audience: Audience) -> None:
    """Whoever left their organization, or sees an event no more, does not come; who waits first does."""
    if audience.kind == Audience.Kind.EVENT_ATTENDEES:
        return
    theirs = Registration.objects.filter(
        person=person, state__in=Registration.LIVING, occurrence__starts_at__gt=w.at
    ).select_related("occurrence__event", "organization")
    for registration in theirs.order_by("occurrence__event", "pk"):
        occurrence = registration.occurrence
        if not comes_still(person, registration):
            w.lock(objects=[occurrence.event])
            hold(w, occurrence.event, occurrence)
            give_up(w, registration)


def comes_still(person: Any, registration: Registration) -> bool:
    works_there = is_member(person.pk, registration.organization.members_id)
    seen = EVENTS.seen(standing(person, fresh=True)).filter(pk=registration.occurrence.event_id)
    return works_there and seen.exists()
