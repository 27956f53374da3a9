/** Writes about requests and answers; each answer of the portal goes into the live store. */
import { api } from '#lib/api/http.ts';
import type {
  Answer,
  Channel,
  CoordinationRequest,
  Detailed,
  DetailValue,
  Id,
  NoReason,
  Outcome,
  RequestForm,
  RequestMine,
  RolePlaces,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface Edit {
  details: Record<string, DetailValue>;
  note: string;
  places: number;
  slots: RolePlaces[];
  backup: Id | null;
}

export type Choice = 'yes' | 'maybe' | 'no';

const takeRequest = (answer: Promise<Detailed<CoordinationRequest, RequestMine>>) =>
  live.take('request', answer);

/** A place may have been taken or freed with it: the request is asked for again. */
async function takeAnswer(answer: Promise<Detailed<Answer>>): Promise<Answer> {
  const taken = await live.take('answer', answer);
  live.refresh('request', taken.request);
  return taken;
}

export const post = async (form: RequestForm, key: Id): Promise<Id> =>
  (await takeRequest(api.post('/requests', form, { key }))).id;

export const edit = (id: Id, draft: Edit, version: number) =>
  takeRequest(api.patch(`/requests/${id}`, draft, version));

export const note = (id: Id, text: string, key: Id) =>
  takeRequest(api.post(`/requests/${id}/notes`, { text }, { key }));

export const start = (id: Id) => takeRequest(api.post(`/requests/${id}/start`));

export const close = (id: Id, outcome: Outcome, said: string) =>
  takeRequest(api.post(`/requests/${id}/close`, { outcome, note: said }));

export const withdraw = (id: Id, reason: string) =>
  takeRequest(api.post(`/requests/${id}/withdraw`, { reason }));

/** The request's own channel; the one there is, where there is one. */
export const openChannel = (id: Id): Promise<Channel> =>
  live.take('channel', api.put(`/requests/${id}/channel`));

export const acknowledge = (request: Id, organization: Id) =>
  takeAnswer(api.post(`/requests/${request}/acknowledge`, { acting_for: organization }));

export const answer = (
  request: Id,
  organization: Id,
  given: { answer: Choice; reason?: NoReason | ''; note?: string; takes?: RolePlaces[] },
) => takeAnswer(api.put(`/requests/${request}/answer`, { acting_for: organization, ...given }));

/** Not me: whoever says so does not see the request any more. */
export const standAside = (request: Id, organization: Id): Promise<void> =>
  api.post(`/requests/${request}/stand-aside`, { acting_for: organization });

export const redirect = (
  request: Id,
  organization: Id,
  given: { organization: Id; reason: NoReason | ''; note: string },
) =>
  takeAnswer(api.post(`/requests/${request}/redirect`, { acting_for: organization, ...given }));

export const takeBack = (request: Id, organization: Id) =>
  takeAnswer(api.post(`/requests/${request}/answer/withdraw`, { acting_for: organization }));

export const pick = (id: Id) => takeAnswer(api.post(`/answers/${id}/pick`));
