/** What is on a rota, in words. */
import type { Duty, SwappedShift } from '#lib/api/types.ts';
import { dayAndTime } from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';

export function dutyWords(duty: Duty): string {
  if (duty === '') return t('rota.everyKind');
  return duty === 'coordination' ? t('rota.coordination') : word('requestKind', duty);
}

export const spanWords = (shift: Pick<SwappedShift, 'starts_at' | 'ends_at'>) =>
  t('rota.span', { from: dayAndTime(shift.starts_at), until: dayAndTime(shift.ends_at) });
