/** What is on a rota, in words. */
import type { Duty, SwappedShift } from '#lib/api/types.ts';
import { dayAndTime, dayKey, timeOfDay } from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';

export function dutyWords(duty: Duty): string {
  if (duty === '') return t('rota.everyKind');
  return duty === 'coordination' ? t('rota.coordination') : word('requestKind', duty);
}

export function spanWords(shift: Pick<SwappedShift, 'starts_at' | 'ends_at'>): string {
  const oneDay = dayKey(shift.starts_at) === dayKey(shift.ends_at);
  const until = oneDay ? timeOfDay(shift.ends_at) : dayAndTime(shift.ends_at);
  return t('rota.span', { from: dayAndTime(shift.starts_at), until });
}
