"""Who is signed in, for whom they work, and what the network asks of them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from portal.kernel import areas
from portal.kernel.areas import Area
from portal.kernel.models import Audience, Network
from portal.kernel.standing import standing
from portal.organizations import queries
from portal.organizations.models import OrganizationKind, OrganizationStatus, Tier
from portal.people.changes import Me, shape_me
from portal.people.models import User
from portal.people.policy import idle_limit, is_locked, second_factor_missing, second_factor_satisfied
from portal.people.second_factor import Kind, kinds_of


class MyOrganization(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    kind: OrganizationKind
    status: OrganizationStatus
    agreed_until: datetime | None
    tier: Tier


class NetworkInfo(msgspec.Struct, kw_only=True):
    name: str
    time_zone: str
    languages: list[str]
    areas: list[Area]
    second_factor_required: bool
    agreement_required: bool
    demo: bool


class SecondFactor(msgspec.Struct, kw_only=True):
    """`kinds`: what the person has set up; `satisfied`: this session was opened with one of them."""

    kinds: list[Kind]
    satisfied: bool


class Session(msgspec.Struct, kw_only=True):
    """`person` is null for strangers, and while the session is locked: a locked screen says nothing of whose it is.

    While a demanded second factor is missing, no more is told than who is signed in. The session locks
    after `idle_seconds` in which no person did anything.
    """

    person: Me | None
    organizations: list[MyOrganization]
    network: NetworkInfo
    network_roles: list[Literal["administrator", "auditor"]]
    second_factor: SecondFactor
    locked: bool
    idle_seconds: int | None
    expires_at: datetime | None


def session_of(person: Any, session: Any) -> Session:
    network = Network.current()
    known = Session(
        person=None,
        organizations=[],
        network=network_info(network),
        network_roles=[],
        second_factor=SecondFactor(kinds=[], satisfied=False),
        locked=False,
        idle_seconds=None,
        expires_at=None,
    )
    if not person.is_authenticated:
        return known
    if is_locked(session):
        known.locked = True
        known.second_factor.kinds = kinds_of(person)
        return known
    known.person = shape_me(person)
    known.idle_seconds = int(idle_limit(person).total_seconds())
    known.second_factor = SecondFactor(kinds=kinds_of(person), satisfied=second_factor_satisfied(session))
    known.expires_at = session.expires
    if not second_factor_missing(session):
        known.organizations = organizations_of(person)
        known.network_roles = roles_of(person)
    return known


def network_info(network: Network) -> NetworkInfo:
    return NetworkInfo(
        name=network.name,
        time_zone=network.time_zone,
        languages=network.languages,
        areas=areas.named(network.areas),
        second_factor_required=network.second_factor_required,
        agreement_required=network.agreement_required,
        demo=network.demo,
    )


def organizations_of(person: User) -> list[MyOrganization]:
    return [
        MyOrganization(
            id=place.organization.pk,
            name=place.organization.name,
            kind=OrganizationKind(place.organization.organization_kind),
            status=OrganizationStatus(place.organization.status),
            agreed_until=place.organization.agreed_until,
            tier=place.tier,
        )
        for place in queries.of_person(person)
    ]


def roles_of(person: User) -> list[Literal["administrator", "auditor"]]:
    who = standing(person)
    found: list[Literal["administrator", "auditor"]] = []
    if who.within_any(Audience.Kind.NETWORK_ADMINISTRATORS):
        found.append("administrator")
    if who.within_any(Audience.Kind.NETWORK_AUDITORS):
        found.append("auditor")
    return found
