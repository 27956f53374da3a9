from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from coordination.working_groups import changes, queries, services
from coordination.working_groups.forms import (
    GroupChannelForm,
    GroupInvitationForm,
    GroupPeopleForm,
    JoinApplicationForm,
    JoinForm,
    MaybeReasonForm,
    ReasonForm,
    RuleReadForm,
    WorkingGroupEditForm,
    WorkingGroupForm,
)
from coordination.working_groups.models import (
    GroupInvitation,
    JoinApplication,
    Joining,
    RuleAcceptance,
    WorkingGroup,
)
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.seats import not_of_the_organization
from messaging.mine import AboutChannels
from portal.api.forms import read, refuse
from portal.api.idempotency import once
from portal.api.schema import reference
from portal.api.viewsets import Mine, ScopedViewSet, as_uuid
from portal.kernel.audiences import SeenBy, describe
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor
from portal.organizations.leaving import LeaveForm, chosen
from portal.organizations.policy import ORGANIZATIONS
from portal.organizations.responsibilities import Responsibilities, tell
from portal.people.models import User


class WorkingGroupFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter("group_kind", choices=WorkingGroup.Kind.choices)
    joining = django_filters.ChoiceFilter(choices=Joining.choices)
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class JoinApplicationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JoinApplication.State.choices)
    working_group = django_filters.UUIDFilter("working_group")


class GroupInvitationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=GroupInvitation.State.choices)
    working_group = django_filters.UUIDFilter("working_group")


class RuleAcceptanceFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=RuleAcceptance.State.choices)
    working_group = django_filters.UUIDFilter("working_group")


class WorkingGroupMine(Mine, kw_only=True):
    """`rule_accepted`: the newest version of its rule that I have accepted."""

    member: bool
    lead: bool
    rule_accepted: int


def named(ids: list[UUID]) -> list[User]:
    """The people of these ids, as far as they exist; who they are is the service's matter."""
    people = list(User.objects.filter(pk__in=ids))
    if len(people) < len(set(ids)):
        raise not_of_the_organization()
    return people


