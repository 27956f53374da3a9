"""What becomes of everything on the stage: closed, or withdrawn from those it was shared with. By services alone."""

from coordination.calendars import services as calendars
from coordination.requests import services as requests
from coordination.resources import services as resources
from coordination.rota import services as rota
from coordination.rota.models import Shift
from coordination.working_groups import services as groups
from messaging import services as messaging
from portal.kernel.models import Versioned
from portal.kernel.writing import THE_PORTAL, writing
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from portal.people import services as people
from tests import world
from tests.permissions.event_stage import close_events, withdraw_events
from tests.permissions.outside_stage import close_outside
from tests.permissions.stage import Stage
from tests.permissions.table import CLOSED, MISPLACED, NORMAL, WITHDRAWN

# may open neither
OUTSIDE = ("nobody", "applicant", "suspended")


def close(stage: Stage) -> None:
    asked = {
        "request": stage.request,
        "group request": stage.group_request,
        "helped request": stage.helped,
        "operation": stage.operation,
    }
    for word, request in asked.items():
        requests.close_request(stage.alone("poster"), request, "met", f"[{word} outcome]")
    owner = stage.alone("owner.coordinator")
    resources.close_need(owner, stage.shared_need)
    resources.close_offer(stage.alone("addressed.coordinator"), stage.shared_offer)
    for word, pledge in (("promised pledge", stage.promised), ("delivered pledge", stage.delivered)):
        resources.fail_pledge(owner, pledge, "other", f"[{word} reason]")
    close_events(stage)
    close_outside(stage)
    lead = stage.alone("group.lead")
    groups.decline_application(lead, stage.application, "[application reason]")
    addressed = stage.acting("addressed.coordinator")
    groups.decline_invitation_to_group(addressed, stage.letter, "[group invitation reason]")
    groups.decline_rule(stage.alone("also.addressed"), stage.asked, "[rule acceptance reason]")
    for group in (stage.group, stage.quiet, stage.open):
        groups.archive_working_group(lead, group)
    messaging.archive_channel(stage.alone("channel.moderator"), stage.board)
    rota.decline_swap(stage.alone("owner.member"), stage.swap)
    end_invitations_and_sessions(stage)


def withdraw(stage: Stage) -> None:
    house, clinic = stage.organization["house"], stage.organization["clinic"]
    take_from(stage.request, house.members_id, clinic.members_id)
    take_from(stage.group_request, stage.group.members_id)
    rota.remove_shift(stage.steward_of(house), Shift.objects.get(organization=house))
    rota.withdraw_swap(stage.alone("poster"), stage.swap)
    requests.withdraw_answer(stage.acting("addressed.coordinator"), stage.help)
    take_from(stage.helped, house.members_id)
    resources.dismiss_suggestion(stage.alone("addressed.coordinator"), stage.suggestion)
    resources.unshare_listing(stage.acting("owner.coordinator"), stage.shared_need, house.members.uuid)
    agency = stage.organization["agency"]
    resources.unshare_listing(stage.acting("addressed.coordinator"), stage.shared_offer, agency.members.uuid)
    withdraw_events(stage)
    lead = stage.alone("group.lead")
    groups.withdraw_application(stage.alone("also.addressed"), stage.application)
    groups.withdraw_invitation_to_group(lead, stage.letter)
    groups.withdraw_rule_acceptance(lead, stage.asked)
    for role in ("group.member", "author", "poster"):
        stage.put_out(role, stage.group, stage.quiet)
    for group in (stage.group, stage.open):
        group.refresh_from_db()
        groups.edit_working_group(lead, group, group.version, joining="unlisted")
    moderator, annex = stage.alone("channel.moderator"), stage.organization["annex"]
    messaging.remove_organization(moderator, stage.board, annex)
    stage.out_of_channel("channel.member", stage.board)
    for person in (stage.person["channel.member"], stage.colleague):
        member = OrganizationMember.objects.filter(user=person).earliest("pk")
        organization = member.organization
        world.remove(stage.steward_of(organization), member)
    end_invitations_and_sessions(stage)


def take_from(shared: Versioned, *audiences: int) -> None:
    """No service does so yet; this is the one door of writes."""
    with writing(THE_PORTAL, objects=[shared]) as w:
        for audience in audiences:
            w.unshare(shared, audience)


def end_invitations_and_sessions(stage: Stage) -> None:
    """And the feed."""
    for invitation in (stage.invitation, stage.offer):
        organizations.revoke_invitation(stage.alone("owner.administrator"), invitation)
    people.end_session(stage.person["poster"], stage.poster_session)
    calendars.revoke_feed(stage.person["poster"], stage.feed.pk)


def misplace(stage: Stage) -> None:
    """Everybody gets a channel, and who works somewhere a group, of their own: parents of which no child is theirs."""
    for role in [role for role in stage.person if role not in OUTSIDE]:
        channel = messaging.create_private_channel(stage.alone(role), f"Channel of {role}")
        stage.own[role] = {"channels": str(channel.pk)}
    for role, employer in stage.employer.items():
        if role not in OUTSIDE:
            steward = stage.steward_of(employer)
            group = groups.create_working_group(steward, name=f"Group of {role}", group_kind="training")
            stage.enter(group, role, stage.person[role], lead=steward)
            groups.name_lead(steward, group, stage.member(role, group))
            stage.own[role] |= {"working-groups": str(group.pk), "organizations": str(employer.pk)}


TO = {NORMAL: lambda stage: None, CLOSED: close, WITHDRAWN: withdraw, MISPLACED: misplace}
