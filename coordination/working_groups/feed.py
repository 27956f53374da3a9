"""What happened in a group, line by line, for those in it."""

from typing import Any

from coordination.working_groups.models import GroupEntry, WorkingGroup
from portal.kernel.writing import Writing
from portal.organizations.models import Organization

What = GroupEntry.What
# what an edit is called, and whether the line says what was there before
EDITS = {
    "name": (What.NAME_CHANGED, True),
    "group_kind": (What.KIND_CHANGED, True),
    "joining": (What.JOINING_CHANGED, True),
    "certificate": (What.DEMAND_CHANGED, True),
    "ends_on": (What.END_CHANGED, True),
    "purpose": (What.PURPOSE_CHANGED, False),
    "rule": (What.RULE_CHANGED, False),
}


def record(
    w: Writing,
    group: WorkingGroup,
    what: What,
    *,
    person: Any = None,
    organization: Organization | None = None,
    before: str = "",
    after: str = "",
) -> None:
    """A line in the group's feed, in the same write as what it tells."""
    entry = GroupEntry.objects.create(
        working_group=group,
        what=what,
        actor=w.actor.person,
        person=person,
        organization=organization,
        before=before,
        after=after,
        at=w.at,
    )
    w.created(entry, group.members_id)


def record_edits(w: Writing, group: WorkingGroup, before: dict[str, Any]) -> None:
    """A line for each field that was different `before`."""
    for field, old in before.items():
        what, telling = EDITS[field]
        new = getattr(group, field)
        record(w, group, what, before=str(old or "") if telling else "", after=str(new or "") if telling else "")
