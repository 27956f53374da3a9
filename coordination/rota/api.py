from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.requests.kinds import KINDS
from coordination.rota import changes, queries, services
from coordination.rota.models import Shift
from portal.api.forms import Form, Identifier, read
from portal.api.idempotency import once
from portal.api.moments import Moment
from portal.api.viewsets import ScopedViewSet
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor


class ShiftForm(Form):
    acting_for = Identifier()
    person = Identifier()
    request_kind = serializers.ChoiceField(list(KINDS), required=False, allow_blank=True, default="")
    starts_at = Moment()
    ends_at = Moment()


class HandOverForm(Form):
    person = Identifier()


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


router = SimpleRouter(trailing_slash=False)
router.register("shifts", ShiftViewSet, basename="shift")
urlpatterns = router.urls
