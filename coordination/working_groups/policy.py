from collections.abc import Iterable

from coordination.working_groups.models import GroupMember, JoinApplication, WorkingGroup
from portal.kernel.models import Audience
from portal.kernel.policy import BorrowedPolicy, SharedPolicy
from portal.kernel.standing import Standing


class WorkingGroupPolicy(SharedPolicy[WorkingGroup]):
    """The network sees that a group exists, what it is for and which organizations are in it."""

    model = WorkingGroup

    def verbs(self, who: Standing, group: WorkingGroup) -> Iterable[str]:
        if who.within_any(Audience.Kind.ORGANIZATION_COORDINATORS):
            yield "apply"
        if who.within(group.members_id):
            yield from ("see_members", "leave")
        if who.within(group.leads_id):
            yield from ("edit", "decide", "remove_members", "name_leads")


class GroupMemberPolicy(BorrowedPolicy[GroupMember]):
    """Only those in a group see who is in it; its leads manage them."""

    model = GroupMember
    audience_path = "group_id"
    needs = ("group__audience__working_group",)

    def verbs(self, who: Standing, member: GroupMember) -> Iterable[str]:
        if who.within(member.working_group.leads_id):
            yield from ("remove", "name_lead", "unname_lead")


class JoinApplicationPolicy(SharedPolicy[JoinApplication]):
    model = JoinApplication
    needs = ("working_group", "organization")

    def verbs(self, who: Standing, application: JoinApplication) -> Iterable[str]:
        if who.within(application.working_group.leads_id):
            yield from ("accept", "decline")
        if who.within(application.organization.coordinators_id):
            yield "withdraw"


WORKING_GROUPS = WorkingGroupPolicy()
GROUP_MEMBERS = GroupMemberPolicy()
JOIN_APPLICATIONS = JoinApplicationPolicy()
