/** Where this person is signed in, how they got in, and who tried. */
import { api } from '#lib/api/http.ts';
import type { components } from '#lib/api/schema.gen.ts';
import { t } from '#lib/words/words.svelte.ts';

type Schemas = components['schemas'];
export type SignedInDevice = Schemas['Device'];
export type SignInEntry = Schemas['SignInEntry'];

export const devices = () => api.get<Schemas['Devices']>('/sessions');
export const signOutThere = (id: string) => api.delete(`/sessions/${id}`);
export const signOutElsewhere = () => api.delete('/sessions');
export const signIns = (cursor: string | null) =>
  api.get<Schemas['SignIns']>('/sign-ins', { cursor, limit: 20 });

/** Browser and system, as far as they are known. */
export function deviceName({ browser, system }: { browser: string; system: string }): string {
  if (browser && system) return t('sessions.device', { browser, system });
  return browser || system || t('sessions.unknownDevice');
}
