from datetime import time
from typing import Any

import msgspec
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private
from portal.api.forms import Flag, Form, Text, read
from portal.api.schema import reference
from portal.notify import services, web_push
from portal.notify.models import PushSubscription, QuietHours

ON_THE_CLOCK = "%H:%M"


class Quiet(msgspec.Struct, kw_only=True):
    """From when to when I am woken for nobody's safety alone, by the clocks of my time zone."""

    begins: str
    ends: str


class Waking(msgspec.Struct, kw_only=True):
    """Whether this device is woken, the key that its browser subscribes with, and my quiet hours."""

    device: bool
    public_key: str
    quiet_hours: Quiet | None


class SubscriptionForm(Form):
    """As the browser's PushSubscription says it. `renew`: only if I let this device be woken before."""

    endpoint = Text(max_length=1000)
    public_key = Text(max_length=100)
    secret = Text(max_length=32)
    neutral = Flag(required=False, default=False, help_text="It says the name that says nothing.")
    renew = Flag(required=False, default=False)


class QuietHoursForm(Form):
    begins = serializers.TimeField(input_formats=[ON_THE_CLOCK])
    ends = serializers.TimeField(input_formats=[ON_THE_CLOCK])


class WakingViewSet(ViewSet):
    """What wakes me, on this device and when. What it says is one sentence, the same for everything."""

    @extend_schema(responses=reference(Waking))
    def retrieve(self, request: Request) -> Response:
        return self.answer(request)

    @extend_schema(request=SubscriptionForm, responses=reference(Waking))
    def subscribe(self, request: Request) -> Response:
        """Wake this device. It ends with its session, by whatever that is signed out."""
        form = read(SubscriptionForm, request)
        write = services.renew if form.pop("renew") else services.subscribe
        write(me(request), key(request), **form)
        return self.answer(request)

    @extend_schema(request=None, responses=reference(Waking))
    def unsubscribe(self, request: Request) -> Response:
        services.unsubscribe(me(request), key(request))
        return self.answer(request)

    @extend_schema(request=QuietHoursForm, responses=reference(Waking))
    def set_quiet_hours(self, request: Request) -> Response:
        """What comes in them waits for their end, if it is still unseen then. What is for safety does not wait."""
        services.set_quiet_hours(me(request), **read(QuietHoursForm, request))
        return self.answer(request)

    @extend_schema(request=None, responses=reference(Waking))
    def drop_quiet_hours(self, request: Request) -> Response:
        services.drop_quiet_hours(me(request))
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        hours = QuietHours.objects.filter(person=me(request)).first()
        waking = Waking(
            device=PushSubscription.objects.filter(session=key(request)).exists(),
            public_key=web_push.public_key(),
            quiet_hours=Quiet(begins=on_the_clock(hours.begins), ends=on_the_clock(hours.ends)) if hours else None,
        )
        return private(Response(waking))


def me(request: Request) -> Any:
    """Who is calling: `SignedIn` let nobody else pass."""
    return request.user


def key(request: Request) -> Any:
    return request.session.session_key


def on_the_clock(hour: time) -> str:
    return hour.strftime(ON_THE_CLOCK)


urlpatterns = [
    path("waking", WakingViewSet.as_view({"get": "retrieve"}), name="waking"),
    path("waking/device", WakingViewSet.as_view({"put": "subscribe", "delete": "unsubscribe"}), name="waking-device"),
    path(
        "waking/quiet-hours",
        WakingViewSet.as_view({"put": "set_quiet_hours", "delete": "drop_quiet_hours"}),
        name="waking-quiet-hours",
    ),
]
