"""Networks to measure in, made by the portal's own services."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from coordination.working_groups import services as working_groups
from portal.kernel.writing import Actor
from tests import world

ORGANIZATIONS = 10


@dataclass
class Room:
    """A working group of many members, from ten organizations; each with a session."""

    channel: str
    organizations: list[Any]
    people: list[Any]
    cookies: list[str]


def room(size: int) -> Room:
    """Its first member leads it."""
    organizations = [world.organization(f"Organization {size}-{n}") for n in range(min(ORGANIZATIONS, size))]
    people = [
        world.person(organizations[n % len(organizations)], "coordinator", f"Person {size}-{n}") for n in range(size)
    ]
    lead = Actor(people[0], organizations[0])
    group = working_groups.create_working_group(lead, name=f"Room of {size}", group_kind="housing")
    for number, organization in enumerate(organizations):
        joining = [p for p in people[number :: len(organizations)] if p is not people[0]]
        if joining:
            asked = working_groups.apply_to_join(Actor(joining[0], organization), group, joining)
            working_groups.accept_application(Actor(people[0]), asked)
    return Room(str(group.channel_id), organizations, people, [cookie(p) for p in people])


def cookie(person: Any) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={world.session(person)}"
