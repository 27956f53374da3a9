import hashlib
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path, re_path
from django.utils.translation import override
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from coordination.calendars import changes, queries, services, writer
from coordination.calendars.models import Mail, Reminders, Shows
from coordination.events.changes import OCCURRENCE
from coordination.events.models import Occurrence
from portal.api.authentication import Anybody, private, require_fresh_proof
from portal.api.forms import Form, Text, read
from portal.api.limits import limit
from portal.api.schema import CALENDAR, reference
from portal.api.viewsets import ScopedViewSet, as_uuid, only_known
from portal.people.models import User

ID = "[0-9a-f-]{36}"


class FeedForm(Form):
    """`name`: what I call the program or the device that is to read it."""

    name = Text(max_length=60)
    shows = serializers.ChoiceField(Shows.values, required=False, default=Shows.REGISTERED)


class PreferencesForm(Form):
    reminders = serializers.ChoiceField(Reminders.values)
    mail = serializers.ChoiceField(Mail.values)


class CalendarFeedViewSet(ViewSet):
    """The addresses by which programs of mine read my dates."""

    @extend_schema(responses=reference(changes.CalendarFeeds))
    def list(self, request: Request) -> Response:
        only_known(request, ())
        found = [changes.shape_feed(feed) for feed in queries.feeds_of(me(request))]
        return private(Response(changes.CalendarFeeds(results=found)))

    @extend_schema(request=FeedForm, responses=reference(changes.NewCalendarFeed))
    def create(self, request: Request) -> Response:
        """Asks for a fresh proof of who I am: whoever has the address reads my dates."""
        form = read(FeedForm, request)
        require_fresh_proof(request)
        made = services.make_feed(me(request), form["name"], Shows(form["shows"]))
        return private(Response(changes.shape_new_feed(*made), status=201))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        services.revoke_feed(me(request), as_uuid(pk))
        return private(Response(status=204))


class CalendarPreferencesViewSet(ViewSet):
    """Of what dates I am reminded, and what is mailed to me of them."""

    @extend_schema(responses=reference(changes.CalendarPreferences))
    def retrieve(self, request: Request) -> Response:
        return private(Response(changes.shape_preferences(queries.preferences_of(me(request)))))

    @extend_schema(request=PreferencesForm, responses=reference(changes.CalendarPreferences))
    def update(self, request: Request) -> Response:
        form = read(PreferencesForm, request)
        chosen = services.choose(me(request), Reminders(form["reminders"]), Mail(form["mail"]))
        return private(Response(changes.shape_preferences(chosen)))


class Whatever(BaseContentNegotiation):
    """Programs that keep calendars ask for many a type; there is one."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class CalendarFileViewSet(ViewSet):
    """What a program reads that knows the address: what its person may see at this moment."""

    authentication_classes = []
    permission_classes = [Anybody]
    content_negotiation_class = Whatever
    # refused, it answers as any address does that there is not
    default_response_headers: dict[str, str] = {}

    @extend_schema(responses=CALENDAR)
    def retrieve(self, request: Request, token: str) -> HttpResponse:
        limit(request._request, "calendar_feed", token)
        feed = queries.feed_by(token)
        services.note_fetch(feed)
        with override(feed.person.locale):
            said = writer.calendar(feed.person.pk, queries.entries_of(feed))
        return unless_known(request, file(said))


class OccurrenceFileViewSet(ScopedViewSet):
    """One date, for whoever sees it."""

    kind = OCCURRENCE
    content_negotiation_class = Whatever

    @extend_schema(responses=CALENDAR)
    def calendar(self, request: Request, pk: str) -> HttpResponse:
        return file(writer.calendar(self.me.pk, queries.entries(self.me, [self.fetch(pk)])))

    def visible(self) -> QuerySet[Occurrence]:
        return super().visible().select_related("event")


def me(request: Request) -> User:
    """Who is calling: `SignedIn` let nobody else pass."""
    return cast(User, request.user)


def file(said: bytes) -> HttpResponse:
    """Under a name that says nothing."""
    return HttpResponse(
        said,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="calendar.ics"',
            "Cache-Control": "no-store",
            "ETag": f'"{hashlib.sha256(said).hexdigest()[:32]}"',
        },
    )


def unless_known(request: Request, found: HttpResponse) -> HttpResponse:
    """Who asks again is told that nothing is new, in no more words."""
    if found["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": found["ETag"], "Cache-Control": "no-store"})
    return found


urlpatterns = [
    path("calendar-feeds", CalendarFeedViewSet.as_view({"get": "list", "post": "create"}), name="calendar-feeds"),
    re_path(f"^calendar-feeds/(?P<pk>{ID})$", CalendarFeedViewSet.as_view({"delete": "destroy"}), name="calendar-feed"),
    path("calendar-feeds/<str:token>.ics", CalendarFileViewSet.as_view({"get": "retrieve"}), name="calendar-file"),
    path(
        "calendar-preferences",
        CalendarPreferencesViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="calendar-preferences",
    ),
    re_path(
        f"^occurrences/(?P<pk>{ID})/calendar$",
        OccurrenceFileViewSet.as_view({"get": "calendar"}),
        name="occurrence-file",
    ),
]
