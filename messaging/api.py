from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import re_path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from messaging import candidates, changes, forms, queries, seats, services
from messaging.mine import AboutChannels, AboutMessages
from messaging.models import Channel, ChannelKind, Message
from messaging.policy import MESSAGES
from portal.api.forms import read
from portal.api.idempotency import once
from portal.api.schema import array_of, reference
from portal.api.viewsets import ScopedViewSet, as_uuid
from portal.kernel.audiences import SeenBy, describe
from portal.kernel.errors import Invalid
from portal.kernel.kinds import PersonRef
from portal.kernel.writing import Actor
from portal.organizations.acting import actor

ID = "[0-9a-f-]{36}"
SEARCH = OpenApiParameter("search", str, description="How words of the name begin. At most 20 are found.")
YES_OR_NO = [("true", "true"), ("false", "false")]


class ChannelFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter("channel_kind", choices=ChannelKind.choices)
    archived = django_filters.ChoiceFilter(choices=YES_OR_NO, method="is_archived")

    def is_archived(self, rows: QuerySet[Channel], name: str, value: str) -> QuerySet[Channel]:
        return rows.filter(archived_at__isnull=value == "false")


class ChannelViewSet(AboutChannels):
    """The channels I am in: those of my groups, private ones, and direct conversations."""

    filterset_class = ChannelFilters

    @extend_schema(request=forms.PrivateChannelForm)
    def create(self, request: Request) -> Response:
        """A private channel; I am its first moderator."""
        form = read(forms.PrivateChannelForm, request)
        form["people"] = seats.known(self.me, form["people"])
        form["organizations"] = seats.invitable(self.me, form["organizations"])
        return once(request, lambda: self.answer(services.create_private_channel(Actor(self.me), **form), status=201))

    @extend_schema(request=forms.ConversationForm)
    @action(detail=False, methods=["post"])
    def direct(self, request: Request) -> Response:
        """The conversation between me and these people: asked for again, it is the same one."""
        people = seats.known(self.me, read(forms.ConversationForm, request)["people"])
        return self.answer(services.open_direct_conversation(Actor(self.me), people))

    @extend_schema(parameters=[SEARCH], responses=array_of(candidates.Candidate))
    @action(detail=False, methods=["get"], url_path="candidates")
    def known(self, request: Request) -> Response:
        """Whom I may write to or invite: those with whom I am in an organization, a group or a channel."""
        return Response(candidates.to_invite(self.me, self.search()))

    @extend_schema(request=forms.ChannelEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only what is given changes."""
        channel, version, form = self.fetch(pk), self.if_match(), read(forms.ChannelEditForm, request)
        return self.answer(services.edit_channel(Actor(self.me), channel, version, **form))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """From now on it is only read."""
        return self.answer(services.archive_channel(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It is written in again."""
        return self.answer(services.reopen_channel(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """A private channel; its last moderator names another one first."""
        services.leave_channel(Actor(self.me), self.fetch(pk))
        return Response(status=204)

    @extend_schema(parameters=[SEARCH], responses=array_of(candidates.Candidate))
    @action(detail=True, methods=["get"])
    def people(self, request: Request, pk: str) -> Response:
        """Whom I may mention: the others in the channel."""
        return Response(candidates.to_mention(self.me, self.fetch(pk), self.search()))

    @extend_schema(request=forms.PeopleForm)
    @people.mapping.post
    def add_people(self, request: Request, pk: str) -> Response:
        """Invite people to a private channel; those who are in it already stay as they are."""
        channel, form = self.fetch(pk), read(forms.PeopleForm, request)
        people = seats.known(self.me, form["people"])
        return self.answer(services.add_people(Actor(self.me), channel, people))

    @extend_schema(request=None)
    @action(detail=True, methods=["put"], url_path=f"organizations/(?P<organization>{ID})")
    def add_organization(self, request: Request, pk: str, organization: str) -> Response:
        """Invite a verified organization to a private channel: all its people, those who join it later too."""
        channel, invited = self.fetch(pk), queries.organization(self.me, as_uuid(organization))
        return self.answer(services.add_organization(Actor(self.me), channel, invited))

    @extend_schema(request=None, responses={204: None})
    @add_organization.mapping.delete
    def remove_organization(self, request: Request, pk: str, organization: str) -> Response:
        """All who are in the channel by virtue of working for it are out at once."""
        channel = self.fetch(pk)
        services.remove_organization(
            Actor(self.me), channel, queries.admitted_organization(channel, as_uuid(organization))
        )
        return Response(status=204)

    @extend_schema(request=forms.ReadMarkForm, responses=reference(changes.ReadMark))
    @action(detail=True, methods=["put"], url_path="read-mark")
    def read_mark(self, request: Request, pk: str) -> Response:
        """How far I have read: never back, never past the end."""
        channel, form = self.fetch(pk), read(forms.ReadMarkForm, request)
        mark = services.mark_read(Actor(self.me), channel, form["position"])
        return Response(changes.shape_read_marks([mark])[0])

    @extend_schema(request=forms.MuteForm, responses=reference(changes.ReadMark))
    @action(detail=True, methods=["put"])
    def mute(self, request: Request, pk: str) -> Response:
        """For me alone, on all of my devices."""
        channel, form = self.fetch(pk), read(forms.MuteForm, request)
        mark = services.mute_channel(Actor(self.me), channel, form["muted"])
        return Response(changes.shape_read_marks([mark])[0])

    @extend_schema(responses=reference(SeenBy))
    @action(detail=True, methods=["get"])
    def audience(self, request: Request, pk: str) -> Response:
        """Who can see what is said here."""
        return Response(SeenBy(audiences=list(describe([self.fetch(pk).audience_id]).values()), others=False))

    def search(self) -> str:
        self.only_known({"search"})
        return self.request.query_params.get("search", "")[:120]


class Inside(ScopedViewSet):
    """What lies within one channel that I am in."""

    kind = changes.CHANNEL

    def inside(self) -> Channel:
        return queries.channel(self.me, as_uuid(self.kwargs["channel"]))


class ChannelMemberViewSet(Inside):
    """Who is in a private channel or a direct conversation. Those of a group's channel are the group's members."""

    kind = changes.CHANNEL_MEMBER

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible().filter(group=self.inside().audience_id)))

    def destroy(self, request: Request, **_: Any) -> Response:
        """Take somebody out of a private channel, at once."""
        channel = self.inside()
        services.remove_from_channel(Actor(self.me), channel, self.member(channel))
        return Response(status=204)

    @extend_schema(request=None)
    def name_moderator(self, request: Request, **_: Any) -> Response:
        """Somebody in the channel looks after it too."""
        channel = self.inside()
        return self.answer(services.name_moderator(Actor(self.me), channel, self.member(channel)))

    @extend_schema(request=None, responses={204: None})
    def unname_moderator(self, request: Request, **_: Any) -> Response:
        """The last moderator stays one."""
        channel = self.inside()
        services.unname_moderator(Actor(self.me), channel, self.member(channel))
        return Response(status=204)

    def member(self, channel: Channel) -> Any:
        return queries.channel_member(self.me, channel, as_uuid(self.kwargs["person"]))


class UrgentMessageViewSet(AboutMessages):
    """Urgent messages, in whatever channel, that still wait for me to acknowledge them."""

    paging = ("limit",)

    def list(self, request: Request, **_: Any) -> Response:
        """The newest first."""
        rows = self.filtered(queries.urgent_for(self.me, self.visible().select_related("channel")))
        return self.answers(rows.order_by("-pk")[: self.limit()])


class MessageViewSet(AboutMessages, Inside):
    """The messages of one channel."""

    paging = ("limit",)
    besides = {
        "newer": {
            "type": ["string", "null"],
            "description": "The `after` of the page with newer ones; `next` is the `before` of that with older ones.",
        }
    }

    @extend_schema(
        parameters=[
            OpenApiParameter("before", int, description="A position: those before it, newest first."),
            OpenApiParameter("after", int, description="A position: those after it, oldest first."),
            OpenApiParameter("around", int, description="A position: a page with it in the middle, newest first."),
            OpenApiParameter("pinned", str, enum=["true"], description="Only those that are pinned."),
        ]
    )
    def list(self, request: Request, **_: Any) -> Response:
        """Newest first, from the end; or by one of `before`, `after` and `around`."""
        channel = self.inside()
        self.only_known({"before", "after", "around", "pinned", *self.paging})
        page = self.turned_to(queries.messages(channel, pinned=self.only_pinned()))
        shown = [m.position for m in page.messages]
        return self.answers(
            page.messages,
            str(min(shown)) if shown and page.older else None,
            newer=str(max(shown)) if shown and page.newer else None,
        )

    def turned_to(self, rows: QuerySet[Message]) -> queries.Page:
        asked = {
            name: self.position(name) for name in ("before", "after", "around") if name in self.request.query_params
        }
        if len(asked) > 1:
            raise Invalid(sorted(asked)[-1], "invalid", "One of before, after and around.")
        if "after" in asked:
            return queries.after(rows, asked["after"], self.limit())
        if "around" in asked:
            return queries.around(rows, asked["around"], self.limit())
        return queries.before(rows, asked.get("before"), self.limit())

    def position(self, name: str) -> int:
        text = self.request.query_params[name]
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Invalid(name, "invalid", "A position.")
        return int(text)

    def only_pinned(self) -> bool:
        asked = self.request.query_params.get("pinned")
        if asked not in (None, "true"):
            raise Invalid("pinned", "not_a_choice", "Say true, or leave it out.")
        return asked == "true"

    def retrieve(self, request: Request, pk: str = "", **_: Any) -> Response:
        return self.answer(self.message(pk))

    @extend_schema(request=forms.MessageForm)
    def create(self, request: Request, **_: Any) -> Response:
        """Say something. The same `id` again is the same message, said once."""
        channel = self.inside()
        form = read(forms.MessageForm, request)
        who = actor(self.me, form.get("acting_for"))
        message = services.post_message(
            who,
            channel,
            form["id"],
            form["body"],
            reply_to=form.get("reply_to"),
            mentions=form.get("mentions", ()),
            waited=form["waited"],
            urgent=form["urgent"],
        )
        return self.answer(message, status=201)

    @extend_schema(request=forms.MessageEditForm)
    def partial_update(self, request: Request, pk: str, **_: Any) -> Response:
        """Say it better; what it said before stays to be read."""
        message, version, form = self.message(pk), self.if_match(), read(forms.MessageEditForm, request)
        return self.answer(services.edit_message(Actor(self.me), message, version, **form))

    def destroy(self, request: Request, pk: str, **_: Any) -> Response:
        """Its place stays; its words go, and all that they were before."""
        services.delete_message(Actor(self.me), self.message(pk))
        return Response(status=204)

    @extend_schema(responses=array_of(changes.MessageEdit))
    @action(detail=True, methods=["get"])
    def edits(self, request: Request, pk: str, **_: Any) -> Response:
        """What it said before, oldest first. Nothing of it is left once it is deleted."""
        return Response(changes.shape_edits(self.message(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["put"])
    def pin(self, request: Request, pk: str, **_: Any) -> Response:
        """At most 50 in a channel."""
        return self.answer(services.pin_message(Actor(self.me), self.message(pk)))

    @extend_schema(request=None, responses={204: None})
    @pin.mapping.delete
    def unpin(self, request: Request, pk: str, **_: Any) -> Response:
        """The message itself stays."""
        services.unpin_message(Actor(self.me), self.message(pk))
        return Response(status=204)

    @extend_schema(request=None)
    @action(detail=True, methods=["put"])
    def acknowledgement(self, request: Request, pk: str, **_: Any) -> Response:
        """I have taken note of this; the channel's moderators see it. Asked again, nothing changes."""
        message = self.message(pk)
        services.acknowledge_message(Actor(self.me), message)
        return self.answer(message)

    def message(self, pk: str) -> Any:
        return queries.message(self.me, as_uuid(self.kwargs["channel"]), as_uuid(pk))


class AcknowledgementViewSet(Inside):
    """Who has acknowledged an announcement or an urgent message, and who has not: for the channel's moderators."""

    kind = changes.ACKNOWLEDGEMENT
    besides = {"waiting": {**array_of(PersonRef), "description": "Who has not acknowledged it yet, by name."}}

    def list(self, request: Request, **_: Any) -> Response:
        message = queries.message(self.me, as_uuid(self.kwargs["channel"]), as_uuid(self.kwargs["message"]))
        MESSAGES.require(self.me, "see_acknowledgements", message)
        self.waiting = queries.not_yet_acknowledged(message)
        return self.page(self.filtered(self.visible().filter(message=message)))

    def answers(self, rows: Iterable[Any], next_cursor: str | None = None, **besides: Any) -> Response:
        return super().answers(rows, next_cursor, waiting=self.waiting, **besides)


router = SimpleRouter(trailing_slash=False)
router.register("channels", ChannelViewSet, basename="channel")
router.register(f"channels/(?P<channel>{ID})/messages", MessageViewSet, basename="message")
INSIDE = f"^channels/(?P<channel>{ID})"
urlpatterns = [
    *router.urls,
    re_path("^urgent-messages$", UrgentMessageViewSet.as_view({"get": "list"})),
    re_path(f"{INSIDE}/members$", ChannelMemberViewSet.as_view({"get": "list"})),
    re_path(f"{INSIDE}/members/(?P<person>{ID})$", ChannelMemberViewSet.as_view({"delete": "destroy"})),
    re_path(
        f"{INSIDE}/moderators/(?P<person>{ID})$",
        ChannelMemberViewSet.as_view({"put": "name_moderator", "delete": "unname_moderator"}),
    ),
    re_path(f"{INSIDE}/messages/(?P<message>{ID})/acknowledgements$", AcknowledgementViewSet.as_view({"get": "list"})),
]
