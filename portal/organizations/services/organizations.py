"""Writes to an organization: applying, verification, what it is."""

from django.db import IntegrityError, transaction

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.models import Audience, Network
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.models import Organization, OrganizationKind, OrganizationStatus, Tier
from portal.organizations.policy import ORGANIZATIONS
from portal.organizations.services.invitations import invited
from portal.organizations.services.people import enter_network, seated, tiers_of


@service
def apply(
    actor: Actor,
    name: str,
    kind: OrganizationKind,
    *,
    description: str = "",
    website: str = "",
    administrator_email: str = "",
) -> Organization:
    """An organization asks to be in the network. Who applies becomes its administrator, unless another is named."""
    with writing(actor, people=[actor.person]) as w:
        ORGANIZATIONS.require_apply(actor.person, for_somebody_else=bool(administrator_email))
        organization = make(w, name, kind, description, website)
        if administrator_email:
            invited(w, organization, administrator_email, Tier.ADMINISTRATOR)
        else:
            seated(w, organization, actor.person, Tier.ADMINISTRATOR)
        return organization


@service
def found(name: str, kind: OrganizationKind, *, description: str = "", website: str = "") -> Organization:
    """An organization that the portal itself makes, verified: for a network's first start."""
    with writing(THE_PORTAL) as w:
        organization = make(w, name, kind, description, website)
        verified(w, organization)
        return organization


@service
def verify(actor: Actor, organization: Organization) -> Organization:
    """Its people enter the network, and the network sees it."""
    with writing(actor, objects=[organization], audiences=tiers_of(organization)) as w:
        ORGANIZATIONS.require(actor.person, "verify", organization)
        if not organization.permits("verify"):
            raise Conflict("already_verified" if organization.is_verified else "wrong_state")
        if organization.has_lapsed(w.at):
            raise Conflict("agreement_lapsed")
        if Network.current().agreement_required and organization.agreed_until is None:
            raise Conflict("agreement_missing")
        verified(w, organization)
        return organization


@service
def edit(
    actor: Actor,
    organization: Organization,
    version: int,
    *,
    name: str | None = None,
    kind: OrganizationKind | None = None,
    description: str | None = None,
    website: str | None = None,
) -> Organization:
    """Only what is given changes; `version` is the one the caller saw."""
    with writing(actor, objects=[organization]) as w:
        ORGANIZATIONS.require(actor.person, "edit", organization)
        w.expect(organization, version)
        w.demand(organization, "edit")
        organization.name = organization.name if name is None else free_name(name, organization)
        organization.organization_kind = organization.organization_kind if kind is None else kind
        organization.description = organization.description if description is None else description
        organization.website = organization.website if website is None else website
        w.put(organization)
        w.audit("organization.edit", organization)
        return organization


# steps of these


def make(w: Writing, name: str, kind: OrganizationKind, description: str, website: str) -> Organization:
    organization = Organization(
        name=free_name(name),
        organization_kind=kind,
        description=description,
        website=website,
        applied_at=w.at,
        members=w.new_audience(Audience.Kind.ORGANIZATION_MEMBERS),
        coordinators=w.new_audience(Audience.Kind.ORGANIZATION_COORDINATORS),
        administrators=w.new_audience(Audience.Kind.ORGANIZATION_ADMINISTRATORS),
    )
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError:
        raise name_taken() from None
    w.created(organization, organization.members_id, Network.current().administrators_id)
    w.audit("organization.apply", organization)
    return organization


def verified(w: Writing, organization: Organization) -> None:
    organization.status = OrganizationStatus.VERIFIED
    organization.verified_at = w.at
    w.share(organization, Network.current().everyone_id)
    enter_network(w, organization)
    w.audit("organization.verify", organization)


def free_name(name: str, of: Organization | None = None) -> str:
    same = Organization.objects.filter(name__iexact=name)
    if (same.exclude(pk=of.pk) if of else same).exists():
        raise name_taken()
    return name


def name_taken() -> Invalid:
    return Invalid("name", "duplicate", "An organization has this name already.")
