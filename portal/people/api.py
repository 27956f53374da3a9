from typing import Any

import msgspec
from django.conf import settings
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private
from portal.api.forms import Form, Text, read
from portal.api.schema import reference
from portal.api.viewsets import Mine
from portal.people import services
from portal.people.changes import Me, shape_me


class MeForm(Form):
    name = Text(max_length=120, required=False)
    time_zone = Text(max_length=64, required=False)
    locale = serializers.ChoiceField(settings.LANGUAGES, required=False)


class MeAnswer(msgspec.Struct, kw_only=True):
    result: Me
    mine: Mine


class MeViewSet(ViewSet):
    """My own account."""

    @extend_schema(request=MeForm, responses=reference(MeAnswer))
    def partial_update(self, request: Request) -> Response:
        person: Any = request.user
        services.change_preferences(person, **read(MeForm, request))
        return private(Response(MeAnswer(result=shape_me(person), mine=Mine(allowed=["edit"]))))


urlpatterns = [path("me", MeViewSet.as_view({"patch": "partial_update"}), name="me")]
