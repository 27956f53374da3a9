"""Reads beyond `visible()`. To fetch is to authorize: absent and hidden raise the same NotFound."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from messaging.models import Channel, Message, ReadMark
from messaging.policy import CHANNELS, MESSAGES
from portal.kernel.errors import NotFound


def channel(person: Any, pk: UUID) -> Channel:
    found = CHANNELS.visible(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def message(person: Any, channel_id: UUID, pk: UUID) -> Message:
    found = MESSAGES.visible(person).filter(pk=pk, channel=channel_id).select_related("channel").first()
    if found is None:
        raise NotFound
    return found


def messages(inside: Channel, before: int | None = None) -> QuerySet[Message]:
    """Newest first."""
    rows = inside.messages.order_by("-position")
    return rows if before is None else rows.filter(position__lt=before)


def read_positions(person: Any, channels: Collection[UUID]) -> dict[UUID, int]:
    return dict(ReadMark.objects.filter(person=person, channel__in=channels).values_list("channel", "position"))
