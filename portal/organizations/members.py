"""Who works for an organization, what they see to, and how they leave: the addresses under `/people`."""

from typing import Any

from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import require_fresh_proof
from portal.api.forms import Form, read
from portal.api.schema import reference
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel.errors import NotFound
from portal.kernel.writing import Actor
from portal.organizations import changes, queries, services
from portal.organizations.leaving import LeaveForm, chosen
from portal.organizations.models import Organization, OrganizationMember, Tier
from portal.organizations.policy import ORGANIZATION_MEMBERS, asks_for_proof
from portal.organizations.responsibilities import Responsibilities, Successors, account, tell

ID = "[0-9a-f-]{36}"
MEMBERS = rf"^organizations/(?P<organization>{ID})/people"
MEMBER = rf"{MEMBERS}/(?P<person>{ID})"


class TierForm(Form):
    tier = serializers.ChoiceField(Tier.choices)


class OrganizationMemberViewSet(ScopedViewSet):
    """Who works for an organization: for those who do."""

    kind = changes.ORGANIZATION_MEMBER

    def visible(self) -> QuerySet[OrganizationMember]:
        return super().visible().select_related("group__audience__organization", "user")

    def organization(self) -> Organization:
        return queries.organization(self.request.user, as_uuid(self.kwargs["organization"]), "see_people")

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(group=self.organization().members_id)))

    @extend_schema(request=TierForm)
    def update(self, request: Request, **_: Any) -> Response:
        member, form = self.member(), read(TierForm, request)
        self.ask_for_proof(member, form["tier"])
        who = Actor(request.user, member.organization)
        return self.answer(services.change_tier(who, member, Tier(form["tier"])))

    def destroy(self, request: Request, **_: Any) -> Response:
        """Of somebody who is responsible for nothing."""
        return self.removed(self.member(), {})

    @extend_schema(responses=reference(Responsibilities))
    def responsibilities(self, request: Request, **_: Any) -> Response:
        """What they see to, and who may take it over: for whoever may remove them, and for themselves."""
        member = self.member()
        ORGANIZATION_MEMBERS.require(self.me, "remove", member)
        return Response(tell(account(self.me, member.organization, member.user)))

    @extend_schema(request=LeaveForm, responses={204: None})
    def leave(self, request: Request, **_: Any) -> Response:
        """Hand all of it over and remove them, in one write or not at all."""
        member, form = self.member(), read(LeaveForm, request)
        return self.removed(member, chosen(form))

    def removed(self, member: OrganizationMember, successors: Successors) -> Response:
        self.ask_for_proof(member)
        services.remove_person(Actor(self.me, member.organization), member, successors)
        return Response(status=204)

    def ask_for_proof(self, member: OrganizationMember, *tiers: str) -> None:
        if asks_for_proof(queries.tiers([member])[member.pk], *tiers):
            require_fresh_proof(self.request)

    def member(self) -> Any:
        inside = self.visible().filter(group=self.organization().members_id)
        found = inside.filter(user=as_uuid(self.kwargs["person"])).first()
        if found is None:
            raise NotFound
        return found


VIEW = OrganizationMemberViewSet.as_view
urlpatterns = [
    re_path(f"{MEMBERS}$", VIEW({"get": "list"}), name="organization-members"),
    re_path(f"{MEMBER}$", VIEW({"put": "update", "delete": "destroy"}), name="organization-member"),
    re_path(f"{MEMBER}/responsibilities$", VIEW({"get": "responsibilities"}), name="responsibilities"),
    re_path(f"{MEMBER}/leave$", VIEW({"post": "leave"}), name="leave-organization"),
]
