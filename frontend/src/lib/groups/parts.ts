/** Groups and what is part of them, in the order in which a directory shows them. */
import type { Id, WorkingGroup } from '#lib/api/types.ts';

/** Each with those that are part of it after it; one whose whole is not shown stands for itself. */
export function withParts<Group extends Pick<WorkingGroup, 'id' | 'parent'>>(
  groups: readonly Group[],
): Group[] {
  const shown = new Set<Id>(groups.map((group) => group.id));
  const isPart = (group: Group) => group.parent !== null && shown.has(group.parent);
  return groups
    .filter((group) => !isPart(group))
    .flatMap((whole) => [whole, ...groups.filter((group) => group.parent === whole.id)]);
}
