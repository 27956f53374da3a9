"""What was not met as a table for spreadsheets."""

from coordination.unmet.counts import UnmetNeed
from portal.api.tables import AREAS, Column, sheet
from portal.organizations.models import Organization

COUNTED = (
    Column("month", "#date +month", lambda count: count.month),
    Column("kind", "#service", lambda count: count.kind),
    *AREAS,
    Column("requests", "#need +unmet +requests", lambda count: str(count.requests)),
)
PLACES_LEFT = Column("places_left", "#need +unmet +places", lambda count: str(count.places_left))
NOT_TOLD = "Numbers that are too small to be told are not in this file, and in no sum: what is missing need not be 0."


def of_organization(organization: Organization, need: UnmetNeed) -> str:
    owner = Column("owner", "#org +name", lambda _: organization.name)
    return sheet((owner, *COUNTED, PLACES_LEFT), need.counts)


def of_network(need: UnmetNeed) -> str:
    return sheet(COUNTED, need.counts, NOT_TOLD)
