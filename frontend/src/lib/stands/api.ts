/** The requests that stand for a need. Only their ids are taken: each is fetched where it is shown. */
import { api } from '#lib/api/http.ts';
import type {
  CoordinationRequest,
  Detailed,
  Id,
  Listed,
  Need,
  RequestForm,
} from '#lib/api/types.ts';

async function idsIn(listed: Promise<Listed<CoordinationRequest | Need>>): Promise<Id[]> {
  return (await listed).results.map(({ id }) => id);
}

export const requestsOf = (need: Id) => idsIn(api.get(`/needs/${need}/requests`));

/** One at most, and none where it is not seen. */
export const needsOf = (request: Id) => idsIn(api.get(`/requests/${request}/needs`));

export async function askFor(need: Id, form: RequestForm, key: Id): Promise<Id> {
  const path = `/needs/${need}/requests`;
  return (await api.post<Detailed<CoordinationRequest>>(path, form, { key })).result.id;
}
