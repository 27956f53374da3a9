"""Writes to agreements: recorded, and told of before they end."""

from datetime import UTC, date, datetime, time, timedelta

from portal.jobs.outbox import enqueue
from portal.kernel import memberships
from portal.kernel.errors import Invalid
from portal.kernel.models import Network
from portal.kernel.standing import members
from portal.kernel.writing import THE_PORTAL, Actor, service, writing
from portal.organizations.models import Agreement, Organization
from portal.organizations.policy import ORGANIZATIONS

# how many days before its end those concerned are told of it
WARNINGS = (30, 7)
LONGEST = timedelta(days=5 * 366)


@service
def record_agreement(
    actor: Actor,
    organization: Organization,
    *,
    signed_on: date,
    review_on: date,
    countersigned_by: str,
    reference: str = "",
) -> Agreement:
    """In force to the end of the day of its review, where the network is. What lapsed is whole again."""
    network = Network.current()
    concerned = [organization.administrators_id, network.administrators_id]
    with writing(actor, objects=[organization], audiences=concerned) as w:
        ORGANIZATIONS.require(actor.person, "record_agreement", organization)
        w.demand(organization, "record_agreement")
        require_dates(signed_on, review_on, network.day(w.at))
        agreement = Agreement.objects.create(
            organization=organization,
            signed_on=signed_on,
            review_on=review_on,
            until=end_of(review_on, network),
            countersigned_by=countersigned_by,
            reference=reference,
            recorded_by=actor.person,
            recorded_at=w.at,
        )
        w.created(agreement, *concerned)
        organization.agreed_until = agreement.until
        memberships.read_only_from(w, organization.members, agreement.until)
        w.put(organization)
        w.audit("agreement.record", agreement, review_on=review_on.isoformat())
        return agreement


@service
def tell_of_agreement(agreement: Agreement) -> None:
    """Those concerned are told that it ends in so many days, once for each of the warnings. Run by the portal."""
    with writing(THE_PORTAL, objects=[agreement.organization, agreement]) as w:
        due = due_warning(agreement, w.at)
        if due is None or agreement.until != agreement.organization.agreed_until:
            return
        agreement.told_before = due
        w.put(agreement)
        w.audit("agreement.tell", agreement, days=due)
        organization, network = agreement.organization, Network.current()
        for person in sorted(members(organization.administrators_id) | members(network.administrators_id)):
            enqueue("organizations.send_agreement_notice", person=str(person))


# steps of these


def require_dates(signed_on: date, review_on: date, today: date) -> None:
    if signed_on > today:
        raise Invalid("signed_on", "too_far", "It is signed before it is recorded.")
    if review_on <= today:
        raise Invalid("review_on", "in_the_past", "It is in force to a day that lies ahead.")
    if review_on - signed_on > LONGEST:
        raise Invalid("review_on", "too_far", "It is looked at again within five years.")


def end_of(day: date, network: Network) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), network.zone).astimezone(UTC)


def due_warning(agreement: Agreement, at: datetime) -> int | None:
    """The nearest of the warnings that has come and was not given."""
    come = [days for days in WARNINGS if agreement.until - timedelta(days=days) <= at < agreement.until]
    nearest = min(come, default=None)
    return nearest if nearest is not None and nearest != agreement.told_before else None
