/** What somebody sees to for an organization, and their leaving it. */
import { api } from '#lib/api/http.ts';
import type { Id, Responsibilities } from '#lib/api/types.ts';
import { successorOf, type Choices } from './choices.ts';

const place = (organization: Id, person: Id) =>
  `/organizations/${organization}/people/${person}`;

export const responsibilities = (organization: Id, person: Id) =>
  api.get<Responsibilities>(`${place(organization, person)}/responsibilities`);

export const leave = (
  organization: Id,
  person: Id,
  items: Responsibilities['items'],
  choices: Choices,
) =>
  api.post(`${place(organization, person)}/leave`, {
    successors: items.map((item) => ({
      kind: item.kind,
      id: item.id,
      successor: successorOf(item, choices),
    })),
  });
