"""What the network asks of organizations: for its administrators."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private, require_fresh_proof
from portal.api.forms import Form, read
from portal.api.schema import reference
from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.policy import require_network_administrator
from portal.organizations.session import NetworkInfo, network_info


class NetworkForm(Form):
    """`agreement_required`: an organization is verified only once it has an agreement."""

    agreement_required = serializers.BooleanField()


class NetworkViewSet(ViewSet):
    """The network itself. Whoever is signed in reads it in their session."""

    @extend_schema(request=NetworkForm, responses=reference(NetworkInfo))
    def partial_update(self, request: Request) -> Response:
        person: Any = request.user
        require_network_administrator(person)
        form = read(NetworkForm, request)
        require_fresh_proof(request)
        network = services.ask_for_agreements(Actor(person), form["agreement_required"])
        return private(Response(network_info(network)))


urlpatterns = [path("network", NetworkViewSet.as_view({"patch": "partial_update"}), name="network")]
