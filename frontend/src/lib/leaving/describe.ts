/** A responsibility in words. */
import type { Duty, Responsibility } from '#lib/api/types.ts';
import { dutyWords } from '#lib/rota/describe.ts';
import { dayAndTime } from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';

export function titleOf(item: Responsibility): string {
  switch (item.kind) {
    case 'answer':
      return t('leaving.promised', {
        kind: word('requestKind', item.word),
        organization: item.name,
      });
    case 'need':
    case 'offer':
      return word('category', item.word);
    case 'shift':
      return dutyWords(item.word as Duty);
    default:
      return item.name || word('requestKind', item.word);
  }
}

export function whenOf(item: Responsibility): string {
  const { starts_at: from, ends_at: until } = item;
  if (from && until)
    return t('rota.span', { from: dayAndTime(from), until: dayAndTime(until) });
  if (from) return t('leaving.next', { when: dayAndTime(from) });
  return until ? t('leaving.until', { when: dayAndTime(until) }) : '';
}
