/** What somebody sees to, and their leaving an organization, a group or the network. */
import { api } from '#lib/api/http.ts';
import type { Id, Responsibilities } from '#lib/api/types.ts';
import type { Successor } from './choices.ts';

/** Something that can be left: what is seen to in it, and the leaving itself. */
export interface Leaving {
  told: () => Promise<Responsibilities>;
  leave: (successors: Successor[]) => Promise<unknown>;
}

const under = (path: string, leave: string): Leaving => ({
  told: () => api.get<Responsibilities>(`${path}/responsibilities`),
  leave: (successors) => api.post(`${path}/${leave}`, { successors }),
});

export const ofOrganization = (organization: Id, person: Id) =>
  under(`/organizations/${organization}/people/${person}`, 'leave');

export const ofGroup = (group: Id) => under(`/working-groups/${group}`, 'leave');

export const ofNetwork = under('/me', 'close');
