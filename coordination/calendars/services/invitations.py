"""Invitations by mail: what stands in somebody's mailbox of a date follows what is so in the portal.

A date that changes, or to which others come, enqueues that this be looked at; what is mailed is decided then, and asked
once more when it goes out. Nothing is mailed of a change that nobody's calendar would show.
"""

import hashlib
from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from coordination.calendars.models import CalendarPreferences, MailedInvitation
from coordination.calendars.queries import WANTED, comes, says_title
from coordination.events.models import Occurrence, Registration, RegistrationState
from portal.jobs.outbox import enqueue
from portal.kernel.writing import THE_PORTAL, service, writing

REVISE = "calendars.revise_invitations"
SEND = "calendars.send_invitation"


@service
def revise_invitations(occurrence: Occurrence) -> None:
    """Each person is mailed what has become of it since they were mailed last, if anything has."""
    with writing(THE_PORTAL, objects=[occurrence.event]) as w:
        occurrence.refresh_from_db()
        if occurrence.ends_at <= w.at:
            return
        mailed = {m.person_id: m for m in occurrence.mailed_invitations.all()}
        choices = {p.person_id: p for p in wanting(occurrence, mailed)}
        for pk, chosen in sorted(choices.items()):
            revise(occurrence, mailed.get(pk), chosen)


def follow_dates(occurrences: Collection[Occurrence]) -> None:
    """Those that stand in somebody's mailbox, or ought to. Two queries."""
    mailed = MailedInvitation.objects.filter(occurrence__in=occurrences, cancelled=False)
    held = Registration.objects.filter(
        occurrence__in=occurrences,
        state=RegistrationState.REGISTERED,
        person__calendar_preferences__mail__in=WANTED,
    )
    concerned = {*mailed.values_list("occurrence", flat=True), *held.values_list("occurrence", flat=True)}
    for occurrence in sorted(concerned):
        enqueue(REVISE, occurrence=str(occurrence))


# the pieces of these sentences


def wanting(occurrence: Occurrence, mailed: Collection[UUID]) -> Any:
    """What those chose who come or were mailed to, as far as they want mail."""
    coming = occurrence.registrations.filter(state=RegistrationState.REGISTERED)
    concerned = Q(person__in=coming.values("person")) | Q(person__in=list(mailed))
    return CalendarPreferences.objects.filter(concerned, mail__in=WANTED).select_related("person")


def revise(occurrence: Occurrence, mailed: MailedInvitation | None, chosen: CalendarPreferences) -> None:
    holds = comes(chosen.person, occurrence)
    said = words(occurrence, chosen) if holds else ""
    if mailed is None:
        if not holds:
            return
        mailed = MailedInvitation(occurrence=occurrence, person=chosen.person)
    elif (mailed.said, mailed.cancelled) == (said, not holds) or (mailed.cancelled and not holds):
        return
    else:
        mailed.sequence += 1
    mailed.said, mailed.cancelled = said, not holds
    mailed.save()
    enqueue(SEND, invitation=str(mailed.pk), sequence=mailed.sequence)


def words(occurrence: Occurrence, chosen: CalendarPreferences) -> str:
    """A digest of all that an invitation would say."""
    event = occurrence.event
    titled = (event.title, event.area) if says_title(chosen, occurrence) else ()
    said = [occurrence.starts_at, occurrence.ends_at, event.zone, titled, chosen.person.locale]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
