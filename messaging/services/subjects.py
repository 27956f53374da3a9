"""Writes to a channel about an object of another slice. Who may is decided by the write that they are part of."""

from collections.abc import Callable, Collection
from datetime import datetime

from messaging.models import Channel
from messaging.seats import seat
from messaging.services.channels import found_private
from messaging.services.people import moderated
from portal.kernel import memberships
from portal.kernel.models import Versioned
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.people.models import User

# what another slice keeps in a channel's audience, and purges with it
Purge = Callable[[Writing, Channel], None]
PURGES: list[Purge] = []


@service
def open_channel_about(
    actor: Actor,
    subject: Versioned,
    name: str,
    people: Collection[User],
    *,
    closed_circle: bool = False,
    exercise: bool = False,
) -> Channel:
    """A private channel for these people; whoever opens it moderates it. The one there is, where there is one."""
    with writing(actor, people=[actor.person, *people]) as w:
        channel = channel_about(subject)
        if channel is None:
            about = {"about_kind": subject.kind, "about": subject.pk, "closed_circle": closed_circle}
            channel = found_private(w, name=name, exercise=exercise, **about)
        seat(w, [actor.person, *people], channel.audience)
        return channel


@service
def bring_in(actor: Actor, channel: Channel, people: Collection[User]) -> None:
    """Those who have come to be concerned with what the channel is about, where they are not in it already."""
    with writing(actor, objects=[channel], people=people) as w:
        if not channel.is_archived:
            seat(w, people, channel.audience)
            w.audit("channel.add_people", channel, people=sorted(str(person.pk) for person in people))


@service
def take_out(actor: Actor, channel: Channel, person: User) -> None:
    """Somebody who is not concerned with it any more."""
    with writing(actor, objects=[channel], audiences=moderated(channel), people=[person]) as w:
        if memberships.leave(w, person, channel.audience):
            w.audit("channel.remove_person", channel, person=str(person.pk))


@service
def end_channel(actor: Actor, channel: Channel, purge_at: datetime) -> Channel:
    """What it was about is over: it is only read, for good, until nothing of it is left."""
    with writing(actor, objects=[channel]) as w:
        channel.archived_at = channel.archived_at or w.at
        channel.purge_at = purge_at
        w.put(channel)
        w.audit("channel.end", channel)
        return channel


@service
def purge_channel(channel: Channel) -> None:
    """Everybody is out and every word is gone; the record of who did what stays, which holds no words."""
    people = memberships.people_in(channel.audience_id)
    with writing(THE_PORTAL, objects=[channel], audiences=moderated(channel), people=people) as w:
        for purge in PURGES:
            purge(w, channel)
        for person in people:
            memberships.leave(w, person, channel.audience)
        channel.messages.update(reply_to=None)
        channel.messages.all().delete()
        w.audit("channel.purge", channel)
        Channel.objects.filter(pk=channel.pk).delete()


def channel_about(subject: Versioned) -> Channel | None:
    return Channel.objects.filter(about_kind=subject.kind, about=subject.pk).select_related("audience").first()
