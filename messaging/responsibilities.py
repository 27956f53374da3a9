"""The private channels that somebody moderates."""

from collections.abc import Sequence
from uuid import UUID

from messaging.models import Channel, ChannelMember
from messaging.policy import CHANNELS
from messaging.services.people import made_moderator, moderated
from portal.kernel.standing import living_memberships
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind
from portal.people.models import User


class Moderating(ResponsibilityKind[Channel]):
    """While somebody is left in it, somebody moderates it: of the same organization sooner than of another."""

    name = "channel"
    policy = CHANNELS
    by_audience = True

    def held(self, leaving: Leaving) -> list[Channel]:
        moderated = living_memberships().filter(user=leaving.person).values("group")
        rows = Channel.objects.filter(channel_kind=Channel.Kind.PRIVATE, archived_at=None, audience__in=leaving.lost)
        return list(rows.filter(moderators__in=moderated).select_related("audience", "moderators").order_by("pk"))

    def about(self, obj: Channel) -> About:
        return About(word=obj.name) if obj.about_kind else About(name=obj.name)

    def prospects(self, leaving: Leaving, objects: Sequence[Channel]) -> dict[UUID, Prospect]:
        audiences = {pk for channel in objects for pk in (channel.audience_id, channel.moderators_id)}
        rows = living_memberships().filter(group__in=audiences, user__is_active=True).exclude(user=leaving.person)
        there = list(rows.order_by("pk").values_list("group", "user"))
        colleagues = set(leaving.colleagues)
        found = {}
        for channel in objects:
            staying = [user for group, user in there if group == channel.audience_id]
            is_moderated = any(group == channel.moderators_id for group, _ in there)
            likeliest = sorted(staying, key=lambda user: user not in colleagues)
            found[channel.pk] = Prospect(likeliest, required=bool(staying) and not is_moderated, inside=staying)
        return found

    def pass_on(self, w: Writing, leaving: Leaving, obj: Channel, successor: User | None) -> None:
        if successor:
            w.lock(objects=[obj], audiences=moderated(obj))
            made_moderator(w, obj, ChannelMember.objects.get(user=successor, group=obj.audience_id))


RESPONSIBILITIES = (Moderating(),)
