"""How many requests ended unmet, by what was asked for, where, and in which month."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, TruncMonth

from coordination.requests.kinds import ON_CALL
from coordination.requests.models import Request
from coordination.unmet.months import after, before, this_month, written, year_until
from coordination.unmet.small_cells import Asked, told
from portal.organizations.models import Organization

AREA = Coalesce(KT("details__area"), Value(""), output_field=TextField())


class UnmetCount(msgspec.Struct, kw_only=True):
    """`area` is '' where the kind has none and, of the network, for all that are too small to be told apart.

    `places_left`: how many places nobody took; null of the network.
    """

    month: str
    kind: str
    area: str
    requests: int
    places_left: int | None = None


class UnmetNeed(msgspec.Struct, kw_only=True):
    """What of these months there is to tell. Of an organization a number that is missing is 0; of the network it is
    too small to be told."""

    months: list[str]
    counts: list[UnmetCount]


def of_organization(organization: Organization, until: date) -> UnmetNeed:
    """Exactly, this month with the rest."""
    months = year_until(min(until, this_month()))
    rows = counted(unmet().filter(owner=organization), months)
    return UnmetNeed(
        months=[written(month) for month in months],
        counts=[
            UnmetCount(
                month=written(row["month"]),
                kind=row["request_kind"],
                area=row["area"],
                requests=row["requests"],
                places_left=row["places_left"],
            )
            for row in rows
        ],
    )


def of_network(until: date) -> UnmetNeed:
    """Of all organizations, as far as it may be told, in months that are over: what is told once stays as it is.

    What was asked of those on call is known to nobody else.
    """
    months = year_until(min(until, before(this_month())))
    rows = counted(unmet().exclude(request_kind__in=ON_CALL), months, "owner")
    asked = [Asked(row["month"], row["request_kind"], row["area"], row["owner"], row["requests"]) for row in rows]
    return UnmetNeed(
        months=[written(month) for month in months],
        counts=[
            UnmetCount(month=written(month), kind=kind, area=area, requests=requests)
            for month, kind, area, requests in told(asked)
        ],
    )


def unmet() -> QuerySet[Request]:
    """Nobody took it, or its owner closed it as not met or partly met, or as met while places were left: that help did
    not come from the network. What was withdrawn or no longer needed is not unmet, and a drill is no need."""
    done, expired = Q(state=Request.State.DONE), Q(state=Request.State.EXPIRED)
    missing = Q(outcome__in=("not_met", "partly_met")) | Q(outcome="met", places_taken__lt=F("places"))
    return Request.objects.filter(expired | done & missing, exercise=False)


def counted(requests: QuerySet[Request], months: Sequence[date], *besides: str) -> Any:
    """In one query, whatever there is."""
    ended = requests.filter(ended_on__gte=months[0], ended_on__lt=after(months[-1]))
    cell = ("month", "request_kind", "area", *besides)
    apart = ended.annotate(month=TruncMonth("ended_on"), area=AREA).values(*cell)
    numbers = apart.annotate(requests=Count("pk"), places_left=Sum(F("places") - F("places_taken")))
    return numbers.order_by(*cell)
