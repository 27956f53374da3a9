"""Whom somebody may bring into a channel, and the seats that these get there."""

import hashlib
from collections.abc import Collection, Iterable
from uuid import UUID

from messaging.models import Channel
from portal.kernel import memberships
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import Audience, Network
from portal.kernel.standing import audiences_held, fellows, living_memberships, members, standings
from portal.kernel.writing import Writing
from portal.organizations.acting import require_reachable
from portal.organizations.models import Organization
from portal.organizations.policy import ORGANIZATIONS
from portal.people.models import User


def known(person: User, ids: Collection[UUID], field: str = "people") -> list[User]:
    """These people, each of whom is in an organization, a group or a channel with this person.

    A stranger and nobody at all are refused alike. Whoever asks is left out.
    """
    others = set(ids) - {person.pk}
    found = list(User.objects.filter(pk__in=others, is_active=True).filter(pk__in=fellows(person).values("user")))
    if len(found) < len(others):
        raise stranger(field)
    return found


def still_known(w: Writing, people: Collection[User]) -> None:
    """The same, asked inside the write. Colleagues of an organization that waits or is suspended come in nowhere."""
    reachable = fellows(w.actor.person, fresh=True).filter(user__in=people).values("user")
    in_network = living_memberships().filter(group=Network.current().everyone_id, user__in=reachable)
    fellowship = set(in_network.values_list("user", flat=True))
    if any(person.pk not in fellowship for person in people):
        raise stranger("people")


def stranger(field: str) -> Invalid:
    return Invalid(field, "does_not_exist", "One of these people is not there, or nobody that you work with here.")


def invitable(person: User, ids: Collection[UUID]) -> list[Organization]:
    """These verified organizations, each of which this person sees."""
    found = list(ORGANIZATIONS.visible(person).filter(pk__in=set(ids)))
    if len(found) < len(set(ids)):
        raise Invalid("organizations", "does_not_exist", "One of these is not there, or not shared with you.")
    for organization in found:
        require_reachable(organization, "organizations")
    return found


def require_answerable(people: Collection[User]) -> None:
    """Whoever could say nothing there is not brought in: all they work for here has an agreement that lapsed."""
    for _, who in standings([person.pk for person in people]).values():
        if not who.doing().within_any(Audience.Kind.EVERYONE):
            raise Invalid("people", "agreement_lapsed", "The agreement of an organization of theirs has lapsed.")


def seat(w: Writing, people: Iterable[User], audience: Audience) -> None:
    """One seat by virtue of each verified organization that a person works for: with the last the place ends."""
    inside = members(audience.pk)
    newcomers = [person for person in people if person.pk not in inside]
    works_for = audiences_held([p.pk for p in newcomers], Audience.Kind.ORGANIZATION_MEMBERS)
    places = {audience.pk for held in works_for.values() for audience in held}
    verified = set(
        Organization.objects.filter(members__in=places, status=Organization.Status.VERIFIED).values_list(
            "members", flat=True
        )
    )
    for person in newcomers:
        # whoever works for none is here by virtue of the network itself
        for via in [held for held in works_for[person.pk] if held.pk in verified] or [Network.current().everyone]:
            memberships.join(w, person, audience, via=via)


def admit(w: Writing, channel: Channel, organization: Organization) -> bool:
    """All who work for an organization, now or later, are in the channel."""
    require_reachable(organization, "organizations")
    return memberships.admit(w, channel.audience, organization.members)


def keep_a_moderator(channel: Channel, without: UUID | None = None) -> None:
    """While somebody is left in a private channel, somebody moderates it."""
    assert channel.moderators_id is not None
    staying = members(channel.audience_id) - {without}
    if staying and not members(channel.moderators_id) - {without}:
        raise Conflict("last_moderator")


def key_of(people: Iterable[User]) -> str:
    """What tells one direct conversation from another: whom it is between."""
    return hashlib.sha256(b"".join(sorted(person.pk.bytes for person in people))).hexdigest()
