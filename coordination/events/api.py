from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.events import changes, forms, queries, services
from coordination.events.kinds import KINDS
from coordination.events.models import Event, Occurrence, Planned, Registration
from coordination.events.policy import registering
from coordination.requests.forms import ActingForm
from coordination.resources.forms import SharingForm, UnsharingForm
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.queries import shared_with
from portal.api.forms import read
from portal.api.idempotency import once
from portal.api.moments import zoned
from portal.api.schema import reference
from portal.api.viewsets import PAGING, Mine, ScopedViewSet, as_uuid, id_in, limit_of
from portal.kernel import clock
from portal.kernel.audiences import AudienceRef
from portal.kernel.errors import Invalid
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor
from portal.organizations.policy import ORGANIZATIONS
from portal.people.models import User

TRUE, EITHER = [("true", "true")], [("true", "true"), ("false", "false")]
KIND_CHOICES = [(name, name) for name in KINDS]
# a month with the days of its first and last week, and of a calendar that shows two of them
LONGEST_RANGE, MOST_IN_RANGE = timedelta(days=62), 1000


class EventFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter("event_kind", choices=KIND_CHOICES)
    state = django_filters.ChoiceFilter(choices=Planned.choices)
    exercise = django_filters.ChoiceFilter(choices=EITHER, method="in_exercise")
    mine = django_filters.ChoiceFilter(choices=TRUE, method="of_mine")

    def in_exercise(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(exercise=value == "true")

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.of_mine(rows, self.request.user)


class EventMine(Mine, kw_only=True):
    """Who sees it, as far as I may know."""

    audiences: list[AudienceRef]
    others: bool


class EventViewSet(ScopedViewSet):
    """What I am invited to. `mine`: what my organizations organize."""

    kind = changes.EVENT
    mine_struct = EventMine
    filterset_class = EventFilters

    def visible(self) -> QuerySet[Event]:
        return super().visible().select_related("owner")

    def mine(self, objects: Iterable[Any]) -> dict[UUID, Mine]:
        events = {e.pk: e for e in objects}
        seen = queries.seen_by(self.me, list(events.values()))
        return {
            pk: EventMine(allowed=verbs, audiences=seen[pk].audiences, others=seen[pk].others)
            for pk, verbs in self.allowed(events.values()).items()
        }

    @extend_schema(request=forms.EventForm)
    def create(self, request: Request) -> Response:
        form = read(forms.EventForm, request)
        who = verified_actor(self.me, form.pop("acting_for"))
        fields = {**form, **self.addressed(form), "event_kind": form["kind"], "places": form["whereabouts"]}
        said = {name: value for name, value in fields.items() if name not in ("kind", "whereabouts")}
        return once(request, lambda: self.answer(services.post_event(who, **said), status=201))

    @extend_schema(request=forms.WordsForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(forms.WordsForm, request, partial=True)
        return self.answer(services.edit_event(Actor(self.me), found, version, **form))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.answer(services.cancel_event(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=SharingForm)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(SharingForm, request)
        return self.answer(services.share_event(Actor(self.me, found.owner), found, **self.addressed(form)))

    @extend_schema(request=UnsharingForm)
    @action(detail=True, methods=["post"])
    def unshare(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(UnsharingForm, request)
        return self.answer(services.unshare_event(Actor(self.me, found.owner), found, form["shared_with"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """On the public pages, anybody may read its title, what it is about, its dates and its county."""
        return self.answer(services.publish_event(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def unpublish(self, request: Request, pk: str) -> Response:
        return self.answer(services.unpublish_event(Actor(self.me), self.fetch(pk)))

    def addressed(self, form: dict[str, Any]) -> dict[str, Any]:
        """With the organizations and groups that it names."""
        return {
            "organizations": self.named("organizations", ORGANIZATIONS, form["organizations"]),
            "working_groups": self.named("working_groups", WORKING_GROUPS, form["working_groups"]),
            "everyone": form["everyone"],
        }


class OccurrenceFilters(django_filters.FilterSet):
    event = django_filters.UUIDFilter("event")
    kind = django_filters.ChoiceFilter("event__event_kind", choices=KIND_CHOICES)
    state = django_filters.ChoiceFilter(choices=Planned.choices)
    exercise = django_filters.ChoiceFilter(choices=EITHER, method="in_exercise")
    working_group = django_filters.UUIDFilter(method="shared_with")
    mine = django_filters.ChoiceFilter(choices=TRUE, method="attended")

    def in_exercise(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(event__exercise=value == "true")

    def shared_with(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        return rows.filter(event__in=shared_with(Event.objects.all(), value, self.request.user).values("pk"))

    def attended(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.attended_by(rows, self.request.user)


class OccurrenceMine(Mine, kw_only=True):
    """Whether I come, what I have to do at the same time, and for which organizations I may register others."""

    registration: queries.MyRegistration | None
    conflicts: list[queries.Clash]
    registering: list[UUID]


class OccurrenceViewSet(ScopedViewSet):
    """The dates of what I am invited to, in the order in which they begin; between `from` and `to` all of them, if
    these are at most 62 days apart. `mine`: those I am registered for, or wait for."""

    kind = changes.OCCURRENCE
    mine_struct = OccurrenceMine
    filterset_class = OccurrenceFilters
    paging: ClassVar[Collection[str]] = PAGING | {"from", "to"}

    def visible(self) -> QuerySet[Occurrence]:
        return super().visible().select_related("event__owner")

    def mine(self, objects: Iterable[Any]) -> dict[UUID, Mine]:
        occurrences = {o.pk: o for o in objects}
        registered = queries.my_registrations(self.me, list(occurrences.values()))
        conflicts = queries.clashes(self.me, list(occurrences.values()))
        organizations = registering(standing(self.me).doing(), list(occurrences.values()))
        return {
            pk: OccurrenceMine(
                allowed=verbs,
                registration=registered.get(pk),
                conflicts=conflicts.get(pk, []),
                registering=organizations[pk] if "register_people" in verbs else [],
            )
            for pk, verbs in self.allowed(occurrences.values()).items()
        }

    def page(self, rows: QuerySet[Occurrence]) -> Response:
        if "ids" in self.request.query_params:
            return super().page(rows)
        first, last = self.moment("from"), self.moment("to")
        if first and last and not timedelta() < last - first <= LONGEST_RANGE:
            raise Invalid("to", "too_far", "Ask for at most 62 days.")
        most = MOST_IN_RANGE if first and last and "limit" not in self.request.query_params else limit_of(self.request)
        found, following = by_time(self.request, queries.between(rows, first, last), most)
        return self.answers(found, next_cursor=following)

    def moment(self, parameter: str) -> datetime | None:
        if parameter not in self.request.query_params:
            return None
        moment = zoned(self.request.query_params[parameter])
        if moment is None:
            raise Invalid(parameter, "not_a_date", "Write a date and time with its zone, such as 2030-01-31T21:00:00Z.")
        return moment

    @extend_schema(request=forms.DateForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(forms.DateForm, request, partial=True)
        return self.answer(services.change_date(Actor(self.me), found, version, **form))

    @extend_schema(request=forms.FollowingForm, responses=reference(changes.Event))
    @action(detail=True, methods=["patch"])
    def following(self, request: Request, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(forms.FollowingForm, request, partial=True)
        event = services.change_following(Actor(self.me), found, version, **form)
        return Response(changes.shape_events([event])[0])

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.answer(services.cancel_date(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=ActingForm)
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(ActingForm, request)
        return self.answer(services.register(verified_actor(self.me, form["acting_for"]), found))

    @extend_schema(request=forms.RegisterPeopleForm)
    @action(detail=True, methods=["post"], url_path="register-people")
    def register_people(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.RegisterPeopleForm, request)
        who = verified_actor(self.me, form["acting_for"])
        known = User.objects.in_bulk(form["people"])
        people = [known[each] for each in dict.fromkeys(form["people"]) if each in known]
        if len(people) < len(set(form["people"])):
            raise Invalid("people", "not_a_member", "Name people who work for your organization.")
        return self.answer(services.register_people(who, found, people))


def by_time(request: Request, rows: QuerySet[Occurrence], most: int) -> tuple[list[Occurrence], str | None]:
    """A page in the order in which dates begin, and the cursor of the next: when its last one begins, and its id."""
    if "cursor" in request.query_params:
        at, _, last = request.query_params["cursor"].partition("~")
        begins = zoned(at)
        if begins is None:
            raise Invalid("cursor", "invalid", "This is no cursor.")
        rows = rows.filter(Q(starts_at__gt=begins) | Q(starts_at=begins, pk__gt=id_in("cursor", last)))
    found = list(rows.order_by("starts_at", "pk")[: most + 1])
    if len(found) <= most:
        return found, None
    last_of_page = found[most - 1]
    return found[:most], f"{last_of_page.starts_at:%Y-%m-%dT%H:%M:%S.%fZ}~{last_of_page.pk}"


class RegistrationFilters(django_filters.FilterSet):
    occurrence = django_filters.UUIDFilter("occurrence")
    event = django_filters.UUIDFilter("occurrence__event")
    state = django_filters.ChoiceFilter(choices=Registration.State.choices)
    mine = django_filters.ChoiceFilter(choices=TRUE, method="own")
    ahead = django_filters.ChoiceFilter(choices=TRUE, method="to_come")

    def own(self, rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        return rows.filter(person=self.request.user)

    def to_come(self, rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        return queries.to_come(rows, clock.now())


class RegistrationViewSet(ScopedViewSet):
    """Who comes: I, the people of organizations that I coordinate, and all to what these organize. `ahead`: of dates
    that are not over, what holds and what its person has yet to hear of."""

    kind = changes.REGISTRATION
    filterset_class = RegistrationFilters

    def visible(self) -> QuerySet[Registration]:
        return super().visible().select_related("organization", "person", "occurrence__event__owner")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.answer(services.cancel_registration(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        return self.answer(services.acknowledge_news(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=forms.AttendanceForm)
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.AttendanceForm, request)
        return self.answer(services.mark_attendance(Actor(self.me), found, form["attended"]))


class WhereaboutsViewSet(ScopedViewSet):
    """Directions and online links, of all events or of one."""

    kind = changes.WHEREABOUTS_KIND

    def visible(self) -> QuerySet[Any]:
        return super().visible().select_related("event__owner")

    @extend_schema(request=forms.WhereaboutsFields)
    def partial_update(self, request: Request, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(forms.WhereaboutsFields, request, partial=True)
        if "text" in form:
            forms.require_link(found.what, form["text"])
        return self.answer(services.edit_whereabouts(Actor(self.me), found, version, **form))

    def destroy(self, request: Request, pk: str, **_: Any) -> Response:
        services.remove_whereabouts(Actor(self.me), self.fetch(pk))
        return Response(status=204)


class EventWhereaboutsViewSet(WhereaboutsViewSet):
    """Those of one event."""

    def event(self) -> Event:
        return queries.event(self.me, as_uuid(self.kwargs["event_id"]))

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(event=self.event())))

    @extend_schema(request=forms.WhereaboutsForm)
    def create(self, request: Request, **_: Any) -> Response:
        found, form = self.event(), read(forms.WhereaboutsForm, request)
        return once(request, lambda: self.answer(services.say_where(Actor(self.me), found, **form), status=201))


router = SimpleRouter(trailing_slash=False)
router.register("events", EventViewSet, basename="event")
router.register("occurrences", OccurrenceViewSet, basename="occurrence")
router.register("registrations", RegistrationViewSet, basename="registration")
router.register("whereabouts", WhereaboutsViewSet, basename="whereabouts")
urlpatterns = [
    *router.urls,
    re_path(
        r"^events/(?P<event_id>[0-9a-f-]{36})/whereabouts$",
        EventWhereaboutsViewSet.as_view({"get": "list", "post": "create"}),
    ),
]
