"""An event from its posting to its end: words, seats, who sees it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from coordination.events.kinds import KINDS, TRAINING
from coordination.events.models import Event, Planned, Registration
from coordination.events.policy import EVENTS, owning
from coordination.events.services import whereabouts
from coordination.events.services.attendance import follow_attendance
from coordination.events.services.dates import (
    call_off,
    dates_of,
    make_dates,
    put_dates,
    reseat,
    revise,
    says_otherwise,
)
from coordination.events.services.seats import tell, unseat
from coordination.requests.services.requests import require_addressees
from coordination.working_groups.models import WorkingGroup
from portal.kernel.errors import Invalid
from portal.kernel.models import Audience, Change, Network
from portal.kernel.standing import members
from portal.kernel.writing import Actor, Writing, service, writing
from portal.organizations.acting import confirm
from portal.organizations.models import Organization, Tier


@service
def post_event(
    actor: Actor,
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
    places: Collection[dict[str, str]] = (),
    **fields: Any,
) -> Event:
    """With all its dates, to one's own people and to these. `places`: its whereabouts, and to whom they are shown."""
    with writing(actor) as w:
        event = Event(owner=actor.acting_for, posted_by=actor.person, posted_at=w.at, **fields)
        require_training(event)
        shared = {*owning(event)} | shared_with(w, event, organizations, working_groups, everyone)
        event.attendees = w.new_audience(Audience.Kind.EVENT_ATTENDEES)
        event.save(force_insert=True)
        w.created(event, *shared)
        for occurrence in make_dates(w, event):
            occurrence.save(force_insert=True)
            w.created(occurrence, *shared)
        for said in places:
            whereabouts.make(w, event, **said)
        w.audit("event.post", event, event_kind=event.event_kind)
        return event


@service
def edit_event(actor: Actor, event: Event, version: int, **fields: Any) -> Event:
    """What holds for all its dates; dates to come that were given other seats keep them."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "edit", event)
        w.expect(event, version)
        w.demand(event, "edit")
        was = Event.objects.get(pk=event.pk)
        for field, value in fields.items():
            setattr(event, field, value)
        require_training(event)
        w.put(event)
        dates = dates_of(w, event)
        for occurrence in dates:
            reseat(w, occurrence, was.seats)
        if says_otherwise(was, event):
            revise(w, dates)
        put_dates(w, dates)
        certify_anew(w, event)
        w.audit("event.edit", event, fields=sorted(fields))
        return event


@service
def cancel_event(actor: Actor, event: Event) -> Event:
    """All dates that have not begun; who is registered for one is told, once."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "cancel", event)
        w.demand(event, "cancel")
        end(w, event)
        return event


@service
def share_event(
    actor: Actor,
    event: Event,
    *,
    organizations: Collection[Organization] = (),
    working_groups: Collection[WorkingGroup] = (),
    everyone: bool = False,
) -> Event:
    """With these too; who sees it already goes on seeing it."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "share", event)
        w.demand(event, "share")
        shared = shared_with(w, event, organizations, working_groups, everyone)
        if not shared:
            raise Invalid("organizations", "nobody", "Say with whom you share it.")
        for audience in sorted(shared - w.grants[event.pk]):
            w.share(event, audience)
        follow(w, event)
        w.audit("event.share", event, audiences=sorted(str(w.locked[each].uuid) for each in shared))
        return event


@service
def unshare_event(actor: Actor, event: Event, audience: UUID) -> Event:
    """With these no more: to them it is as if it had never been, and their seats on dates to come are free."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "unshare", event)
        shared = {w.locked[each].uuid: each for each in w.grants[event.pk]}
        if audience not in shared:
            raise Invalid("shared_with", "does_not_exist", "It is not shared with these.")
        if shared[audience] in owning(event):
            raise Invalid("shared_with", "invalid", "Your own organization sees whatever is its own.")
        take_from(w, event, shared[audience])
        w.audit("event.unshare", event, audience=str(audience))
        return event


