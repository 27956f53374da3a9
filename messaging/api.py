from collections.abc import Iterable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from messaging import changes, queries, services
from messaging.models import LONGEST, Channel
from portal.api.forms import Form, Identifier, Number, Text, read
from portal.api.schema import reference
from portal.api.viewsets import Mine, ScopedViewSet, as_uuid
from portal.kernel.audiences import SeenBy, describe
from portal.kernel.errors import Invalid
from portal.kernel.writing import Actor
from portal.organizations.acting import actor


class MessageForm(Form):
    """`id` is the client's own: sending it again stores nothing twice."""

    id = Identifier()
    body = Text(max_length=LONGEST, help_text="Never name or describe a survivor.")
    acting_for = Identifier(required=False, allow_null=True)


class ReadMarkForm(Form):
    position = Number(min_value=0, max_value=2**62)


class ChannelMine(Mine, kw_only=True):
    """How far I have read, and how many came since."""

    read_position: int
    unread: int


class ChannelViewSet(ScopedViewSet):
    """The channels I am in."""

    kind = changes.CHANNEL
    mine_struct = ChannelMine

    def mine(self, objects: Iterable[Channel]) -> dict[UUID, Mine]:
        channels = {c.pk: c for c in objects}
        read_to = queries.read_positions(self.me, channels)
        return {
            pk: ChannelMine(
                allowed=verbs,
                read_position=read_to.get(pk, 0),
                unread=channels[pk].last_position - read_to.get(pk, 0),
            )
            for pk, verbs in self.allowed(channels.values()).items()
        }

    @extend_schema(request=ReadMarkForm, responses=reference(changes.ReadMark))
    @action(detail=True, methods=["put"], url_path="read-mark")
    def read_mark(self, request: Request, pk: str) -> Response:
        channel, form = self.fetch(pk), read(ReadMarkForm, request)
        mark = services.mark_read(Actor(self.me), channel, form["position"])
        return Response(changes.shape_read_marks([mark])[0])

    @extend_schema(responses=reference(SeenBy))
    @action(detail=True, methods=["get"])
    def audience(self, request: Request, pk: str) -> Response:
        """Who can see what is said here."""
        return Response(SeenBy(audiences=list(describe([self.fetch(pk).audience_id]).values()), others=False))


class MessageViewSet(ScopedViewSet):
    """The messages of one channel, newest first."""

    kind = changes.MESSAGE

    def inside(self) -> Channel:
        return queries.channel(self.me, as_uuid(self.kwargs["channel"]))

    def list(self, request: Request, **_: Any) -> Response:
        """`before` is a position; `next` is the `before` of the page that follows."""
        channel = self.inside()
        self.only_known(("before", "limit"))
        before = request.query_params.get("before")
        if before is not None and not (before.isascii() and before.isdigit() and len(before) < 19):
            raise Invalid("before", "invalid", "A position.")
        found = list(queries.messages(channel, int(before) if before else None)[: self.limit() + 1])
        shown = found[: self.limit()]
        return self.answers(shown, str(shown[-1].position) if len(found) > len(shown) else None)

    def retrieve(self, request: Request, pk: str = "", **_: Any) -> Response:
        return self.answer(self.message(pk))

    @extend_schema(request=MessageForm)
    def create(self, request: Request, **_: Any) -> Response:
        channel = self.inside()
        form = read(MessageForm, request)
        who = actor(self.me, form.get("acting_for"))
        return self.answer(services.post_message(who, channel, form["id"], form["body"]), status=201)

    def destroy(self, request: Request, pk: str, **_: Any) -> Response:
        services.delete_message(Actor(self.me), self.message(pk))
        return Response(status=204)

    def message(self, pk: str) -> Any:
        return queries.message(self.me, self.inside().pk, as_uuid(pk))


router = SimpleRouter(trailing_slash=False)
router.register("channels", ChannelViewSet, basename="channel")
router.register("channels/(?P<channel>[0-9a-f-]{36})/messages", MessageViewSet, basename="message")
urlpatterns = router.urls
