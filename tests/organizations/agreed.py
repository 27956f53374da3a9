"""Agreements with the network, as its administrators record them."""

from datetime import timedelta
from typing import Any

from portal.kernel import clock, memberships
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations import services
from portal.organizations.models import Agreement, Organization


def agreed(
    chief: Actor, organization: Organization, days: int = 365, *, role: str = "Chair", reference: str = ""
) -> Agreement:
    """In force for so many days more."""
    today = Network.current().day(clock.now())
    dates: dict[str, Any] = {"signed_on": today, "review_on": today + timedelta(days=days)}
    return services.record_agreement(chief, organization, countersigned_by=role, reference=reference, **dates)


def lapse(*organizations: Organization) -> None:
    """Their agreements are over from now on, without anybody having waited for it."""
    rows = list(Organization.objects.filter(pk__in=[each.pk for each in organizations]))
    with writing(THE_PORTAL, objects=rows) as w:
        for organization in rows:
            memberships.read_only_from(w, organization.members, w.at)
            organization.agreed_until = w.at
            w.put(organization)
