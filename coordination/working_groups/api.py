from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.working_groups import changes, queries, services
from coordination.working_groups.models import JoinApplication, WorkingGroup
from portal.api.forms import Form, Identifier, Text, read
from portal.api.idempotency import once
from portal.api.schema import reference
from portal.api.viewsets import Mine, ScopedViewSet, as_uuid
from portal.kernel.audiences import SeenBy, describe
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor
from portal.people.models import User

PURPOSE_HINT = "What the group is for. The whole network reads it."


class WorkingGroupForm(Form):
    acting_for = Identifier()
    name = Text(max_length=120)
    kind = serializers.ChoiceField(WorkingGroup.Kind.choices)
    purpose = Text(max_length=2000, required=False, allow_blank=True, default="", help_text=PURPOSE_HINT)


class WorkingGroupEditForm(Form):
    name = Text(max_length=120, required=False)
    kind = serializers.ChoiceField(WorkingGroup.Kind.choices, required=False)
    purpose = Text(max_length=2000, required=False, allow_blank=True, help_text=PURPOSE_HINT)


class JoinApplicationForm(Form):
    acting_for = Identifier()
    working_group = Identifier()
    people = serializers.ListField(child=Identifier(), min_length=1, max_length=50)
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class ReasonForm(Form):
    reason = Text(max_length=500, help_text="The asking organization reads it.")


class WorkingGroupFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter("group_kind", choices=WorkingGroup.Kind.choices)


class JoinApplicationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JoinApplication.State.choices)
    working_group = django_filters.UUIDFilter("working_group")


class WorkingGroupMine(Mine, kw_only=True):
    member: bool
    lead: bool


class WorkingGroupViewSet(ScopedViewSet):
    """The groups of the network."""

    kind = changes.WORKING_GROUP
    mine_struct = WorkingGroupMine
    filterset_class = WorkingGroupFilters

    def mine(self, objects: Iterable[WorkingGroup]) -> dict[UUID, Mine]:
        groups = {g.pk: g for g in objects}
        who = standing(self.me)
        return {
            pk: WorkingGroupMine(
                allowed=verbs, member=who.within(groups[pk].members_id), lead=who.within(groups[pk].leads_id)
            )
            for pk, verbs in self.allowed(groups.values()).items()
        }

    @extend_schema(request=WorkingGroupForm)
    def create(self, request: Request) -> Response:
        form = read(WorkingGroupForm, request)
        who = verified_actor(self.me, form["acting_for"])
        return once(
            request,
            lambda: self.answer(
                services.create_working_group(who, name=form["name"], group_kind=form["kind"], purpose=form["purpose"]),
                status=201,
            ),
        )

    @extend_schema(request=WorkingGroupEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        group, version, form = self.fetch(pk), self.if_match(), read(WorkingGroupEditForm, request)
        if "kind" in form:
            form["group_kind"] = form.pop("kind")
        return self.answer(services.edit_working_group(Actor(self.me), group, version, **form))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        services.leave_working_group(Actor(self.me), self.fetch(pk))
        return Response(status=204)

    @extend_schema(responses=reference(SeenBy))
    @action(detail=True, methods=["get"])
    def audience(self, request: Request, pk: str) -> Response:
        """Who can see what is shared inside the group."""
        return Response(SeenBy(audiences=list(describe([self.fetch(pk).members_id]).values()), others=False))


class GroupMemberViewSet(ScopedViewSet):
    """Who is in a group: for those in it."""

    kind = changes.GROUP_MEMBER
    lookup_field = "person"
    lookup_url_kwarg = "person"

    def group(self) -> WorkingGroup:
        return queries.working_group(self.me, as_uuid(self.kwargs["working_group"]))

    def member(self) -> Any:
        return queries.group_member(self.me, self.group(), as_uuid(self.kwargs["person"]))

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(group=self.group().members_id)))

    def retrieve(self, request: Request, pk: str = "", **_: Any) -> Response:
        return self.answer(self.member())

    def destroy(self, request: Request, **_: Any) -> Response:
        services.remove_member(Actor(self.me), self.group(), self.member())
        return Response(status=204)

    @extend_schema(request=None)
    def name_lead(self, request: Request, **_: Any) -> Response:
        return self.answer(services.name_lead(Actor(self.me), self.group(), self.member()))

    @extend_schema(request=None, responses={204: None})
    def unname_lead(self, request: Request, **_: Any) -> Response:
        services.unname_lead(Actor(self.me), self.group(), self.member())
        return Response(status=204)


class JoinApplicationViewSet(ScopedViewSet):
    """Applications that my organization made, and those that wait for me as a lead."""

    kind = changes.JOIN_APPLICATION
    filterset_class = JoinApplicationFilters

    @extend_schema(request=JoinApplicationForm)
    def create(self, request: Request) -> Response:
        form = read(JoinApplicationForm, request)
        who = verified_actor(self.me, form["acting_for"])
        group = queries.working_group(self.me, form["working_group"])
        people = list(User.objects.filter(pk__in=form["people"]))
        if len(people) < len(set(form["people"])):
            raise services.not_of_the_organization()
        return once(
            request,
            lambda: self.answer(services.apply_to_join(who, group, people, form["note"]), status=201),
        )

    def one(self, pk: str) -> JoinApplication:
        return queries.join_application(self.me, as_uuid(pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return self.answer(services.accept_application(Actor(self.me), self.one(pk)))

    @extend_schema(request=ReasonForm)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        application, form = self.one(pk), read(ReasonForm, request)
        return self.answer(services.decline_application(Actor(self.me), application, form["reason"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.answer(services.withdraw_application(Actor(self.me), self.one(pk)))


router = SimpleRouter(trailing_slash=False)
router.register("working-groups", WorkingGroupViewSet, basename="working-group")
router.register("working-groups/(?P<working_group>[0-9a-f-]{36})/members", GroupMemberViewSet, basename="group-member")
router.register("join-applications", JoinApplicationViewSet, basename="join-application")
leads = GroupMemberViewSet.as_view({"put": "name_lead", "delete": "unname_lead"})
urlpatterns = [
    *router.urls,
    re_path(r"^working-groups/(?P<working_group>[0-9a-f-]{36})/leads/(?P<person>[0-9a-f-]{36})$", leads),
]
