/** Why a need and an offer fit, or do not, in words. */
import type { Reason } from '#lib/api/types.ts';
import { dayAndTime, languageName, list, number } from '#lib/words/format.svelte.ts';
import { word } from '#lib/words/words.svelte.ts';
import { amount } from './describe.ts';

/** What is as usual is left out of an answer. */
export type Given = Pick<Reason, 'code'> & Partial<Reason>;

const kilometresOfMile = 1.609344;

/** What the names in a reason are names of. */
function nameOf(code: Reason['code'], name: string): string {
  if (code === 'languages') return languageName(name);
  if (code === 'populations') return word('population', name);
  if (code === 'barriers') return word('barrier', name);
  if (code === 'other_unit') return word('unitName', name);
  return word('category', name);
}

/** `unit`: what the need is counted in. */
export function sayReason(reason: Given, unit: string): string {
  const { code, part, whole, kilometres } = reason;
  const names = (given: string[] | undefined) =>
    list((given ?? []).map((name) => nameOf(code, name)));
  return word('reason', code, {
    fit: reason.fit ?? 'whole',
    found: names(reason.found),
    missing: names(reason.missing),
    part: number(part ?? 0),
    whole: code === 'quantity' ? amount(whole ?? 0, unit) : number(whole ?? 0),
    share: number(Math.round((100 * (part ?? 0)) / (whole || 1))),
    known: kilometres == null ? 'no' : 'yes',
    kilometres: number(kilometres ?? 0),
    miles: number(Math.round((kilometres ?? 0) / kilometresOfMile)),
    since: reason.since ? dayAndTime(reason.since) : '',
  });
}
