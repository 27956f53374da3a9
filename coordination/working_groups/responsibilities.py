"""The working groups that somebody leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from coordination.working_groups.feed import What
from coordination.working_groups.models import GroupMember, WorkingGroup
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.seats import certified, require_certified, require_no_rule, seat
from coordination.working_groups.services.groups import archive
from coordination.working_groups.services.members import made_lead
from portal.kernel.standing import is_member, living_memberships
from portal.kernel.writing import Writing
from portal.organizations.responsibilities import About, Leaving, Prospect, ResponsibilityKind
from portal.people.models import User


class Leading(ResponsibilityKind[WorkingGroup]):
    """The last lead is followed by somebody: of those in the group, as far as the asker knows them, or by a colleague
    who comes in by it, where nothing has to be accepted or shown before.

    Where the asker can choose nobody, whoever is in it the longest follows; where nobody is left, the group ends.
    Of whoever leaves the group alone neither is so: there somebody in it follows, or they stay.
    """

    name = "working_group"
    policy = WORKING_GROUPS
    by_audience = True
    alone = "last_lead"

    def held(self, leaving: Leaving) -> list[WorkingGroup]:
        led = living_memberships().filter(user=leaving.person).values("group")
        rows = WorkingGroup.objects.filter(members__in=leaving.lost, leads__in=led)
        return list(rows.select_related("members", "leads", "parent").order_by("pk"))

    def about(self, obj: WorkingGroup) -> About:
        return About(name=obj.name, word=obj.group_kind)

    def prospects(self, leaving: Leaving, objects: Sequence[WorkingGroup]) -> dict[UUID, Prospect]:
        staying = Staying(leaving, objects)
        found = {}
        for group in objects:
            leads, inside = staying.leads(group), staying.besides_leads(group)
            if leads and not leaving.employer:
                continue  # they go on
            coming = [user for user in staying.may_come_into(group) if user not in leads]
            known = leaving.asker.within(group.members_id) or not group.is_listed
            successors = [*inside, *(user for user in coming if user not in inside)] if known else coming
            required = not leads and (bool(successors) or not leaving.employer)
            found[group.pk] = Prospect(successors, required, inside=inside)
        return found

    def pass_on(self, w: Writing, leaving: Leaving, obj: WorkingGroup, successor: User | None) -> None:
        w.lock(objects=[obj], audiences=[obj.members_id, obj.leads_id])
        staying = Staying(leaving, [obj])
        if not successor and not staying.leads(obj):
            successor = User.objects.filter(pk__in=staying.besides_leads(obj)[:1]).first()
        if successor:
            for group in filter(None, (obj.parent, obj)):  # whoever is in a part is in the whole
                come_in(w, group, leaving, successor)
            made_lead(w, obj, GroupMember.objects.get(user=successor, group=obj.members_id))
        elif not staying.leads(obj) and not obj.is_archived:
            archive(w, obj, What.ARCHIVED)
            w.audit("working_group.archive", obj)


def come_in(w: Writing, group: WorkingGroup, leaving: Leaving, successor: User) -> None:
    if is_member(successor.pk, group.members_id):
        return
    w.lock(objects=[group])
    require_no_rule(group)
    require_certified(group, [successor])
    seat(w, group, leaving.organization, successor)
    w.put(group)


@dataclass
class Staying:
    """Who stays in these groups when somebody leaves, and who of their colleagues may come in at once."""

    leaving: Leaving
    groups: Sequence[WorkingGroup]

    @cached_property
    def rows(self) -> list[tuple[int, UUID]]:
        """(audience, person), the longest there first."""
        wholes = [group.parent for group in self.groups if group.parent]
        audiences = {pk for group in (*self.groups, *wholes) for pk in (group.members_id, group.leads_id)}
        rows = living_memberships().filter(group__in=audiences, user__is_active=True)
        return list(rows.exclude(user=self.leaving.person).order_by("pk").values_list("group", "user"))

    @cached_property
    def holders(self) -> dict[str, set[UUID]]:
        kinds = {each.certificate for group in self.groups for each in (group, group.parent) if each}
        return {kind: certified(kind, self.leaving.colleagues) for kind in kinds if kind}

    def within(self, audience: int) -> list[UUID]:
        return [user for group, user in self.rows if group == audience]

    def leads(self, group: WorkingGroup) -> list[UUID]:
        return self.within(group.leads_id)

    def besides_leads(self, group: WorkingGroup) -> list[UUID]:
        """Colleagues first."""
        leads, colleagues = self.leads(group), set(self.leaving.colleagues)
        return sorted(
            (user for user in self.within(group.members_id) if user not in leads),
            key=lambda user: user not in colleagues,
        )

    def may_come_into(self, group: WorkingGroup) -> list[UUID]:
        """Where the asker is not in the whole, they are not told by this who is."""
        found = self.let_in_by(group)
        if whole := group.parent:
            inside = self.within(whole.members_id) if self.leaving.asker.within(whole.members_id) else ()
            found &= self.let_in_by(whole) | set(inside)
        return [user for user in self.leaving.colleagues if user in found]

    def let_in_by(self, group: WorkingGroup) -> set[UUID]:
        if group.rule:
            return set()
        return self.holders[group.certificate] if group.certificate else set(self.leaving.colleagues)


RESPONSIBILITIES = (Leading(),)
