"""Reads beyond `visible()`. To fetch is to authorize: absent and hidden raise the same NotFound."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from messaging.models import Acknowledgement, Channel, ChannelKind, ChannelMember, Mention, Message, ReadMark
from messaging.policy import CHANNEL_MEMBERS, CHANNELS, MESSAGES
from portal.kernel.errors import NotFound
from portal.kernel.kinds import OrganizationRef, PersonRef
from portal.kernel.models import Admission, Membership
from portal.kernel.standing import living_memberships, living_seats
from portal.organizations.models import Organization
from portal.organizations.policy import ORGANIZATIONS
from portal.organizations.queries import by_members_audience
from portal.people.queries import refs as person_refs


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


def channel_member(person: Any, inside: Channel, member: UUID) -> ChannelMember:
    """`member` is the person's id."""
    rows = CHANNEL_MEMBERS.visible(person).filter(group=inside.audience_id, user=member)
    found = rows.select_related("user", "group__audience").first()
    if found is None:
        raise NotFound
    return found


def organization(person: Any, pk: UUID) -> Organization:
    found = ORGANIZATIONS.visible(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def admitted_organization(inside: Channel, pk: UUID) -> Organization:
    """One whose people are in this channel; those in it know of it, whether or not they see the organization."""
    through = Admission.objects.filter(audience=inside.audience_id).values("via")
    found = Organization.objects.filter(pk=pk, members__in=through).first()
    if found is None:
        raise NotFound
    return found


# pages of a channel


def messages(inside: Channel, *, pinned: bool = False) -> QuerySet[Message]:
    rows = inside.messages.all()
    return rows.filter(pinned_at__isnull=False) if pinned else rows


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages in a row, and whether there are older and newer ones."""

    messages: list[Message]
    older: bool
    newer: bool


def before(rows: QuerySet[Message], position: int | None, limit: int) -> Page:
    """Newest first, from the end or from before this position."""
    reached = rows if position is None else rows.filter(position__lt=position)
    found = list(reached.order_by("-position")[: limit + 1])
    newer = position is not None and rows.filter(position__gte=position).exists()
    return Page(found[:limit], older=len(found) > limit, newer=newer)


def after(rows: QuerySet[Message], position: int, limit: int) -> Page:
    """Oldest first, from after this position."""
    found = list(rows.filter(position__gt=position).order_by("position")[: limit + 1])
    older = rows.filter(position__lte=position).exists()
    return Page(found[:limit], older=older, newer=len(found) > limit)


def around(rows: QuerySet[Message], position: int, limit: int) -> Page:
    """Newest first, with this position in the middle."""
    half = limit // 2
    newer = list(rows.filter(position__gt=position).order_by("position")[: half + 1])
    older = list(rows.filter(position__lte=position).order_by("-position")[: limit - half + 1])
    shown = [*reversed(newer[:half]), *older[: limit - half]]
    return Page(shown, older=len(older) > limit - half, newer=len(newer) > half)


# what is one's own


@dataclass(frozen=True, slots=True)
class Reading:
    """How far somebody has read a channel, how often they were mentioned since, and whether it is mute to them."""

    position: int = 0
    mentions: int = 0
    muted: bool = False


def readings(person: Any, channels: Collection[UUID]) -> dict[UUID, Reading]:
    """Three queries, however many channels. What was said before somebody came is not unread."""
    marks = {m.channel_id: m for m in ReadMark.objects.filter(person=person, channel__in=channels)}
    positions = began(person, channels)
    for pk, mark in marks.items():
        positions[pk] = max(positions[pk], mark.position)
    mentions = dict.fromkeys(channels, 0)
    for pk, position in mentioned_since_mark(person, channels):
        mentions[pk] += position > positions[pk]
    return {pk: Reading(positions[pk], mentions[pk], muted=pk in marks and marks[pk].muted) for pk in channels}


def began(person: Any, channels: Collection[UUID]) -> dict[UUID, int]:
    """The last position of each channel before this person's membership began."""
    since = Membership.objects.filter(user=person, group=OuterRef("channel__audience")).values("since")[:1]
    earlier = Message.objects.filter(channel=OuterRef("pk"), posted_at__lt=Subquery(since)).order_by("-posted_at")
    rows = Channel.objects.filter(pk__in=channels)
    return dict(rows.values_list("pk", Coalesce(Subquery(earlier.values("position")[:1]), 0)))


def mentioned_since_mark(person: Any, channels: Collection[UUID]) -> list[tuple[UUID, int]]:
    """(channel, position) of the messages that mention this person, after their mark."""
    mark = ReadMark.objects.filter(person=person, channel=OuterRef("message__channel")).values("position")[:1]
    rows = Mention.objects.filter(person=person, message__channel__in=channels)
    unread = rows.annotate(read_to=Coalesce(Subquery(mark), 0)).filter(message__position__gt=F("read_to"))
    return list(unread.values_list("message__channel", "message__position"))


def acknowledged(person: Any, messages: Iterable[Message]) -> set[UUID]:
    """Which of these announcements and urgent messages this person has acknowledged."""
    asking = [m.pk for m in messages if m.asks]
    if not asking:
        return set()
    rows = Acknowledgement.objects.filter(person=person, message__in=asking)
    return set(rows.values_list("message", flat=True))


# who is in a channel


def admitted(channels: Collection[Channel]) -> dict[UUID, list[OrganizationRef]]:
    """The organizations whose people are in each of these private channels, by name."""
    private = {c.audience_id: c.pk for c in channels if c.channel_kind == ChannelKind.PRIVATE}
    found: dict[UUID, list[OrganizationRef]] = {c.pk: [] for c in channels}
    rows = list(Admission.objects.filter(audience__in=private).values_list("audience", "via"))
    names = by_members_audience({via for _, via in rows})
    for audience, via in rows:
        found[private[audience]].append(names[via])
    return {pk: sorted(refs, key=lambda ref: ref.name.casefold()) for pk, refs in found.items()}


def between(channels: Collection[Channel]) -> dict[UUID, list[PersonRef]]:
    """Whom each direct conversation is between, by name."""
    direct = [c.pk for c in channels if c.is_direct]
    rows = list(Channel.people.through.objects.filter(channel__in=direct).values_list("channel", "user"))
    people = person_refs({person for _, person in rows})
    found: dict[UUID, list[PersonRef]] = {c.pk: [] for c in channels}
    for pk, person in rows:
        found[pk].append(people[person])
    return {pk: sorted(refs, key=by_name) for pk, refs in found.items()}


def by_name(ref: PersonRef) -> tuple[str, UUID]:
    return ref.name.casefold(), ref.id


def seated_through(memberships: Collection[UUID]) -> dict[UUID, list[OrganizationRef]]:
    """By virtue of which organizations each of these memberships is held."""
    rows = list(living_seats().filter(membership__in=memberships, via__isnull=False).values_list("membership", "via"))
    names = by_members_audience({via for _, via in rows})
    found: dict[UUID, list[OrganizationRef]] = {m: [] for m in memberships}
    for membership, via in rows:
        if via in names:
            found[membership].append(names[via])
    return {pk: sorted(refs, key=lambda ref: ref.name.casefold()) for pk, refs in found.items()}


def moderator_pairs(audiences: Collection[int]) -> set[tuple[int, UUID]]:
    """(moderators audience, person) for each moderator of these channels."""
    return set(living_memberships().filter(group__in=audiences).values_list("group_id", "user_id"))


def not_yet_acknowledged(message: Message) -> list[PersonRef]:
    """By name."""
    return sorted(person_refs(waiting_for(message)).values(), key=by_name)


def waiting_for(message: Message) -> set[UUID]:
    """Who is in the channel, did not write it, and has not acknowledged it; of an urgent one, who was there then."""
    inside = living_memberships().filter(group=message.channel.audience_id)
    if message.urgent:
        inside = inside.filter(since__lte=message.posted_at)
    done = set(message.acknowledgements.values_list("person", flat=True))
    return set(inside.values_list("user_id", flat=True)) - done - {message.author_id}


def urgent_for(person: Any, rows: QuerySet[Message]) -> QuerySet[Message]:
    """Of these, the urgent ones that still wait for this person to acknowledge them."""
    mine = Membership.objects.filter(user=person, group=OuterRef("channel__audience"), since__lte=OuterRef("posted_at"))
    done = Acknowledgement.objects.filter(person=person, message=OuterRef("pk"))
    calling = rows.filter(urgent=True, deleted=False, channel__archived_at__isnull=True)
    return calling.filter(Exists(mine), ~Exists(done)).exclude(author=person)


def names_of_audiences(audiences: Collection[int]) -> dict[int, str]:
    """What private channels and direct conversations are called where somebody asks who sees something."""
    rows = Channel.objects.exclude(channel_kind=ChannelKind.GROUP)
    channels = list(rows.filter(audience__in=audiences) | rows.filter(moderators__in=audiences))
    people = between(channels)
    found: dict[int, str] = {}
    for one in channels:
        name = one.name or ", ".join(ref.name for ref in people[one.pk])
        found |= {a: name for a in (one.audience_id, one.moderators_id) if a in audiences and a is not None}
    return found