@service
def publish_event(actor: Actor, event: Event) -> Event:
    """Anybody may read of it from now on: its words, its dates, its county and who organizes it."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "publish", event)
        w.demand(event, "publish")
        return make_public(w, event, public=True)


@service
def unpublish_event(actor: Actor, event: Event) -> Event:
    """Whom it was shared with goes on seeing it."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "unpublish", event)
        w.demand(event, "unpublish")
        return make_public(w, event, public=False)


# the pieces of these sentences


def make_public(w: Writing, event: Event, *, public: bool) -> Event:
    event.public = public
    w.put(event)
    w.audit("event.publish" if public else "event.unpublish", event)
    return event


def require_training(event: Event) -> None:
    if event.certificate and (event.exercise or event.event_kind not in TRAINING):
        raise Invalid("certificate", "not_a_training", "Certificates are given for trainings that are no exercise.")


def certify_anew(w: Writing, event: Event) -> None:
    """Who was there before it was said whether there are certificates, is treated as who comes after."""
    there = Registration.objects.filter(occurrence__event=event, attended=True)
    for registration in there.select_related("occurrence", "person").order_by("pk"):
        registration.occurrence.event = event
        follow_attendance(w, registration)


def shared_with(
    w: Writing,
    event: Event,
    organizations: Collection[Organization],
    working_groups: Collection[WorkingGroup],
    everyone: bool,
) -> set[int]:
    """Whom it is shared with besides its owner's people, as its kind permits."""
    kind = KINDS[event.event_kind]
    confirm(w, Tier.COORDINATOR if kind.hidden else Tier.MEMBER)
    if everyone and not kind.everyone:
        raise Invalid("everyone", "not_for_everyone", "This is not shared with the whole network.")
    if organizations and not kind.organizations:
        raise Invalid(
            "organizations",
            "not_for_organizations",
            "This stays in your organization, or in a group.",
        )
    if organizations or working_groups:
        require_addressees(w.actor, organizations, working_groups)
    shared = {*(o.members_id for o in organizations), *(g.members_id for g in working_groups)}
    return shared | {Network.current().everyone_id} if everyone else shared


def take_from(w: Writing, event: Event, audience: int) -> None:
    """They do not see it any more, nor its dates, and come to none."""
    w.unshare(event, audience)
    follow(w, event)
    for occurrence in dates_of(w, event):
        w.append(audience, Change.Op.UNSHARED, occurrence.kind, occurrence.pk, occurrence.version)
    seeing = set().union(*(members(each) for each in w.grants[event.pk]))
    for registration in to_come(w, event):
        if registration.person_id not in seeing:
            give_up(w, registration)


def follow(w: Writing, event: Event) -> None:
    """Its dates are seen as it is, its whereabouts as they are to be, and registrations by whom it is for."""
    put_dates(w, dates_of(w, event))
    whereabouts.follow(w, event)
    registrations = Registration.objects.filter(occurrence__event=event).select_related("organization", "person")
    for registration in registrations.order_by("pk"):
        w.lock(objects=[registration])
        registration.occurrence.event = event
        tell(w, registration)


def end(w: Writing, event: Event) -> None:
    event.state = Planned.CANCELLED
    w.put(event)
    call_off(w, [o for o in dates_of(w, event, state=Planned.PLANNED) if o.permits("cancel")])
    w.audit("event.cancel", event)


def to_come(w: Writing, event: Event, **which: Any) -> list[Registration]:
    """Who comes, or waits, on its dates that have not begun."""
    ahead = {o.pk: o for o in dates_of(w, event, starts_at__gt=w.at)}
    rows = Registration.objects.filter(occurrence__in=ahead, state__in=Registration.LIVING, **which)
    # those who wait first: none of them moves up who is to go, too
    found = list(rows.select_related("organization", "person").order_by("-state", "ticket"))
    for registration in found:
        registration.occurrence = ahead[registration.occurrence_id]
    return found


def give_up(w: Writing, registration: Registration) -> None:
    """Without their doing: the date says how many seats are left."""
    occurrence = registration.occurrence
    w.lock(objects=[registration])
    registration.occurrence = occurrence
    unseat(w, registration)
    put_dates(w, [occurrence])
    w.audit("registration.cancel", registration)
