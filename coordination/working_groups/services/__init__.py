"""Every write to working groups, to who is in them, and to how one comes into them: the one door."""

from coordination.working_groups.services.groups import (
    archive_working_group,
    create_working_group,
    edit_working_group,
    end_working_group,
    open_group_channel,
    reopen_working_group,
)
from coordination.working_groups.services.joining import (
    accept_application,
    accept_invitation_to_group,
    accept_rule,
    accept_rule_anew,
    apply_to_join,
    decline_application,
    decline_invitation_to_group,
    decline_rule,
    end_for_suspended,
    invite_organization,
    join_open_group,
    withdraw_application,
    withdraw_invitation_to_group,
    withdraw_rule_acceptance,
)
from coordination.working_groups.services.members import (
    leave_working_group,
    name_lead,
    remove_member,
    unname_lead,
)

__all__ = [
    "accept_application",
    "accept_invitation_to_group",
    "accept_rule",
    "accept_rule_anew",
    "apply_to_join",
    "archive_working_group",
    "create_working_group",
    "decline_application",
    "decline_invitation_to_group",
    "decline_rule",
    "edit_working_group",
    "end_for_suspended",
    "end_working_group",
    "invite_organization",
    "join_open_group",
    "leave_working_group",
    "name_lead",
    "open_group_channel",
    "remove_member",
    "reopen_working_group",
    "unname_lead",
    "withdraw_application",
    "withdraw_invitation_to_group",
    "withdraw_rule_acceptance",
]
