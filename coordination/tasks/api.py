from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.requests.forms import NO_PERSON
from coordination.requests.models import Request
from coordination.requests.queries import request as visible_request
from coordination.tasks import changes, queries, services
from coordination.tasks.models import Task
from portal.api.forms import Form, Identifier, Text, read
from portal.api.idempotency import once
from portal.api.moments import Moment
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel.writing import Actor


class TaskForm(Form):
    what = Text(max_length=200, help_text=NO_PERSON)
    assigned_to = Identifier(required=False, allow_null=True, default=None)
    due_at = Moment(required=False, allow_null=True, default=None)


class TaskEditForm(Form):
    what = Text(max_length=200, required=False, help_text=NO_PERSON)
    due_at = Moment(required=False, allow_null=True)


class AssignForm(Form):
    person = Identifier(allow_null=True)


class TaskFilters(django_filters.FilterSet):
    mine = django_filters.ChoiceFilter(choices=[("true", "true")], method="to_do")

    def to_do(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return queries.to_do(rows, self.request.user)


class TaskViewSet(ScopedViewSet):
    """Tasks of the requests whose channels I am in. `mine`: those that I have to do still."""

    kind = changes.TASK
    filterset_class = TaskFilters

    def visible(self) -> QuerySet[Task]:
        return super().visible().select_related("request__owner")

    @extend_schema(request=TaskEditForm)
    def partial_update(self, request: HttpRequest, pk: str) -> Response:
        found, version = self.fetch(pk), self.if_match()
        form = read(TaskEditForm, request)
        return self.answer(services.edit_task(Actor(self.me), found, version, **form))

    @extend_schema(request=AssignForm)
    @action(detail=True, methods=["post"])
    def assign(self, request: HttpRequest, pk: str) -> Response:
        found, form = self.fetch(pk), read(AssignForm, request)
        return self.answer(services.assign_task(Actor(self.me), found, form["person"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def finish(self, request: HttpRequest, pk: str) -> Response:
        return self.answer(services.finish_task(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: HttpRequest, pk: str) -> Response:
        return self.answer(services.reopen_task(Actor(self.me), self.fetch(pk)))

    def destroy(self, request: HttpRequest, pk: str, **_: Any) -> Response:
        services.remove_task(Actor(self.me), self.fetch(pk))
        return Response(status=204)


class RequestTaskViewSet(TaskViewSet):
    """The tasks of one request."""

    filterset_class = None  # type: ignore[assignment]

    def request_seen(self) -> Request:
        return visible_request(self.me, as_uuid(self.kwargs["request_id"]))

    def list(self, request: HttpRequest, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(request=self.request_seen())))

    @extend_schema(request=TaskForm)
    def create(self, request: HttpRequest, **_: Any) -> Response:
        found, form = self.request_seen(), read(TaskForm, request)
        return once(request, lambda: self.answer(services.add_task(Actor(self.me), found, **form), status=201))


router = SimpleRouter(trailing_slash=False)
router.register("tasks", TaskViewSet, basename="task")
urlpatterns = [
    *router.urls,
    re_path(
        r"^requests/(?P<request_id>[0-9a-f-]{36})/tasks$",
        RequestTaskViewSet.as_view({"get": "list", "post": "create"}),
    ),
]