class WorkingGroupViewSet(ScopedViewSet):
    """The groups of the network."""

    kind = changes.WORKING_GROUP
    mine_struct = WorkingGroupMine
    filterset_class = WorkingGroupFilters

    def mine(self, objects: Iterable[WorkingGroup]) -> dict[UUID, Mine]:
        groups = {g.pk: g for g in objects}
        who = standing(self.me)
        accepted = queries.rules_accepted(self.me, groups.keys())
        return {
            pk: WorkingGroupMine(
                allowed=verbs,
                member=who.within(groups[pk].members_id),
                lead=who.within(groups[pk].leads_id),
                rule_accepted=accepted.get(pk, 0),
            )
            for pk, verbs in self.allowed(groups.values()).items()
        }

    @extend_schema(request=WorkingGroupForm)
    def create(self, request: Request) -> Response:
        form = read(WorkingGroupForm, request)
        who = verified_actor(self.me, form.pop("acting_for"))
        form["group_kind"] = form.pop("kind")
        form["parent"] = queries.working_group(self.me, form["parent"]) if form["parent"] else None
        return once(request, lambda: self.answer(services.create_working_group(who, **form), status=201))

    @extend_schema(request=WorkingGroupEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        group, version, form = self.fetch(pk), self.if_match(), read(WorkingGroupEditForm, request)
        if "kind" in form:
            form["group_kind"] = form.pop("kind")
        return self.answer(services.edit_working_group(Actor(self.me), group, version, **form))

    @extend_schema(request=JoinForm)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Into an open group: oneself, or as a coordinator others. Where there is a rule, they are asked to accept."""
        group, form = self.fetch(pk), read(JoinForm, request)
        who = verified_actor(self.me, form["acting_for"])
        return self.answer(services.join_open_group(who, group, named(form["people"])))

    @extend_schema(request=RuleReadForm)
    @action(detail=True, methods=["post"], url_path="accept-rule")
    def accept_rule(self, request: Request, pk: str) -> Response:
        """Somebody who is in the group accepts its rule as it is now."""
        group, form = self.fetch(pk), read(RuleReadForm, request)
        return self.answer(services.accept_rule_anew(Actor(self.me), group, form["rule_version"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        return self.answer(services.archive_working_group(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        return self.answer(services.reopen_working_group(Actor(self.me), self.fetch(pk)))

    @extend_schema(responses=reference(Responsibilities))
    @action(detail=True, methods=["get"])
    def responsibilities(self, request: Request, pk: str) -> Response:
        """What I see to in it and in its parts, and who may take it over when I leave."""
        group = self.fetch(pk)
        WORKING_GROUPS.require(self.me, "leave", group)
        return Response(tell(services.account_in(self.me, group)))

    @extend_schema(request=LeaveForm, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Hand all of it over and leave, in one write or not at all."""
        group, form = self.fetch(pk), read(LeaveForm, request)
        services.leave_working_group(Actor(self.me), group, chosen(form))
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


class GroupEntryViewSet(ScopedViewSet):
    """What happened in a group: for those in it."""

    kind = changes.GROUP_ENTRY

    def list(self, request: Request, **_: Any) -> Response:
        group = queries.working_group(self.me, as_uuid(self.kwargs["working_group"]))
        return self.page(self.filtered(self.visible().filter(working_group=group)))


class GroupChannelViewSet(AboutChannels):
    """The channels of a group; those in it read them where all channels are."""

    @extend_schema(request=GroupChannelForm)
    def create(self, request: Request, **_: Any) -> Response:
        group, form = (
            queries.working_group(self.me, as_uuid(self.kwargs["working_group"])),
            read(GroupChannelForm, request),
        )
        who = Actor(self.me)
        return once(request, lambda: self.answer(services.open_group_channel(who, group, **form), status=201))


class JoinApplicationViewSet(ScopedViewSet):
    """Applications that my organization made, and those that wait for me as a lead."""

    kind = changes.JOIN_APPLICATION
    filterset_class = JoinApplicationFilters

    def visible(self) -> QuerySet[JoinApplication]:
        return super().visible().select_related("working_group")

    @extend_schema(request=JoinApplicationForm)
    def create(self, request: Request) -> Response:
        form = read(JoinApplicationForm, request)
        who = verified_actor(self.me, form["acting_for"])
        group = queries.working_group(self.me, form["working_group"])
        people = named(form["people"])
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


class GroupInvitationViewSet(ScopedViewSet):
    """Invitations to groups that my organization got, and those that I sent as a lead."""

    kind = changes.GROUP_INVITATION
    filterset_class = GroupInvitationFilters

    def visible(self) -> QuerySet[GroupInvitation]:
        return super().visible().select_related("working_group")

    @extend_schema(request=GroupInvitationForm)
    def create(self, request: Request) -> Response:
        form = read(GroupInvitationForm, request)
        group = queries.working_group(self.me, form["working_group"])
        organization = ORGANIZATIONS.visible(self.me).filter(pk=form["organization"]).first()
        if organization is None:
            refuse("organization", "does_not_exist", "It is not there, or not shared with you.")
        who = Actor(self.me)
        return once(
            request,
            lambda: self.answer(services.invite_organization(who, group, organization, form["note"]), status=201),
        )

    def one(self, pk: str) -> GroupInvitation:
        return queries.group_invitation(self.me, as_uuid(pk))

    @extend_schema(request=GroupPeopleForm)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Name who comes. The invited organization is acted for."""
        invitation, form = self.one(pk), read(GroupPeopleForm, request)
        who = Actor(self.me, invitation.organization)
        return self.answer(services.accept_invitation_to_group(who, invitation, named(form["people"])))

    @extend_schema(request=MaybeReasonForm)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        invitation, form = self.one(pk), read(MaybeReasonForm, request)
        who = Actor(self.me, invitation.organization)
        return self.answer(services.decline_invitation_to_group(who, invitation, form["reason"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.answer(services.withdraw_invitation_to_group(Actor(self.me), self.one(pk)))


class RuleAcceptanceViewSet(ScopedViewSet):
    """The rules that I am asked to accept, and for leads, who has accepted theirs."""

    kind = changes.RULE_ACCEPTANCE
    filterset_class = RuleAcceptanceFilters

    def visible(self) -> QuerySet[RuleAcceptance]:
        return super().visible().select_related("working_group")

    def one(self, pk: str) -> RuleAcceptance:
        return queries.rule_acceptance(self.me, as_uuid(pk))

    @extend_schema(request=RuleReadForm)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """I have read it and accept it. When it was changed meanwhile, the answer carries the new text."""
        acceptance, form = self.one(pk), read(RuleReadForm, request)
        return self.answer(services.accept_rule(Actor(self.me), acceptance, form["rule_version"]))

    @extend_schema(request=MaybeReasonForm)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        acceptance, form = self.one(pk), read(MaybeReasonForm, request)
        return self.answer(services.decline_rule(Actor(self.me), acceptance, form["reason"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.answer(services.withdraw_rule_acceptance(Actor(self.me), self.one(pk)))


router = SimpleRouter(trailing_slash=False)
router.register("working-groups", WorkingGroupViewSet, basename="working-group")
router.register("working-groups/(?P<working_group>[0-9a-f-]{36})/members", GroupMemberViewSet, basename="group-member")
router.register("group-invitations", GroupInvitationViewSet, basename="group-invitation")
router.register("rule-acceptances", RuleAcceptanceViewSet, basename="rule-acceptance")
router.register("join-applications", JoinApplicationViewSet, basename="join-application")
leads = GroupMemberViewSet.as_view({"put": "name_lead", "delete": "unname_lead"})
entries = GroupEntryViewSet.as_view({"get": "list"})
channels = GroupChannelViewSet.as_view({"post": "create"})
INSIDE = r"^working-groups/(?P<working_group>[0-9a-f-]{36})"
urlpatterns = [
    *router.urls,
    re_path(INSIDE + r"/leads/(?P<person>[0-9a-f-]{36})$", leads),
    re_path(INSIDE + r"/entries$", entries),
    re_path(INSIDE + r"/channels$", channels),
]
