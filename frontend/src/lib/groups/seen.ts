/** Who sees what is shared inside a group, as its own shape says it. */
import type { SeenBy, WorkingGroup } from '#lib/api/types.ts';

export const seenByGroup = (group: WorkingGroup): SeenBy => ({
  audiences: [
    {
      id: group.audience,
      kind: 'group_members',
      name: group.name,
      organizations: group.organizations.length,
      people: group.people,
    },
  ],
  others: false,
});
