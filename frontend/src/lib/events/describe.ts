/** An event and its dates in words. */
import type { Occurrence, PlannedEvent } from '#lib/api/types.ts';
import { toWallClock } from '#lib/requests/moment.ts';
import {
  dayAndTime,
  dayKey,
  list,
  namedDay,
  number,
  timeOfDay,
  weekdayName,
  zone,
} from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';
import { daysBetween, plusDays, weekdayOf } from './days.ts';
import { placeOf, repeatsIn, weekdaysOf, type Repeats } from './repeats.ts';

const longest = 31;

export const titleOf = ({ title, exercise }: Occurrence | PlannedEvent): string =>
  exercise ? t('events.exerciseOf', { title }) : title;

export const whereOf = ({ area_name }: Occurrence | PlannedEvent): string =>
  area_name || t('events.online');

export const isOn = (date: Occurrence): boolean => date.state === 'planned';

/** The days on which it runs, where the reader is. */
export function daysOf(date: Occurrence): string[] {
  const first = dayKey(date.starts_at);
  const last = dayKey(Date.parse(date.ends_at) - 1);
  const count = Math.min(daysBetween(first, last) + 1, longest);
  return Array.from({ length: count }, (_, index) => plusDays(first, index));
}

/** "6:30 – 8:30 PM", or with the day where it ends on another one. */
export function hoursOf({ starts_at, ends_at }: Occurrence): string {
  const end = dayKey(starts_at) === dayKey(ends_at) ? timeOfDay(ends_at) : dayAndTime(ends_at);
  return t('events.from', { start: timeOfDay(starts_at), end });
}

/** Where the clock shows something else than the reader's: what, and where; else nothing. */
export function thereOf(date: Occurrence): string {
  if (toWallClock(date.starts_at, zone.name) === date.local_start.slice(0, 16)) return '';
  return t('events.there', {
    time: timeOfDay(`${date.local_start.slice(0, 16)}Z`, 'UTC'),
    place: placeName(date.zone),
  });
}

/** "Chicago" of "America/Chicago" */
export const placeName = (zoneName: string): string =>
  (zoneName.split('/').at(-1) ?? zoneName).replaceAll('_', ' ');

export function seatsOf({ seats, seats_taken, waiting }: Occurrence): string {
  const taken =
    seats === null
      ? t('events.comeCount', { count: seats_taken })
      : t('events.seatsOf', { taken: number(seats_taken), seats: number(seats) });
  return waiting ? `${taken} · ${t('events.waitCount', { count: waiting })}` : taken;
}

/** How it repeats, as a sentence; of a rule that is not chosen here, how often at least. */
export function ruleInWords(rule: string, localStart: string): string {
  const start = localStart.slice(0, 10);
  const repeats = repeatsIn(rule, start);
  return repeats ? repeatsInWords(repeats, start) : t('repeats.other');
}

export function repeatsInWords(repeats: Repeats, start: string): string {
  if (repeats.often === 'never') return t('repeats.never');
  const every = word('repeatsSaid', repeats.often, {
    every: repeats.every,
    weekday: weekdayName(weekdayOf(start)),
    weekdays: list(weekdaysOf(repeats, start).map((each) => weekdayName(each))),
    place: word('place', placeOf(start) === 5 ? 'last' : String(placeOf(start))),
    day: Number(start.slice(8)),
  });
  const end = repeats.until
    ? t('repeats.until', { day: namedDay(repeats.until) })
    : t('repeats.times', { count: repeats.count ?? 0 });
  return `${every}, ${end}`;
}
