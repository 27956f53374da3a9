"""Who is woken about a message: those it is addressed to, and of an urgent one all who have not acknowledged it."""

from uuid import UUID

from messaging.models import Mention, Message, ReadMark
from messaging.queries import waiting_for
from portal.kernel.standing import members
from portal.notify.reasons import NOBODY, Call, away, reason

ADDRESSED = "messaging.addressed"
URGENT = "messaging.urgent"


@reason(ADDRESSED)
def addressed(subject: UUID) -> Call:
    """By name, or in a direct conversation: who is in it, at no screen, has not read it and keeps it not mute."""
    message = Message.objects.filter(pk=subject, deleted=False).select_related("channel").first()
    if message is None:
        return NOBODY
    people = members(message.channel.audience_id) - {message.author_id}
    if not message.channel.is_direct:
        people &= set(Mention.objects.filter(message=message).values_list("person", flat=True))
    marks = ReadMark.objects.filter(channel=message.channel, person__in=people)
    quiet = marks.filter(muted=True) | marks.filter(position__gte=message.position)
    return Call(away(people - set(quiet.values_list("person", flat=True))))


@reason(URGENT)
def urgent(subject: UUID) -> Call:
    message = Message.objects.filter(pk=subject, calls_at__isnull=False).select_related("channel").first()
    if message is None or message.channel.is_archived:
        return NOBODY
    return Call(waiting_for(message), for_safety=True)
