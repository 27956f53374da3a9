/** The languages this network asks for most, then those it speaks. */
import { session } from '#lib/api/session.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { threeLetters } from './languages.ts';

const most = 6;

export function likelyLanguages(): string[] {
  const times = new Map<string, number>();
  for (const { details } of live.list('request')) {
    for (const code of [details['language'], details['languages']].flat()) {
      if (typeof code === 'string') times.set(code, (times.get(code) ?? 0) + 1);
    }
  }
  const asked = [...times].sort((one, other) => other[1] - one[1]).map(([code]) => code);
  const spoken = (session.network?.languages ?? []).map(threeLetters).filter((code) => !!code);
  return [...new Set([...asked, ...spoken] as string[])].slice(0, most);
}
