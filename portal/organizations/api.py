from datetime import datetime
from typing import Any

import django_filters
import msgspec
from django.conf import settings
from django.middleware.csrf import get_token
from django.urls import path, re_path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from portal.api.authentication import Anybody, SessionAuthentication, SignedIn, private, require_fresh_proof
from portal.api.forms import Form, Identifier, Text, read
from portal.api.idempotency import once
from portal.api.moments import Day
from portal.api.schema import reference
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel import clock
from portal.kernel.errors import NotFound, Problem
from portal.kernel.kinds import OrganizationRef
from portal.kernel.writing import Actor
from portal.organizations import changes, leaving, members, network, queries, services
from portal.organizations.applying import ApplicationForm, receive
from portal.organizations.models import (
    ApplicationState,
    Organization,
    OrganizationKind,
    OrganizationStatus,
    Tier,
)
from portal.organizations.policy import asks_for_proof
from portal.organizations.session import Session, session_of
from portal.people.models import User
from portal.people.sign_in import sign_in

ID = "[0-9a-f-]{36}"


class OrganizationForm(Form):
    """`administrator_email` invites its first administrator; without it, that is who applies."""

    name = Text(max_length=120)
    kind = serializers.ChoiceField(OrganizationKind.choices)
    description = Text(max_length=2000, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    administrator_email = serializers.EmailField(required=False)


class OrganizationEditForm(Form):
    name = Text(max_length=120, required=False)
    kind = serializers.ChoiceField(OrganizationKind.choices, required=False)
    description = Text(max_length=2000, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)


class InvitationForm(Form):
    email = serializers.EmailField()
    tier = serializers.ChoiceField(Tier.choices)


class SuspensionForm(Form):
    """The reason is kept for the network's administrators alone."""

    reason = Text(max_length=2000)


class AgreementForm(Form):
    """Who countersigned is named by role; `reference` says where the paper is."""

    organization = Identifier()
    signed_on = Day()
    review_on = Day()
    countersigned_by = Text(max_length=120)
    reference = Text(max_length=500, required=False, allow_blank=True, default="")


class ApplicationAcceptForm(Form):
    """Under another name, where an organization has this one already."""

    name = Text(max_length=120, required=False)


class ApplicationDeclineForm(Form):
    """The reason is mailed to who asked."""

    reason = Text(max_length=2000)


class NewAccountForm(Form):
    name = Text(max_length=120)
    password = Text(max_length=4096, trim_whitespace=False)
    time_zone = Text(max_length=64)
    locale = serializers.ChoiceField(settings.LANGUAGES)


class NothingForm(Form):
    """Who is signed in accepts as they are."""


class OrganizationFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=OrganizationStatus.choices)
    kind = django_filters.ChoiceFilter("organization_kind", choices=OrganizationKind.choices)


class AgreementFilters(django_filters.FilterSet):
    organization = django_filters.UUIDFilter("organization")


class ApplicationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ApplicationState.choices)


class SessionViewSet(ViewSet):
    """Who I am; for strangers too. Sets the CSRF cookie that every write has to repeat in `X-CSRFToken`."""

    permission_classes = [Anybody]

    @extend_schema(responses=reference(Session))
    def retrieve(self, request: Request) -> Response:
        get_token(request._request)
        return private(Response(session_of(request.user, request.session)))


