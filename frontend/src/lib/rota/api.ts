/** Writes to the rota; each answer of the portal goes into the live store. */
import { api } from '#lib/api/http.ts';
import type { Detailed, Id, Shift, ShiftForm, Swap } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export const plan = (form: ShiftForm, key: Id) =>
  live.take('shift', api.post<Detailed<Shift>>('/shifts', form, { key }));

/** Of a shift that runs, what is left of it is a shift of its own; the other one comes live. */
export const handOver = (id: Id, person: Id) =>
  live.take('shift', api.post<Detailed<Shift>>(`/shifts/${id}/hand-over`, { person }));

/** It goes from the screen with the change that comes live. */
export const remove = (id: Id) => api.delete(`/shifts/${id}`);

export const askToSwap = (shift: Id, wanted: Id, key: Id) =>
  live.take('swap', api.post<Detailed<Swap>>(`/shifts/${shift}/swaps`, { wanted }, { key }));

/** The shifts themselves come live. */
export const decide = (swap: Id, verb: 'accept' | 'decline' | 'withdraw') =>
  live.take('swap', api.post<Detailed<Swap>>(`/swaps/${swap}/${verb}`));
