"""Leaving the network for good: what somebody sees to anywhere, and the end of their account."""

from collections.abc import Mapping
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private, require_fresh_proof
from portal.api.forms import Form, Identifier, Text, read
from portal.api.schema import reference
from portal.organizations import services
from portal.organizations.responsibilities import Responsibilities, Successors, accounts_of, tell
from portal.people.models import User


class SuccessorForm(Form):
    kind = Text(max_length=32)
    id = Identifier()
    successor = Identifier(allow_null=True, help_text="Null: nobody. It comes to rest, or is left open.")


class LeaveForm(Form):
    """Who takes over each of their responsibilities, exactly those that were listed."""

    successors = serializers.ListField(child=SuccessorForm(), max_length=2000)


def chosen(form: Mapping[str, Any]) -> Successors:
    return {(each["kind"], each["id"]): each["successor"] for each in form["successors"]}


class ClosingViewSet(ViewSet):
    """My own leaving, of everything."""

    @property
    def me(self) -> User:
        """Who is calling: `SignedIn` let nobody else pass."""
        return cast(User, self.request.user)

    @extend_schema(responses=reference(Responsibilities))
    def responsibilities(self, request: Request) -> Response:
        """All that I see to, for whatever organization, and who may take it over."""
        return private(Response(tell(*accounts_of(self.me))))

    @extend_schema(request=LeaveForm, responses={204: None})
    def close(self, request: Request) -> Response:
        """Hand all of it over and end the account, in one write or not at all."""
        form = read(LeaveForm, request)
        require_fresh_proof(request)
        services.leave_network(self.me, chosen(form))
        request.session.flush()
        return private(Response(status=204))


urlpatterns = [
    path("me/responsibilities", ClosingViewSet.as_view({"get": "responsibilities"}), name="my-responsibilities"),
    path("me/close", ClosingViewSet.as_view({"post": "close"}), name="close-account"),
]
