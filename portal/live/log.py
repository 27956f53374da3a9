"""Reading the change log: facts from the log, content from the slices, then the audience's epoch."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import F, Q

from portal.kernel import clock
from portal.kernel.kinds import KINDS
from portal.kernel.models import Audience, Change, Seat
from portal.kernel.standing import living_memberships, still_members
from portal.kernel.writing import News
from portal.live.protocol import Changes, Item, encode

PAGE = 200
MEMBERSHIP_OPS = (Change.Op.GRANTED, Change.Op.REVOKED)


@dataclass(slots=True)
class Batch:
    """One audience's changes (after, seq], as the bytes every member gets.

    `epoch` was read after the content: a socket checked at that epoch may have it.
    `reaches` is False when the log no longer reaches back to `after`.
    """

    audience: int
    after: int
    seq: int
    head: int
    epoch: int
    text: str
    moves_memberships: bool
    reaches: bool = True


@dataclass(slots=True)
class Subscription:
    audience: int
    uuid: UUID
    head: int
    epoch: int


def read(cursors: dict[int, int]) -> list[Batch]:
    """The next page of changes of each of these audiences."""
    after = Q()
    for audience, seq in cursors.items():
        after |= Q(audience=audience, seq__gt=seq)
    pages: dict[int, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(after).order_by("audience", "seq")[: PAGE * len(cursors)]:
        if len(pages[change.audience_id]) < PAGE:
            pages[change.audience_id].append(change)
    latest = {audience: compact(page) for audience, page in pages.items()}
    content = {audience: represent(audience, changes) for audience, changes in latest.items()}
    audiences = {a.pk: a for a in Audience.objects.filter(pk__in=cursors)}
    return [
        batch(audiences[pk], cursors[pk], pages.get(pk, []), latest.get(pk, []), content.get(pk, {}))
        for pk in cursors
        if pk in audiences
    ]


def told(audience: Audience, news: News) -> Batch:
    """What writes of this process tell of an audience: its last changes with their shapes, in order."""
    changes = [change for change, _ in news]
    content = {(change.kind, change.subject): shape for change, shape in news}
    return batch(audience, changes[0].seq - 1, changes, compact(changes), content)


def compact(page: Iterable[Change]) -> list[Change]:
    """The last fact about each subject, in the order of the log."""
    last: dict[tuple[str, UUID], Change] = {}
    for change in page:
        if change.op not in MEMBERSHIP_OPS:
            last.pop((change.kind, change.subject), None)
            last[change.kind, change.subject] = change
    return list(last.values())


def represent(audience: int, changes: Iterable[Change]) -> dict[tuple[str, UUID], Any]:
    """The shapes of what was put, as far as this audience may see it now: one call a kind."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for change in changes:
        if change.op == Change.Op.PUT:
            wanted[change.kind].add(change.subject)
    return {
        (kind, subject): shape
        for kind, ids in wanted.items()
        for subject, shape in KINDS[kind].represent(ids, audience).items()
    }


def batch(audience: Audience, after: int, page: list[Change], latest: list[Change], content: dict[Any, Any]) -> Batch:
    seq = page[-1].seq if page else after
    reaches = page[0].seq == after + 1 if page else audience.head <= after or still_logged(audience, after + 1)
    items = [item for change in latest if (item := as_item(change, content))]
    frame = Changes(audience=audience.uuid, after=after, seq=seq, more=seq < audience.head, items=items)
    return Batch(
        audience=audience.pk,
        after=after,
        seq=seq,
        head=audience.head,
        epoch=audience.epoch,
        text=encode(frame).decode() if page else "",
        moves_memberships=any(c.op in MEMBERSHIP_OPS for c in page),
        reaches=reaches,
    )


def still_logged(audience: Audience, seq: int) -> bool:
    """A change that was committed between reading the log and reading the head is no gap."""
    return Change.objects.filter(audience=audience, seq=seq).exists()


def as_item(change: Change, content: dict[Any, Any]) -> Item | None:
    if change.op != Change.Op.PUT:
        return Item(op=cast(Any, change.op), kind=change.kind, subject=change.subject, version=change.version)
    shape = content.get((change.kind, change.subject))
    if shape is None:
        # withdrawn or deleted since: a later change in this log says so
        return None
    return Item(op="put", kind=change.kind, subject=change.subject, version=shape.version, data=shape)


def subscriptions(person: UUID) -> list[Subscription]:
    """The person's audiences with head and epoch, all of one moment."""
    rows = (
        living_memberships()
        .filter(user=person)
        .values_list("group__audience__pk", "group__audience__uuid", "group__audience__head", "group__audience__epoch")
    )
    return [Subscription(*row) for row in rows]


def heads(audiences: Collection[int]) -> dict[int, tuple[int, int]]:
    """Head and epoch of each audience."""
    rows = Audience.objects.filter(pk__in=audiences).values_list("pk", "head", "epoch")
    return {pk: (head, epoch) for pk, head, epoch in rows}


def check(pairs: Collection[tuple[UUID, int]]) -> tuple[dict[int, int], set[tuple[UUID, int]]]:
    """Each audience's epoch, and then which (person, audience) pairs still hold. In this order: a
    membership that ends in between leaves an older epoch behind and is checked again."""
    epochs = {pk: epoch for pk, (_, epoch) in heads({a for _, a in pairs}).items()}
    return epochs, still_members(pairs)


def ended(audiences: Collection[int]) -> set[tuple[UUID, int]]:
    """(person, audience) where a seat's time is over: the epoch moves only when the seat is deleted."""
    rows = Seat.objects.filter(membership__group__in=audiences, expires_at__lte=clock.now())
    return set(rows.values_list("membership__user_id", "membership__group_id"))


def living_sessions(keys: Collection[str]) -> set[str]:
    """Which of these sessions are neither over nor locked, of people who may still sign in."""
    from portal.people.models import Session

    now = clock.now()
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=now, locks_at__gt=now, user__is_active=True)
    return set(rows.values_list(F("session_key"), flat=True))
