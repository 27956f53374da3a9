from collections.abc import Collection, Iterable

from coordination.working_groups.models import (
    GroupEntry,
    GroupInvitation,
    GroupMember,
    JoinApplication,
    RuleAcceptance,
    WorkingGroup,
)
from portal.kernel.models import Audience
from portal.kernel.policy import BorrowedPolicy, SharedPolicy
from portal.kernel.standing import Person, Standing
from portal.organizations.models import Tier


class WorkingGroupPolicy(SharedPolicy[WorkingGroup]):
    """The network sees that a group exists, what it is for and which organizations are in it.

    One that is unlisted is seen by those in it alone.
    """

    model = WorkingGroup
    still_open = ("see_members", "leave", "remove_members", "name_leads")

    def verbs(self, who: Standing, group: WorkingGroup) -> Iterable[str]:
        if who.within_any(Audience.Kind.ORGANIZATION_MEMBERS):
            yield "join"
        if who.within_any(Audience.Kind.ORGANIZATION_COORDINATORS):
            yield "apply"
        if who.within(group.members_id):
            yield from ("see_members", "leave", "accept_rule")
        if who.within(group.leads_id):
            yield from ("edit", "decide", "remove_members", "name_leads", "invite", "open_channel", "open_subgroup")
            yield from ("archive", "reopen")


class GroupMemberPolicy(BorrowedPolicy[GroupMember]):
    """Only those in a group see who is in it; its leads manage them."""

    model = GroupMember
    audience_path = "group_id"
    needs = ("group__audience__working_group",)
    still_open = ("remove", "name_lead", "unname_lead")

    def verbs(self, who: Standing, member: GroupMember) -> Iterable[str]:
        if who.within(member.working_group.leads_id):
            yield from ("remove", "name_lead", "unname_lead")


class JoinApplicationPolicy(SharedPolicy[JoinApplication]):
    """An organization asks, the group's leads decide."""

    model = JoinApplication
    needs = ("working_group", "organization")
    still_open = ("withdraw",)

    def verbs(self, who: Standing, application: JoinApplication) -> Iterable[str]:
        if who.within(application.working_group.leads_id):
            yield from ("accept", "decline")
        if who.within(application.organization.coordinators_id):
            yield "withdraw"


class GroupInvitationPolicy(SharedPolicy[GroupInvitation]):
    """The group's leads ask, the coordinators of the invited organization decide."""

    model = GroupInvitation
    needs = ("working_group", "organization")
    still_open = ("withdraw",)

    def verbs(self, who: Standing, invitation: GroupInvitation) -> Iterable[str]:
        if who.within(invitation.organization.coordinators_id):
            yield from ("accept", "decline")
        if who.within(invitation.working_group.leads_id):
            yield "withdraw"


class RuleAcceptancePolicy(SharedPolicy[RuleAcceptance]):
    """Everybody accepts for themself, to come in for an organization that they work for."""

    model = RuleAcceptance
    needs = ("working_group", "organization")
    still_open = ("withdraw",)

    def verbs(self, who: Standing, acceptance: RuleAcceptance) -> Iterable[str]:
        if acceptance.person_id == who.person:
            yield "decline"
            if who.within(acceptance.organization.members_id):
                yield "accept"
        if who.within(acceptance.working_group.leads_id):
            yield "withdraw"


class GroupEntryPolicy(BorrowedPolicy[GroupEntry]):
    model = GroupEntry
    audience_path = "working_group__members"

    def verbs(self, who: Standing, entry: GroupEntry) -> Iterable[str]:
        return ()


def tier_to_bring(people: Collection[Person], person: Person) -> Tier:
    """What somebody has to be in their organization to bring these people: oneself, anybody; others, a coordinator."""
    alone = [p.pk for p in people] == [person.pk]
    return Tier.MEMBER if alone else Tier.COORDINATOR


WORKING_GROUPS = WorkingGroupPolicy()
GROUP_MEMBERS = GroupMemberPolicy()
JOIN_APPLICATIONS = JoinApplicationPolicy()
GROUP_INVITATIONS = GroupInvitationPolicy()
RULE_ACCEPTANCES = RuleAcceptancePolicy()
GROUP_ENTRIES = GroupEntryPolicy()