class OrganizationViewSet(ScopedViewSet):
    """The organizations of the network."""

    kind = changes.ORGANIZATION
    filterset_class = OrganizationFilters

    @extend_schema(request=OrganizationForm)
    def create(self, request: Request) -> Response:
        form = read(OrganizationForm, request)
        if "administrator_email" in form:
            require_fresh_proof(request)
        return once(request, lambda: self.answer(services.apply(Actor(request.user), **form), status=201))

    @extend_schema(request=OrganizationEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        organization, version, form = self.fetch(pk), self.if_match(), read(OrganizationEditForm, request)
        return self.answer(services.edit(Actor(request.user, organization), organization, version, **form))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        return self.answer(services.verify(Actor(request.user), self.fetch(pk)))

    @extend_schema(request=SuspensionForm)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """Whatever its people see and do by virtue of it ends at once, but that they work for it."""
        organization = queries.organization(request.user, as_uuid(pk), "suspend")
        form = read(SuspensionForm, request)
        require_fresh_proof(request)
        return self.answer(services.suspend(Actor(request.user), organization, form["reason"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, pk: str) -> Response:
        """Its people are in the network again; into groups and channels they come by being asked."""
        organization = queries.organization(request.user, as_uuid(pk), "reinstate")
        require_fresh_proof(request)
        return self.answer(services.reinstate(Actor(request.user), organization))


class SuspensionViewSet(ScopedViewSet):
    """When and why an organization was suspended: for the network's administrators."""

    kind = changes.SUSPENSION

    def list(self, request: Request, **_: Any) -> Response:
        organization = queries.organization(request.user, as_uuid(self.kwargs["organization"]), "suspend")
        return self.page(self.filtered(self.visible().filter(organization=organization)))


class AgreementViewSet(ScopedViewSet):
    """What organizations and the network agreed on: for the administrators of both."""

    kind = changes.AGREEMENT
    filterset_class = AgreementFilters

    @extend_schema(request=AgreementForm)
    def create(self, request: Request) -> Response:
        form = read(AgreementForm, request)
        organization = queries.organization(request.user, form.pop("organization"), "record_agreement")
        who = Actor(request.user)
        return once(request, lambda: self.answer(services.record_agreement(who, organization, **form), status=201))


class ApplicationViewSet(ScopedViewSet):
    """Who asks from outside to be let in: anybody may, the network's administrators read it."""

    kind = changes.APPLICATION
    filterset_class = ApplicationFilters

    def get_permissions(self) -> Any:
        return [Anybody()] if self.action == "create" else super().get_permissions()

    @extend_schema(request=ApplicationForm, responses={204: None})
    def create(self, request: Request) -> Response:
        """The answer is the same whatever there is already."""
        receive(request._request, dict(request.data))
        return Response(status=204)

    @extend_schema(request=ApplicationAcceptForm)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """It becomes an organization; its contact is invited to administer it."""
        application, form = self.fetch(pk), read(ApplicationAcceptForm, request)
        require_fresh_proof(request)
        return self.answer(services.accept_application(Actor(request.user), application, **form))

    @extend_schema(request=ApplicationDeclineForm)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        application, form = self.fetch(pk), read(ApplicationDeclineForm, request)
        return self.answer(services.decline_application(Actor(request.user), application, form["reason"]))


class InvitationViewSet(ScopedViewSet):
    """The invitations to an organization: for its administrators."""

    kind = changes.INVITATION

    def organization(self, verb: str = "manage_people") -> Organization:
        return queries.organization(self.request.user, as_uuid(self.kwargs["organization"]), verb)

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(organization=self.organization())))

    def retrieve(self, request: Request, pk: str = "", **_: Any) -> Response:
        return self.answer(self.one(pk))

    @extend_schema(request=InvitationForm)
    def create(self, request: Request, **_: Any) -> Response:
        inside, form = self.organization("invite"), read(InvitationForm, request)
        if asks_for_proof(form["tier"]):
            require_fresh_proof(request)
        who = Actor(request.user, inside)
        return once(
            request,
            lambda: self.answer(services.invite(who, inside, form["email"], Tier(form["tier"])), status=201),
        )

    def destroy(self, request: Request, pk: str, **_: Any) -> Response:
        invitation = self.one(pk)
        services.revoke_invitation(Actor(request.user, invitation.organization), invitation)
        return Response(status=204)

    def one(self, pk: str) -> Any:
        inside = self.visible().filter(organization=self.organization())
        found = inside.filter(pk=as_uuid(pk)).select_related("organization").first()
        if found is None:
            raise NotFound
        return found


class Invited(msgspec.Struct, kw_only=True):
    """What an invitation's link tells who holds it."""

    organization: OrganizationRef
    tier: Tier
    email: str
    expires_at: datetime
    has_account: bool


class Joined(msgspec.Struct, kw_only=True):
    organization: OrganizationRef
    tier: Tier


class JoinViewSet(ViewSet):
    """An invitation by its mailed token: for whoever holds the link."""

    permission_classes = [Anybody]

    @extend_schema(responses=reference(Invited))
    def retrieve(self, request: Request, token: str) -> Response:
        invitation = services.invitation_by(token)
        if not invitation.is_open(clock.now()) or not invitation.organization.permits("invite"):
            raise NotFound
        return private(
            Response(
                Invited(
                    organization=queries.ref(invitation.organization),
                    tier=Tier(invitation.tier),
                    email=invitation.email,
                    expires_at=invitation.expires_at,
                    has_account=has_account(invitation.email),
                )
            )
        )

    @extend_schema(request=NewAccountForm, responses=reference(Joined))
    def accept(self, request: Request, token: str) -> Response:
        """Without an account: with a name and a password, and signs in. Signed in: with an empty body."""
        SessionAuthentication().enforce_csrf(request)
        invitation = services.invitation_by(token)
        person: Any = request.user
        if person.is_authenticated:
            SignedIn().has_permission(request, self)
            read(NothingForm, request)
            services.accept_invitation(person, token)
        elif has_account(invitation.email):
            raise Problem("not_authenticated")
        else:
            sign_in(request._request, services.accept_invitation_as_new(token, **read(NewAccountForm, request)))
        return private(Response(Joined(organization=queries.ref(invitation.organization), tier=Tier(invitation.tier))))


def has_account(email: str) -> bool:
    return User.objects.filter(email=email).exists()


router = SimpleRouter(trailing_slash=False)
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("applications", ApplicationViewSet, basename="application")
router.register("organizations", OrganizationViewSet, basename="organization")
router.register(f"organizations/(?P<organization>{ID})/invitations", InvitationViewSet, basename="invitation")
urlpatterns = [
    path("session", SessionViewSet.as_view({"get": "retrieve"}), name="session"),
    path("invitations/<str:token>", JoinViewSet.as_view({"get": "retrieve"}), name="join"),
    path("invitations/<str:token>/accept", JoinViewSet.as_view({"post": "accept"}), name="accept"),
    re_path(
        f"^organizations/(?P<organization>{ID})/suspensions$",
        SuspensionViewSet.as_view({"get": "list"}),
        name="suspensions",
    ),
    *members.urlpatterns,
    *network.urlpatterns,
    *leaving.urlpatterns,
    *router.urls,
]
