/** The filters of the directory, as they stand in the address. */
import { groupKinds, type WorkingGroup } from '#lib/api/types.ts';

export const filters = {
  which: ['mine', 'archived'],
  kind: groupKinds,
} as const;
export type FilterName = keyof typeof filters;
export type Chosen = Partial<Record<FilterName, string>>;

/** Reads an address; what no filter knows is left out. */
export function chosenIn(parameters: Pick<URLSearchParams, 'get'>): Chosen {
  const chosen: Chosen = {};
  for (const [name, values] of Object.entries(filters)) {
    const value = parameters.get(name);
    if (value && (values as readonly string[]).includes(value))
      chosen[name as FilterName] = value;
  }
  return chosen;
}

/** Groups that are archived are shown only where they are asked for. */
export function fits(group: WorkingGroup, chosen: Chosen, member: boolean): boolean {
  if ((group.archived_at !== null) !== (chosen.which === 'archived')) return false;
  if (chosen.which === 'mine' && !member) return false;
  return !chosen.kind || group.kind === chosen.kind;
}
