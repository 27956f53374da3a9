from typing import Any
from uuid import UUID

import django_filters
import msgspec
from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from coordination.requests import changes, forms, queries, services
from coordination.requests.kinds import KINDS, OUTCOMES, REASONS, ROLES, Field
from coordination.requests.mine import AboutRequests
from coordination.requests.models import Answer, Escalation, Request
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.queries import shared_with
from messaging.mine import AboutChannels
from portal.api.authentication import private
from portal.api.forms import read, refuse
from portal.api.idempotency import once
from portal.api.schema import array_of, reference
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel.audiences import SeenBy
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor
from portal.organizations.models import OrganizationKind
from portal.organizations.policy import ORGANIZATIONS


class RequestKind(msgspec.Struct, kw_only=True):
    """A kind of request as its form needs it. `pauses`: its clocks run in office hours alone.

    `asks` are the kinds of organization usually asked. `on_call`: those on call there alone get to know of it.
    """

    kind: str
    acknowledge_minutes: int
    answer_minutes: int
    pauses: bool
    on_call: bool
    asks: list[OrganizationKind]
    reasons: list[str]
    outcomes: list[str]
    roles: list[str]
    fields: list[Field]


class RequestFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Request.State.choices)
    kind = django_filters.ChoiceFilter("request_kind", choices=[(k, k) for k in KINDS])
    exercise = django_filters.ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="is_exercise")
    box = django_filters.ChoiceFilter(choices=[("sent", "sent"), ("received", "received")], method="of_mine")
    waiting = django_filters.ChoiceFilter(choices=[("true", "true")], method="waits")
    escalated = django_filters.ChoiceFilter(choices=[("true", "true")], method="reached_me")
    working_group = django_filters.UUIDFilter(method="shared_with")

    def of_mine(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return queries.of_mine(rows, self.request.user, sent=value == "sent")

    def reached_me(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return queries.escalated(rows, self.request.user)

    def shared_with(self, rows: QuerySet[Request], name: str, value: UUID) -> QuerySet[Request]:
        return shared_with(rows, value, self.request.user)

    def is_exercise(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return rows.filter(exercise=value == "true")

    def waits(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return queries.waiting(rows, self.request.user)


class RequestViewSet(AboutRequests):
    """Requests that my organizations made, and those put to us."""

    filterset_class = RequestFilters

    @extend_schema(request=forms.RequestForm)
    def create(self, request: HttpRequest) -> Response:
        form = read(forms.RequestForm, request)
        who = verified_actor(self.me, form.pop("acting_for"))
        form["request_kind"] = form.pop("kind")
        form["organizations"] = self.named("organizations", ORGANIZATIONS, form["organizations"])
        form["working_groups"] = self.named("working_groups", WORKING_GROUPS, form["working_groups"])
        return once(request, lambda: self.answer(services.post_request(who, **form), status=201))

    @extend_schema(request=forms.RequestEditForm)
    def partial_update(self, request: HttpRequest, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(forms.RequestEditForm, request, kind=found.request_kind)
        return self.answer(services.edit_request(Actor(self.me), found, version, **form))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def start(self, request: HttpRequest, pk: str) -> Response:
        return self.answer(services.start_request(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=forms.OutcomeForm)
    @action(detail=True, methods=["post"])
    def close(self, request: HttpRequest, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.OutcomeForm, request)
        return self.answer(services.close_request(Actor(self.me), found, form["outcome"], form["note"]))

    @extend_schema(request=forms.WithdrawForm)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: HttpRequest, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.WithdrawForm, request)
        return self.answer(services.withdraw_request(Actor(self.me), found, form["reason"]))

    @extend_schema(request=forms.NoteForm)
    @action(detail=True, methods=["post"])
    def notes(self, request: HttpRequest, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.NoteForm, request)
        return once(request, lambda: self.answer(services.note_on_request(Actor(self.me), found, form["text"])))

    @extend_schema(responses=reference(SeenBy))
    @action(detail=True, methods=["get"])
    def audience(self, request: HttpRequest, pk: str) -> Response:
        """Who can see it: everybody for its owner; for others their own audiences, "and others"."""
        found = self.fetch(pk)
        return Response(queries.seen_by(self.me, [found])[found.pk])


class RequestChannelViewSet(AboutChannels):
    """A request's own channel; those in it read it where all channels are."""

    @extend_schema(request=None)
    def open(self, request: HttpRequest, **_: Any) -> Response:
        found = queries.request(self.me, as_uuid(self.kwargs["request_id"]))
        return self.answer(services.open_request_channel(Actor(self.me), found))


class AnswerViewSet(ScopedViewSet):
    """Answers: all of them for the request's owner, its own for each organization asked."""

    kind = changes.ANSWER

    def visible(self) -> QuerySet[Answer]:
        return super().visible().select_related("request__owner", "organization")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pick(self, request: HttpRequest, pk: str) -> Response:
        return self.answer(services.pick_answer(Actor(self.me), queries.answer(self.me, as_uuid(pk))))


class RequestAnswerViewSet(AnswerViewSet):
    """The answers to one request, and our own among them."""

    def request_asked(self) -> Request:
        return queries.request(self.me, as_uuid(self.kwargs["request_id"]))

    def list(self, request: HttpRequest, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(request=self.request_asked())))

    @extend_schema(request=forms.ActingForm)
    def acknowledge(self, request: HttpRequest, **_: Any) -> Response:
        found, form = self.request_asked(), read(forms.ActingForm, request)
        who = verified_actor(self.me, form["acting_for"])
        return self.answer(services.acknowledge_request(who, found))

    @extend_schema(request=forms.ActingForm, responses={204: None})
    def stand_aside(self, request: HttpRequest, **_: Any) -> Response:
        """Not me, but the next on call: whoever says so does not see the request any more."""
        found, form = self.request_asked(), read(forms.ActingForm, request)
        services.stand_aside(verified_actor(self.me, form["acting_for"], takes_back=True), found)
        return Response(status=204)

    @extend_schema(request=forms.AnswerForm)
    def give(self, request: HttpRequest, **_: Any) -> Response:
        found, form = self.request_asked(), read(forms.AnswerForm, request)
        who = verified_actor(self.me, form["acting_for"])
        given = form["answer"], form["reason"], form["note"], form["takes"]
        return self.answer(services.answer_request(who, found, *given))

    @extend_schema(request=forms.RedirectForm)
    def redirect(self, request: HttpRequest, **_: Any) -> Response:
        found, form = self.request_asked(), read(forms.RedirectForm, request)
        who = verified_actor(self.me, form["acting_for"])
        organization = ORGANIZATIONS.visible(self.me).filter(pk=form["organization"]).first()
        if organization is None:
            refuse("organization", "does_not_exist", "This is not there, or not shared with you.")
        return self.answer(services.redirect_request(who, found, organization, form["reason"], form["note"]))

    @extend_schema(request=forms.ActingForm)
    def withdraw(self, request: HttpRequest, **_: Any) -> Response:
        found, form = self.request_asked(), read(forms.ActingForm, request)
        who = verified_actor(self.me, form["acting_for"], takes_back=True)
        answer = queries.answer_of(self.me, found, who.acting_for)
        return self.answer(services.withdraw_answer(who, answer))


class EscalationFilters(django_filters.FilterSet):
    waiting = django_filters.ChoiceFilter(choices=[("true", "true")], method="waits")

    def waits(self, rows: QuerySet[Escalation], name: str, value: str) -> QuerySet[Escalation]:
        return rows.filter(ended_at=None)


class EscalationViewSet(ScopedViewSet):
    """Requests that nobody answers, as the network's administrators know of them: by kind and organization."""

    kind = changes.ESCALATION
    filterset_class = EscalationFilters


class RequestKindViewSet(ViewSet):
    """The kinds of request with their fields and clocks, to draw forms from."""

    @extend_schema(responses=array_of(RequestKind))
    def list(self, request: HttpRequest) -> Response:
        shapes = [
            RequestKind(
                kind=k.name,
                acknowledge_minutes=int(k.acknowledge.total_seconds() // 60),
                answer_minutes=int(k.answer.total_seconds() // 60),
                pauses=k.pauses,
                on_call=k.on_call,
                asks=list(k.asks),
                reasons=list(REASONS),
                outcomes=list(OUTCOMES),
                roles=list(ROLES),
                fields=list(k.fields),
            )
            for k in KINDS.values()
        ]
        return private(Response(shapes))


router = SimpleRouter(trailing_slash=False)
router.register("requests", RequestViewSet, basename="request")
router.register("answers", AnswerViewSet, basename="answer")
router.register("escalations", EscalationViewSet, basename="escalation")
router.register("request-kinds", RequestKindViewSet, basename="request-kind")
INSIDE = r"^requests/(?P<request_id>[0-9a-f-]{36})"
urlpatterns = [
    *router.urls,
    re_path(rf"{INSIDE}/answers$", RequestAnswerViewSet.as_view({"get": "list"})),
    re_path(rf"{INSIDE}/channel$", RequestChannelViewSet.as_view({"put": "open"})),
    re_path(rf"{INSIDE}/acknowledge$", RequestAnswerViewSet.as_view({"post": "acknowledge"})),
    re_path(rf"{INSIDE}/stand-aside$", RequestAnswerViewSet.as_view({"post": "stand_aside"})),
    re_path(rf"{INSIDE}/redirect$", RequestAnswerViewSet.as_view({"post": "redirect"})),
    re_path(rf"{INSIDE}/answer$", RequestAnswerViewSet.as_view({"put": "give"})),
    re_path(rf"{INSIDE}/answer/withdraw$", RequestAnswerViewSet.as_view({"post": "withdraw"})),
]
