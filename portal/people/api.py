from typing import Any

import msgspec
from django.conf import settings
from django.urls import path, re_path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private
from portal.api.forms import Form, Text, read
from portal.api.schema import reference
from portal.api.viewsets import Mine, as_uuid, keyset, only_known
from portal.people import queries, services
from portal.people.changes import Device, Me, SignInEntry, shape_device, shape_me, shape_sign_in

ID = "[0-9a-f-]{36}"
CURSOR, LIMIT = OpenApiParameter("cursor", str), OpenApiParameter("limit", int)


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
        person = me(request)
        services.change_preferences(person, **read(MeForm, request))
        return private(Response(MeAnswer(result=shape_me(person), mine=Mine(allowed=["edit"]))))


class Devices(msgspec.Struct, kw_only=True):
    results: list[Device]


class SignIns(msgspec.Struct, kw_only=True):
    results: list[SignInEntry]
    next: str | None


class DeviceViewSet(ViewSet):
    """Where I am signed in."""

    @extend_schema(responses=reference(Devices))
    def list(self, request: Request) -> Response:
        found = queries.sessions_of(me(request))
        current = key(request)
        return private(Response(Devices(results=[shape_device(each, current) for each in found])))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        services.end_session(me(request), as_uuid(pk))
        return private(Response(status=204))

    @extend_schema(responses={204: None})
    def destroy_others(self, request: Request) -> Response:
        """All but the one that asks."""
        services.end_sessions(me(request), keep=key(request))
        return private(Response(status=204))


class ThisSessionViewSet(ViewSet):
    """The session that asks. It locks itself when no person does anything in it for a while."""

    @extend_schema(request=None, responses={204: None})
    def note_activity(self, request: Request) -> Response:
        """A person did something: sent at most once a minute, and never for what the app does by itself."""
        services.note_activity(me(request), key(request))
        return private(Response(status=204))

    @extend_schema(request=None, responses={204: None})
    def lock(self, request: Request) -> Response:
        """Until the person proves who they are, everything else is refused."""
        services.lock_session(me(request), key(request))
        return private(Response(status=204))


class SignInViewSet(ViewSet):
    """How my account was opened in the last 90 days, and who tried."""

    @extend_schema(responses=reference(SignIns), parameters=[CURSOR, LIMIT])
    def list(self, request: Request) -> Response:
        only_known(request, {"cursor", "limit"})
        found, following = keyset(request, queries.sign_ins_of(me(request)))
        return private(Response(SignIns(results=[shape_sign_in(each) for each in found], next=following)))


def me(request: Request) -> Any:
    """Who is calling: `SignedIn` let nobody else pass."""
    return request.user


def key(request: Request) -> Any:
    return request.session.session_key


urlpatterns = [
    path("session/activity", ThisSessionViewSet.as_view({"put": "note_activity"}), name="activity"),
    path("session/lock", ThisSessionViewSet.as_view({"post": "lock"}), name="lock"),
    path("me", MeViewSet.as_view({"patch": "partial_update"}), name="me"),
    path("sessions", DeviceViewSet.as_view({"get": "list", "delete": "destroy_others"}), name="sessions"),
    re_path(f"^sessions/(?P<pk>{ID})$", DeviceViewSet.as_view({"delete": "destroy"}), name="session-of-mine"),
    path("sign-ins", SignInViewSet.as_view({"get": "list"}), name="sign-ins"),
]
