from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.rota import changes, queries, services
from coordination.rota.models import DUTIES, Shift, Swap
from coordination.rota.policy import SHIFTS
from portal.api.forms import Form, Identifier, read, refuse
from portal.api.idempotency import once
from portal.api.moments import Moment
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor


class ShiftForm(Form):
    acting_for = Identifier()
    person = Identifier()
    duty = serializers.ChoiceField(list(DUTIES), required=False, allow_blank=True, default="")
    starts_at = Moment()
    ends_at = Moment()


class HandOverForm(Form):
    person = Identifier()


class SwapForm(Form):
    wanted = Identifier()


class ShiftFilters(django_filters.FilterSet):
    organization = django_filters.UUIDFilter()
    when = django_filters.ChoiceFilter(choices=[("now", "now"), ("ahead", "ahead")], method="at")

    def at(self, rows: QuerySet[Shift], name: str, value: str) -> QuerySet[Shift]:
        return (queries.on_call if value == "now" else queries.ahead)(rows, clock.now())


class ShiftViewSet(ScopedViewSet):
    """The rotas of my organizations."""

    kind = changes.SHIFT
    filterset_class = ShiftFilters

    def visible(self) -> QuerySet[Shift]:
        return super().visible().select_related("organization")

    @extend_schema(request=ShiftForm)
    def create(self, request: Request) -> Response:
        form = read(ShiftForm, request)
        who = verified_actor(self.me, form.pop("acting_for"))
        return once(request, lambda: self.answer(services.plan_shift(who, **form), status=201))

    @extend_schema(request=HandOverForm)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(HandOverForm, request)
        return self.answer(services.hand_over_shift(Actor(self.me), found, form["person"]))

    def destroy(self, request: Request, pk: str, **_: Any) -> Response:
        services.remove_shift(Actor(self.me), self.fetch(pk))
        return Response(status=204)


class SwapFilters(django_filters.FilterSet):
    organization = django_filters.UUIDFilter()
    mine = django_filters.ChoiceFilter(choices=[("true", "true")], method="concerning")
    waiting = django_filters.ChoiceFilter(choices=[("true", "true")], method="waits")

    def concerning(self, rows: QuerySet[Swap], name: str, value: str) -> QuerySet[Swap]:
        return queries.concerning(rows, self.request.user, clock.now())

    def waits(self, rows: QuerySet[Swap], name: str, value: str) -> QuerySet[Swap]:
        return queries.undecided(rows, clock.now())


class SwapViewSet(ScopedViewSet):
    """Who asks whom to swap shifts. `mine`: of those to come, what I ask or am asked."""

    kind = changes.SWAP
    filterset_class = SwapFilters

    def visible(self) -> QuerySet[Swap]:
        return super().visible().select_related("organization")

    @extend_schema(request=SwapForm)
    def propose(self, request: Request, shift_id: str) -> Response:
        offered, form = self.shift(shift_id), read(SwapForm, request)
        wanted = self.shifts().filter(pk=form["wanted"]).first()
        if wanted is None:
            refuse("wanted", "does_not_exist", "This is not there, or not shared with you.")
        return once(request, lambda: self.answer(services.propose_swap(Actor(self.me), offered, wanted), status=201))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return self.answer(services.accept_swap(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        return self.answer(services.decline_swap(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.answer(services.withdraw_swap(Actor(self.me), self.fetch(pk)))

    def shifts(self) -> QuerySet[Shift]:
        return SHIFTS.visible(self.me).select_related("organization")

    def shift(self, pk: str) -> Shift:
        found = self.shifts().filter(pk=as_uuid(pk)).first()
        if found is None:
            raise NotFound
        return found


router = SimpleRouter(trailing_slash=False)
router.register("shifts", ShiftViewSet, basename="shift")
router.register("swaps", SwapViewSet, basename="swap")
urlpatterns = [
    *router.urls,
    re_path(r"^shifts/(?P<shift_id>[0-9a-f-]{36})/swaps$", SwapViewSet.as_view({"post": "propose"})),
]
