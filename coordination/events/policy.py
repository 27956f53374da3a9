from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from coordination.events.kinds import KINDS
from coordination.events.models import Event, Occurrence, Planned, Registration, Whereabouts
from portal.kernel.grants import audiences_of
from portal.kernel.models import Audience, Network
from portal.kernel.policy import PartPolicy, SharedPolicy
from portal.kernel.standing import Standing
from portal.organizations.models import Organization


class EventPolicy(SharedPolicy[Event]):
    """The owner's people and whom it was shared with see it; its poster and the owner's coordinators steer it.

    What leaves the network, the owner's coordinators publish; then anybody may read the `published` words of it.

    Of what is hidden, those alone of the owner's people know who coordinate it.
    """

    model = Event
    needs = ("owner",)
    still_open = ("cancel", "unshare", "unpublish")

    def published(self) -> QuerySet[Event]:
        """Asked for nobody: what stands on the public pages."""
        return Event.objects.filter(
            public=True, state=Planned.PLANNED, owner__status=Organization.Status.VERIFIED
        ).select_related("owner")

    def verbs(self, who: Standing, event: Event) -> Iterable[str]:
        if steers(who, event):
            yield from ("edit", "cancel", "share", "unshare", "say_where")
        if who.within(event.owner.coordinators_id):
            yield from ("publish", "unpublish")


EVENTS = EventPolicy()


class OccurrencePolicy(PartPolicy[Occurrence]):
    """Whoever sees an event and works for an organization may come.

    Coordinators register their organization's people where the event is for all of these.
    """

    model = Occurrence
    needs = ("event__owner",)
    whole = EVENTS
    whole_path = "event"
    still_open = ("cancel",)

    def verbs(self, who: Standing, occurrence: Occurrence) -> Iterable[str]:
        if who.within_any(Audience.Kind.ORGANIZATION_MEMBERS):
            yield "register"
        if steers(who, occurrence.event):
            yield from ("change", "change_following", "cancel")

    def open_to(self, who: Standing, occurrences: Collection[Occurrence]) -> dict[UUID, set[str]]:
        found = super().open_to(who, occurrences)
        for pk, organizations in registering(who, occurrences).items():
            if pk in found and organizations:
                found[pk].add("register_people")
        return found


class RegistrationPolicy(SharedPolicy[Registration]):
    """Who comes sees it, their organization's coordinators do where the event is for all of it, and the owner's."""

    model = Registration
    needs = ("organization", "occurrence__event__owner")
    still_open = ("acknowledge", "cancel")

    def verbs(self, who: Standing, registration: Registration) -> Iterable[str]:
        organizers = registration.occurrence.event.owner.coordinators_id
        if who.person == registration.person_id:
            yield "acknowledge"
        if who.person == registration.person_id or who.within(registration.organization.coordinators_id, organizers):
            yield "cancel"
        if who.within(organizers):
            yield "mark"


class WhereaboutsPolicy(SharedPolicy[Whereabouts]):
    """Shown to all who are invited, or to who holds a seat; the owner's people always see them."""

    model = Whereabouts
    needs = ("event__owner",)
    still_open = ("remove",)

    def verbs(self, who: Standing, whereabouts: Whereabouts) -> Iterable[str]:
        if steers(who, whereabouts.event):
            yield from ("edit", "remove")


OCCURRENCES = OccurrencePolicy()
REGISTRATIONS = RegistrationPolicy()
WHEREABOUTS = WhereaboutsPolicy()


def steers(who: Standing, event: Event) -> bool:
    own = who.person == event.posted_by_id and who.within(event.owner.members_id)
    return own or who.within(event.owner.coordinators_id)


def owning(event: Event) -> list[int]:
    """Who of its owner's people see it, and with it everybody with whom it is shared."""
    return [event.owner.coordinators_id if KINDS[event.event_kind].hidden else event.owner.members_id]


def is_for(organization: Organization, shared: set[int], everyone: int) -> bool:
    """Whether what is shared with these audiences is for all who work for it."""
    return bool(shared & {organization.members_id, everyone})


def registering(who: Standing, occurrences: Collection[Occurrence]) -> dict[UUID, list[UUID]]:
    """For each date, the organizations whose people somebody who stands there may register. Constant queries."""
    coordinated = Organization.objects.filter(
        coordinators__in=who.audiences, status=Organization.Status.VERIFIED
    ).order_by("pk")
    events = {o.pk: o.event_id for o in occurrences}
    if not (mine := list(coordinated)):
        return {pk: [] for pk in events}
    shared = audiences_of(Event.objects.filter(pk__in=set(events.values())))
    everyone = Network.current().everyone_id
    return {
        pk: [organization.pk for organization in mine if is_for(organization, shared[event], everyone)]
        for pk, event in events.items()
    }
