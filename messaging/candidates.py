"""Whom one may bring into a channel, and whom one may mention there: found by how their names begin."""

import unicodedata
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from messaging.models import Channel
from messaging.queries import by_name
from portal.kernel.kinds import OrganizationRef, PersonRef
from portal.kernel.models import Audience, Membership
from portal.kernel.standing import audiences_held, fellows, living_memberships
from portal.organizations.policy import ORGANIZATIONS
from portal.organizations.queries import by_members_audience
from portal.people.models import User

MOST = 20


class Candidate(msgspec.Struct, kw_only=True):
    """Somebody who can be chosen, with the organizations they work for, as far as the asker may know of these."""

    person: PersonRef
    organizations: list[OrganizationRef]


def to_invite(person: User, search: str) -> list[Candidate]:
    """Of those who are in an organization, a group or a channel with this person; never of the whole network."""
    return found(person, fellows(person), search)


def to_mention(person: User, inside: Channel, search: str) -> list[Candidate]:
    """Of those who are in the channel."""
    return found(person, living_memberships().filter(group=inside.audience_id).exclude(user=person.pk), search)


def found(person: User, memberships: QuerySet[Membership], search: str) -> list[Candidate]:
    people = User.objects.filter(pk__in=memberships.values("user"), is_active=True).values_list("pk", "name")
    refs = sorted((PersonRef(id=pk, name=name) for pk, name in people if begins(name, search)), key=by_name)[:MOST]
    organizations = works_for(person, [ref.id for ref in refs])
    return [Candidate(person=ref, organizations=organizations[ref.id]) for ref in refs]


def begins(name: str, search: str) -> bool:
    """Whether the words of a search begin words of a name, whatever their case and accents."""
    words = plain(name).split()
    return all(any(word.startswith(part) for word in words) for part in plain(search).split())


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def works_for(asker: Any, people: list[UUID]) -> dict[UUID, list[OrganizationRef]]:
    held = audiences_held(people, Audience.Kind.ORGANIZATION_MEMBERS)
    everywhere = {audience.pk for audiences in held.values() for audience in audiences}
    seen = set(ORGANIZATIONS.visible(asker).filter(members__in=everywhere).values_list("members", flat=True))
    names = by_members_audience(seen)
    return {pk: [names[a.pk] for a in audiences if a.pk in names] for pk, audiences in held.items()}
