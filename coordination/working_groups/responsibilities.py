"""The working groups that somebody leads."""

from collections.abc import Sequence
from uuid import UUID

from coordination.working_groups.feed import What
from coordination.working_groups.models import GroupMember, WorkingGroup
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.seats import seat
from coordination.working_groups.services.groups import archive
from coordination.working_groups.services.members import made_lead
from portal.kernel.standing import inside_only_by, is_member, living_memberships
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind
from portal.people.models import User


class Leading(ResponsibilityKind[WorkingGroup]):
    """The last lead is followed by somebody: of those in the group, as far as the asker knows them, or a colleague who
    comes in by it. Where nobody is left to lead, the group ends."""

    name = "working_group"
    policy = WORKING_GROUPS

    def held(self, leaving: Leaving) -> list[WorkingGroup]:
        lost = inside_only_by(leaving.person, leaving.organization.members_id)
        led = living_memberships().filter(user=leaving.person).values("group")
        rows = WorkingGroup.objects.filter(members__in=lost, leads__in=led)
        return list(rows.select_related("members", "leads").order_by("pk"))

    def about(self, obj: WorkingGroup) -> About:
        return About(name=obj.name, word=obj.group_kind)

    def prospects(self, leaving: Leaving, objects: Sequence[WorkingGroup]) -> dict[UUID, Prospect]:
        audiences = {pk for group in objects for pk in (group.members_id, group.leads_id)}
        rows = living_memberships().filter(group__in=audiences, user__is_active=True).exclude(user=leaving.person)
        there = list(rows.order_by("pk").values_list("group", "user"))
        colleagues = set(leaving.colleagues)
        found = {}
        for group in objects:
            leads = {user for audience, user in there if audience == group.leads_id}
            inside = [user for audience, user in there if audience == group.members_id and user not in leads]
            inside.sort(key=lambda user: user not in colleagues)
            coming = [user for user in leaving.colleagues if user not in leads and user not in inside]
            known = leaving.asker.within(group.members_id) or not group.is_listed
            unknown = [user for user in leaving.colleagues if user not in leads]
            successors = [*inside, *coming] if known else unknown
            found[group.pk] = Prospect(successors, required=not leads, inside=inside)
        return found

    def pass_on(self, w: Writing, leaving: Leaving, obj: WorkingGroup, successor: User | None) -> None:
        w.lock(objects=[obj], audiences=[obj.members_id, obj.leads_id])
        if successor:
            for group in filter(None, (obj.parent, obj)):  # whoever is in a part is in the whole
                if not is_member(successor.pk, group.members_id):
                    w.lock(objects=[group])
                    seat(w, group, leaving.organization, successor)
                    w.put(group)
            made_lead(w, obj, GroupMember.objects.get(user=successor, group=obj.members_id))
        elif not is_led(obj, without=leaving.person) and not obj.is_archived:
            archive(w, obj, What.ARCHIVED)
            w.audit("working_group.archive", obj)


def is_led(group: WorkingGroup, without: UUID) -> bool:
    return living_memberships().filter(group=group.leads_id).exclude(user=without).exists()


RESPONSIBILITIES = (Leading(),)
