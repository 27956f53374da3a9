/** Writes about needs, offers and pledges; each answer of the portal goes into the live store. */
import { api, apiBase } from '#lib/api/http.ts';
import type {
  Detailed,
  Id,
  ListingMine,
  Need,
  Offer,
  Pledge,
  NeedForm,
  OfferForm,
  PledgeForm,
  SharingForm,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';
import type { Chosen } from './filters.ts';
import { editForm, type ListingEdit } from './edit.ts';

export type Side = 'need' | 'offer';

/** Where what a list shows is a file for spreadsheets. */
export const exportAddress = (side: Side, chosen: Chosen) =>
  `${apiBase}/${side}s/export?${new URLSearchParams({ ...chosen, open: 'true' })}`;

/** Where offers are a file for other directories. */
export const servicesAddress = (chosen: Chosen) =>
  `${apiBase}/offers/hsds?${new URLSearchParams({ ...chosen })}`;

/** What is pledged counts on both sides: both are asked for again. */
async function takePledge(answer: Promise<Detailed<Pledge>>): Promise<Pledge> {
  const taken = await live.take('pledge', answer);
  live.refresh('need', taken.need);
  live.refresh('offer', taken.offer);
  return taken;
}

export const postNeed = (form: NeedForm, key: Id) =>
  live.take('need', api.post<Detailed<Need, ListingMine>>('/needs', form, { key }));

export const postOffer = (form: OfferForm, key: Id) =>
  live.take('offer', api.post<Detailed<Offer, ListingMine>>('/offers', form, { key }));

export const editListing = (side: Side, id: Id, edit: ListingEdit, version: number) =>
  live.take(
    side,
    api.patch<Detailed<Need | Offer, ListingMine>>(`/${side}s/${id}`, editForm(edit), version),
  );

export const shareListing = (side: Side, id: Id, form: SharingForm) =>
  live.take(side, api.post<Detailed<Need | Offer, ListingMine>>(`/${side}s/${id}/share`, form));

export const unshareListing = (side: Side, id: Id, audience: Id) =>
  live.take(
    side,
    api.post<Detailed<Need | Offer, ListingMine>>(`/${side}s/${id}/unshare`, {
      shared_with: audience,
    }),
  );

export const setCapacity = (id: Id, available: number) =>
  live.take(
    'offer',
    api.post<Detailed<Offer, ListingMine>>(`/offers/${id}/set-capacity`, { available }),
  );

export const closeNeed = (id: Id) =>
  live.take('need', api.post<Detailed<Need, ListingMine>>(`/needs/${id}/close`));

export const closeOffer = (id: Id) =>
  live.take('offer', api.post<Detailed<Offer, ListingMine>>(`/offers/${id}/close`));

export const propose = (form: PledgeForm, key: Id) =>
  takePledge(api.post('/pledges', form, { key }));

export const advance = (id: Id, step: 'accept' | 'deliver' | 'confirm') =>
  takePledge(api.post(`/pledges/${id}/${step}`));

export const withdraw = (id: Id) =>
  takePledge(api.post(`/pledges/${id}/withdraw`, { note: '' }));

export const end = (id: Id, step: 'decline' | 'fail', reason: string, note: string) =>
  takePledge(api.post(`/pledges/${id}/${step}`, { reason, note }));
