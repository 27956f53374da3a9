"""How people come into a group: at once, or by accepting its rule first."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from coordination.working_groups import queries
from coordination.working_groups.feed import What, record
from coordination.working_groups.models import (
    GroupInvitation,
    JoinApplication,
    RuleAcceptance,
    WorkingGroup,
)
from messaging.services import start_reading
from portal.kernel import memberships, standing
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.writing import Writing
from portal.organizations.acting import require_verified
from portal.organizations.models import Organization

# who of these people holds a certificate of this kind that stands: (kind, people) -> people
HOLDERS: list[Callable[[str, Collection[UUID]], set[UUID]]] = []


def admit(w: Writing, group: WorkingGroup, organization: Organization, people: Collection[Any]) -> None:
    """Seat these people for the organization; where there is a rule, newcomers are asked to accept it first."""
    require_certified(group, people)
    inside = standing.members(group.members_id)
    for person in people:
        if group.rule and person.pk not in inside:
            ask(w, group, organization, person)
        else:
            seat(w, group, organization, person)
    w.put(group)


def seat(w: Writing, group: WorkingGroup, organization: Organization, person: Any) -> None:
    if person.pk == w.actor.id:
        person = w.actor.person  # whose standing, as the caller holds it, moves too
    is_new = not queries.sits(person, group, organization)
    memberships.join(w, person, group.members, via=organization.members)
    start_reading(w.actor, person, group.members)
    if is_new:
        record(w, group, What.JOINED, person=person, organization=organization)


def ask(w: Writing, group: WorkingGroup, organization: Organization, person: Any) -> None:
    """Ask somebody to accept the rule; who said no, or was here before, is asked anew."""
    acceptance = acceptance_of(w, group, organization, person)
    if acceptance.state != RuleAcceptance.State.ASKED or acceptance.rule_version != group.rule_version:
        settle(w, acceptance, group, RuleAcceptance.State.ASKED)


def acceptance_of(w: Writing, group: WorkingGroup, organization: Organization, person: Any) -> RuleAcceptance:
    """The one row that says how this person stands to the rule for this organization; made when there is none."""
    found = RuleAcceptance.objects.filter(working_group=group, person=person, organization=organization).first()
    if found is not None:
        w.lock(objects=[found])
        return found
    made = RuleAcceptance(working_group=group, person=person, organization=organization, asked_at=w.at)
    made.tell(group)
    made.save(force_insert=True)
    w.created(made, group.leads_id, person.audience_id)
    return made


def settle(w: Writing, acceptance: RuleAcceptance, group: WorkingGroup, state: str, reason: str = "") -> None:
    """Whoever asks anew or accepts, does so of the rule as it is now."""
    acceptance.state, acceptance.reason = state, reason
    if state == RuleAcceptance.State.ASKED:
        acceptance.asked_at, acceptance.decided_at = w.at, None
    else:
        acceptance.decided_at = w.at
    if state in (RuleAcceptance.State.ASKED, RuleAcceptance.State.ACCEPTED):
        acceptance.tell(group)
    w.put(acceptance)


def retell(w: Writing, group: WorkingGroup) -> None:
    """Whatever waits says what the group is now, and shows the buttons that it has now."""
    waiting: list[Any] = [
        *group.applications.filter(state=JoinApplication.State.PENDING),
        *group.invitations.filter(state=GroupInvitation.State.PENDING),
        *group.rule_acceptances.filter(state=RuleAcceptance.State.ASKED),
    ]
    w.lock(objects=waiting)
    for letter in waiting:
        if letter.waits:
            letter.tell(group)
            w.put(letter)


# what has to be so before somebody comes in


def require_own(organization: Organization, people: Collection[Any]) -> None:
    own = standing.members(organization.members_id)
    if not people or any(p.pk not in own for p in people):
        raise not_of_the_organization()


def not_of_the_organization() -> Invalid:
    """Somebody from elsewhere and nobody at all are refused alike."""
    return Invalid("people", "not_a_member", "Name people who work for your organization.")


def require_in_parent(group: WorkingGroup, people: Collection[Any]) -> None:
    """Whoever is in a sub-group is in what it is part of."""
    if group.parent and not {p.pk for p in people} <= standing.members(group.parent.members_id):
        raise Invalid("people", "not_in_parent", "Name people who are in the group that this one is part of.")


def require_newcomers(group: WorkingGroup, people: Collection[Any], organization: Organization) -> None:
    """At least one of them is neither in the group nor asked to accept its rule."""
    inside = standing.members(group.members_id)
    if all(p.pk in inside for p in people):
        raise Conflict("already_member")
    asked = set(
        group.rule_acceptances.filter(state=RuleAcceptance.State.ASKED, organization=organization).values_list(
            "person", flat=True
        )
    )
    if all(p.pk in inside | asked for p in people):
        raise Conflict("rule_waits")


def require_certified(group: WorkingGroup, people: Collection[Any]) -> None:
    """Who is in it already needs none."""
    if not group.certificate:
        return
    asked = {person.pk for person in people} - standing.members(group.members_id)
    if asked - certified(group.certificate, asked):
        raise Invalid("people", "no_certificate", "Each of them needs the certificate that this group asks for.")


def certified(kind: str, people: Collection[UUID]) -> set[UUID]:
    return set().union(*(holders(kind, people) for holders in HOLDERS))


def require_no_rule(group: WorkingGroup) -> None:
    """Nobody accepts it for somebody else."""
    if group.rule:
        raise Invalid("people", "not_a_member", "Each of them accepts the group's rule before they come in.")


def require_living(group: WorkingGroup) -> None:
    if group.is_archived:
        raise Conflict("archived")


def require_way(group: WorkingGroup, verb: str) -> None:
    """The group lives, and this is a way to join it."""
    require_living(group)
    if not group.permits(verb):
        raise Conflict("other_way_of_joining")


def require_current(group: WorkingGroup, rule_version: int) -> None:
    """What somebody has read is what the rule says now; otherwise the answer carries the new text."""
    if rule_version != group.rule_version:
        raise Conflict("rule_changed", current={"rule": group.rule, "rule_version": group.rule_version})


def require_still_verified(organization: Organization) -> None:
    """Inside the write, its members' audience locked."""
    organization.refresh_from_db(fields=["status", "agreed_until"])
    require_verified(organization)
